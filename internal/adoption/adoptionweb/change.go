package adoptionweb

import (
	"strconv"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
)

// edit rewrites the text of a suggestion.
func (h handlers) edit(c *web.Ctx) error {
	slug, id, err := suggestionAt(c)
	if err != nil {
		return err
	}
	text := c.Form("text")
	of, err := h.adoption.Edit(c.UserContext(), c.Who(), id, adoption.Wording{Text: text}, c.FormVersion())
	return h.changed(c, slug, id, of, err, func(f *adoptionview.Form) { f.Text = text })
}

// dispose drafts the disposition of a suggestion.
func (h handlers) dispose(c *web.Ctx) error {
	slug, id, err := suggestionAt(c)
	if err != nil {
		return err
	}
	typed := readForm(c)
	d := adoption.Disposition{Code: typed.Code, Reason: typed.Reason, Provisions: typed.Provisions}
	of, err := h.adoption.Dispose(c.UserContext(), c.Who(), id, d, c.FormVersion())
	if err == nil && c.Form("go") == "submit" {
		of, err = h.adoption.Apply(c.UserContext(), c.Who(), id, adoption.Submit, "", of.Version)
	}
	if err == nil && c.Form("go") == "submit" {
		c.SetNotice("adoption.sent")
		return c.SeeOther(web.LocalPath(c.Form("onward"), "/staff/consultations/"+slug+"/suggestions"))
	}
	return h.changed(c, slug, id, of, err, func(f *adoptionview.Form) {
		f.Code, f.Reason, f.Provisions = typed.Code, typed.Reason, typed.Provisions
	})
}

// event submits a suggestion for review, agrees to it or returns it.
func (h handlers) event(c *web.Ctx) error {
	slug, id, err := suggestionAt(c)
	if err != nil {
		return err
	}
	note := c.Form("note")
	of, err := h.adoption.Apply(c.UserContext(), c.Who(), id, adoption.Event(c.Form("event")), note, c.FormVersion())
	return h.changed(c, slug, id, of, err, func(f *adoptionview.Form) { f.Note = note })
}

// comments lets comments go from a suggestion, or moves them into it.
func (h handlers) comments(c *web.Ctx) error {
	slug, id, err := suggestionAt(c)
	if err != nil {
		return err
	}
	list := parseIDs(c.FormAll("comments"))
	var of adoption.Suggestion
	if c.Form("act") == "release" {
		of, err = h.adoption.Release(c.UserContext(), c.Who(), id, list)
	} else {
		of, err = h.adoption.AddComments(c.UserContext(), c.Who(), id, list, c.Form("act") == "move")
	}
	return h.changed(c, slug, id, of, err, func(*adoptionview.Form) {})
}

// parseIDs reads identifiers; what is none becomes 0, which is nobody's.
func parseIDs(list []string) []int64 {
	out := make([]int64, len(list))
	for i, text := range list {
		out[i], _ = ids.Parse(text)
	}
	return out
}

// merge takes every comment of the suggestion with the number typed.
func (h handlers) merge(c *web.Ctx) error {
	slug, id, err := suggestionAt(c)
	if err != nil {
		return err
	}
	if err := h.adoption.MayGather(c.UserContext(), c.Who(), slug); err != nil {
		return err // before anybody looks at what was sent
	}
	from, err := h.numbered(c, slug, c.Form("from"))
	if err != nil {
		return h.changed(c, slug, id, adoption.Suggestion{}, err, func(*adoptionview.Form) {})
	}
	of, err := h.adoption.Merge(c.UserContext(), c.Who(), id, from, c.FormVersion())
	return h.changed(c, slug, id, of, err, func(*adoptionview.Form) {})
}

// numbered finds a suggestion by the number that people call it by.
func (h handlers) numbered(c *web.Ctx, slug, text string) (int64, error) {
	n, _ := strconv.Atoi(text)
	list, _, err := h.adoption.List(c.UserContext(), c.Who(), slug, adoption.Filter{After: max(n-1, 0), Limit: 1})
	if err != nil {
		return 0, err
	}
	if n < 1 || len(list) == 0 || list[0].Number != n {
		return 0, fault.Fields{{Name: "from", Code: "suggestion.number_unknown"}}.Err()
	}
	return list[0].ID, nil
}

// drop removes a suggestion that holds no comment.
func (h handlers) drop(c *web.Ctx) error {
	slug, id, err := suggestionAt(c)
	if err != nil {
		return err
	}
	if err := h.adoption.Drop(c.UserContext(), c.Who(), id, c.FormVersion()); err != nil {
		return h.changed(c, slug, id, adoption.Suggestion{}, err, func(*adoptionview.Form) {})
	}
	c.SetNotice("adoption.dropped")
	return c.SeeOther("/staff/consultations/" + slug + "/suggestions")
}
