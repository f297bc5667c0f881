package representativeview

import (
	"time"

	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/representative"
	"guangyi/views/components"
)

// List is the pool as staff see it.
type List struct {
	Organisation organisation.Organisation
	Others       []organisation.Organisation
	Pool         representative.Pool
	Categories   []representative.Category
	Filter       representative.Filter
	Page         representative.Page
	Next         string
	SetUp        bool // may change the pool
}

func (v List) stateOptions(l *i18n.Locale) []components.Option {
	out := []components.Option{{Value: "due", Text: l.T("representative.due"), Chosen: v.Filter.Due}}
	for _, s := range representative.States {
		out = append(out, components.Option{Value: string(s), Text: stateWords(l, s), Chosen: v.Filter.State == s})
	}
	return out
}

func (v List) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("representative.list.caption"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("representative.reference"), Lead: true, NoWrap: true}, {Text: l.T("representative.name")}, {Text: l.T("representative.category")},
		{Text: l.T("representative.district")}, {Text: l.T("representative.state")}, {Text: l.T("representative.applied")},
		{Text: l.T("representative.invited"), Numeric: true}, {Text: l.T("representative.came"), Numeric: true},
	}}
	for _, r := range v.Page.Items {
		name := r.PublicName
		if r.ErasedAt != nil {
			name = l.T("representative.erased")
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: r.Reference, Href: OneAddress(r.ID)}, {Text: name}, {Text: nameOf(l, v.Categories, r.Category)}, {Text: r.District},
			{Text: stateNote(l, r)}, {Text: l.Date(r.AppliedAt)}, {Text: l.Number(r.Invited)}, {Text: l.Number(r.Came)},
		}})
	}
	return t
}

// stateNote says the state and what waits for somebody.
func stateNote(l *i18n.Locale, r representative.Representative) string {
	switch {
	case r.RenewalWantedAt != nil && r.ErasedAt == nil && representative.Renew.Leads(r.State):
		return l.T("representative.state.with", "state", stateWords(l, r.State), "note", l.T("representative.renewal.short"))
	case r.AppealedAt != nil && r.AnsweredAt == nil && r.State == representative.Suspended:
		return l.T("representative.state.with", "state", stateWords(l, r.State), "note", l.T("representative.appeal.short"))
	}
	return stateWords(l, r.State)
}

// Typed is what somebody typed into a form of the page of one membership.
type Typed struct {
	Choice, Note, Reason, From, Until string
}

// One is one membership as staff see it. Person is empty until it was asked for.
type One struct {
	S      representative.Staff
	Person representative.Person
	Now    time.Time
	Typed  Typed
	Faults map[string]string
	Errors []components.FieldError
}

func (v One) rows(l *i18n.Locale) []components.SummaryRow {
	m := v.S.Mine
	rows := []components.SummaryRow{
		{Key: l.T("representative.reference"), Text: m.Reference},
		{Key: l.T("representative.category"), Text: CategoryName(l, m.Category)},
	}
	rows = append(rows, openRows(l, m.Representative)...)
	conflict := "representative.form.conflict.no"
	if m.Conflict {
		conflict = "representative.form.conflict.yes"
	}
	return append(rows, components.SummaryRow{Key: l.T("representative.conflict"), Text: l.T(conflict)},
		components.SummaryRow{Key: l.T("representative.applied"), Text: l.DateTime(m.AppliedAt)})
}

func (v One) personRows(l *i18n.Locale) []components.SummaryRow {
	return personRows(l, v.Person, v.S.Mine.Representative.Category)
}

func choices(l *i18n.Locale, label, fault, chosen string, values ...string) components.Choices {
	c := components.Choices{Field: components.Field{Name: "choice", Label: label, Error: fault}, Inline: true}
	for _, v := range values {
		c.Options = append(c.Options, components.Option{Value: v, Text: l.T("representative.choice." + v), Chosen: v == chosen})
	}
	return c
}

// PoolForm is how the pool is run, for who may change it.
type PoolForm struct {
	Organisation organisation.Organisation
	Pool         representative.Pool
	Categories   []representative.Category // the organisation's own
	Typed        representative.Category
	Faults       map[string]string
	Errors       []components.FieldError
}

func (v PoolForm) langs() []components.Option {
	return []components.Option{{Value: "zh-CN", Text: "中文", Chosen: v.Pool.Lang != "en"}, {Value: "en", Text: "English", Chosen: v.Pool.Lang == "en"}}
}
