package sittingweb

import (
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/views/layouts"
	"guangyi/views/sittingview"
)

// words shows a speaker what was taken down. Looking confirms nothing.
func (h handlers) words(c *web.Ctx) error {
	return h.showWords(c, 200, "")
}

func (h handlers) showWords(c *web.Ctx, status int, problem string) error {
	if err := c.LimitLookup("statement"); err != nil {
		return err
	}
	found, err := h.Sittings.Spoken(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	v := sittingview.Words{SpokenPage: found, Address: c.Path(), Own: c.Form("own"), Error: problem}
	if found.Meeting.Consultation != 0 {
		tree, err := h.Drafts.Tree(c.UserContext(), found.Meeting.Consultation, draft.First)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			v.Label = func(l *i18n.Locale, key string) string { return tree.Label(l, key) }
		}
	}
	p := layouts.From(c.Visit, c.T("sitting.words.page"))
	p.NoIndex, p.Canonical = true, ""
	org, err := h.Organisations.ByID(c.UserContext(), found.Meeting.Organisation)
	if err != nil {
		return err
	}
	p = p.WithUnit(org.Name, org.Seal, org.Accent, org.SiteCode, found.Meeting.Contact)
	c.NoStore()
	return c.Render(status, sittingview.WordsPage(p, v))
}

// confirm takes the speaker's word: the record is right, or their own wording.
func (h handlers) confirm(c *web.Ctx) error {
	var own []sitting.Point
	if c.Form("how") == "own" {
		if own = sitting.Paragraphs(c.Form("own"), ""); len(own) == 0 {
			return h.showWords(c, 422, "sitting.own_empty")
		}
	}
	err := h.Sittings.Confirm(c.UserContext(), c.Params("token"), own)
	if f, ok := fault.As(err); ok && f.Kind == fault.Conflict {
		return h.showWords(c, 409, f.Code)
	}
	if err != nil {
		return err
	}
	return c.SeeOther(c.Path())
}
