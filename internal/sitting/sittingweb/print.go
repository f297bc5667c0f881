package sittingweb

import (
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/sittingview"
)

// printed shows what is printed for a room without devices: sheet (sign-in), forms
// (statements) or badges.
func (h handlers) printed(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	what := c.Params("what")
	if what != "sheet" && what != "forms" && what != "badges" {
		return fault.Missing()
	}
	d, err := h.Sittings.Day(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	v, err := h.dayView(c, d)
	if err != nil {
		return err
	}
	p := h.staffPage(c, d.Meeting, c.T("sitting.print."+what))
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("sitting.day"), Href: "/staff/meetings/" + slug + "/day"})
	c.NoStore()
	return c.Render(200, sittingview.PrintPage(p, v, what))
}
