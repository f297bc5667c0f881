package submissionweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/submissionview"
)

// lookUp asks for number and secret.
func (h handlers) lookUp(c *web.Ctx) error {
	return h.ask(c, 200, submissionview.LookUp{Number: c.QueryText("number")})
}

func (h handlers) ask(c *web.Ctx, status int, v submissionview.LookUp) error {
	p := layouts.From(c.Visit, c.T("submission.receipts.title"))
	p.Section, p.NoIndex = "receipts", c.Path() != "/receipts"
	p.Errors = len(v.Summary()) > 0
	for _, k := range h.drawer().All(c) {
		v.Kept = append(v.Kept, k.Number)
	}
	c.NoStore()
	return c.Render(status, submissionview.Ask(p, v))
}

// find checks what was typed; it stands in no address, and one message answers a
// wrong number and a wrong secret.
func (h handlers) find(c *web.Ctx) error {
	if err := c.LimitLookup("receipt"); err != nil {
		return err
	}
	number, secret := c.Form("number"), c.Form("secret")
	if number == "" {
		number = c.Params("number")
	}
	v := submissionview.LookUp{Number: number, Secret: secret}
	if number == "" {
		v.NumberFault = c.T("submission.receipts.number.empty")
	}
	if secret == "" {
		v.SecretFault = c.T("submission.receipts.secret.empty")
	}
	if len(v.Summary()) > 0 {
		return h.ask(c, 422, v)
	}
	t, err := h.Submissions.Track(c.UserContext(), number, secret)
	if fault.Is(err, fault.NotFound) {
		v.NumberFault = c.T("submission.receipts.wrong")
		return h.ask(c, 404, v)
	}
	if err != nil {
		return err
	}
	if err := h.drawer().Keep(c, web.Kept{Number: t.Submission.Receipt, Secret: secret}); err != nil {
		return err
	}
	return c.SeeOther("/receipts/" + t.Submission.Receipt)
}

// receipt shows what became of a submission to the browser that sent it or has
// shown its secret; any other is asked for the secret.
func (h handlers) receipt(c *web.Ctx) error {
	number, ok := submission.ReadNumber(c.Params("number"))
	k, here := h.drawer().At(c, number)
	if !ok || !here {
		return h.ask(c, 200, submissionview.LookUp{Number: number})
	}
	t, err := h.Submissions.Track(c.UserContext(), k.Number, k.Secret)
	if fault.Is(err, fault.NotFound) {
		return h.ask(c, 404, submissionview.LookUp{Number: number, NumberFault: c.T("submission.receipts.wrong")})
	}
	if err != nil {
		return err
	}
	return h.tell(c, t, k)
}

func (h handlers) tell(c *web.Ctx, t submission.Tracked, k web.Kept) error {
	ctx := c.UserContext()
	v := submissionview.Receipt{T: t, Now: c.Now(), Inclusion: h.inclusion(c, t.Submission.ID),
		Address: h.BaseURL + "/receipts/" + t.Submission.Receipt}
	if k.Sent {
		v.Secret = k.Secret
	}
	var err error
	files, err := h.filesOf(c, t.Submission.ID)
	if err != nil {
		return err
	}
	v.Files = submissionview.ReceiptFiles(t.Submission.Receipt, files)
	if v.Tree, err = h.tree(ctx, t.Consultation, t.Submission.DraftVersion); err != nil {
		return err
	}
	if v.Next, err = h.nextTree(c, t.Consultation); err != nil {
		return err
	}
	if h.Surveys != nil && t.Submission.Channel != submission.Survey {
		if v.Questions, _, err = h.Surveys.Offer(ctx, t.Consultation); err != nil {
			return err
		}
	}
	p, err := h.publicPage(c, t.Consultation, v.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	p.Section, p.NoIndex = "receipts", true
	p = p.Trail(components.Link{Text: c.T("site.nav.receipts"), Href: "/receipts"})
	c.NoStore()
	return c.Render(200, submissionview.Told(p, v))
}

// nextTree is the newest draft, whose provisions the answers name.
func (h handlers) nextTree(c *web.Ctx, x consultation.Consultation) (*draft.Tree, error) {
	list, err := h.Drafts.Versions(c.UserContext(), x.ID)
	if err != nil || len(list) == 0 {
		return draft.NewTree(nil), err
	}
	return h.Drafts.Tree(c.UserContext(), x.ID, list[len(list)-1].Number)
}
