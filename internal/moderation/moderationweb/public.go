package moderationweb

import (
	"guangyi/internal/moderation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/moderationview"
)

// reportsPerMinute is how many reports one address may send.
const reportsPerMinute = 5

func (h handlers) notMe(c *web.Ctx) error {
	return h.showNotMe(c, 200, moderationview.NotMe{In: moderation.NewReport{Receipt: c.QueryText("receipt")}})
}

func (h handlers) showNotMe(c *web.Ctx, status int, v moderationview.NotMe) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if v.C, err = h.Consultations.BySlug(c.UserContext(), slug); err != nil {
		return err
	}
	title := c.T("moderation.notme.title")
	if v.Sent != nil {
		title = c.T("moderation.notme.sent")
	}
	p := layouts.From(c.Visit, title)
	p.Section, p.NoIndex, p.Errors = "consultations", true, len(v.Errors) > 0
	unit, err := h.Organisations.ByID(c.UserContext(), v.C.Organisation)
	if err != nil {
		return err
	}
	p = p.WithUnit(unit.Name, unit.Seal, unit.Accent, unit.SiteCode, unit.Contact).Trail(
		components.Link{Text: c.T("site.nav.consultations"), Href: "/consultations"},
		components.Link{Text: v.C.Title, Href: "/consultations/" + v.C.Slug},
	)
	c.NoStore()
	return c.Render(status, moderationview.NotMePage(p, v))
}

func (h handlers) report(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.Limit("not-me", reportsPerMinute); err != nil {
		return err
	}
	v := moderationview.NotMe{In: moderation.NewReport{
		Receipt: c.Form("receipt"), Quoted: c.Form("quoted"), Lang: c.Visit.Locale.Tag(),
		Contact: moderation.Contact{Name: c.Form("name"), Email: c.Form("email"), Phone: c.Form("phone")},
	}}
	r, err := h.Moderation.ReportNotMe(c.UserContext(), c.Who(), slug, v.In)
	if f, ok := fault.AsInvalid(err); ok {
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showNotMe(c, 422, v)
	}
	if err != nil {
		return err
	}
	v.Sent = &r
	return h.showNotMe(c, 200, v)
}

func (h handlers) drawer() web.Drawer { return web.Drawer{Keys: h.Keys, Cookie: submission.Drawer} }

// mine is the submission whose secret this browser has shown; nil when it has not.
func (h handlers) mine(c *web.Ctx) (*submission.Tracked, web.Kept, error) {
	number, ok := submission.ReadNumber(c.Params("number"))
	k, here := h.drawer().At(c, number)
	if !ok || !here {
		return nil, k, nil
	}
	t, err := h.Submissions.Track(c.UserContext(), k.Number, k.Secret)
	if fault.Is(err, fault.NotFound) {
		return nil, k, nil
	}
	return &t, k, err
}

// askWithdraw asks again; a browser that has not shown the secret is sent to the
// receipt, which asks for it.
func (h handlers) askWithdraw(c *web.Ctx) error {
	t, _, err := h.mine(c)
	if err != nil {
		return err
	}
	if t == nil || t.State == submission.Withdrawn {
		return h.toReceipt(c)
	}
	p := layouts.From(c.Visit, c.T("moderation.withdraw.title"))
	p.Section, p.NoIndex = "receipts", true
	p = p.Trail(components.Link{Text: c.T("site.nav.receipts"), Href: "/receipts"})
	c.NoStore()
	return c.Render(200, moderationview.TakingBackPage(p, moderationview.TakingBack{T: *t}))
}

func (h handlers) toReceipt(c *web.Ctx) error {
	if number, ok := submission.ReadNumber(c.Params("number")); ok {
		return c.SeeOther("/receipts/" + number)
	}
	return c.SeeOther("/receipts")
}

func (h handlers) withdraw(c *web.Ctx) error {
	if err := c.LimitLookup("receipt"); err != nil {
		return err
	}
	t, k, err := h.mine(c)
	if err != nil {
		return err
	}
	if t == nil || t.State == submission.Withdrawn {
		return h.toReceipt(c)
	}
	if _, err := h.Moderation.Withdraw(c.UserContext(), c.Who(), k.Number, k.Secret); err != nil {
		return err
	}
	c.SetNotice("moderation.done.withdraw")
	return h.toReceipt(c)
}
