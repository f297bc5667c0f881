// Package referralweb shows which petitions and accusations were found among the
// comments of a consultation, and lets staff pass them on.
package referralweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
	"guangyi/internal/referral"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Services are what the pages are made of.
type Services struct {
	Referrals     *referral.Service
	Submissions   *submission.Service
	Consultations *consultation.Service
	Drafts        *draft.Service
	Organisations *organisation.Service
	BaseURL       string // of the receipts that letters name
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	const room = "/staff/consultations/:slug/referrals"
	s.Get(room, h.list)
	s.Get(room+"/new", h.form)
	s.Post(room, h.record)
	s.Get(room+"/recipients", h.recipients)
	s.Post(room+"/recipients", h.keep)
	s.Get(room+"/:id", h.one)
	s.Post(room+"/:id", h.act)
	s.Get(room+"/:id/letter", h.letter)

	const api = web.APIPrefix + "/consultations/:slug/referrals"
	s.Get(api, h.apiList)
	s.Post(api, h.apiRecord)
	s.Get(api+"/recipients", h.apiRecipients)
	s.Post(api+"/recipients", h.apiKeep)
	s.Get(api+"/:id", h.apiOne)
	s.Post(api+"/:id", h.apiAct)
}

func (h handlers) page(c *web.Ctx, x consultation.Consultation, title string, deeper bool) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "consultations"
	links := []components.Link{
		{Text: c.T("site.staff.consultations"), Href: "/staff/consultations"},
		{Text: x.Title, Href: "/staff/consultations/" + x.Slug},
	}
	if deeper {
		links = append(links, components.Link{Text: c.T("referral.title"), Href: "/staff/consultations/" + x.Slug + "/referrals"})
	}
	return p.Trail(links...)
}
