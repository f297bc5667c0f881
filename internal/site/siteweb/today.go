package siteweb

import (
	"slices"

	"guangyi/internal/platform/actor"
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
	staff := func(g actor.Grant) bool { return g.Role.Staff() }
	if !slices.ContainsFunc(c.Who().Grants, staff) {
		return fault.Missing() // members of the public have no desk
	}
	today, err := h.sites.Today(c.UserContext(), c.Who(), c.Now())
	if err != nil {
		return err
	}
	p := layouts.FromStaff(c.Visit, c.T("site.staff.today"))
	p.Section = "today"
	return c.Render(200, siteview.Today(p, siteview.Desk{Now: c.Now(), Manages: slices.ContainsFunc(c.Who().Grants, manages), Today: today}))
}

func manages(g actor.Grant) bool { return g.Role == actor.Administrator || g.Role == actor.Operator }
