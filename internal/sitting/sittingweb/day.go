package sittingweb

import (
	"crypto/rand"
	_ "embed"
	"encoding/hex"
	"slices"

	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/sittingview"
)

//go:embed worker.js
var workerScript []byte

// worker is the script that serves the day without network. It answers for that one
// page, whatever else its address would let it answer for.
func (h handlers) worker(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Sittings.Require(c.UserContext(), c.Who(), slug, sitting.PermissionSee); err != nil {
		return err
	}
	c.Set("Content-Type", "text/javascript; charset=utf-8")
	c.Set("Service-Worker-Allowed", "/staff/meetings/"+slug+"/day")
	c.Set("Cache-Control", "private, no-cache")
	return c.Send(workerScript)
}

func (h handlers) day(c *web.Ctx) error { return h.showDay(c, 200, "", "") }

// showDay answers with the page; problem says why the last form was not taken, link
// is shown once.
func (h handlers) showDay(c *web.Ctx, status int, problem, link string) error {
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
	v.Error, v.Link = problem, link
	p := h.staffPage(c, d.Meeting, c.T("sitting.day"))
	p.Bare = true
	c.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	c.NoStore()
	return c.Render(status, sittingview.DayPage(p, v))
}

func (h handlers) staffPage(c *web.Ctx, m meeting.Meeting, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title+c.T("sitting.colon")+m.Title)
	p.Section = "meetings"
	return p.Trail(components.Link{Text: m.Title, Href: "/staff/meetings/" + m.Slug})
}

func (h handlers) dayView(c *web.Ctx, d sitting.Day) (*sittingview.Day, error) {
	v := &sittingview.Day{Day: d, Once: once(), Now: c.Now(), Zone: c.Visit.Locale.Zone().String(),
		MayRecord: h.Sittings.May(c.Who(), sitting.PermissionRecord, d.Meeting.Organisation)}
	v.Item = chosenItem(d, c.Query("item", c.Form("page")))
	v.Shown = shown(d, v.Item, c.Query("entry", c.Form("entry")))
	if d.Meeting.Consultation != 0 {
		tree, err := h.Drafts.Tree(c.UserContext(), d.Meeting.Consultation, draft.First)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err == nil {
			v.Label = func(l *i18n.Locale, key string) string { return tree.Label(l, key) }
		}
	}
	return v, nil
}

// chosenItem is the item asked for, else the one that is open, else the first that
// representatives sit in on.
func chosenItem(d sitting.Day, asked string) meeting.Item {
	for _, want := range []string{asked, d.Record.Item} {
		if at := slices.IndexFunc(d.Items, func(i meeting.Item) bool { return ids.Format(i.ID) == want }); at >= 0 {
			return d.Items[at]
		}
	}
	if at := slices.IndexFunc(d.Items, func(i meeting.Item) bool { return i.Attended && i.State != meeting.ItemMoved }); at >= 0 {
		return d.Items[at]
	}
	if len(d.Items) > 0 {
		return d.Items[0]
	}
	return meeting.Item{}
}

// shown is the turn whose words are on the page: the one asked for, who speaks, else
// whoever spoke last and has not confirmed.
func shown(d sitting.Day, item meeting.Item, asked string) string {
	list := d.Record.List(ids.Format(item.ID))
	if slices.ContainsFunc(list, func(e *sitting.Entry) bool { return e.ID == asked }) {
		return asked
	}
	last := ""
	for _, e := range list {
		switch e.State {
		case sitting.Speaking:
			return e.ID
		case sitting.Spoken:
			last = e.ID
		}
	}
	return last
}

// once is a random name for the acts of one page.
func once() string {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails on the systems that Go supports
	return hex.EncodeToString(raw[:])
}
