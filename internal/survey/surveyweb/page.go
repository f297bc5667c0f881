package surveyweb

import (
	"context"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/surveyview"
)

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

// staffPage begins a page of the survey's rooms.
func (h handlers) staffPage(c *web.Ctx, x consultation.Consultation, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "consultations"
	p = p.Trail(
		components.Link{Text: c.T("site.staff.consultations"), Href: "/staff/consultations"},
		components.Link{Text: x.Title, Href: "/staff/consultations/" + x.Slug},
	)
	if title != c.T("survey.title") {
		p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("survey.title"), Href: "/staff/consultations/" + x.Slug + "/survey"})
	}
	return p
}

// mine finds the consultation of the address for its own staff.
func (h handlers) mine(c *web.Ctx) (consultation.Consultation, error) {
	slug, err := c.Slug()
	if err != nil {
		return consultation.Consultation{}, err
	}
	return h.Consultations.Staff(c.UserContext(), c.Who(), slug)
}

// tree is the draft that questions speak of, empty while there is none.
func (h handlers) tree(ctx context.Context, x consultation.Consultation) (*draft.Tree, error) {
	t, err := h.Drafts.Tree(ctx, x.ID, draft.First)
	if fault.Is(err, fault.NotFound) {
		return draft.NewTree(nil), nil
	}
	return t, err
}

// worded puts faults into the reader's words.
func worded(c *web.Ctx, fields []fault.Field) []surveyview.Fault {
	out := make([]surveyview.Fault, len(fields))
	for i, f := range fields {
		out[i] = surveyview.Fault{Name: f.Name, Message: web.Message(c.Visit.Locale, f.Code, f.Args...)}
	}
	return out
}
