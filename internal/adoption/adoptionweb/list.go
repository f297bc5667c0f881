package adoptionweb

import (
	"slices"

	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
	"guangyi/views/layouts"
)

// list shows the suggestions of a consultation to staff.
func (h handlers) list(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	filter := adoption.Filter{State: stateOf(c.QueryText("state")), Text: c.QueryText("q"), Limit: 50,
		After: number(c.QueryText("after")), Before: number(c.QueryText("before"))}
	rows, next, err := h.adoption.List(c.UserContext(), c.Who(), slug, filter)
	if err != nil {
		return err
	}
	of, err := h.consultations.Staff(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	d, err := h.newest(c, of.ID)
	if err != nil {
		return err
	}
	view := adoptionview.List{Slug: slug, Title: of.Title, Rows: rows, State: filter.State, Text: filter.Text, Label: d.label, Meant: meant(of)}
	view.Previous, view.Next = neighbours(c, filter, rows, next)
	p := layouts.FromStaff(c.Visit, c.T("adoption.list.title"))
	p.Section = "consultations"
	return c.Render(200, adoptionview.ListPage(p, view))
}

// meant reports whether the decision still lies ahead: until then a disposition is
// what is meant to be done.
func meant(c consultation.Consultation) bool {
	return !slices.Contains([]consultation.State{consultation.Decided, consultation.SummaryInReview, consultation.Published, consultation.Archived}, c.State)
}

// stateOf reads a filter; what is no state filters nothing.
func stateOf(text string) adoption.State {
	if slices.Contains(adoption.States, adoption.State(text)) {
		return adoption.State(text)
	}
	return ""
}
