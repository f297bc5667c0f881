package adoptionweb

import (
	"context"
	"strconv"

	"guangyi/internal/adoption"
	"guangyi/internal/draft"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// rowsShown is how many suggestions a page of the summary holds.
const rowsShown = 20

// summary shows the published summary; before publication there is none.
func (h handlers) summary(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	head, err := h.adoption.Summary(c.UserContext(), slug)
	if err != nil {
		return err
	}
	view, err := h.summaryView(c, head)
	if err != nil {
		return err
	}
	p, err := h.publicPage(c, head, c.T("adoption.title", "title", head.Title))
	if err != nil {
		return err
	}
	p.Description = c.T("adoption.description", "submissions", head.Counts.Submissions, "suggestions", head.Counts.Suggestions)
	return c.Render(200, adoptionview.SummaryPage(p, view))
}

// preview shows staff what the public will see.
func (h handlers) preview(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	head, _, err := h.adoption.Preview(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	view, err := h.summaryView(c, head)
	if err != nil {
		return err
	}
	view.Preview = true
	p := layouts.FromStaff(c.Visit, c.T("adoption.title", "title", head.Title))
	p.Section = "consultations"
	return c.Render(200, adoptionview.SummaryPage(p, view))
}

// publicPage speaks in the organisation's name.
func (h handlers) publicPage(c *web.Ctx, head adoption.Summary, title string) (layouts.Page, error) {
	p := layouts.From(c.Visit, title).Trail(
		components.Link{Text: c.T("site.nav.home"), Href: "/"},
		components.Link{Text: c.T("site.nav.feedback"), Href: "/consultations?status=summarised"},
		components.Link{Text: head.Title, Href: "/consultations/" + head.Slug})
	p.Section = "feedback"
	org, err := h.organisations.ByID(c.UserContext(), head.OrganisationID)
	if err != nil {
		return p, err
	}
	return p.WithUnit(org.Name, org.Seal, org.Accent, org.SiteCode, org.Contact), nil
}

func (h handlers) summaryView(c *web.Ctx, head adoption.Summary) (adoptionview.Summary, error) {
	d, err := h.newest(c, head.ConsultationID)
	if err != nil {
		return adoptionview.Summary{}, err
	}
	view := adoptionview.Summary{Head: head, Label: d.label, Base: "/consultations/" + head.Slug, Text: c.QueryText("q"),
		Article: c.QueryText("provision"), Code: codeOf(c.QueryText("disposition"))}
	view.Articles = d.articles(view.Article, "")
	filter := adoption.Filter{Disposition: view.Code, Text: view.Text, Provisions: d.below(view.Article), Limit: rowsShown,
		After: number(c.QueryText("after")), Before: number(c.QueryText("before"))}
	if err := h.fillPage(c, head, filter, &view); err != nil {
		return view, err
	}
	if err := h.fillWeighty(c.UserContext(), head, &view); err != nil {
		return view, err
	}
	return view, h.fillBars(c, head, &view)
}

func (h handlers) fillPage(c *web.Ctx, head adoption.Summary, filter adoption.Filter, view *adoptionview.Summary) error {
	rows, next, err := h.adoption.Page(c.UserContext(), head, filter)
	if err != nil {
		return err
	}
	view.Rows = rows
	view.Previous, view.Next = neighbours(c, filter, rows, next)
	return nil
}

// neighbours are the addresses of the pages before and after a page.
func neighbours(c *web.Ctx, filter adoption.Filter, rows []adoption.Suggestion, next int) (previous, following string) {
	if len(rows) > 0 && (filter.After > 0 || filter.Before > 0 && len(rows) == filter.Limit) {
		previous = turn(c, "before", rows[0].Number)
	}
	if next > 0 {
		following = turn(c, "after", next)
	}
	return previous, following
}

// turn is this page's address at another place of the list.
func turn(c *web.Ctx, key string, at int) string {
	other := "after"
	if key == "after" {
		other = "before"
	}
	return withQuery(c.With(other, ""), key, strconv.Itoa(at))
}

func (h handlers) fillWeighty(ctx context.Context, head adoption.Summary, view *adoptionview.Summary) error {
	var err error
	view.Changed, err = h.adoption.Weightiest(ctx, head, 3, adoption.Adopted, adoption.PartlyAdopted)
	if err != nil {
		return err
	}
	view.Kept, err = h.adoption.Weightiest(ctx, head, 3, adoption.NotAdopted)
	return err
}

// fillBars adds up the comments by article of the version that was read.
func (h handlers) fillBars(c *web.Ctx, head adoption.Summary, view *adoptionview.Summary) error {
	tree, err := h.drafts.Tree(c.UserContext(), head.ConsultationID, draft.First)
	if err != nil {
		return err
	}
	by := map[string]int{}
	for key, n := range head.Counts.ByProvision {
		if article, ok := tree.Article(key); ok {
			by[article.Key] += n
		} else {
			view.Whole += n
		}
	}
	for _, article := range tree.Articles() {
		view.Bars = append(view.Bars, components.Bar{Label: tree.Label(c.Visit.Locale, article.Key), Count: by[article.Key], Href: view.Base + "/draft#" + article.Key})
	}
	mark(view.Bars, 3)
	return nil
}

// mark sets off the n highest bars.
func mark(bars []components.Bar, n int) {
	for range n {
		most := -1
		for i, b := range bars {
			if !b.Strong && b.Count > 0 && (most < 0 || b.Count > bars[most].Count) {
				most = i
			}
		}
		if most < 0 {
			return
		}
		bars[most].Strong = true
	}
}

// codeOf reads a filter; what is no disposition filters nothing.
func codeOf(text string) adoption.Code {
	if _, ok := adoption.DemandOf(adoption.Code(text)); ok {
		return adoption.Code(text)
	}
	return ""
}

// number reads a place in a list; anything else is its beginning.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
