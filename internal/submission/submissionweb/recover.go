package submissionweb

import (
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/layouts"
	"guangyi/views/submissionview"
)

// lost asks for the contact under which a receipt can be found again.
func (h handlers) lost(c *web.Ctx) error {
	return h.askLost(c, 200, submissionview.Lost{})
}

func (h handlers) askLost(c *web.Ctx, status int, v submissionview.Lost) error {
	p := layouts.From(c.Visit, c.T("submission.lost.title"))
	p.Section, p.NoIndex, p.Errors = "receipts", true, v.Fault != ""
	c.NoStore()
	return c.Render(status, submissionview.AskLost(p, v))
}

// recover sends links to the contact. It says the same whether something was found.
func (h handlers) recover(c *web.Ctx) error {
	if err := c.LimitLookup("lost"); err != nil {
		return err
	}
	v := submissionview.Lost{Contact: c.Form("contact")}
	err := h.Submissions.Recover(c.UserContext(), c.Who(), v.Contact)
	if f, ok := fault.AsInvalid(err); ok {
		v.Fault = web.Message(c.Visit.Locale, f.Fields[0].Code, f.Fields[0].Args...)
		return h.askLost(c, 422, v)
	}
	if err != nil {
		return err
	}
	v.Sent = true
	return h.askLost(c, 200, v)
}

// opening asks for a press before the receipt opens: programs that look at links in
// mails press nothing.
func (h handlers) opening(c *web.Ctx) error {
	number, _, err := h.Submissions.OpenRecovery(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	p := layouts.From(c.Visit, c.T("submission.recovery.title"))
	p.Section, p.NoIndex = "receipts", true
	c.NoStore()
	return c.Render(200, submissionview.Opening(p, c.Params("token"), number))
}

// open shows the receipt with its secret in this browser.
func (h handlers) open(c *web.Ctx) error {
	if err := c.LimitLookup("receipt"); err != nil {
		return err
	}
	number, secret, err := h.Submissions.OpenRecovery(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	if err := h.drawer().Keep(c, web.Kept{Number: number, Secret: secret, Sent: true}); err != nil {
		return err
	}
	return c.SeeOther("/receipts/" + number)
}
