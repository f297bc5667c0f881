package deskweb

import (
	"strings"

	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/deskview"
)

// nextCheck leads to the oldest entry that the reader can check.
func (h handlers) nextCheck(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := h.Desk.NextCheck(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	if id == 0 {
		c.SetNotice("desk.check.none")
		return c.SeeOther(deskview.Base(slug))
	}
	return c.SeeOther(deskview.Base(slug) + "/entries/" + ids.Format(id) + "/check")
}

func (h handlers) check(c *web.Ctx) error {
	v, err := h.checkView(c)
	if err != nil {
		return err
	}
	return h.showCheck(c, 200, v)
}

func (h handlers) checkView(c *web.Ctx) (deskview.CheckView, error) {
	var v deskview.CheckView
	slug, id, err := place(c, "entry")
	if err != nil {
		return v, err
	}
	if _, err := h.Desk.ForCheck(c.UserContext(), c.Who(), slug, id); err != nil {
		return v, err
	}
	if v.W, err = h.Desk.One(c.UserContext(), c.Who(), slug, id); err != nil {
		return v, err
	}
	v.Tree, err = h.Drafts.Tree(c.UserContext(), v.W.Consultation.ID, draft.First)
	return v, err
}

func (h handlers) showCheck(c *web.Ctx, status int, v deskview.CheckView) error {
	p := h.page(c, v.W.Consultation, c.T("desk.check.title"))
	p.Errors = len(v.Faults) > 0
	return c.Render(status, deskview.CheckPage(p, v))
}

// compare takes the second person's reading; without differences it is confirmed at
// once, else they are shown and each asks for a choice.
func (h handlers) compare(c *web.Ctx) error {
	v, err := h.checkView(c)
	if err != nil {
		return err
	}
	v.Reading, v.Chosen = reading(c), desk.Choices{}
	switch c.Form("act") {
	case "read":
		return h.showCheck(c, 200, v)
	case "return":
		return h.giveBack(c, v)
	}
	_, v.Found, err = h.Desk.Compare(c.UserContext(), c.Who(), v.W.Consultation.Slug, v.W.ID, v.Reading)
	if err != nil {
		return err
	}
	if len(v.Found) > 0 && c.Form("act") != "confirm" {
		v.Second = true
		return h.showCheck(c, 200, v)
	}
	for _, f := range v.Found {
		v.Chosen[f.Field] = c.Form("choose-" + f.Field)
	}
	done, err := h.Desk.Settle(c.UserContext(), c.Who(), v.W.Consultation.Slug, v.W.ID, c.FormVersion(), v.Reading, v.Chosen)
	if f, ok := fault.AsInvalid(err); ok {
		v.Faults, v.Second = f.Fields, len(v.Found) > 0
		return h.showCheck(c, 422, v)
	}
	if f, ok := fault.As(err); ok && f.Code == "stale" {
		v.Stale = true
		return h.showCheck(c, 409, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("desk.check.done." + string(done.Entry.State))
	return c.SeeOther(deskview.Base(v.W.Consultation.Slug) + "/entries/" + ids.Format(done.Entry.ID))
}

// giveBack returns the entry to the clerk with what is missing.
func (h handlers) giveBack(c *web.Ctx, v deskview.CheckView) error {
	e, err := h.Desk.Return(c.UserContext(), c.Who(), v.W.Consultation.Slug, v.W.ID, c.Form("note"))
	if f, ok := fault.AsInvalid(err); ok {
		v.Faults, v.Reading = f.Fields, desk.Reading{}
		return h.showCheck(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("desk.return.done")
	return c.SeeOther(deskview.Base(v.W.Consultation.Slug) + "/entries/" + ids.Format(e.ID))
}

func reading(c *web.Ctx) desk.Reading {
	return desk.Reading{
		Name: c.Form("name"), Unit: c.Form("unit"), Phone: c.Form("phone"), Email: c.Form("email"), Address: c.Form("address"), PostedOn: c.Form("posted_on"),
		Signers:    strings.Split(strings.ReplaceAll(c.Form("signers"), "\r\n", "\n"), "\n"),
		Provisions: c.FormAll("provision"), Texts: c.FormAll("text"), Proposed: c.FormAll("proposed_text"),
	}
}
