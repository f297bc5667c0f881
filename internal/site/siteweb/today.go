package siteweb

import (
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/layouts"
	"guangyi/views/siteview"
)

// today shows what waits for the person who signed in.
func (h handlers) today(c *web.Ctx) error {
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	if len(c.Who().Organisations()) == 0 {
		return fault.Missing() // members of the public have no desk
	}
	today, err := h.sites.Today(c.UserContext(), c.Who(), c.Now())
	if err != nil {
		return err
	}
	p := layouts.FromStaff(c.Visit, c.T("site.staff.today"))
	p.Section = "today"
	return c.Render(200, siteview.Today(p, siteview.Desk{Now: c.Now(), Today: today}))
}
