package deskview

import (
	"fmt"

	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

func (v Home) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("desk.title"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("desk.column.consultation"), Lead: true}, {Text: l.T("desk.column.end")}, {Text: l.T("desk.state.draft"), Numeric: true},
		{Text: l.T("desk.state.waiting"), Numeric: true}, {Text: l.T("desk.column.mine"), Numeric: true}, {Text: l.T("desk.state.taken"), Numeric: true},
	}}
	for _, w := range v.Work {
		end := ""
		if w.Consultation.ClosesAt != nil {
			end = l.Deadline(*w.Consultation.ClosesAt)
		}
		n := func(n int) components.Value { return components.Value{Text: l.Number(n)} }
		mine := n(w.Mine)
		if w.Mine > 0 {
			mine.Href = Base(w.Consultation.Slug) + "/check"
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: w.Consultation.Title, Href: Base(w.Consultation.Slug), Lang: w.Consultation.Lang}, {Text: end}, n(w.Drafts), n(w.Waiting + w.Checked), mine, n(w.Taken),
		}})
	}
	return t
}

func (v Room) facts(l *i18n.Locale) []components.Fact {
	n := func(n int) string { return l.Number(n) }
	return []components.Fact{
		{Label: l.T("desk.state.draft"), Value: n(v.Work.Drafts)}, {Label: l.T("desk.state.waiting"), Value: n(v.Work.Waiting), Strong: v.Work.Waiting > 0},
		{Label: l.T("desk.state.checked"), Value: n(v.Work.Checked)}, {Label: l.T("desk.state.taken"), Value: n(v.Work.Taken)},
	}
}

func (v Room) ways(l *i18n.Locale, by map[string]string) components.Choices {
	c := components.Choices{Field: components.Field{ID: "way", Name: "way", Label: l.T("desk.way"), Heading: true, Error: by["way"]}, Inline: true}
	for _, w := range desk.Ways {
		c.Options = append(c.Options, components.Option{Value: string(w), Text: l.T("desk.way." + string(w)), Chosen: v.In.Way == w})
	}
	return c
}

func (v Room) tabs(l *i18n.Locale) []components.Tab {
	at := Base(v.Work.Consultation.Slug)
	out := []components.Tab{{Label: l.T("desk.entries.all"), Href: at, Current: v.State == ""}}
	for _, s := range desk.States {
		out = append(out, components.Tab{Label: l.T("desk.state." + string(s)), Href: at + "?state=" + string(s), Current: v.State == s})
	}
	return out
}

// bare lists entries for who may see how far it is, and no words.
func (v Room) bare(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("desk.entries"), Stacked: true, Columns: []components.Column{
		{Text: l.T("desk.column.begun"), Lead: true}, {Text: l.T("desk.way")}, {Text: l.T("desk.column.points"), Numeric: true}, {Text: l.T("desk.column.state")}, {Text: l.T("desk.column.receipt")},
	}}
	for _, e := range v.Items {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: l.DateTime(e.CreatedAt)}, {Text: l.T("desk.way." + string(e.Way))}, {Text: l.Number(int(e.Points))}, {Text: stateWord(l, e)}, {Text: e.Receipt},
		}})
	}
	return t
}

// EntryView is the page of one entry.
type EntryView struct {
	W      desk.Whole
	Tree   *draft.Tree
	Own    bool // the reader typed it
	Key    string
	Names  map[string]string // by actor's key
	Faults []fault.Field
}

func (v EntryView) label(l *i18n.Locale, p desk.Point) string {
	if key, ok := desk.Find(v.Tree, p.Provision); ok {
		return v.Tree.Label(l, key)
	}
	return p.Provision
}

func (v EntryView) name(l *i18n.Locale, key string) string {
	if n := v.Names[key]; n != "" {
		return n
	}
	return key
}

func (v EntryView) facts(l *i18n.Locale) []components.SummaryRow {
	w := v.W
	var out []components.SummaryRow
	add := func(key, value string) {
		if value != "" {
			out = append(out, components.SummaryRow{Key: l.T(key), Text: value})
		}
	}
	if w.Receipt != "" {
		out = append(out, components.SummaryRow{Key: l.T("desk.receipt"), Text: w.Receipt, Action: &components.Action{
			Text: l.T("desk.submission"), Href: "/staff/consultations/" + w.Consultation.Slug + "/submissions/" + format(w.SubmissionID), Hidden: w.Receipt}})
	}
	out = append(out, components.SummaryRow{Key: l.T("desk.batch"), Text: batchTitle(l, w.Batch), Action: &components.Action{
		Text: l.T("desk.batch.open"), Href: batchAddress(w.Consultation.Slug, w.BatchID), Hidden: batchTitle(l, w.Batch)}})
	s := w.Content.Sender
	if s.Kind != "" {
		add("desk.kind", l.T("submission.kind."+string(s.Kind)))
	}
	add("desk.name", s.Name)
	add("desk.unit", s.Unit)
	add("desk.phone", s.Phone)
	add("desk.email", s.Email)
	add("desk.address", s.Address)
	add("desk.region", s.Region)
	add("desk.signers", joined(w.Content.Signers))
	add("desk.number", w.Content.Number)
	if w.Content.ReceivedOn != "" {
		add("desk.received_on."+string(w.Way), shortDay(l, w.Content.ReceivedOn)+" "+w.Content.ReceivedAt)
	}
	if w.Content.PostedOn != "" {
		add("desk.posted_on", shortDay(l, w.Content.PostedOn))
	}
	if w.Late {
		add("desk.late.short", l.T("desk.late.hint"))
	}
	add("desk.note", w.Content.Note)
	add("desk.clerk", v.name(l, w.Clerk))
	if w.CheckedBy != "" {
		add("desk.checker", v.name(l, w.CheckedBy))
	}
	if w.CorrectsID != 0 {
		out = append(out, v.link(l, "desk.corrects", w.CorrectsID))
	}
	for _, id := range w.CorrectedBy {
		out = append(out, v.link(l, "desk.corrected_by", id))
	}
	return out
}

func (v EntryView) link(l *i18n.Locale, key string, id int64) components.SummaryRow {
	return components.SummaryRow{Key: l.T(key), Action: &components.Action{Text: l.T("desk.corrects.which"), Href: entryAddress(v.W.Consultation.Slug, id), Hidden: format(id)}}
}

// change is one field that an act changed.
type change struct {
	label string
	runs  []components.Run
}

// changed compares the wording of an act with the one before it.
func (v EntryView) changed(l *i18n.Locale, i int) []change {
	now := v.W.Past[i].Content
	var before *desk.Content
	for j := i - 1; j >= 0 && before == nil; j-- {
		before = v.W.Past[j].Content
	}
	if now == nil || before == nil {
		return nil
	}
	var out []change
	add := func(label, a, b string) {
		if a != b {
			out = append(out, change{label, runs(desk.Difference(a, b))})
		}
	}
	add(l.T("desk.name"), before.Sender.Name, now.Sender.Name)
	add(l.T("desk.unit"), before.Sender.Unit, now.Sender.Unit)
	add(l.T("desk.phone"), before.Sender.Phone, now.Sender.Phone)
	add(l.T("desk.email"), before.Sender.Email, now.Sender.Email)
	add(l.T("desk.address"), before.Sender.Address, now.Sender.Address)
	add(l.T("desk.signers"), joined(before.Signers), joined(now.Signers))
	add(l.T("desk.posted_on"), before.PostedOn, now.PostedOn)
	for i := range max(len(before.Points), len(now.Points)) {
		var a, b desk.Point
		if i < len(before.Points) {
			a = before.Points[i]
		}
		if i < len(now.Points) {
			b = now.Points[i]
		}
		number := l.T("desk.point", "number", i+1)
		add(number+l.T("desk.comma")+l.T("desk.provision"), v.label(l, a), v.label(l, b))
		add(number, a.Text, b.Text)
		add(number+l.T("desk.comma")+l.T("desk.proposed"), a.Proposed, b.Proposed)
	}
	return out
}

// CheckView is the second person's page.
type CheckView struct {
	W       desk.Whole
	Tree    *draft.Tree
	Reading desk.Reading
	Found   []desk.Finding // nil in the first step
	Second  bool           // the differences are shown
	Chosen  desk.Choices
	Faults  []fault.Field
	Stale   bool
}

func (v CheckView) address() string { return entryAddress(v.W.Consultation.Slug, v.W.ID) + "/check" }

// findingLabel names a field that differs.
func findingLabel(l *i18n.Locale, field string) string {
	for _, kind := range []string{"provision", "text", "proposed"} {
		var i int
		if n, _ := fmt.Sscanf(field, kind+"-%d", &i); n == 1 {
			return l.T("desk.point", "number", i+1) + l.T("desk.comma") + l.T("desk."+kind)
		}
	}
	return l.T("desk." + field)
}

func (v CheckView) choice(l *i18n.Locale, f desk.Finding) components.Choices {
	id := "choose-" + f.Field
	by, _ := words(l, v.Faults)
	c := components.Choices{Field: components.Field{ID: id, Name: id, Label: l.T("desk.check.which"), Error: by[FieldID(f.Field)]}, Inline: true}
	for _, w := range []string{desk.Second, desk.First} {
		c.Options = append(c.Options, components.Option{Value: w, Text: l.T("desk.check." + w), Chosen: v.Chosen[f.Field] == w})
	}
	return c
}

func (v CheckView) summary(l *i18n.Locale) []components.FieldError {
	_, all := words(l, v.Faults)
	for i, f := range v.Faults {
		for _, x := range v.Found {
			if x.Field == f.Name {
				all[i].ID = "choose-" + f.Name
				all[i].Message = findingLabel(l, f.Name) + l.T("desk.colon") + all[i].Message
			}
		}
	}
	return all
}
