package consultationweb

import (
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/consultationview"
)

// overview is the first room: where the consultation stands and what comes next.
func (h handlers) overview(c *web.Ctx) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	v, err := h.room(c, x)
	if err != nil {
		return err
	}
	return h.renderRoom(c, 200, v)
}

func (h handlers) renderRoom(c *web.Ctx, status int, v consultationview.Overview) error {
	p := h.staffPage(c, v.C, v.C.Title)
	p.Errors = len(v.Errors) > 0
	p.Breadcrumbs = p.Breadcrumbs[:1]
	return c.Render(status, consultationview.Room(p, v))
}

func (h handlers) room(c *web.Ctx, x consultation.Consultation) (consultationview.Overview, error) {
	ctx := c.UserContext()
	v := consultationview.Overview{Now: c.Now(), C: x, Edit: x.Editable() && h.Consultations.MayPrepare(c.Who(), x.Organisation)}
	var err error
	if v.Unit, err = h.Organisations.ByID(ctx, x.Organisation); err != nil {
		return v, err
	}
	for _, e := range consultation.Events {
		t, ok := consultation.Step(x.Status(c.Now()), e)
		switch {
		case !ok || !h.Consultations.May(c.Who(), e, x):
		case t.Others && x.OwnWork(c.Who().Key()):
			v.Own = append(v.Own, e)
		default:
			v.Events = append(v.Events, e)
		}
	}
	if x.Editable() {
		if v.Missing, err = h.Consultations.Missing(ctx, x); err != nil {
			return v, err
		}
	}
	if h.Rooms != nil {
		if v.Doors, err = h.Rooms.Doors(ctx, c.Who(), x); err != nil {
			return v, err
		}
	}
	if v.Past, err = h.Consultations.History(ctx, x.ID); err != nil {
		return v, err
	}
	tree, err := h.Drafts.Tree(ctx, x.ID, draft.First)
	if err == nil {
		v.Articles = len(tree.Articles())
	}
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return v, err
}

// event does what the form asks for; a refusal of its content comes back with
// what was typed.
func (h handlers) event(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	e := consultation.Event(c.Form("event"))
	if !e.Known() {
		return h.first(c, slug, fault.New(fault.Malformed, "unreadable"))
	}
	note := consultation.Note{Text: c.Form("note")}
	var faults fault.Fields
	if e == consultation.Extend {
		note.ClosesAt = moment(c, "closes_at", c.Form("closes_on"), c.Form("closes_time"), &faults)
	}
	if err = faults.Err(); err == nil {
		_, err = h.Consultations.Apply(c.UserContext(), c.Who(), slug, e, note)
	}
	if err == nil {
		c.SetNotice("consultation.done." + string(e))
		return c.SeeOther("/staff/consultations/" + slug)
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	v, err := h.room(c, x)
	if err != nil {
		return err
	}
	v.Failed, v.Note, v.ClosesOn, v.ClosesAt = e, note.Text, c.Form("closes_on"), c.Form("closes_time")
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	v.Errors = eventErrors(v, e)
	return h.renderRoom(c, 422, v)
}

// eventErrors leads to where each fault is put right: here, or, for what is
// missing in the notice, where it is written.
func eventErrors(v consultationview.Overview, e consultation.Event) []components.FieldError {
	out := make([]components.FieldError, 0, len(v.Errors))
	for _, x := range v.Errors {
		switch {
		case x.ID == "note":
			x.ID = "note-" + string(e)
		case e == consultation.Submit:
			x.ID = "missing"
		}
		out = append(out, x)
	}
	return out
}

// moment reads a day and a time of day in the reader's zone; an empty day is no
// time. 24:00 is the end of that day.
func moment(c *web.Ctx, field, day, clock string, f *fault.Fields) *time.Time {
	day, clock = strings.TrimSpace(day), strings.ReplaceAll(strings.TrimSpace(clock), "：", ":")
	if day == "" {
		return &time.Time{}
	}
	zone := c.Visit.Locale.Zone()
	at, err := time.ParseInLocation("2006-01-02", day, zone)
	if err != nil {
		f.Add(field, "consultation.day")
		return nil
	}
	if clock == "24:00" || clock == "24" {
		end := at.AddDate(0, 0, 1)
		return &end
	}
	if clock == "" {
		return &at
	}
	t, err := time.Parse("15:04", clock)
	if err != nil {
		f.Add(field, "consultation.time")
		return nil
	}
	at = time.Date(at.Year(), at.Month(), at.Day(), t.Hour(), t.Minute(), 0, 0, zone)
	return &at
}
