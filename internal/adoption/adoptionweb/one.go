package adoptionweb

import (
	"guangyi/internal/adoption"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
	"guangyi/views/layouts"
)

// wordsShown is how many comments the staff's page of a suggestion shows.
const wordsShown = 20

// one shows a suggestion to staff.
func (h handlers) one(c *web.Ctx) error {
	slug, id, err := suggestionAt(c)
	if err != nil {
		return err
	}
	view, err := h.oneView(c, slug, id)
	if err != nil {
		return err
	}
	return h.showOne(c, 200, view)
}

func suggestionAt(c *web.Ctx) (slug string, id int64, err error) {
	if slug, err = c.Slug(); err != nil {
		return "", 0, err
	}
	id, err = c.IDParam("id")
	return slug, id, err
}

func (h handlers) oneView(c *web.Ctx, slug string, id int64) (adoptionview.One, error) {
	ctx := c.UserContext()
	seen, err := h.adoption.See(ctx, c.Who(), id)
	if err != nil {
		return adoptionview.One{}, err
	}
	if seen.Slug != slug {
		return adoptionview.One{}, fault.Missing()
	}
	of, err := h.consultations.Staff(ctx, c.Who(), slug)
	if err != nil {
		return adoptionview.One{}, err
	}
	d, err := h.newest(c, of.ID)
	if err != nil {
		return adoptionview.One{}, err
	}
	after, _ := ids.Parse(c.QueryText("after"))
	words, next, err := h.adoption.Comments(ctx, c.Who(), id, after, wordsShown)
	view := adoptionview.One{Seen: seen, Words: words, Label: d.label, Provisions: d.options(), Lang: of.Lang, Meant: meant(of)}
	view.Form = adoptionview.Form{Text: seen.Text, Code: seen.Disposition, Reason: seen.Reason, Provisions: seen.Suggestion.Provisions}
	if next > 0 {
		view.More = "?after=" + ids.Format(next)
	}
	if err != nil {
		return view, err
	}
	view.Next, err = h.nextAlike(c, slug, seen.Suggestion)
	return view, err
}

// nextAlike is the address of the next suggestion in the same state, so that who
// drafts or reviews goes from one to the other; the list when this was the last.
func (h handlers) nextAlike(c *web.Ctx, slug string, of adoption.Suggestion) (string, error) {
	base := "/staff/consultations/" + slug + "/suggestions"
	for _, after := range []int{of.Number, 0} {
		list, _, err := h.adoption.List(c.UserContext(), c.Who(), slug, adoption.Filter{State: of.State, After: after, Limit: 1})
		if err != nil {
			return "", err
		}
		if len(list) > 0 && list[0].ID != of.ID {
			return base + "/" + ids.Format(list[0].ID), nil
		}
	}
	return base, nil
}

func (h handlers) showOne(c *web.Ctx, status int, view adoptionview.One) error {
	p := layouts.FromStaff(c.Visit, firstWords(view.Text, 40))
	p.Section, p.Errors = "consultations", len(view.Form.Errors) > 0
	return c.Render(status, adoptionview.OnePage(p, view))
}

// changed answers a form of the page: on to the page when it was taken, else the same
// page with what was typed. carry puts that into the form.
func (h handlers) changed(c *web.Ctx, slug string, id int64, stored adoption.Suggestion, err error, carry func(*adoptionview.Form)) error {
	if err == nil {
		c.SetNotice("adoption.saved")
		return c.SeeOther(web.LocalPath(c.Form("next"), "/staff/consultations/"+slug+"/suggestions/"+ids.Format(id)))
	}
	refused, ok := fault.As(err)
	if !ok || refused.Kind != fault.Invalid && refused.Code != "stale" {
		return err
	}
	view, viewErr := h.oneView(c, slug, id)
	if viewErr != nil {
		return viewErr
	}
	carry(&view.Form)
	view.Form.Errors = adoptionview.Messages(c.Visit.Locale, refused.Fields)
	if refused.Code == "stale" {
		view.Form.Stored = &stored
	}
	return h.showOne(c, web.StatusOf(refused), view)
}
