package referralweb

import (
	"strconv"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/referral"
	"guangyi/views/components"
	"guangyi/views/referralview"
)

func (h handlers) list(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	v := referralview.List{Now: c.Now()}
	if v.C, v.Items, err = h.Referrals.List(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	v.Recipients = h.Referrals.May(c.Who(), referral.PermissionRecipients, v.C.Organisation)
	return c.Render(200, referralview.ListPage(h.page(c, v.C, c.T("referral.title"), false), v))
}

// form passes a submission on, or records it.
func (h handlers) form(c *web.Ctx) error {
	v := referralview.Form{In: referral.In{Submission: number(c.QueryText("submission"))}}
	return h.showForm(c, 200, v)
}

func (h handlers) showForm(c *web.Ctx, status int, v referralview.Form) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if v.C, err = h.Referrals.Allow(c.UserContext(), c.Who(), slug, referral.PermissionDecide); err != nil {
		return err
	}
	if v.L, err = h.Submissions.One(c.UserContext(), c.Who(), slug, v.In.Submission); err != nil {
		return err
	}
	if err := h.offer(c, slug, &v); err != nil {
		return err
	}
	if v.Before, err = h.Referrals.OfSubmission(c.UserContext(), v.C.ID, v.L.ID); err != nil {
		return err
	}
	p := h.page(c, v.C, c.T("referral.form.title"), true)
	p.Errors = len(v.Errors) > 0
	c.NoStore()
	return c.Render(status, referralview.FormPage(p, v))
}

// offer fills in what the form's lists hold.
func (h handlers) offer(c *web.Ctx, slug string, v *referralview.Form) (err error) {
	v.To, err = h.Referrals.Recipients(c.UserContext(), c.Who(), slug)
	return err
}

func (h handlers) in(c *web.Ctx) referral.In {
	in := referral.In{
		Submission: number(c.Form("submission")), Kind: referral.Kind(c.Form("kind")), Recipient: number(c.Form("recipient")), Reason: c.Form("reason"),
		Note: c.Form("note"), Due: c.Form("due"), Version: c.FormVersion(),
	}
	if c.Form("only") != "" { // to be passed on later
		in.Recipient, in.Reason, in.Due = 0, "", ""
	}
	return in
}

func (h handlers) record(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if _, err := h.Referrals.Allow(c.UserContext(), c.Who(), slug, referral.PermissionDecide); err != nil {
		return err
	}
	in := h.in(c)
	if in.Recipient == 0 && c.Form("only") == "" {
		err = fault.Fields{{Name: "recipient", Code: "referral.recipient"}}.Err()
	}
	var r referral.Referral
	if err == nil {
		r, err = h.Referrals.Record(c.UserContext(), c.Who(), slug, in)
	}
	if f, ok := fault.AsInvalid(err); ok {
		v := referralview.Form{In: in}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showForm(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("referral.done." + string(r.State))
	return c.SeeOther("/staff/consultations/" + slug + "/referrals/" + ids.Format(r.ID))
}

func (h handlers) one(c *web.Ctx) error { return h.showOne(c, 200, referralview.One{}) }

func (h handlers) showOne(c *web.Ctx, status int, v referralview.One) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if v.R, v.Form.L, err = h.Referrals.One(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	v.Form.C, v.Now = v.Form.L.Consultation, c.Now()
	if status == 200 {
		v.Form.In = referral.In{Kind: v.R.Kind, Note: v.R.Note}
	}
	v.Form.In.Submission = v.R.SubmissionID
	if err := h.offer(c, slug, &v.Form); err != nil {
		return err
	}
	v.Decide = h.Referrals.May(c.Who(), referral.PermissionDecide, v.Form.C.Organisation)
	v.PassRule, _ = h.Referrals.Rule(v.R, v.R.PassRule)
	v.AnswerRule, _ = h.Referrals.Rule(v.R, v.R.AnswerRule)
	p := h.page(c, v.Form.C, c.T("referral.one.title", "kind", c.T("referral.kind."+string(v.R.Kind)), "number", v.R.Receipt), true)
	p.Errors = len(v.Form.Errors) > 0
	c.NoStore()
	return c.Render(status, referralview.OnePage(p, v))
}

func (h handlers) act(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if _, err := h.Referrals.Allow(c.UserContext(), c.Who(), slug, referral.PermissionDecide); err != nil {
		return err
	}
	_, err = h.do(c, slug, id, c.Form("act"), h.in(c), c.Form("answer"))
	if f, ok := fault.AsInvalid(err); ok {
		v := referralview.One{Answer: c.Form("answer"), Form: referralview.Form{In: h.in(c)}}
		v.Form.Faults, v.Form.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showOne(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("referral.done." + c.Form("act"))
	return c.SeeOther("/staff/consultations/" + slug + "/referrals/" + ids.Format(id))
}

// do is an act on a referral. An act that is none is Invalid.
func (h handlers) do(c *web.Ctx, slug string, id int64, act string, in referral.In, answer string) (referral.Referral, error) {
	ctx, who := c.UserContext(), c.Who()
	switch act {
	case "passed":
		return h.Referrals.PassOn(ctx, who, slug, id, in)
	case "answered":
		return h.Referrals.Note(ctx, who, slug, id, answer, in.Version)
	case "posted":
		return h.Referrals.Posted(ctx, who, slug, id, in.Version)
	case "taken_back":
		return h.Referrals.TakeBack(ctx, who, slug, id, in.Version)
	}
	return referral.Referral{}, fault.Fields{{Name: "act", Code: "referral.act"}}.Err()
}

// letter is printed: to the sender, or to the recipient with what was sent.
func (h handlers) letter(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	var v referralview.Letter
	if v.R, v.L, err = h.Referrals.One(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	if v.R.PassedAt == nil {
		return fault.Missing()
	}
	unit, err := h.Organisations.ByID(c.UserContext(), v.R.OrganisationID)
	if err != nil {
		return err
	}
	v.Unit, v.BaseURL, v.ToRecipient = unit.Name, h.BaseURL, c.QueryText("to") == "recipient"
	v.Now = c.Now()
	if v.Tree, err = h.tree(c, v.L); err != nil {
		return err
	}
	p := h.page(c, v.L.Consultation, c.T("referral.letter.title"), true)
	c.NoStore()
	return c.Render(200, referralview.LetterPage(p, v))
}

func (h handlers) recipients(c *web.Ctx) error {
	return h.showRecipients(c, 200, referralview.Recipients{At: number(c.QueryText("change"))})
}

func (h handlers) showRecipients(c *web.Ctx, status int, v referralview.Recipients) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if v.C, err = h.Referrals.Allow(c.UserContext(), c.Who(), slug, referral.PermissionRecipients); err != nil {
		return err
	}
	if v.List, err = h.Referrals.Recipients(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	for _, r := range v.List {
		if r.ID == v.At && status == 200 {
			v.In = r
		}
	}
	p := h.page(c, v.C, c.T("referral.recipients.title"), h.Referrals.May(c.Who(), referral.PermissionSee, v.C.Organisation))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, referralview.RecipientsPage(p, v))
}

func (h handlers) keep(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	var x consultation.Consultation
	if x, err = h.Referrals.Allow(c.UserContext(), c.Who(), slug, referral.PermissionRecipients); err != nil {
		return err
	}
	in := referral.Recipient{
		ID: number(c.Form("id")), Name: c.Form("name"), Address: c.Form("address"), Phone: c.Form("phone"),
		Active: c.Form("active") != "", Version: c.FormVersion(),
	}
	_, err = h.Referrals.Keep(c.UserContext(), c.Who(), slug, in)
	if f, ok := fault.AsInvalid(err); ok {
		v := referralview.Recipients{C: x, At: in.ID, In: in}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showRecipients(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("referral.recipients.saved")
	return c.SeeOther("/staff/consultations/" + slug + "/referrals/recipients")
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
