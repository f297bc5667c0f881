// Package representativeweb has the pages on which people apply to a pool of
// representatives and keep their membership, and those on which staff vet, admit,
// renew and suspend.
package representativeweb

import (
	"guangyi/internal/challenge"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/representativeview"
)

type handlers struct {
	pool *representative.Service
	orgs *organisation.Service
	keys *seal.Keys

	challenges *challenge.Service // nil asks nobody for work
}

// Option adds what not every site has.
type Option func(*handlers)

// WithChallenges lets applications without proof of work be slowed down sooner.
func WithChallenges(c *challenge.Service) Option { return func(h *handlers) { h.challenges = c } }

// Mount adds the routes.
func Mount(s *web.Site, pool *representative.Service, organisations *organisation.Service, keys *seal.Keys, options ...Option) {
	h := handlers{pool: pool, orgs: organisations, keys: keys}
	for _, o := range options {
		o(&h)
	}
	s.Get("/representatives", h.public)
	s.Get("/representatives/:slug/apply", h.applyForm)
	s.Post("/representatives/:slug/apply", h.apply)

	const mine = "/my/representative/:reference"
	s.Get("/my/representative", h.lookUp)
	s.Post("/my/representative", h.find)
	s.Get(mine, h.mine)
	s.Get(mine+"/change", h.changeForm)
	s.Post(mine+"/change", h.change)
	s.Post(mine+"/leave", h.leave)
	s.Post(mine+"/renew", h.wantRenewal)
	s.Post(mine+"/appeal", h.appeal)

	const one = "/staff/representatives/:id"
	s.Get("/staff/representatives", h.list)
	s.Get("/staff/representatives/pool", h.poolForm)
	s.Post("/staff/representatives/pool", h.setPool)
	s.Post("/staff/representatives/categories", h.setCategory)
	s.Get(one, h.one)
	s.Post(one+"/contact", h.contact)
	s.Post(one+"/vet", h.vet)
	s.Post(one+"/decide", h.decide)
	s.Post(one+"/renew", h.renew)
	s.Post(one+"/suspend", h.suspend)
	s.Post(one+"/lift", h.lift)
	s.Post(one+"/answer", h.answer)
}

// publicPage begins a page for the public in an organisation's name, if any.
func publicPage(c *web.Ctx, o organisation.Organisation, title string) layouts.Page {
	p := layouts.From(c.Visit, title)
	if o.ID != 0 {
		p = p.WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, o.Contact)
	}
	p.Section = "meetings"
	return p
}

func staffPage(c *web.Ctx, o organisation.Organisation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	if o.ID != 0 {
		p = p.WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, o.Contact)
	}
	p.Section = "meetings"
	return p
}

func trailToPool(c *web.Ctx, p layouts.Page) layouts.Page {
	return p.Trail(components.Link{Text: c.T("representative.public.title"), Href: representativeview.PublicAddress})
}

func layoutsFor(c *web.Ctx) layouts.Page {
	p := trailToPool(c, publicPage(c, organisation.Organisation{}, c.T("representative.lookup.title")))
	p.NoIndex = true
	return p
}
