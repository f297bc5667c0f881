package sittingweb

import (
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/views/components"
	"guangyi/views/sittingview"
)

func (h handlers) minutes(c *web.Ctx) error { return h.showMinutes(c, 200, nil) }

func (h handlers) showMinutes(c *web.Ctx, status int, refused *fault.Error) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	m, kept, err := h.Sittings.Minutes(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	v := sittingview.MinutesDraft{Meeting: m, Minutes: kept, MayDraft: h.Sittings.May(c.Who(), sitting.PermissionDraft, m.Organisation),
		MayAgree: h.Sittings.May(c.Who(), sitting.PermissionAgree, m.Organisation)}
	if refused != nil {
		v.Text, v.Basis = c.Form("text"), c.Form("basis")
		_, v.Errors = components.WordFaults(c.Visit.Locale, refused.Fields)
	}
	c.NoStore()
	return c.Render(status, sittingview.MinutesDesk(h.staffPage(c, m, c.T("sitting.minutes.internal")), v))
}

func (h handlers) saveMinutes(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	err = h.Sittings.SaveMinutes(c.UserContext(), c.Who(), slug, c.Form("text"), c.Form("basis"), c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		return h.showMinutes(c, 422, f)
	}
	if err != nil {
		return err
	}
	c.SetNotice("sitting.minutes.saved")
	return c.SeeOther("/staff/meetings/" + slug + "/minutes")
}

func (h handlers) agreeMinutes(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Sittings.AgreeMinutes(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	return c.SeeOther("/staff/meetings/" + slug + "/minutes")
}

// publicMinutes shows minutes for whose publication a basis was agreed.
func (h handlers) publicMinutes(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	kept, err := h.Sittings.PublicMinutes(c.UserContext(), slug)
	if err != nil {
		return err
	}
	m, err := h.Meetings.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	p, err := h.publicPage(c, m, c.T("sitting.minutes")+c.T("sitting.colon")+m.Title)
	if err != nil {
		return err
	}
	return c.Render(200, sittingview.MinutesPage(p, m, kept))
}
