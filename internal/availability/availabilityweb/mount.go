// Package availabilityweb shows when the site could not take anything in: to the
// public of one consultation, to its staff with what to do about it, and to
// programs.
package availabilityweb

import (
	"guangyi/internal/availability"
	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/web"
	"guangyi/views/layouts"
)

// Services are what the pages are made of.
type Services struct {
	Availability  *availability.Service
	Challenges    *challenge.Service // its figures of the day
	Consultations *consultation.Service
	Organisations *organisation.Service
	Bundle        *i18n.Bundle // a notice is written in both languages
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/staff/availability", h.desk)
	s.Post("/staff/availability/announce", h.announce)
	s.Post("/staff/availability/report", h.report)
	s.Post("/staff/availability/cancel", h.cancel)
	s.Get("/staff/consultations/:slug/availability", h.room)
	s.Post("/staff/consultations/:slug/availability", h.answer)
	s.Get("/consultations/:slug/availability", h.public, web.Cached)
	const one = web.APIPrefix + "/consultations/:slug/availability"
	s.Get(one, h.apiLoss)
	s.Post(one, h.apiAnswer)
}

// publicPage begins a page about a consultation in its organisation's name.
func (h handlers) publicPage(c *web.Ctx, x consultation.Consultation, title string) (layouts.Page, error) {
	o, err := h.Organisations.ByID(c.UserContext(), x.Organisation)
	if err != nil {
		return layouts.Page{}, err
	}
	p := layouts.From(c.Visit, title).WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, o.Contact)
	p.Section = "consultations"
	return p, nil
}
