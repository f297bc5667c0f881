package consultationview

import (
	"slices"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// StaffList is a page of the list of the staff side.
type StaffList struct {
	Now    time.Time
	Items  []consultation.Consultation
	Units  map[int64]organisation.Organisation
	Status consultation.Status
	Q      string
	New    bool // may prepare another
	First  bool
	Next   string
	Start  string
}

func (v StaffList) options(l *i18n.Locale) []components.Option {
	out := make([]components.Option, 0, len(consultation.Statuses))
	for _, s := range consultation.Statuses {
		out = append(out, components.Option{Value: string(s), Text: l.T("consultation.status." + string(s)), Chosen: s == v.Status})
	}
	return out
}

func (v StaffList) table(l *i18n.Locale) components.Table {
	t := components.Table{
		Caption: l.T("consultation.staff.list"), Stacked: true, RowHead: true,
		Columns: []components.Column{
			{Text: l.T("consultation.column.title"), Lead: true}, {Text: l.T("consultation.column.status")}, {Text: l.T("consultation.column.unit")},
			{Text: l.T("consultation.column.period")}, {Text: l.T("consultation.column.submissions"), Numeric: true},
			{Text: l.T("consultation.column.comments"), Numeric: true}, {Text: l.T("consultation.column.gathered"), Numeric: true},
		},
	}
	for _, c := range v.Items {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: titleOr(l, c), Href: staffAddress(c.Slug, ""), Lang: c.Lang}, {Body: components.StatusMark(l, StaffStatus(l, c, v.Now).State, l.T("consultation.status."+string(c.Status(v.Now))))},
			{Text: v.Units[c.Organisation].Name}, {Text: span(l, c)}, {Text: l.Number(int(c.Counters.Submissions))},
			{Text: l.Number(int(c.Counters.Comments))}, {Text: l.Number(int(c.Counters.Gathered))},
		}})
	}
	return t
}

func titleOr(l *i18n.Locale, c consultation.Consultation) string {
	if c.Title == "" {
		return l.T("consultation.untitled")
	}
	return c.Title
}

// span is a period in a table.
func span(l *i18n.Locale, c consultation.Consultation) string {
	switch {
	case c.ClosesAt == nil:
		return l.T("consultation.noperiod")
	case c.OpensAt == nil:
		return l.T("consultation.until", "at", l.Deadline(*c.ClosesAt))
	}
	return l.T("consultation.period.short.range", "from", l.DateTime(*c.OpensAt), "to", l.Deadline(*c.ClosesAt))
}

// Upload is the form that makes a consultation from a draft.
type Upload struct {
	Units  []organisation.Organisation // where the person may prepare
	Unit   string
	Name   string
	Format string
	Text   string
	Faults map[string]string
	Errors []components.FieldError
}

func (v Upload) units() []components.Option {
	var out []components.Option
	for _, o := range v.Units {
		out = append(out, components.Option{Value: o.Slug, Text: o.Name, Chosen: o.Slug == v.Unit})
	}
	return out
}

func formats(l *i18n.Locale, chosen string) []components.Option {
	var out []components.Option
	for _, f := range []string{"text", "markdown"} {
		out = append(out, components.Option{Value: f, Text: l.T("consultation.format." + f), Chosen: f == chosen || chosen == "" && f == "text"})
	}
	return out
}

// Overview is the first room of a consultation: where it stands, what comes next.
type Overview struct {
	Now      time.Time
	C        consultation.Consultation
	Unit     organisation.Organisation
	Events   []consultation.Event // what this person may do now
	Own      []consultation.Event // what only another person may do, because it is their own work
	Edit     bool
	Missing  fault.Fields
	Past     []consultation.Past
	Articles int
	Doors    []Door // to the rooms of other capabilities that are open to this person

	Failed   consultation.Event // an event that was refused, with what was typed
	Note     string
	ClosesOn string
	ClosesAt string
	Faults   map[string]string
	Errors   []components.FieldError
}

// Door leads to a room of a consultation. Kind is a message key below
// "consultation.door."; Count is how much waits in it.
type Door struct {
	Kind, Href string
	Count      int
}

// primary is the event that leads on; the others stand below it. While comments
// wait to be gathered, what leads on is the workbench.
func (v Overview) primary() consultation.Event {
	for _, e := range []consultation.Event{consultation.Submit, consultation.Approve, consultation.Decide} {
		if slices.Contains(v.Events, e) && !v.early(e) {
			return e
		}
	}
	return ""
}

// early reports an event that would be refused, or taken too soon: something else
// leads on.
func (v Overview) early(e consultation.Event) bool {
	return e == consultation.Submit && v.Edit && len(v.Missing) > 0 || e == consultation.Decide && (v.waiting() > 0 || v.undecided())
}

// undecided reports suggestions that nobody has agreed to yet: the room of review
// says which.
func (v Overview) undecided() bool {
	return slices.Contains(v.Events, consultation.Decide) && v.C.Counters.Agreed < v.C.Counters.Suggestions
}

// waiting is how many comments are still to be gathered by this person.
func (v Overview) waiting() int {
	if !slices.Contains(v.Events, consultation.Decide) {
		return 0
	}
	return int(v.C.Counters.Comments - v.C.Counters.Gathered)
}

// Submitting and publishing a summary happen in the room of review, where the
// balance is shown.
func (v Overview) review() consultation.Event {
	for _, e := range v.Events {
		if e == consultation.SubmitSummary || e == consultation.PublishSummary {
			return e
		}
	}
	return ""
}

func (v Overview) others() []consultation.Event {
	var out []consultation.Event
	for _, e := range v.Events {
		if e != v.primary() && e != consultation.SubmitSummary && e != consultation.PublishSummary {
			out = append(out, e)
		}
	}
	return out
}

func (v Overview) fault(e consultation.Event, field string) string {
	if e != v.Failed {
		return ""
	}
	return v.Faults[field]
}

func (v Overview) typed(e consultation.Event, value string) string {
	if e != v.Failed {
		return ""
	}
	return value
}

// noteNeeded says whether an event asks for words, and whether it must have them.
func noteNeeded(status consultation.Status, e consultation.Event) (asks, must bool) {
	t, _ := consultation.Step(status, e)
	return t.Note || e == consultation.Extend || e == consultation.Submit, t.Note
}

// next says what comes, and who does it.
func (v Overview) next(l *i18n.Locale) string {
	return l.T("consultation.next." + string(v.C.Status(v.Now)))
}

func (v Overview) facts(l *i18n.Locale) []components.SummaryRow {
	c := v.C
	rows := []components.SummaryRow{
		{Key: l.T("consultation.column.unit"), Text: v.Unit.Name, Lang: v.Unit.Lang},
		{Key: l.T("consultation.column.period"), Text: span(l, c)},
		{Key: l.T("consultation.field.channels"), Text: channelNames(l, c)},
		{Key: l.T("consultation.field.comments_public"), Text: l.T("consultation.public.short." + c.CommentsPublic)},
		{Key: l.T("consultation.draft.name"), Text: l.T("consultation.draft.articles", "count", v.Articles)},
	}
	if c.AnswerDue != nil {
		rows = append(rows, components.SummaryRow{Key: l.T("consultation.field.answer_due"), Text: l.Deadline(*c.AnswerDue)})
	}
	if c.Public() {
		rows = append(rows,
			components.SummaryRow{Key: l.T("consultation.column.submissions"), Text: l.Number(int(c.Counters.Submissions))},
			components.SummaryRow{Key: l.T("consultation.column.comments"), Text: l.T("consultation.gathered.of", "gathered", c.Counters.Gathered, "count", c.Counters.Comments)},
			components.SummaryRow{Key: l.T("consultation.column.suggestions"), Text: l.T("consultation.agreed.of", "agreed", c.Counters.Agreed, "count", c.Counters.Suggestions)})
	}
	return rows
}

func channelNames(l *i18n.Locale, c consultation.Consultation) string {
	words := make([]string, len(c.Channels))
	for i, ch := range c.Channels {
		words[i] = l.T("site.channel." + ch.Channel)
	}
	return l.List(words)
}

// missing leads to the fields that submit asks for.
func (v Overview) missing(l *i18n.Locale) []components.Task {
	var out []components.Task
	for _, f := range v.Missing {
		href := staffAddress(v.C.Slug, "/edit#"+f.Name)
		if f.Name == "draft" {
			href = staffAddress(v.C.Slug, "/draft")
		}
		out = append(out, components.Task{Text: l.T("error."+f.Code, f.Args...), Href: href, State: l.T("consultation.missing.state")})
	}
	return out
}

// history is what happened, for staff, newest last.
func history(l *i18n.Locale, past []consultation.Past) []components.Event {
	out := make([]components.Event, 0, len(past))
	for _, p := range past {
		name := p.ActorName
		if p.Actor == "clock" {
			name = l.T("consultation.actor.clock")
		}
		out = append(out, components.Event{
			When: components.Done, Time: moment(l, p), What: strings.TrimSpace(l.T("consultation.did."+string(p.Event)) + " " + name), Note: p.Note,
		})
	}
	return out
}

// moment is when it happened; a closing ends a day.
func moment(l *i18n.Locale, p consultation.Past) string {
	if string(p.Event) == string(consultation.Closed) {
		return l.Deadline(p.At)
	}
	return l.DateTime(p.At.Truncate(time.Minute))
}

// noteID keeps the notes of several events on a page apart; the one that was
// refused is led to by the summary of errors.
func noteID(e consultation.Event) string { return "note-" + string(e) }

func orTime(s string) string {
	if s == "" {
		return "24:00"
	}
	return s
}

func statusFor(p layouts.Page, c consultation.Consultation, now time.Time) *components.Status {
	s := StaffStatus(p.Locale, c, now)
	return &s
}
