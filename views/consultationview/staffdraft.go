package consultationview

import (
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Correcting is the parsed draft beside its source.
type Correcting struct {
	Now     time.Time
	C       consultation.Consultation
	Version draft.Version
	Tree    *draft.Tree
	Edit    bool
	Chosen  string // key of the row that is being corrected

	Typed  *draft.Change // what was typed when it was refused
	Pieces string
	Stale  bool
	Upload Upload // the form that replaces the draft
	Faults map[string]string
	Errors []components.FieldError
}

// depth is how far a row is indented.
func (v Correcting) depth(p draft.Provision) int {
	n := 0
	for p.Parent != "" && n < 6 {
		up, ok := v.Tree.Get(p.Parent)
		if !ok {
			break
		}
		p = up
		n++
	}
	return n
}

func (v Correcting) rowHref(key string) string {
	return staffAddress(v.C.Slug, "/draft?row="+key+"#"+key)
}

func (v Correcting) kinds(l *i18n.Locale, chosen outline.Kind) []components.Option {
	var out []components.Option
	for _, k := range draft.Kinds {
		out = append(out, components.Option{Value: string(k), Text: l.T("draft.kind." + string(k)), Chosen: k == chosen})
	}
	return out
}

// parents are what a row can stand under: every earlier row that heads others.
func (v Correcting) parents(l *i18n.Locale, row draft.Provision, chosen string) []components.Option {
	out := []components.Option{{Value: "", Text: l.T("consultation.draft.top"), Chosen: chosen == ""}}
	for _, p := range v.Tree.Rows {
		if p.Position >= row.Position {
			break
		}
		if p.Kind == outline.KindText && p.Key != chosen {
			continue
		}
		out = append(out, components.Option{Value: p.Key, Text: v.Tree.Label(l, p.Key) + " · " + p.Key, Chosen: p.Key == chosen})
	}
	return out
}

// values are the row's, or what was typed over them.
func (v Correcting) values(p draft.Provision) draft.Change {
	if v.Typed != nil && v.Typed.Key == p.Key {
		return *v.Typed
	}
	return draft.Change{Key: p.Key, Kind: p.Kind, Parent: p.Parent, Number: p.Number, Heading: p.Heading, Text: p.Text}
}

func (v Correcting) pieces(p draft.Provision) string {
	if v.Pieces != "" && p.Key == v.Chosen {
		return v.Pieces
	}
	return p.Text
}

// splitKind is what the new rows most often are: an article parts into paragraphs.
func splitKind(p draft.Provision) outline.Kind {
	if p.Kind == outline.KindArticle {
		return outline.KindParagraph
	}
	return p.Kind
}

// summary says what was read: 5章、33条.
func (v Correcting) summary(l *i18n.Locale) string {
	counts := map[outline.Kind]int{}
	for _, p := range v.Tree.Rows {
		counts[p.Kind]++
	}
	var parts []string
	for _, k := range draft.Kinds {
		if n := counts[k]; n > 0 {
			parts = append(parts, l.T("consultation.draft.count", "kind", l.T("draft.kind."+string(k)), "n", l.Number(n)))
		}
	}
	return l.List(parts)
}

// Attaching is the room of a notice's files.
type Attaching struct {
	Notice
	Title  string
	Lang   string
	Edit   bool
	Faults map[string]string
	Errors []components.FieldError
}

func (v Attaching) languages() []components.Option {
	return Editing{Values: map[string]string{"lang": v.Lang}}.languages()
}

// Trail is the record of a consultation.
type Trail struct {
	C     consultation.Consultation
	Rows  []TrailRow
	Next  string
	First bool
	Start string
}

// TrailRow is a line of the record, worded for staff.
type TrailRow struct {
	At                       time.Time
	Who, What, Before, After string
}

func (v Trail) table(p layouts.Page) components.Table {
	l := p.Locale
	t := components.Table{Caption: l.T("site.room.record"), Stacked: true, Columns: []components.Column{
		{Text: l.T("consultation.record.at"), Lead: true}, {Text: l.T("consultation.record.who")}, {Text: l.T("consultation.record.what")},
		{Text: l.T("consultation.record.before")}, {Text: l.T("consultation.record.after")},
	}}
	for _, r := range v.Rows {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: l.DateTime(r.At)}, {Text: r.Who}, {Text: r.What}, {Body: facts(r.Before)}, {Body: facts(r.After)},
		}})
	}
	return t
}
