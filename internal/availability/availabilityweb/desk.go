package availabilityweb

import (
	"slices"
	"strconv"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/availabilityview"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// How much the desk shows.
const (
	shownOutages = 50
	shownDays    = 14
	shareDays    = 30
)

// desk shows the state of the site to its staff.
func (h handlers) desk(c *web.Ctx) error {
	v, err := h.state(c)
	if err != nil {
		return err
	}
	return h.showDesk(c, 200, v)
}

func (h handlers) showDesk(c *web.Ctx, status int, v availabilityview.Desk) error {
	p := layouts.FromStaff(c.Visit, c.T("availability.desk.title"))
	p.Errors = len(v.Errors) > 0
	if slices.ContainsFunc(c.Who().Grants, func(g actor.Grant) bool { return g.Role.Staff() }) { // others have no desk
		p = p.Trail(components.Link{Text: c.T("site.staff.today"), Href: "/staff"})
	}
	return c.Render(status, availabilityview.DeskPage(p, v))
}

func (h handlers) state(c *web.Ctx) (v availabilityview.Desk, err error) {
	ctx, a := c.UserContext(), h.Availability
	if err = a.RequireSee(c.Who()); err != nil {
		return v, err
	}
	v.MayPlan = a.May(c.Who(), availability.PermissionPlan)
	if v.Nodes, v.Last, err = a.Nodes(ctx); err != nil {
		return v, err
	}
	if v.Part, v.Since, v.Known, err = a.Share(ctx, shareDays); err != nil {
		return v, err
	}
	if v.Outages, err = a.Latest(ctx, shownOutages); err != nil {
		return v, err
	}
	if v.Planned, err = a.Planned(ctx); err != nil {
		return v, err
	}
	if v.Days, err = h.Challenges.Days(ctx, shownDays); err != nil {
		return v, err
	}
	v.Waiting, err = h.waiting(c)
	return v, err
}

// waiting lists the open consultations of one's organisations whose lost time
// nobody has answered.
func (h handlers) waiting(c *web.Ctx) (out []availabilityview.Waiting, err error) {
	list, err := h.Availability.Waiting(c.UserContext(), c.Who())
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		out = append(out, availabilityview.Waiting{C: w.Consultation, Loss: w.Loss})
	}
	return out, nil
}

// announce puts out planned work.
func (h handlers) announce(c *web.Ctx) error {
	return h.planned(c, "announce", []string{"begins_at", "ends_at", "note_zh", "note_en"}, func(from, to time.Time) error {
		_, err := h.Availability.Announce(c.UserContext(), c.Who(), availability.Maintenance{
			BeginsAt: from, EndsAt: to, NoteZH: c.Form("note_zh"), NoteEN: c.Form("note_en"),
		})
		return err
	})
}

// report enters an outage that was noticed from outside.
func (h handlers) report(c *web.Ctx) error {
	return h.planned(c, "report", []string{"began_at", "ended_at", "note"}, func(from, to time.Time) error {
		_, err := h.Availability.Report(c.UserContext(), c.Who(), availability.Outage{BeganAt: from, EndedAt: to, Note: c.Form("note")})
		return err
	})
}

// planned reads a form whose first two fields are instants and does its act.
func (h handlers) planned(c *web.Ctx, form string, fields []string, act func(from, to time.Time) error) error {
	if err := h.Availability.RequireSee(c.Who()); err != nil {
		return err
	}
	err := act(instant(c, fields[0]), instant(c, fields[1]))
	f, ok := fault.AsInvalid(err)
	if !ok {
		if err != nil {
			return err
		}
		c.SetNotice("availability.done." + form)
		return c.SeeOther("/staff/availability")
	}
	v, err := h.state(c)
	if err != nil {
		return err
	}
	v.Failed, v.Typed = form, map[string]string{}
	for _, name := range fields {
		v.Typed[name] = c.Form(name)
	}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	return h.showDesk(c, 422, v)
}

// instant reads a browser's local date and time in the reader's zone; what is none
// is zero, which the domain words.
func instant(c *web.Ctx, name string) time.Time {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, c.Form(name), c.Visit.Locale.Zone()); err == nil {
			return t
		}
	}
	return time.Time{}
}

// cancel takes an announcement back.
func (h handlers) cancel(c *web.Ctx) error {
	id, ok := ids.Parse(c.Form("id"))
	if !ok {
		id = 0
	}
	if err := h.Availability.Cancel(c.UserContext(), c.Who(), id); err != nil {
		return err
	}
	c.SetNotice("availability.done.cancel")
	return c.SeeOther("/staff/availability")
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
