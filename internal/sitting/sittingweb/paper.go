package sittingweb

import (
	"time"

	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/views/components"
	"guangyi/views/sittingview"
)

// paper is where staff enter what came back on paper.
func (h handlers) paper(c *web.Ctx) error { return h.showPaper(c, 200, "") }

func (h handlers) showPaper(c *web.Ctx, status int, problem string) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	d, err := h.Sittings.Day(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	v, err := h.dayView(c, d)
	if err != nil {
		return err
	}
	v.Error = problem
	p := h.staffPage(c, d.Meeting, c.T("sitting.paper"))
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("sitting.day"), Href: "/staff/meetings/" + slug + "/day"})
	c.NoStore()
	typed := sittingview.Paper{Seat: c.Form("seat"), Item: c.Form("item"), Words: c.Form("words"), Provision: c.Form("provision"), Time: c.Form("time")}
	return c.Render(status, sittingview.PaperPage(p, v, typed))
}

// enterPaper takes a row of the sign-in sheet or a statement form.
func (h handlers) enterPaper(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if _, err := h.Sittings.Day(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	m, err := h.Meetings.Staff(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	at, ok := hourOf(c.Form("time"), m.StartsAt, c.Visit.Locale.Zone())
	if !ok {
		return h.showPaper(c, 422, c.T("error.sitting.hour"))
	}
	if now := c.Now(); at.After(now) {
		at = now
	}
	taken, err := h.Sittings.Take(c.UserContext(), c.Who(), slug, time.Time{}, paperActs(c, at))
	if err != nil {
		return err
	}
	if len(taken.Refused) > 0 {
		return h.showPaper(c, 422, web.Message(c.Visit.Locale, taken.Refused[0].Code, "most", sitting.MostText))
	}
	c.SetNotice("sitting.paper.taken")
	return c.SeeOther("/staff/meetings/" + slug + "/day/paper")
}

// paperActs makes acts of a form on paper: somebody came, and perhaps spoke and
// signed what was taken down.
func paperActs(c *web.Ctx, at time.Time) []sitting.Act {
	id, device := "form-"+c.Form("once"), "desk-"+c.Who().Key()
	in := sitting.Act{ID: id + "-i", Kind: sitting.CheckIn, At: at, Device: device, Seat: c.Form("seat"), Way: sitting.OnPaper}
	words := sitting.Paragraphs(c.Form("words"), c.Form("provision"))
	if c.Form("what") == "row" {
		return []sitting.Act{in}
	}
	entry := id + "-e"
	add := sitting.Act{ID: entry, Kind: sitting.Add, At: at.Add(time.Millisecond), Device: device, Seat: c.Form("seat"), Item: c.Form("item")}
	sign := sitting.Act{ID: id + "-g", Kind: sitting.Sign, At: at.Add(2 * time.Millisecond), Device: device, Seat: c.Form("seat"), Item: c.Form("item"),
		Entry: entry, Points: words, Way: sitting.OnPaper}
	return []sitting.Act{in, add, sign}
}

// hourOf reads an hour of the meeting's day as 9:12; empty is the beginning.
func hourOf(typed string, day time.Time, zone *time.Location) (time.Time, bool) {
	if typed == "" {
		return day, true
	}
	t, err := time.Parse("15:04", typed)
	if err != nil {
		return day, false
	}
	d := day.In(zone)
	return time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), 0, 0, zone).UTC(), true
}
