package meetingview

import (
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Desk is the list of applications as staff see it: without names.
type Desk struct {
	Now      time.Time
	M        meeting.Meeting
	Items    []meeting.Application
	State    meeting.ApplicationState
	Category string
	Vet      bool // may vet and enter
	Export   bool
	First    bool
	Next     string
	Start    string
	Shut     []string
}

func (v Desk) states(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, s := range meeting.ApplicationStates {
		out = append(out, components.Option{Value: string(s), Text: l.T("meeting.state." + string(s)), Chosen: s == v.State})
	}
	return out
}

func (v Desk) categories(l *i18n.Locale) []components.Option {
	var out []components.Option
	for _, c := range v.M.AllCategories() {
		out = append(out, components.Option{Value: c.Code, Text: CategoryName(l, c), Chosen: c.Code == v.Category})
	}
	return out
}

// nominates reports a call in which people are put forward.
func (v Desk) nominates() bool {
	if v.M.OpenTo == meeting.ToNamed || v.M.Method == meeting.ByNomination {
		return true
	}
	for _, c := range v.M.AllCategories() {
		if v.M.MethodOf(c.Code) == meeting.ByNomination {
			return true
		}
	}
	return false
}

// enters reports whether applications can be entered now.
func (v Desk) enters() bool {
	return v.Vet && v.M.Takes(v.Now) == nil
}

func (v Desk) figures(l *i18n.Locale) []components.Fact {
	n := v.M.Counts[""]
	out := []components.Fact{{Label: l.T("meeting.column.applied"), Value: l.Number(n.Applied), Strong: true}, {Label: l.T("meeting.column.seats"), Value: l.Number(v.M.Seats)}}
	for _, c := range v.M.AllCategories() {
		out = append(out, components.Fact{Label: CategoryName(l, c), Value: l.Number(v.M.Counts[c.Code].Applied) + " / " + seatsWord(l, c.Seats)})
	}
	if v.M.Sides {
		for _, s := range meeting.Sides {
			out = append(out, components.Fact{Label: l.T("meeting.side." + s), Value: l.Number(v.M.Counts[meeting.SidePart(s)].Applied)})
		}
	}
	return out
}

func (v Desk) table(l *i18n.Locale) components.Table {
	t := components.Table{
		Caption: l.T("meeting.room.applications"), Stacked: true, RowHead: true,
		Columns: []components.Column{
			{Text: l.T("meeting.mine.label"), Lead: true}, {Text: l.T("meeting.list.status")}, {Text: l.T("meeting.seats.category")},
			{Text: l.T("meeting.column.features")}, {Text: l.T("meeting.column.conflict")}, {Text: l.T("meeting.column.vetted")}, {Text: l.T("meeting.column.at")},
		},
	}
	for _, a := range v.Items {
		vetted := l.T("meeting.vetted.no")
		if a.VettedBy != "" {
			vetted = l.T("meeting.vetted.yes")
		}
		conflict := l.T("meeting.conflict.no")
		if a.Conflict {
			conflict = l.T("meeting.conflict.yes")
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: a.Label, Href: applicationAddress(v.M, a, "")}, {Text: l.T("meeting.state." + string(a.State))},
			{Text: categoryByCode(l, v.M, a.Category)}, {Text: Features(l, v.M, a)}, {Text: conflict}, {Text: vetted}, {Text: day(l, v.Now, a.AppliedAt, false)},
		}})
	}
	return t
}

func applicationAddress(m meeting.Meeting, a meeting.Application, rest string) string {
	return staffAddress(m.Slug, "/applications/"+id(a.ID)+rest)
}

// Features words what the draw knows of an application: 女性、60至74岁、城北区.
func Features(l *i18n.Locale, m meeting.Meeting, a meeting.Application) string {
	var out []string
	if a.Sex == "female" || a.Sex == "male" {
		out = append(out, l.T("meeting.sex.choice."+a.Sex))
	}
	if a.AgeBand != "" {
		out = append(out, ageWord(l, a.AgeBand))
	}
	if a.District != "" {
		out = append(out, a.District)
	}
	if a.Side != "" {
		out = append(out, l.T("meeting.side."+known(a.Side, meeting.Sides...)))
	}
	for _, q := range m.Questions {
		if x := a.Answers[q.Code]; x != "" {
			out = append(out, Feature(l, m, q.Code, x))
		}
	}
	if s, ok := m.Session(a.Session); ok {
		out = append(out, s.Name)
	}
	if a.Party > 1 {
		out = append(out, l.T("meeting.people", "count", a.Party))
	}
	if len(out) == 0 {
		return l.T("site.none")
	}
	return strings.Join(out, l.T("meeting.features.comma"))
}

// One is one application as staff see it. Person is there once contact was asked for.
type One struct {
	Now     time.Time
	M       meeting.Meeting
	A       meeting.Application
	Person  *meeting.Person
	Vet     bool
	Contact bool // may ask for name and contact
	Failed  string
	Values  map[string]string
	Faults  map[string]string
	Errors  []components.FieldError
	Shut    []string
}

func (v One) vetting() bool {
	s := v.M.Status(v.Now)
	return v.Vet && (s == meeting.Open || s == meeting.Closed || s == meeting.InvitedStatus && v.M.Method == meeting.ByOrder)
}

func (v One) mayAdmit() bool {
	return v.vetting() && (v.A.State == meeting.Refused || v.A.VettedBy == "" && !v.A.State.Ended())
}

func (v One) mayRefuse() bool { return v.vetting() && meeting.MayMove(v.A.State, meeting.Refused) }

func (v One) mayWithdraw() bool {
	return v.Vet && meeting.MayMove(v.A.State, meeting.Withdrawn) && !over(v.M, v.Now)
}

func (v One) rows(l *i18n.Locale) []components.SummaryRow {
	a := v.A
	rows := []components.SummaryRow{
		{Key: l.T("meeting.list.status"), Text: l.T("meeting.state." + string(a.State))},
		{Key: l.T("meeting.reference"), Text: a.Reference},
		{Key: l.T("meeting.seats.category"), Text: categoryByCode(l, v.M, a.Category)},
		{Key: l.T("meeting.column.features"), Text: Features(l, v.M, a)},
		{Key: l.T("meeting.column.at"), Text: stamp(l, a.AppliedAt)},
		{Key: l.T("meeting.column.channel"), Text: l.T("meeting.channel." + known(a.Channel, "web", "api", "phone", "letter", "visit"))},
	}
	if a.Reason != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("meeting.column.reason"), Text: a.Reason, Lang: v.M.Lang})
	}
	if a.Representative != 0 {
		rows = append(rows, components.SummaryRow{Key: l.T("meeting.column.pool"), Text: l.T("meeting.conflict.is")})
	}
	return rows
}

// person are name, contact and words of the applicant.
func (v One) person(l *i18n.Locale) []components.SummaryRow {
	p := *v.Person
	var out []components.SummaryRow
	for _, x := range []struct{ field, value string }{
		{"name", p.Name}, {"phone", p.Phone}, {"email", p.Email}, {"birth_year", number(p.BirthYear)}, {"unit", p.Unit}, {"post", p.Post},
		{"profession", p.Profession}, {"address", p.Address}, {"id_number", p.IDNumber}, {"conflict_text", p.Conflict}, {"opinion", p.Opinion},
		{"reason", p.Reason}, {"needs", p.Needs},
	} {
		if x.value != "" {
			out = append(out, components.SummaryRow{Key: l.T("meeting.field." + x.field), Text: x.value, Lang: components.ForeignLang(l, x.value)})
		}
	}
	return out
}

// area is a reason to write, of one of the acts on the page.
func (v One) area(l *i18n.Locale, act string) components.Area {
	f := components.Field{ID: act + "-reason", Name: "reason", Label: l.T("meeting.one." + act + ".reason")}
	if v.Failed == act {
		f.Value, f.Error = v.Values["reason"], v.Faults["reason"]
	}
	return components.Area{Field: f, Rows: 3}
}

// Entering is the form with which staff enter an application for somebody, or put
// somebody forward.
type Entering struct {
	Form
	Nominate bool
	Done     *meeting.Application // entered; with its secret to be read out
	Secret   string
	Shut     []string
}

func (v Entering) channels(l *i18n.Locale) components.Choices {
	var out []components.Option
	for _, c := range meeting.StaffChannels {
		out = append(out, components.Option{Value: c, Text: l.T("meeting.channel." + c)})
	}
	return v.choices(l, "channel", out...)
}

func (v Entering) address() string {
	if v.Nominate {
		return staffAddress(v.M.Slug, "/applications/nominate")
	}
	return staffAddress(v.M.Slug, "/applications/new")
}

// nomination is the public reason of a nomination.
func (v Entering) nomination(l *i18n.Locale) components.Area {
	return components.Area{Rows: 3, Field: components.Field{
		ID: "nomination", Name: "nomination", Label: l.T("meeting.enter.nomination"), Hint: l.T("meeting.enter.nomination.hint"),
		Value: v.Values["nomination"], Error: v.Faults["nomination"],
	}}
}

// said is the consent that the person gave to staff.
func (v Entering) said(l *i18n.Locale) components.Field {
	return components.Field{ID: Consent, Name: Consent, Label: l.T("meeting.enter.consent"), Error: v.Faults[Consent]}
}
