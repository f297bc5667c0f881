package submissionweb

import (
	"net/url"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/submissionview"
)

// shown is how many comments a page holds: the contract's figure.
const shown = 50

// comments shows what may be public, newest first.
func (h handlers) comments(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	x, err := h.Consultations.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	_, cursor := c.Page(shown, shown)
	v := submissionview.Comments{C: x, Now: c.Now(), First: cursor == 0}
	if v.Tree, err = h.Drafts.Tree(ctx, x.ID, draft.First); err != nil {
		return err
	}
	v.About = about(c, v.Tree)
	if x.CommentsPublic != consultation.PublicNo {
		if err := h.fill(c, &v, cursor); err != nil {
			return err
		}
	}
	p, err := h.publicPage(c, x, c.T("submission.comments.title")+c.T("submission.form.colon")+x.Title)
	if err != nil {
		return err
	}
	return c.Render(200, submissionview.Said(p.Trail(
		components.Link{Text: c.T("site.nav.consultations"), Href: "/consultations"},
		components.Link{Text: x.Title, Href: "/consultations/" + x.Slug},
	), v))
}

// about is the provision that the address asks for; an unknown one asks for all.
func about(c *web.Ctx, t *draft.Tree) *string {
	key := c.QueryText("provision")
	if key == submissionview.Whole {
		key = ""
		return &key
	}
	if _, ok := t.Get(key); ok && key != "" {
		return &key
	}
	return nil
}

func (h handlers) fill(c *web.Ctx, v *submissionview.Comments, cursor int64) error {
	page, err := h.Submissions.PublicComments(c.UserContext(), v.C.ID, v.About, cursor, shown)
	if err != nil {
		return err
	}
	v.Items, v.Counts = page.Comments, page.Counts
	if v.Files, err = h.publicFiles(c, v.C.ID, v.Items); err != nil {
		return err
	}
	for _, n := range v.Counts {
		v.Count += n
	}
	q := url.Values{}
	if v.About != nil {
		v.Count = v.Counts[*v.About]
		q.Set("provision", *v.About)
		if *v.About == "" {
			q.Set("provision", submissionview.Whole)
		}
	}
	if page.Next != 0 {
		q.Set("cursor", ids.Format(page.Next))
		v.Next = "/consultations/" + v.C.Slug + "/comments?" + q.Encode()
	}
	return nil
}

// publicFiles are the files that stand under comments.
func (h handlers) publicFiles(c *web.Ctx, consultation int64, items []submission.PublicComment) (map[int64][]attachment.Attachment, error) {
	if h.Files == nil {
		return nil, nil
	}
	of := make([]int64, len(items))
	for i, x := range items {
		of[i] = x.ID
	}
	return h.Files.PublicOf(c.UserContext(), consultation, of)
}
