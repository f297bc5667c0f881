package selectionweb

import (
	"encoding/json"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/sortition"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/selectionview"
)

// api gives the record as everybody may read it.
func (h handlers) api(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Selections.Record(c.UserContext(), slug)
	if err != nil {
		return err
	}
	return c.Answer(200, r)
}

func (h handlers) json(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Selections.Record(c.UserContext(), slug)
	if err != nil {
		return err
	}
	return send(c, "draw-"+slug+".json", r)
}

func (h handlers) zip(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	data, err := h.Selections.Bundle(c.UserContext(), slug)
	if err != nil {
		return err
	}
	c.Attachment("draw-" + slug + ".zip")
	c.Set("Content-Type", "application/zip")
	return c.Send(data)
}

func send(c *web.Ctx, name string, r sortition.Record) error {
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	c.Attachment(name)
	c.Set("Content-Type", "application/json; charset=utf-8")
	return c.Send(raw)
}

// ask shows the form for those who may see every row.
func (h handlers) ask(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.published(c, slug); err != nil {
		return err
	}
	return h.askAgain(c, 200, selectionview.FullAccess{Slug: slug})
}

// published is NotFound where there is no record to ask for.
func (h handlers) published(c *web.Ctx, slug string) error {
	m, err := h.Meetings.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	sel, found, err := h.Selections.Of(c.UserContext(), m.ID)
	if err == nil && (!found || !sel.Public() || !sel.Draws()) {
		return fault.New(fault.NotFound, "selection.no_draw")
	}
	return err
}

func (h handlers) askAgain(c *web.Ctx, status int, v selectionview.FullAccess) error {
	m, err := h.Meetings.BySlug(c.UserContext(), v.Slug)
	if err != nil {
		return err
	}
	p, err := h.page(c, m, c.T("selection.full"))
	if err != nil {
		return err
	}
	p.NoIndex, p.Errors = true, len(v.Errors) > 0
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("selection.check"), Href: "/meetings/" + v.Slug + "/draw"})
	c.NoStore()
	return c.Render(status, selectionview.Full(p, v))
}

// full sends the whole record to an applicant or a witness.
func (h handlers) full(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.LimitLookup("draw"); err != nil {
		return err
	}
	if err := h.published(c, slug); err != nil {
		return err
	}
	v := selectionview.FullAccess{Slug: slug, Reference: c.Form("reference")}
	var r sortition.Record
	if token := c.Form("token"); token != "" {
		r, err = h.Selections.FullForWitness(c.UserContext(), slug, token)
	} else {
		r, err = h.Selections.FullFor(c.UserContext(), slug, v.Reference, c.Form("secret"))
	}
	if fault.Is(err, fault.NotFound) {
		v.Message = c.T("error.selection.full")
		v.Errors = []components.FieldError{{ID: "full-reference", Message: v.Message}}
		return h.askAgain(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.NoStore()
	return send(c, "draw-"+slug+"-full.json", r)
}

// audit sends the whole record to the auditor and to those who run the draw.
func (h handlers) audit(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Selections.FullForStaff(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	c.NoStore()
	return send(c, "draw-"+slug+"-full.json", r)
}

// staffPage begins the desk's page.
func staffPage(c *web.Ctx, slug, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, c.T("selection.desk"))
	p.Section = "meetings"
	return p.Trail(
		components.Link{Text: c.T("site.staff.meetings"), Href: "/staff/meetings"},
		components.Link{Text: title, Href: "/staff/meetings/" + slug},
	)
}
