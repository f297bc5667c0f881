package selectionview

import (
	"slices"

	"guangyi/internal/platform/i18n"
	"guangyi/internal/selection"
	"guangyi/internal/sortition"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

// mostFeatures is how many columns of features a table has room for.
const mostFeatures = 3

// columns of features that the table of the selected shows.
func (v Draw) columns() []string {
	var out []string
	for _, c := range v.Features {
		if slices.ContainsFunc(v.Seats, func(s selection.Seat) bool { return s.Person.Features[c] != "" }) {
			out = append(out, c)
		}
	}
	if len(out) > mostFeatures {
		return nil
	}
	return out
}

func (v Draw) names() bool {
	return slices.ContainsFunc(v.Seats, func(s selection.Seat) bool { return s.Name != "" })
}

func (v Draw) rareShown() bool {
	return slices.ContainsFunc(v.Seats, func(s selection.Seat) bool { return s.Rare })
}

// seatTable lists who was selected, by label.
func (v Draw) seatTable(l *i18n.Locale) components.Table {
	t := components.Table{Caption: v.listTitle(l), RowHead: true, Columns: []components.Column{{Text: l.T("selection.column.label")}}}
	if v.names() {
		t.Columns = append(t.Columns, components.Column{Text: l.T("selection.column.name")})
	}
	if len(v.columns()) == 0 && len(v.Meeting.AllCategories()) > 0 {
		t.Columns = append(t.Columns, components.Column{Text: l.T("selection.category.category")})
	}
	for _, c := range v.columns() {
		t.Columns = append(t.Columns, components.Column{Text: categoryName(l, v.Meeting, c)})
	}
	if v.drawsShown() {
		t.Columns = append(t.Columns, components.Column{Text: l.T("selection.column.chance"), Numeric: true})
	}
	for _, s := range v.Seats {
		t.Rows = append(t.Rows, components.TableRow{ID: s.Label, Values: v.seatRow(l, s)})
	}
	return t
}

// drawsShown reports whether some chance can be shown person by person.
func (v Draw) drawsShown() bool {
	return v.Selection.Draws() && slices.ContainsFunc(v.Seats, func(s selection.Seat) bool { return s.Shown })
}

func (v Draw) seatRow(l *i18n.Locale, s selection.Seat) []components.Value {
	row := []components.Value{{Text: s.Label, Lang: v.Meeting.Lang, Bold: true}}
	if v.names() {
		row = append(row, components.Value{Text: s.Name, Lang: v.Meeting.Lang})
	}
	if len(v.columns()) == 0 && len(v.Meeting.AllCategories()) > 0 {
		row = append(row, components.Value{Text: meetingview.Feature(l, v.Meeting, "category", s.Category)})
	}
	for _, c := range v.columns() {
		if s.Rare && s.Person.Features[c] == "" {
			row = append(row, components.Value{Text: l.T("selection.rare")})
			continue
		}
		row = append(row, components.Value{Text: feature(l, v.Meeting, c, s.Person.Features[c])})
	}
	if v.drawsShown() {
		text := l.T("selection.rare")
		if s.Shown {
			text = l.Percent(s.Probability())
		}
		row = append(row, components.Value{Text: text})
	}
	return row
}

func (v Draw) listTitle(l *i18n.Locale) string {
	if v.Selection.Draws() {
		return l.T("selection.list.panel", "panel", v.number(l))
	}
	return l.T("selection.list")
}

// reserves is one line: 候补：市民05、市民10.
func (v Draw) reserves() []string {
	var out []string
	for _, s := range v.Reserves {
		out = append(out, s.Label)
	}
	return out
}

// boundsTable sets the quotas beside what was drawn.
func (v Draw) boundsTable(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("selection.bounds"), RowHead: true, Columns: []components.Column{
		{Text: l.T("selection.column.bound")}, {Text: l.T("selection.column.range")},
	}}
	if v.drawn() {
		t.Columns = append(t.Columns, components.Column{Text: l.T("selection.column.drawn", "panel", v.number(l)), Numeric: true})
	}
	same, most := v.sameDistrict()
	for _, b := range v.Bounds {
		if same && b.Category == "district" {
			continue
		}
		t.Rows = append(t.Rows, components.TableRow{Values: v.boundRow(meetingview.Feature(l, v.Meeting, b.Category, b.Feature), l, b)})
	}
	if same {
		t.Rows = append(t.Rows, components.TableRow{Values: v.boundRow(l.T("selection.bound.district"), l, most)})
	}
	return t
}

func (v Draw) boundRow(name string, l *i18n.Locale, b selection.Bound) []components.Value {
	row := []components.Value{{Text: name}, {Text: v.span(l, b.Quota)}}
	if v.drawn() {
		row = append(row, components.Value{Text: l.Number(b.Selected)})
	}
	return row
}

// span words a quota: 3, 至少3, 最多3, 3至5.
func (v Draw) span(l *i18n.Locale, q sortition.Quota) string {
	least, most := q.Min > 0, q.Max < v.Panel || v.Panel == 0
	switch {
	case q.Min == q.Max:
		return l.Number(q.Min)
	case least && most:
		return l.T("selection.span.between", "min", q.Min, "max", q.Max)
	case least:
		return l.T("selection.span.least", "count", q.Min)
	case most:
		return l.T("selection.span.most", "count", q.Max)
	}
	return l.T("selection.span.free")
}

// sameDistrict joins the rows of districts that all have the same maximum.
func (v Draw) sameDistrict() (bool, selection.Bound) {
	n, joined := 0, selection.Bound{}
	for _, b := range v.Bounds {
		if b.Category != "district" {
			continue
		}
		if n++; b.Min > 0 || n > 1 && b.Max != joined.Max {
			return false, joined
		}
		joined.Quota = b.Quota
		joined.Selected = max(joined.Selected, b.Selected)
	}
	return n > 1, joined
}
