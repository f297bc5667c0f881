package meetingweb

import (
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

// overview is the first room: where the meeting stands and what comes next.
func (h handlers) overview(c *web.Ctx) error {
	m, err := h.own(c)
	if err != nil {
		return err
	}
	v, err := h.room(c, m)
	if err != nil {
		return err
	}
	return h.renderRoom(c, 200, v)
}

func (h handlers) renderRoom(c *web.Ctx, status int, v meetingview.Overview) error {
	p := h.staffPage(c, v.M, titleOf(c, v.M))
	p.Errors = len(v.Errors) > 0
	p.Breadcrumbs = p.Breadcrumbs[:1]
	return c.Render(status, meetingview.Room(p, v))
}

func titleOf(c *web.Ctx, m meeting.Meeting) string {
	if m.Title == "" {
		return c.T("meeting.untitled")
	}
	return m.Title
}

func (h handlers) room(c *web.Ctx, m meeting.Meeting) (meetingview.Overview, error) {
	ctx := c.UserContext()
	v := meetingview.Overview{Now: c.Now(), M: m, Shut: shutRooms(m)}
	var err error
	if v.Unit, err = h.Organisations.ByID(ctx, m.Organisation); err != nil {
		return v, err
	}
	for _, e := range meeting.Events {
		t, ok := meeting.Allowed(m.Status(c.Now()), e)
		switch {
		case !ok || !h.Meetings.May(c.Who(), e, m):
		case t.Others && m.OwnWork(c.Who().Key()):
			v.Own = append(v.Own, e)
		default:
			v.Events = append(v.Events, e)
		}
	}
	_, err = h.editable(c)
	v.Edit = err == nil
	if m.Editable() {
		if v.Missing, err = h.Meetings.Missing(ctx, m); err != nil {
			return v, err
		}
	}
	if m.Editable() || m.State == meeting.InReview {
		v.Found = h.Meetings.Periods(m, c.Now())
	}
	v.Past, err = h.Meetings.History(ctx, m.ID)
	return v, err
}

// shutRooms are those that do not exist yet: before publication nobody applies.
func shutRooms(m meeting.Meeting) []string {
	if !m.Public() {
		return []string{components.MeetingApplications, components.MeetingSelection, components.MeetingInvitations, components.MeetingDay, components.MeetingAccount}
	}
	var shut []string
	if m.Method == meeting.ByOrder {
		shut = append(shut, components.MeetingSelection)
	}
	switch m.State {
	case meeting.Held, meeting.AccountInReview, meeting.AccountPublished:
	default:
		shut = append(shut, components.MeetingAccount)
	}
	return shut
}

// review shows the call to whoever may approve it.
func (h handlers) review(c *web.Ctx) error {
	m, err := h.own(c)
	if err != nil {
		return err
	}
	v, err := h.room(c, m)
	if err != nil {
		return err
	}
	return h.renderReview(c, 200, v)
}

func (h handlers) renderReview(c *web.Ctx, status int, v meetingview.Overview) error {
	call, err := h.call(c, v.M, v.Unit)
	if err != nil {
		return err
	}
	p := h.staffPage(c, v.M, c.T("meeting.desk.review"))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, meetingview.Review(p, meetingview.Reviewing{Overview: v, Call: call}))
}

// preview shows the call as everybody will see it.
func (h handlers) preview(c *web.Ctx) error {
	m, err := h.own(c)
	if err != nil {
		return err
	}
	p, o, err := h.publicPage(c, m, titleOf(c, m))
	if err != nil {
		return err
	}
	v, err := h.call(c, m, o)
	if err != nil {
		return err
	}
	v.Preview = true
	p.NoIndex, p.Canonical = true, ""
	c.NoStore()
	return c.Render(200, meetingview.Preview(p, v))
}

// eventFields are what the forms of events hold.
var eventFields = []string{
	"note", "closes_on", "closes_time", "starts_on", "starts_time", "ends_on", "ends_time", "place", "answer_on", "answer_time",
	"papers_on", "papers_time",
}

// event does what the form asks for; a refusal of its content comes back with
// what was typed.
func (h handlers) event(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	e := meeting.Event(c.Form("event"))
	if !e.Known() {
		if _, err := h.own(c); err != nil {
			return err
		}
		return fault.New(fault.Malformed, "unreadable")
	}
	values := map[string]string{}
	for _, name := range eventFields {
		values[name] = c.Form(name)
	}
	var faults fault.Fields
	note := noteOf(c, e, values, &faults)
	if err = faults.Err(); err == nil {
		_, err = h.Meetings.Apply(c.UserContext(), c.Who(), slug, e, note)
	}
	if err == nil {
		c.SetNotice("meeting.done." + string(e))
		return c.SeeOther("/staff/meetings/" + slug)
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	return h.refused(c, e, values, f.Fields)
}

// refused shows the room, or the review, with what was typed and what is wrong.
func (h handlers) refused(c *web.Ctx, e meeting.Event, values map[string]string, fields fault.Fields) error {
	m, err := h.own(c)
	if err != nil {
		return err
	}
	v, err := h.room(c, m)
	if err != nil {
		return err
	}
	v.Failed, v.Values = e, values
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, fields)
	for i := range v.Errors {
		v.Errors[i].ID = eventErrorID(e, v.Errors[i].ID)
	}
	if e == meeting.Return || e == meeting.Approve {
		return h.renderReview(c, 422, v)
	}
	return h.renderRoom(c, 422, v)
}

// eventErrorID leads to where a fault is put right: the field of the event's form,
// or, for what the call lacks, the list of what is missing.
func eventErrorID(e meeting.Event, field string) string {
	if e == meeting.Submit || e == meeting.Approve {
		return "missing"
	}
	for _, end := range []string{"_at", "_by"} {
		if name, ok := strings.CutSuffix(field, end); ok {
			return meetingview.EventField(e, name+"_on")
		}
	}
	return meetingview.EventField(e, field)
}

// noteOf reads what goes with an event.
func noteOf(c *web.Ctx, e meeting.Event, values map[string]string, f *fault.Fields) meeting.Note {
	n := meeting.Note{Text: strings.ReplaceAll(values["note"], "\r\n", "\n")}
	at := func(name, field string) *time.Time {
		t, code := clockOf(c, values[name+"_on"], values[name+"_time"])
		if code != "" {
			f.Add(field, code)
		}
		if t.IsZero() {
			return nil
		}
		return &t
	}
	switch e {
	case meeting.Extend:
		n.ClosesAt = at("closes", "closes_at")
	case meeting.MoveDate:
		n.StartsAt, n.EndsAt, n.Place = at("starts", "starts_at"), at("ends", "ends_at"), strings.TrimSpace(values["place"])
		n.AnswerBy, n.PapersAt = at("answer", "answer_by"), at("papers", "papers_at")
	}
	return n
}
