package adoptionweb

import (
	"strings"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
	"guangyi/views/layouts"
)

// bench shows the workbench at one comment.
func (h handlers) bench(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	comment, _ := ids.Parse(c.QueryText("comment"))
	view, err := h.benchView(c, slug, c.QueryText, comment)
	if err != nil {
		return err
	}
	view.prefill(c.QueryText("into"))
	return h.showBench(c, 200, view.Bench)
}

// layout is the workbench while it is laid out.
type layout struct{ adoptionview.Bench }

// benchView reads the filters by ask and lays the workbench out.
func (h handlers) benchView(c *web.Ctx, slug string, ask func(string) string, comment int64) (layout, error) {
	cursor, _ := ids.Parse(ask("cursor"))
	filter := adoption.QueueFilter{Text: ask("q"), Gathered: ask("show") == "gathered", After: cursor}
	article := ask("provision")
	filter.Whole = article == "-"
	if !filter.Whole {
		filter.Provision = article
	}
	laid, err := h.adoption.Bench(c.UserContext(), c.Who(), slug, filter, comment, ask("find"))
	if err != nil {
		return layout{}, err
	}
	d, err := h.newest(c, laid.ConsultationID)
	if err != nil {
		return layout{}, err
	}
	view := adoptionview.Bench{Bench: laid, Label: d.label, Provision: d.words, Provisions: d.options(), Filter: filter, Article: article,
		Find: ask("find"), Pane: ask("pane"), Articles: d.articles(article, c.T("site.whole"))}
	view.ChoosePane()
	return layout{view}, nil
}

// prefill chooses an offer and shows its disposition: the one asked for, or the one
// that holds the comment, or a new one where there is none yet.
func (d *layout) prefill(into string) {
	var of *adoption.Suggestion
	switch {
	case into == "new", into == "" && d.Holder == nil && len(d.Offers) == 0:
		d.Into = "new"
		return
	case into == "":
		of = d.Holder
	default:
		for i := range d.Offers {
			if ids.Format(d.Offers[i].ID) == into {
				of = &d.Offers[i]
			}
		}
	}
	if of == nil {
		return
	}
	d.Into = ids.Format(of.ID)
	d.Form = adoptionview.Form{Code: of.Disposition, Reason: of.Reason, Provisions: of.Provisions}
}

func (h handlers) showBench(c *web.Ctx, status int, view adoptionview.Bench) error {
	p := layouts.FromStaff(c.Visit, c.T("adoption.bench.title", "title", view.Title))
	p.Section, p.Bare, p.Errors = "consultations", true, len(view.Form.Errors) > 0
	return c.Render(status, adoptionview.BenchPage(p, view))
}

// place gathers one comment, drafts the disposition if one was chosen, and goes on
// to the next that waits.
func (h handlers) place(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	comment, err := c.IDParam("id")
	if err != nil {
		return err
	}
	p, form := placing(c, comment)
	of, err := h.adoption.Place(c.UserContext(), c.Who(), slug, p)
	if err == nil {
		return h.onward(c, slug, comment)
	}
	refused, ok := fault.As(err)
	if !ok || refused.Kind != fault.Invalid && refused.Code != "stale" {
		return err
	}
	view, viewErr := h.benchView(c, slug, c.Form, comment)
	if viewErr != nil {
		return viewErr
	}
	form.Errors = adoptionview.Messages(c.Visit.Locale, refused.Fields)
	if c.Form("into") == "" && form.Errors["text"] != "" && form.Text == "" {
		delete(form.Errors, "text")
		form.Errors["into"] = c.T("error.suggestion.into_required")
	}
	if refused.Code == "stale" && of.ID != 0 {
		form.Stored = &of
	}
	view.Form, view.Into, view.Pane = form, c.Form("into"), "gather"
	return h.showBench(c, web.StatusOf(refused), view.Bench)
}

// placing reads the right pane's form. Without a choice of disposition, the one that
// stands is left as it is.
func placing(c *web.Ctx, comment int64) (adoption.Placing, adoptionview.Form) {
	form := readForm(c)
	p := adoption.Placing{Comment: comment, CommentSeen: version(c.Form("seen")), Text: form.Text}
	if into, ok := ids.Parse(c.Form("into")); ok {
		p.Into, p.Seen = into, version(c.Form("seen-"+c.Form("into")))
	}
	if form.Code != "" {
		p.Disposition = &adoption.Disposition{Code: form.Code, Reason: form.Reason, Provisions: form.Provisions}
	}
	return p, form
}

func (h handlers) onward(c *web.Ctx, slug string, comment int64) error {
	filter := adoption.QueueFilter{Text: c.Form("q"), Whole: c.Form("provision") == "-"}
	if !filter.Whole {
		filter.Provision = c.Form("provision")
	}
	next, err := h.adoption.NextWaiting(c.UserContext(), c.Who(), slug, filter, comment)
	if err != nil {
		return err
	}
	address := "/staff/consultations/" + slug + "/workbench"
	for _, pair := range [][2]string{{"provision", c.Form("provision")}, {"q", c.Form("q")}} {
		if pair[1] != "" {
			address = withQuery(address, pair[0], pair[1])
		}
	}
	if next != 0 {
		address = withQuery(address, "comment", ids.Format(next))
	}
	c.SetNotice("adoption.saved")
	return c.SeeOther(address)
}

// readForm reads text, disposition, reason and provisions as they were typed.
func readForm(c *web.Ctx) adoptionview.Form {
	form := adoptionview.Form{Text: c.Form("text"), Code: adoption.Code(c.Form("disposition")), Reason: c.Form("reason"), Note: c.Form("note")}
	seen := map[string]bool{}
	for _, key := range c.FormAll("provisions") {
		if key = strings.TrimSpace(key); key != "" && !seen[key] {
			seen[key] = true
			form.Provisions = append(form.Provisions, key)
		}
	}
	return form
}

func version(text string) int64 {
	n, ok := ids.Parse(text)
	if !ok {
		return 0
	}
	return n
}
