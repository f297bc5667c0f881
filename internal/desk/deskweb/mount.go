// Package deskweb is the entry desk's pages, and the desk for programs.
package deskweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/deskview"
	"guangyi/views/layouts"
)

// Services are what the pages are made of.
type Services struct {
	Desk          *desk.Service
	Consultations *consultation.Service
	Drafts        *draft.Service
	Organisations *organisation.Service
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/staff/desk", h.home)
	s.Post("/staff/desk", h.demand)
	const one = "/staff/consultations/:slug/desk"
	s.Get(one, h.room)
	s.Post(one, h.begin)
	s.Get(one+"/check", h.nextCheck)
	const batch = one + "/batches/:batch"
	s.Get(batch, h.form)
	s.Post(batch, h.enter)
	s.Post(batch+"/draft", h.keepDraft)
	s.Get(batch+"/slips", h.slips)
	const entry = one + "/entries/:entry"
	s.Get(entry, h.entry)
	s.Post(entry, h.act)
	s.Get(entry+"/check", h.check)
	s.Post(entry+"/check", h.compare)
	s.Get(entry+"/slip", h.slip)
	s.Get(entry+"/scans/:scan", h.scan, web.Download)
	h.api(s)
}

// page begins a page of a consultation's desk.
func (h handlers) page(c *web.Ctx, x consultation.Consultation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "consultations"
	c.NoStore()
	return p.Trail(components.Link{Text: x.Title, Href: "/staff/consultations/" + x.Slug}, components.Link{Text: c.T("desk.title"), Href: deskview.Base(x.Slug)})
}

// place reads the consultation and an identifier from the path.
func place(c *web.Ctx, name string) (slug string, id int64, err error) {
	if slug, err = c.Slug(); err != nil {
		return "", 0, err
	}
	id, err = c.IDParam(name)
	return slug, id, err
}
