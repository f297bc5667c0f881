package consultationweb

import (
	"strconv"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/consultationview"
	"guangyi/views/layouts"
)

// publicPage begins a page about a consultation in its organisation's name.
func (h handlers) publicPage(c *web.Ctx, x consultation.Consultation, title string) (layouts.Page, organisation.Organisation, error) {
	o, err := h.Organisations.ByID(c.UserContext(), x.Organisation)
	if err != nil {
		return layouts.Page{}, o, err
	}
	p := layouts.From(c.Visit, title).WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, o.Contact)
	p.Section, p.Feed = "consultations", "/feeds/consultations.atom"
	return p.Trail(home(c), list(c)), o, nil
}

func home(c *web.Ctx) components.Link {
	return components.Link{Text: c.T("site.nav.home"), Href: "/"}
}

func list(c *web.Ctx) components.Link {
	return components.Link{Text: c.T("site.nav.consultations"), Href: "/consultations"}
}

// staffPage begins a page of a consultation's rooms.
func (h handlers) staffPage(c *web.Ctx, x consultation.Consultation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "consultations"
	return p.Trail(
		components.Link{Text: c.T("site.staff.consultations"), Href: "/staff/consultations"},
		components.Link{Text: consultationview.Short(x.Title), Href: "/staff/consultations/" + x.Slug},
	)
}

// mine finds the consultation of the address for its own staff.
func (h handlers) mine(c *web.Ctx) (consultation.Consultation, error) {
	slug, err := c.Slug()
	if err != nil {
		return consultation.Consultation{}, err
	}
	return h.Consultations.Staff(c.UserContext(), c.Who(), slug)
}

// units finds the organisations of a list.
func (h handlers) units(c *web.Ctx, list []consultation.Consultation) (map[int64]organisation.Organisation, error) {
	ids := make([]int64, len(list))
	for i, x := range list {
		ids[i] = x.Organisation
	}
	return h.Organisations.ByIDs(c.UserContext(), ids)
}

// version reads ?version=; without it the first. What is no version is not there.
func version(c *web.Ctx) (int64, error) {
	text := c.QueryText("version")
	if text == "" {
		return draft.First, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Missing()
	}
	return n, nil
}
