package representativeview

import (
	"guangyi/internal/platform/i18n"
	"guangyi/internal/representative"
	"guangyi/views/components"
	"time"
)

func hinted(f components.Field, hint string) components.Field {
	f.Hint = hint
	return f
}

func optional(f components.Field) components.Field {
	f.Optional = true
	return f
}

func autocompleted(f components.Field, purpose, kind, width string) components.Field {
	f.Autocomplete, f.Type, f.Width = purpose, kind, width
	return f
}

// LookUp asks for reference and secret.
type LookUp struct {
	Reference, Secret           string
	ReferenceFault, SecretFault string
	Kept                        []string // shown from this browser before
	Own                         []representative.Mine
}

// Summary lists the faults in the order of the fields.
func (v LookUp) Summary() (out []components.FieldError) {
	if v.ReferenceFault != "" {
		out = append(out, components.FieldError{ID: "reference", Message: v.ReferenceFault})
	}
	if v.SecretFault != "" {
		out = append(out, components.FieldError{ID: "secret", Message: v.SecretFault})
	}
	return out
}

// Mine is a membership as its holder sees it.
type Mine struct {
	M      representative.Mine
	Secret string // shown once, to the browser that applied
	Now    time.Time
	Appeal string // as typed
	Fault  string
}

func (v Mine) state() representative.State { return v.M.State }

// Title is the page's question: what of my application?
func (v Mine) Title(l *i18n.Locale) string {
	if v.Secret != "" && v.state() == representative.Applied {
		return l.T("representative.mine.sent")
	}
	return l.T("representative.mine.title", "organisation", v.M.Organisation.Name)
}

func (v Mine) lead(l *i18n.Locale) string {
	m := v.M
	args := []any{"organisation", m.Organisation.Name}
	switch m.State {
	case representative.Admitted:
		return l.T("representative.mine.admitted", "term", TermWords(l, *m.TermFrom, *m.TermUntil))
	case representative.Suspended:
		return l.T("representative.mine.suspended")
	}
	return l.T("representative.mine."+string(m.State), args...)
}

func (v Mine) mayRenew() bool {
	return v.M.State == representative.Admitted && v.M.RenewalAskedAt != nil && v.M.RenewalWantedAt == nil && v.Now.Before(*v.M.TermUntil)
}

func (v Mine) mayAppeal() bool {
	return v.M.State == representative.Suspended && v.M.AppealedAt == nil
}

func (v Mine) living() bool { return representative.Leave.Leads(v.M.State) }

func (v Mine) rows(l *i18n.Locale) []components.SummaryRow {
	p := v.M.Person
	rows := []components.SummaryRow{{Key: l.T("representative.category"), Text: CategoryName(l, v.M.Category)}}
	rows = append(rows, personRows(l, p, v.M.Representative.Category)...)
	rows = append(rows, openRows(l, v.M.Representative)...)
	if p.Name != "" {
		shown := l.T("representative.mine.name.masked", "name", v.M.PublicName)
		if v.M.NamePublic {
			shown = l.T("representative.mine.name.whole", "name", v.M.PublicName)
		}
		rows = append(rows, components.SummaryRow{Key: l.T("representative.mine.name"), Text: shown})
	}
	return rows
}

// personRows are what is sealed of a person; nothing once it was deleted.
func personRows(l *i18n.Locale, p representative.Person, category string) []components.SummaryRow {
	if p.Name == "" {
		return []components.SummaryRow{{Key: l.T("representative.form.name"), Text: l.T("representative.erased")}}
	}
	var rows []components.SummaryRow
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, components.SummaryRow{Key: label, Text: value})
		}
	}
	add(l.T("representative.form.name"), p.Name)
	add(l.T("representative.form.phone"), p.Phone)
	add(l.T("representative.form.email"), p.Email)
	form := Apply{In: representative.Application{Person: p, Category: category}}
	for _, d := range form.details() {
		f := form.detail(l, d)
		add(f.Label, f.Value)
	}
	add(l.T("representative.form.about"), p.About)
	add(l.T("representative.conflict.text"), p.Conflict)
	add(l.T("representative.appeal"), p.Appeal)
	return rows
}

// openRows are what is not sealed.
func openRows(l *i18n.Locale, r representative.Representative) []components.SummaryRow {
	var rows []components.SummaryRow
	if r.District != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("representative.district"), Text: r.District})
	}
	if len(r.Fields) > 0 {
		rows = append(rows, components.SummaryRow{Key: l.T("representative.fields"), Text: l.List(r.Fields)})
	}
	if r.TermFrom != nil {
		rows = append(rows, components.SummaryRow{Key: l.T("representative.term"), Text: TermWords(l, *r.TermFrom, *r.TermUntil)})
	}
	return append(rows, components.SummaryRow{Key: l.T("representative.meetings"),
		Text: l.T("representative.meetings.figures", "invited", r.Invited, "came", r.Came)})
}

// timeline is what happened and what comes; staff also read who did it.
func timeline(l *i18n.Locale, m representative.Mine, staff bool) []components.Event {
	var out []components.Event
	for _, e := range m.Events {
		one := components.Event{When: components.Done, Time: l.DateTime(e.At), What: l.T("representative.event." + e.Event), Note: e.Note}
		if !staff && e.Event == string(representative.Vet) {
			one.Note = "" // for the second person, not for the applicant
		}
		if staff && e.ActorName != "" {
			one.What = l.T("representative.event.by", "what", one.What, "who", e.ActorName)
		}
		out = append(out, one)
	}
	switch m.State {
	case representative.Applied, representative.Vetted:
		out = append(out, components.Event{When: components.Now, What: l.T("representative.next." + string(m.State))})
	case representative.Admitted:
		out = append(out, components.Event{When: components.Next, Time: l.Deadline(*m.TermUntil), What: l.T("representative.next.admitted")})
	}
	if m.ForgetAt != nil && m.ErasedAt == nil {
		out = append(out, components.Event{When: components.Next, Time: l.DateTime(*m.ForgetAt), What: l.T("representative.next.forget")})
	}
	return out
}
