package sittingweb

import (
	"strconv"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/sittingview"
)

func (h handlers) feedback(c *web.Ctx) error { return h.showFeedback(c, 200, nil) }

func (h handlers) showFeedback(c *web.Ctx, status int, refused *fault.Error) error {
	if err := c.LimitLookup("feedback"); err != nil {
		return err
	}
	m, used, err := h.Sittings.FeedbackOn(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	v := sittingview.Feedback{Meeting: m, Address: c.Path(), Used: used, Chosen: map[string]string{}}
	if refused != nil {
		_, v.Errors = components.WordFaults(c.Visit.Locale, refused.Fields)
		for _, q := range sitting.Questions {
			v.Chosen[q] = c.Form(q)
		}
	}
	p := layouts.From(c.Visit, c.T("sitting.feedback.title"))
	p.NoIndex, p.Canonical = true, ""
	org, err := h.Organisations.ByID(c.UserContext(), m.Organisation)
	if err != nil {
		return err
	}
	p = p.WithUnit(org.Name, org.Seal, org.Accent, org.SiteCode, m.Contact)
	c.NoStore()
	return c.Render(status, sittingview.FeedbackPage(p, v))
}

func (h handlers) giveFeedback(c *web.Ctx) error {
	var o sitting.Opinion
	for i, q := range sitting.Questions {
		o[i], _ = strconv.Atoi(c.Form(q)) // what is no number is refused as not chosen
	}
	err := h.Sittings.GiveFeedback(c.UserContext(), c.Params("token"), o)
	if f, ok := fault.AsInvalid(err); ok {
		return h.showFeedback(c, 422, f)
	}
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	return c.SeeOther(c.Path())
}
