package consultationweb

import (
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/consultationview"
)

// staffDraft shows the parsed draft beside its source.
func (h handlers) staffDraft(c *web.Ctx) error {
	x, err := h.mine(c)
	if err != nil {
		return err
	}
	v, err := h.correcting(c, x)
	if err != nil {
		return err
	}
	v.Chosen = c.QueryText("row")
	return h.renderDraft(c, 200, v)
}

func (h handlers) correcting(c *web.Ctx, x consultation.Consultation) (consultationview.Correcting, error) {
	ctx := c.UserContext()
	v := consultationview.Correcting{Now: c.Now(), C: x, Edit: x.Editable() && h.Consultations.MayPrepare(c.Who(), x.Organisation)}
	var err error
	if v.Version, err = h.Drafts.Version(ctx, x.ID, draft.First); err != nil {
		return v, err
	}
	v.Tree, err = h.Drafts.Tree(ctx, x.ID, draft.First)
	return v, err
}

func (h handlers) renderDraft(c *web.Ctx, status int, v consultationview.Correcting) error {
	p := h.staffPage(c, v.C, v.C.Title)
	p.Errors = len(v.Errors) > 0
	return c.Render(status, consultationview.Correct(p, v))
}

// correct changes one row, or replaces the whole draft by another source.
func (h handlers) correct(c *web.Ctx) error {
	x, err := h.preparing(c)
	if err != nil {
		return err
	}
	if c.Form("do") == "replace" {
		return h.replaceDraft(c, x)
	}
	ps, err := h.Drafts.Provisions(c.UserContext(), x.ID, draft.First)
	if err != nil {
		return err
	}
	rows, err := operation(c, draft.AsRows(ps))
	if err == nil {
		_, err = h.Consultations.CorrectDraft(c.UserContext(), c.Who(), x.Slug, rows, c.FormVersion())
	}
	if err == nil {
		c.SetNotice("consultation.corrected")
		return c.SeeOther("/staff/consultations/" + x.Slug + "/draft#" + place(rows, c.Form("key")))
	}
	return h.refusedRow(c, x, err)
}

// operation is what the form does to the rows.
func operation(c *web.Ctx, rows []draft.Row) ([]draft.Row, error) {
	key := c.Form("key")
	switch c.Form("do") {
	case "set":
		return draft.Set(rows, typedRow(c))
	case "merge":
		return draft.Merge(rows, key)
	case "split":
		return draft.Split(rows, key, pieces(c.Form("pieces")), outline.Kind(c.Form("kind")))
	}
	return nil, fault.New(fault.Malformed, "unreadable")
}

func typedRow(c *web.Ctx) draft.Change {
	return draft.Change{
		Key: c.Form("key"), Kind: outline.Kind(c.Form("kind")), Parent: c.Form("parent"),
		Number: c.Form("number"), Heading: c.Form("heading"), Text: strings.ReplaceAll(c.Form("text"), "\r\n", "\n"),
	}
}

// pieces parts a text at its empty lines.
func pieces(text string) []string {
	var out []string
	for _, piece := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if piece = strings.Trim(piece, "\n"); strings.TrimSpace(piece) != "" {
			out = append(out, piece)
		}
	}
	return out
}

// place is the row to which the page returns: the corrected one, else the last
// one before it that is still there.
func place(rows []draft.Row, key string) string {
	for _, r := range rows {
		if r.Key == key {
			return key
		}
	}
	return "provisions"
}

// refusedRow shows the row again with what was typed.
func (h handlers) refusedRow(c *web.Ctx, x consultation.Consultation, err error) error {
	f, ok := fault.As(err)
	stale := ok && f.Kind == fault.Conflict && f.Code == fault.Stale().Code
	if !stale && (!ok || f.Kind != fault.Invalid) {
		return err
	}
	v, err := h.correcting(c, x)
	if err != nil {
		return err
	}
	v.Chosen, v.Stale, v.Pieces = c.Form("key"), stale, c.Form("pieces")
	if c.Form("do") == "set" {
		change := typedRow(c)
		v.Typed = &change
	}
	if stale {
		return h.renderDraft(c, 409, v)
	}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	for i := range v.Errors {
		v.Errors[i].ID = rowField(v.Errors[i].ID, c.Form("do"))
	}
	return h.renderDraft(c, 422, v)
}

// rowField is the control that a fault of the tree is put right with.
func rowField(name, do string) string {
	switch {
	case do == "split":
		return "pieces"
	case strings.HasSuffix(name, ".kind"):
		return "kind"
	case strings.HasSuffix(name, ".parent"):
		return "parent"
	}
	return "row-text"
}

func (h handlers) replaceDraft(c *web.Ctx, x consultation.Consultation) error {
	src, err := sourceOf(c)
	if err == nil {
		_, err = h.Consultations.ReplaceDraft(c.UserContext(), c.Who(), x.Slug, src)
	}
	if err == nil {
		c.SetNotice("consultation.imported")
		return c.SeeOther("/staff/consultations/" + x.Slug + "/draft")
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v, err := h.correcting(c, x)
	if err != nil {
		return err
	}
	v.Upload = consultationview.Upload{Text: c.Form("text"), Format: c.Form("format")}
	v.Upload.Faults, v.Upload.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	v.Errors = v.Upload.Errors
	return h.renderDraft(c, 422, v)
}
