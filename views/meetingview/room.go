package meetingview

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/procedure"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Overview is the first room of a meeting: where it stands, what comes next.
type Overview struct {
	Now     time.Time
	M       meeting.Meeting
	Unit    organisation.Organisation
	Events  []meeting.Event // what this person may do now
	Own     []meeting.Event // what only another person may do, because it is their own work
	Edit    bool
	Missing fault.Fields
	Found   []procedure.Finding
	Past    []meeting.Past
	Shut    []string // rooms without a door

	Failed meeting.Event // an event that was refused, with what was typed
	Values map[string]string
	Faults map[string]string
	Errors []components.FieldError
}

// dialogs are the acts that fold open below the one that leads on.
func (v Overview) dialogs() []meeting.Event {
	var out []meeting.Event
	for _, e := range []meeting.Event{meeting.Extend, meeting.MoveDate, meeting.Cancel} {
		if slices.Contains(v.Events, e) {
			out = append(out, e)
		}
	}
	return out
}

func (v Overview) may(e meeting.Event) bool { return slices.Contains(v.Events, e) }

// ready reports a call that can be sent to review.
func (v Overview) ready() bool { return v.may(meeting.Submit) && len(v.Missing) == 0 }

// onward is where the next piece of work is done, after publication.
func (v Overview) onward() (room string, ok bool) {
	switch v.M.Status(v.Now) {
	case meeting.Announced, meeting.Open:
		return components.MeetingApplications, true
	case meeting.Closed:
		if v.M.Method == meeting.ByOrder {
			return components.MeetingInvitations, true
		}
		return components.MeetingSelection, true
	case meeting.SelectedStatus:
		return components.MeetingInvitations, true
	case meeting.InvitedStatus, meeting.Due:
		return components.MeetingDay, true
	case meeting.HeldStatus, meeting.AccountInReviewStatus:
		return components.MeetingAccount, true
	}
	return "", false
}

func (v Overview) next(l *i18n.Locale) string {
	return l.T("meeting.next." + string(v.M.Status(v.Now)))
}

// missing leads to the fields that submit asks for.
func (v Overview) missing(l *i18n.Locale) []components.Task {
	var out []components.Task
	for _, f := range v.Missing {
		out = append(out, components.Task{
			Text: l.T("error."+f.Code, f.Args...), Href: staffAddress(v.M.Slug, "/edit#"+ControlID(f.Name)), State: l.T("meeting.missing.state"),
		})
	}
	return out
}

// periods words what the dates lack, apart from what Missing says already.
func (v Overview) periods(l *i18n.Locale) []string {
	return Editing{Found: v.Found}.found(l)
}

func (v Overview) facts(l *i18n.Locale) []components.SummaryRow {
	m := v.M
	rows := []components.SummaryRow{
		{Key: l.T("meeting.column.unit"), Text: v.Unit.Name, Lang: v.Unit.Lang},
		{Key: l.T("meeting.column.kind"), Text: kindWord(l, m.Kind)},
		{Key: l.T("meeting.glance.when"), Text: span(l, m.StartsAt, m.EndsAt)},
		{Key: l.T("meeting.glance.where"), Text: strings.Join(lines(m.Place+"\n"+m.Access), "\n"), Lang: m.Lang},
		{Key: l.T("meeting.glance.how"), Text: l.T("meeting.method." + m.Method)},
	}
	if m.ClosesAt != nil {
		rows = append(rows, components.SummaryRow{Key: l.T("meeting.column.closes"), Text: l.Deadline(*m.ClosesAt)})
	}
	if m.Seats > 0 {
		rows = append(rows, components.SummaryRow{Key: l.T("meeting.column.seats"), Text: l.Number(m.Seats)})
	}
	if m.Public() {
		n := m.Counts[""]
		rows = append(rows, components.SummaryRow{Key: l.T("meeting.column.applied"), Text: l.T("meeting.desk.applied", "applied", n.Applied, "seated", n.Seated, "waiting", n.Waiting)})
	}
	if m.RulesDigest != "" {
		rows = append(rows, components.SummaryRow{Key: l.T("meeting.desk.digest"), Value: digest(m.RulesDigest)})
	}
	return rows
}

func (v Overview) status(l *i18n.Locale) *components.Status {
	s := StaffStatus(l, v.M, v.Now)
	return &s
}

func (v Overview) fault(e meeting.Event, field string) string {
	if e != v.Failed {
		return ""
	}
	return v.Faults[field]
}

func (v Overview) typed(e meeting.Event, field string) string {
	if e == v.Failed {
		return v.Values[field]
	}
	return ""
}

// EventField is the id of a field of an event's form; several stand on a page.
func EventField(e meeting.Event, field string) string { return string(e) + "-" + field }

// eventInput is one field of an event's form.
func (v Overview) eventInput(l *i18n.Locale, e meeting.Event, field string) components.Field {
	f := components.Field{
		ID: EventField(e, field), Name: field, Label: l.T("meeting.event." + string(e) + "." + field), Value: v.typed(e, field), Error: v.fault(e, field),
	}
	switch {
	case strings.HasSuffix(field, "_on"):
		f.Type, f.Error = "date", v.fault(e, strings.TrimSuffix(field, "_on")+"_at")
		if field == "answer_on" {
			f.Error = v.fault(e, "answer_by")
		}
	case strings.HasSuffix(field, "_time"):
		f.Width = "5"
	}
	return f
}

// history is what happened, for staff, oldest first.
func (v Overview) history(l *i18n.Locale) []components.Event {
	out := make([]components.Event, 0, len(v.Past))
	for _, p := range v.Past {
		name := p.ActorName
		if p.Actor == "clock" {
			name = l.T("meeting.actor.clock")
		}
		what := l.T("meeting.did." + known(string(p.Event), pastEvents...))
		note := p.Note
		if more := detail(l, p.Detail); more != "" {
			note = strings.TrimSpace(more + "\n" + note)
		}
		out = append(out, components.Event{When: components.Done, Time: stamp(l, p.At), What: strings.TrimSpace(what + " " + name), Note: note})
	}
	return out
}

// pastEvents are what history holds; the first words what is not known.
var pastEvents = []string{
	"other", "submit", "return", "approve", "extend", "move", "cancel", "correct", "select", "invite", "hold", "submit_account",
	"publish_account", "slip", "name",
}

// detail words the dates before and after a move.
func detail(l *i18n.Locale, raw string) string {
	var d struct {
		StartsBefore time.Time `json:"starts_at_before"`
		Starts       time.Time `json:"starts_at"`
		ClosesBefore time.Time `json:"closes_at_before"`
		Closes       time.Time `json:"closes_at"`
	}
	if raw == "" || json.Unmarshal([]byte(raw), &d) != nil {
		return ""
	}
	switch {
	case !d.StartsBefore.IsZero() && !d.Starts.Equal(d.StartsBefore):
		return l.T("meeting.did.dates", "from", stamp(l, d.StartsBefore), "to", stamp(l, d.Starts))
	case !d.ClosesBefore.IsZero():
		return l.T("meeting.did.dates", "from", l.Deadline(d.ClosesBefore), "to", l.Deadline(d.Closes))
	}
	return ""
}

// rooms are the doors to the other rooms of a meeting.
func rooms(p layouts.Page, slug, current string, shut []string) []components.Tab {
	return components.MeetingRooms(p.Locale, slug, current, shut...)
}

// Reviewing is the page on which a call is approved or returned.
type Reviewing struct {
	Overview
	Call Call
}
