package submissionweb

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/submissionview"
)

// form shows the first step, with the provision that the reader came from.
func (h handlers) form(c *web.Ctx) error {
	f, err := h.begin(c)
	if err != nil {
		return err
	}
	if refusal := f.C.Takes(c.Now()); refusal != nil {
		return h.closed(c, f, refusal)
	}
	part := submission.Part{}
	if p, ok := f.Tree.Get(c.QueryText("provision")); ok {
		part.Provision = p.Key
	}
	f.Parts = []submission.Part{part}
	f.TakesFiles = h.Files != nil
	return h.show(c, 200, f)
}

// begin finds the consultation and the draft that the form is about.
func (h handlers) begin(c *web.Ctx) (submissionview.Form, error) {
	f := submissionview.Form{Now: c.Now(), Step: submissionview.Write, Key: newKey(), Version: draft.First}
	f.Proof = h.Challenges.Opened(c.Who(), c.Now())
	slug, err := c.Slug()
	if err != nil {
		return f, err
	}
	if f.C, err = h.Consultations.BySlug(c.UserContext(), slug); err != nil {
		return f, err
	}
	f.Tree, err = h.tree(c.UserContext(), f.C, f.Version)
	return f, err
}

func (h handlers) tree(ctx context.Context, x consultation.Consultation, version int64) (*draft.Tree, error) {
	t, err := h.Drafts.Tree(ctx, x.ID, version)
	if fault.Is(err, fault.NotFound) {
		return h.Drafts.Tree(ctx, x.ID, draft.First)
	}
	return t, err
}

func newKey() string { return "form-" + rand.Text() }

// show answers with the form at its step.
func (h handlers) show(c *web.Ctx, status int, f submissionview.Form) error {
	p, err := h.publicPage(c, f.C, c.T("submission.form.title."+strconv.Itoa(f.Step)))
	if err != nil {
		return err
	}
	p.Back = &components.Link{Text: c.T("submission.form.draft"), Href: "/consultations/" + f.C.Slug + "/draft"}
	p.Errors, p.NoIndex = len(f.Faults) > 0, true
	c.NoStore()
	return c.Render(status, submissionview.Steps(p, f))
}

// publicPage begins a page about a consultation in its organisation's name.
func (h handlers) publicPage(c *web.Ctx, x consultation.Consultation, title string) (layouts.Page, error) {
	o, err := h.Organisations.ByID(c.UserContext(), x.Organisation)
	if err != nil {
		return layouts.Page{}, err
	}
	p := layouts.From(c.Visit, title).WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, o.Contact)
	p.Section = "consultations"
	return p, nil
}

// closed keeps what was typed, to be copied.
func (h handlers) closed(c *web.Ctx, f submissionview.Form, refusal error) error {
	problem, ok := fault.As(refusal)
	if !ok {
		return refusal
	}
	v := submissionview.ClosedView{C: f.C, Tree: f.Tree, Now: c.Now()}
	for _, p := range f.Parts {
		if !submission.Blank(p.Text) || !submission.Blank(p.ProposedText) {
			v.Parts = append(v.Parts, p)
		}
	}
	if f.C.WithdrawnAt != nil {
		v.Note = f.C.Note
	}
	p, err := h.publicPage(c, f.C, v.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	p.NoIndex = true
	c.NoStore()
	return c.Render(web.StatusOf(problem), submissionview.Closed(p, v))
}

// typed reads the form as it was sent, at whatever step.
func (h handlers) typed(c *web.Ctx) (submissionview.Form, error) {
	f, err := h.begin(c)
	if err != nil {
		return f, err
	}
	if key := strings.TrimSpace(c.Form("key")); key != "" && len(key) <= submission.MostKey {
		f.Key = key
	}
	if v := c.FormVersion(); v > 0 {
		f.Version = v
		if f.Tree, err = h.tree(c.UserContext(), f.C, v); err != nil {
			return f, err
		}
	}
	if n, err := strconv.Atoi(c.Form("step")); err == nil && n >= submissionview.Write && n <= submissionview.Check {
		f.Step = n
	}
	f.Proof.Answer, f.Proof.Trap, f.Proof.Began = c.Form(challenge.Field), c.Form(components.TrapName), c.Form("began")
	f.Parts = typedParts(c)
	f.Sender = submission.Submitter{
		Kind: submission.Kind(c.Form("kind")), Name: strings.TrimSpace(c.Form("name")), Email: strings.TrimSpace(c.Form("email")),
		Phone: strings.TrimSpace(c.Form("phone")), Region: strings.TrimSpace(c.Form("region")), PublishName: ticked(c, "publish_name"),
	}
	f.Consent = ticked(c, "consent")
	return f, nil
}

func ticked(c *web.Ctx, name string) bool { return c.Form(name) != "" }

// typedParts pairs the repeated fields of the points by their order. A browser
// sends every line break as CR LF (HTML, form submission); it was typed as one.
func typedParts(c *web.Ctx) []submission.Part {
	texts, proposed, provisions := c.FormAll("text"), c.FormAll("proposed_text"), c.FormAll("provision")
	n := min(max(len(texts), len(provisions), 1), submission.MostComments+1)
	out := make([]submission.Part, n)
	at := func(list []string, i int) string {
		if i >= len(list) {
			return ""
		}
		return strings.ReplaceAll(list[i], "\r\n", "\n")
	}
	for i := range out {
		out[i] = submission.Part{Provision: at(provisions, i), Text: at(texts, i), ProposedText: at(proposed, i)}
		if submission.Blank(out[i].ProposedText) {
			out[i].ProposedText = ""
		}
	}
	return out
}
