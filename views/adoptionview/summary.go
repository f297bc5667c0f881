// Package adoptionview holds the pages on which people see what became of what
// they said, and those on which staff decide it.
package adoptionview

import (
	"strings"
	"time"

	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// Labels names a provision by its key.
type Labels func(key string) string

// Summary is the page of a published summary, or its preview.
type Summary struct {
	Head     adoption.Summary
	Rows     []adoption.Suggestion
	Previous string // addresses of neighbouring pages; empty when there is none
	Next     string
	Text     string // the filter, as asked
	Article  string
	Code     adoption.Code
	Articles []components.Option
	Label    Labels
	Changed  []adoption.Suggestion // most people, adopted
	Kept     []adoption.Suggestion // most people, not adopted
	Bars     []components.Bar      // comments by article
	Whole    int                   // comments on the draft as a whole
	Base     string                // address of the consultation
	Preview  bool
}

func (s Summary) address(number int) string {
	if s.Preview {
		return "#s-" + number2(number)
	}
	return s.Base + "/suggestions/" + number2(number)
}

func (s Summary) draft(key string) string { return s.Base + "/draft#" + key }

func (s Summary) empty() bool { return s.Head.Counts.Submissions == 0 }

// shares are the parts of the bar, in the order of the dispositions.
func (s Summary) shares() []components.Share {
	out := make([]components.Share, 0, len(adoption.Demands))
	for _, d := range adoption.Demands {
		if n := s.Head.Counts.ByDisposition[d.Code]; n > 0 {
			out = append(out, components.Share{Code: string(d.Code), Count: n})
		}
	}
	return out
}

func (s Summary) figures(l *i18n.Locale) []components.Figure {
	n := s.Head.Counts
	return []components.Figure{
		{Label: l.T("adoption.asked"), Number: l.T("adoption.asked.number", "count", n.Provisions), Text: s.asked(l)},
		{Label: l.T("adoption.said"), Number: l.T("adoption.said.number", "count", n.Submissions), Text: s.said(l)},
		{Label: l.T("adoption.did"), Number: l.T("adoption.did.number", "count", n.ChangedProvisions), Text: s.did(l)},
	}
}

func (s Summary) asked(l *i18n.Locale) string {
	if s.Head.OpensAt == nil || s.Head.ClosesAt == nil {
		return ""
	}
	from, to := *s.Head.OpensAt, *s.Head.ClosesAt
	days := int(to.Sub(from).Round(24*time.Hour) / (24 * time.Hour))
	return l.T("adoption.asked.text", "from", l.Date(from), "to", l.Date(to.Add(-time.Second)), "count", max(days, 1))
}

func (s Summary) said(l *i18n.Locale) string {
	n := s.Head.Counts
	return l.T("adoption.said.text", "people", l.T("adoption.people", "count", n.People),
		"comments", l.T("adoption.comments", "count", n.Comments), "suggestions", l.T("adoption.suggestions", "count", n.Suggestions))
}

// did names each disposition that occurs with its number.
func (s Summary) did(l *i18n.Locale) string {
	var parts []string
	for _, share := range s.shares() {
		parts = append(parts, l.T("adoption.share", "word", l.T("site.disposition."+share.Code), "number", share.Count))
	}
	return l.T("adoption.did.text", "parts", l.List(parts))
}

// dispositionRows are the table beside the bar, with their sums.
func (s Summary) dispositionRows(l *i18n.Locale) []components.TableRow {
	n := s.Head.Counts
	var rows []components.TableRow
	for _, share := range s.shares() {
		part := float64(share.Count) / float64(max(n.Suggestions, 1))
		rows = append(rows, components.TableRow{Values: []components.Value{
			{Body: dispositionKey(l, share.Code)}, {Text: l.Number(share.Count)}, {Text: l.Percent(part)},
			{Text: l.Number(n.CommentsBy[adoption.Code(share.Code)])},
		}})
	}
	return append(rows, components.TableRow{Total: true, Values: []components.Value{
		{Text: l.T("adoption.total")}, {Text: l.Number(n.Suggestions)}, {Text: l.Percent(1)}, {Text: l.Number(n.Comments)},
	}})
}

// channels are the columns of one row: each channel that occurs, and their sum.
func (s Summary) channels(l *i18n.Locale) (columns []components.Column, row components.TableRow) {
	add := func(word string, n int, bold bool) {
		columns = append(columns, components.Column{Text: word})
		row.Values = append(row.Values, components.Value{Text: l.Number(n), Bold: bold})
	}
	for _, channel := range consultation.Channels {
		if n := s.Head.Counts.ByChannel[channel]; n > 0 {
			add(l.T("site.channel."+channel), n, false)
		}
	}
	add(l.T("adoption.total"), s.Head.Counts.Submissions, true)
	return columns, row
}

func (s Summary) strip(l *i18n.Locale) components.Strip {
	out := components.Strip{ID: "heat", Label: l.T("adoption.heat"), Bars: s.Bars}
	if len(s.Bars) == 0 {
		return out
	}
	out.First, out.Last = s.Bars[0].Label, s.Bars[len(s.Bars)-1].Label
	var most []string
	for _, b := range s.Bars {
		if b.Strong {
			most = append(most, l.T("adoption.heat.one", "article", b.Label, "number", b.Count))
		}
	}
	if len(most) > 0 {
		out.Caption = l.T("adoption.heat.most", "articles", l.List(most))
	}
	if s.Whole > 0 {
		out.Caption += l.T("adoption.heat.whole", "count", s.Whole)
	}
	return out
}

func (s Summary) tableRows(l *i18n.Locale) []components.TableRow {
	rows := make([]components.TableRow, 0, len(s.Rows))
	for _, one := range s.Rows {
		rows = append(rows, components.TableRow{ID: "s-" + number2(one.Number), Values: []components.Value{
			{Text: l.T("adoption.number", "number", number2(one.Number)), Href: s.address(one.Number)},
			{Text: one.Text, Lang: one.Lang},
			{Body: heads(l, one)},
			{Body: mark(l, one, false)},
			reasonCell(l, one),
			{Body: provisionLinks(l, s, one)},
		}})
	}
	return rows
}

func (s Summary) columns(l *i18n.Locale) []components.Column {
	return []components.Column{{Text: l.T("adoption.col.number"), Lead: true}, {Text: l.T("adoption.col.text")}, {Text: l.T("adoption.col.heads"), Numeric: true},
		{Text: l.T("adoption.col.disposition"), Lead: true}, {Text: l.T("adoption.col.reason")}, {Text: l.T("adoption.col.provisions")}}
}

// codes are the options of the filter: the dispositions that occur.
func (s Summary) codes(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, share := range s.shares() {
		out = append(out, components.Option{Value: share.Code, Text: l.T("site.disposition." + share.Code), Chosen: share.Code == string(s.Code)})
	}
	return out
}

// dropHint tells which filter to drop when it finds nothing.
func (s Summary) dropHint(l *i18n.Locale) string {
	var asked []string
	for _, f := range []struct{ word, value string }{{"text", s.Text}, {"article", s.Article}, {"code", string(s.Code)}} {
		if f.value != "" {
			asked = append(asked, l.T("adoption.filter."+f.word))
		}
	}
	return l.T("adoption.filter.none", "filters", l.List(asked))
}

func (s Summary) withheld(l *i18n.Locale) string {
	n := s.Head.Counts
	words := l.T("adoption.withheld.none")
	if n.Withheld+n.Withdrawn > 0 {
		words = l.T("adoption.withheld.some", "withheld", n.Withheld, "withdrawn", n.Withdrawn)
	}
	if n.Late > 0 {
		words += l.T("adoption.late", "count", n.Late)
	}
	if n.Held > 0 {
		words += l.T("adoption.held", "count", n.Held)
	}
	return words + s.entered(l)
}

// entered tells who entered the submissions; nothing when all senders did.
func (s Summary) entered(l *i18n.Locale) string {
	by := s.Head.Counts.ByEntry
	var parts []string
	for _, e := range submission.Entries {
		if n := by[e]; n > 0 {
			parts = append(parts, l.T("adoption.entered."+string(e), "count", n))
		}
	}
	if len(parts) == 0 || len(parts) == 1 && by[submission.EntrySender] > 0 {
		return ""
	}
	return l.T("adoption.entered", "parts", l.List(parts))
}

// reasonCell is the reason in its own language, or the word for none in the page's.
func reasonCell(l *i18n.Locale, of adoption.Suggestion) components.Value {
	if strings.TrimSpace(of.Reason) == "" {
		return components.Value{Text: l.T("site.none")}
	}
	return components.Value{Text: of.Reason, Lang: of.ReasonLang}
}
