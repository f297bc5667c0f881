package consultationweb

import (
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/consultationview"
	"guangyi/views/layouts"
)

// pageUsual is how many consultations a page of the list holds.
const pageUsual = 30

func (h handlers) list(c *web.Ctx) error {
	_, cursor := c.Page(pageUsual, pageUsual)
	f := consultation.Filter{Status: publicStatus(c.QueryText("status")), Q: c.QueryText("q"), Limit: pageUsual, Cursor: cursor}
	found, err := h.Consultations.List(c.UserContext(), f)
	if err != nil {
		return err
	}
	units, err := h.units(c, found.Items)
	if err != nil {
		return err
	}
	v := consultationview.List{
		Now: c.Now(), Items: found.Items, Units: units, Status: f.Status, Q: f.Q, First: cursor == 0, Start: c.With("cursor", ""),
	}
	if found.Next != 0 {
		v.Next = c.With("cursor", ids.Format(found.Next))
	}
	p := layouts.From(c.Visit, c.T("site.nav.consultations"))
	p.Section, p.Feed = "consultations", "/feeds/consultations.atom"
	if f.Status == consultation.PublicSummarised {
		p.Section = "feedback"
	}
	return c.Render(200, consultationview.Index(p.Trail(home(c)), v))
}

func (h handlers) show(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	p, o, err := h.publicPage(c, x, x.Title)
	if err != nil {
		return err
	}
	v, err := h.notice(c, x, o.Name)
	if err != nil {
		return err
	}
	p.Description = x.Ask
	return c.Render(200, consultationview.Show(p, v))
}

// notice gathers what the page of a consultation shows.
func (h handlers) notice(c *web.Ctx, x consultation.Consultation, unit string) (consultationview.Notice, error) {
	ctx := c.UserContext()
	v := consultationview.Notice{Now: c.Now(), C: x, Unit: unit}
	var err error
	if v.Tree, err = h.Drafts.Tree(ctx, x.ID, draft.First); err != nil {
		return v, err
	}
	if v.Files, err = h.Files.List(ctx, attachment.Owner{Kind: "consultation", ID: x.ID}); err != nil {
		return v, err
	}
	if h.Surveys != nil {
		if v.Questions, v.Results, err = h.Surveys.Offer(ctx, x); err != nil {
			return v, err
		}
	}
	if h.Rooms != nil && x.Public() {
		if v.Outages, err = h.Rooms.Outages(ctx, x); err != nil {
			return v, err
		}
		if v.Mail, err = h.Rooms.Addresses(ctx, x); err != nil {
			return v, err
		}
	}
	v.Past, err = h.Consultations.History(ctx, x.ID)
	return v, err
}

func (h handlers) draft(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	x, err := h.Consultations.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	number, err := version(c)
	if err != nil {
		return err
	}
	v := consultationview.Reading{Now: c.Now(), C: x, Compare: c.QueryText("compare") != ""}
	if v.Tree, err = h.Drafts.Tree(ctx, x.ID, number); err != nil {
		return err
	}
	if v.Counts, err = h.Consultations.ProvisionCounts(ctx, x.ID); err != nil {
		return err
	}
	p, _, err := h.publicPage(c, x, x.Title)
	if err != nil {
		return err
	}
	p = p.Trail(home(c), list(c), components.Link{Text: consultationview.Short(x.Title), Href: "/consultations/" + slug})
	return c.Render(200, consultationview.Draft(p, v))
}

// download gives a file of a notice to whoever may see the notice.
func (h handlers) download(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	x, err := h.see(c)
	if err != nil {
		return err
	}
	a, file, err := h.Files.Open(c.UserContext(), attachment.Owner{Kind: "consultation", ID: x.ID}, id)
	if err != nil {
		return err
	}
	for name, value := range a.Header() {
		c.Set(name, value)
	}
	if !x.Public() {
		c.NoStore()
	}
	return c.SendStream(file, int(a.Size)) // fasthttp closes it
}
