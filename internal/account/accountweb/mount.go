// Package accountweb has the pages on which people sign in, keep their own
// account, and on which administrators keep the accounts, tokens and settings of
// their organisation.
package accountweb

import (
	"guangyi/internal/account"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

type handlers struct {
	accounts *account.Service
	orgs     *organisation.Service
}

// Mount adds the routes.
func Mount(s *web.Site, accounts *account.Service, organisations *organisation.Service) {
	h := handlers{accounts, organisations}
	s.Get("/signin", h.signInForm)
	s.Post("/signin", h.signIn)
	s.Post("/signout", h.signOut)

	s.Get("/my/account", h.own)
	s.Post("/my/account/name", h.rename)
	s.Post("/my/account/password", h.changePassword)
	s.Post("/my/account/sessions", h.signOutEverywhere)

	const one = "/staff/organisations/:slug"
	s.Get("/staff/organisations", h.organisations)
	s.Get(one+"/settings", h.settingsForm)
	s.Post(one+"/settings", h.settings)
	s.Get(one+"/accounts", h.people)
	s.Post(one+"/accounts", h.addPerson)
	s.Get(one+"/accounts/:id", h.person)
	s.Post(one+"/accounts/:id/grant", h.grant)
	s.Post(one+"/accounts/:id/revoke", h.revoke)
	s.Post(one+"/accounts/:id/disable", h.disable)
	s.Post(one+"/accounts/:id/enable", h.enable)
	s.Post(one+"/accounts/:id/reset", h.reset)
	s.Get(one+"/tokens", h.tokens)
	s.Post(one+"/tokens", h.addToken)
	s.Post(one+"/tokens/:id/revoke", h.revokeToken)
}

// at finds the organisation of the address.
func (h handlers) at(c *web.Ctx) (organisation.Organisation, error) {
	slug, err := c.Slug()
	if err != nil {
		return organisation.Organisation{}, err
	}
	return h.orgs.BySlug(c.UserContext(), slug)
}

// staffPage begins a page below an organisation; title is a message key.
func staffPage(c *web.Ctx, o organisation.Organisation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, c.T(title)).WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, o.Contact)
	p.Section = "organisations"
	if o.ID == 0 {
		return p
	}
	return p.Trail(components.Link{Text: c.T("organisation.title"), Href: "/staff/organisations"})
}
