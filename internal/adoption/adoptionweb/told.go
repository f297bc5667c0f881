package adoptionweb

import (
	"strconv"

	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
	"guangyi/views/components"
)

// told shows one published suggestion at its permanent address.
func (h handlers) told(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	number, err := c.NumberParam("number")
	if err != nil {
		return err
	}
	after, _ := ids.Parse(c.QueryText("after"))
	told, err := h.adoption.Tell(c.UserContext(), slug, number, after)
	if err != nil {
		return err
	}
	d, err := h.newest(c, told.ConsultationID)
	if err != nil {
		return err
	}
	view := adoptionview.Told{Told: told, Label: d.label, Base: "/consultations/" + slug}
	view.Permanent = c.Visit.Base + view.Base + "/suggestions/" + strconv.Itoa(number)
	if told.Next > 0 {
		view.More = "?after=" + ids.Format(told.Next)
	}
	for _, key := range told.Provisions {
		changed := adoptionview.Changed{Key: key, Label: d.label(key), Lang: told.Summary.Lang}
		if d.public { // a version that was not put out yet is named, not quoted
			changed.Words = d.words(key)
		}
		view.Changed = append(view.Changed, changed)
	}
	p, err := h.publicPage(c, told.Summary, firstWords(told.Text, 40))
	if err != nil {
		return err
	}
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("adoption.title.short"), Href: view.Base + "/summary"})
	return c.Render(200, adoptionview.ToldPage(p, view))
}
