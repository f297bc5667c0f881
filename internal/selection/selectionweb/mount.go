// Package selectionweb shows selections: chances, result and proof to everybody,
// the desk to those who run them, the record to programs.
package selectionweb

import (
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
	"guangyi/internal/selection"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/meetingview"
	"guangyi/views/selectionview"
)

// Services are what the pages are made of.
type Services struct {
	Selections    *selection.Service
	Meetings      *meeting.Service
	Organisations *organisation.Service
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/meetings/:slug/draw", h.show, web.Cached)
	s.Get("/meetings/:slug/draw.json", h.json, web.Download)
	s.Get("/meetings/:slug/draw.zip", h.zip, web.Download)
	s.Get("/meetings/:slug/draw/full", h.ask)
	s.Post("/meetings/:slug/draw/full", h.full)
	s.Get("/staff/meetings/:slug/selection", h.desk)
	s.Post("/staff/meetings/:slug/selection", h.act)
	s.Get("/staff/meetings/:slug/selection/full.json", h.audit, web.Download)
	s.Get("/api/v1/meetings/:slug/draw", h.api)
}

// page begins a public page in the organisation's name.
func (h handlers) page(c *web.Ctx, m meeting.Meeting, title string) (layouts.Page, error) {
	p := layouts.From(c.Visit, title).Trail(
		components.Link{Text: c.T("site.nav.home"), Href: "/"},
		components.Link{Text: c.T("site.nav.meetings"), Href: "/meetings"},
		components.Link{Text: meetingview.Short(c.Visit.Locale, m.Title), Href: "/meetings/" + m.Slug})
	p.Section = "meetings"
	o, err := h.Organisations.ByID(c.UserContext(), m.Organisation)
	if err != nil {
		return p, err
	}
	contact := m.Contact
	if contact == "" {
		contact = o.Contact
	}
	return p.WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, contact), nil
}

func (h handlers) show(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Selections.Result(c.UserContext(), slug)
	if err != nil {
		return err
	}
	v := selectionview.Draw{Result: r, Now: c.Now(), Base: c.Visit.Base}
	p, err := h.page(c, r.Meeting, v.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	return c.Render(200, selectionview.Page(p, v))
}
