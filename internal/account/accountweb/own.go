package accountweb

import (
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/accountview"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

func (h handlers) own(c *web.Ctx) error { return h.renderOwn(c, 200, nil, nil) }

// renderOwn shows the own account; with a refusal, what was typed as name (nil:
// what is stored).
func (h handlers) renderOwn(c *web.Ctx, status int, refusal *fault.Error, typed *string) error {
	a, err := h.accounts.Own(c.UserContext(), c.Who())
	if err != nil {
		return err
	}
	sittings, err := h.accounts.Sessions(c.UserContext(), c.Who(), c.Cookies(web.SessionCookie))
	if err != nil {
		return err
	}
	ids, all := h.accounts.Rooms(c.Who())
	v := accountview.Own{Account: a, Name: a.Name, Grants: c.Who().Grants, Sittings: sittings, Manages: all || len(ids) > 0}
	if typed != nil {
		v.Name = *typed
	}
	if refusal != nil {
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, refusal.Fields)
	}
	p := layouts.From(c.Visit, c.T("account.own"))
	p.NoIndex, p.Errors = true, refusal != nil
	return c.Render(status, accountview.OwnPage(p, v))
}

func (h handlers) rename(c *web.Ctx) error {
	name := c.Form("name")
	err := h.accounts.Rename(c.UserContext(), c.Who(), name, c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		return h.renderOwn(c, 422, f, &name)
	}
	if err != nil {
		return err
	}
	c.SetNotice("account.renamed")
	return c.SeeOther("/my/account")
}

func (h handlers) changePassword(c *web.Ctx) error {
	token, err := h.accounts.ChangePassword(c.UserContext(), c.Who(), c.Form("password"), c.Form("new_password"), c.Address())
	if f, ok := fault.AsInvalid(err); ok {
		return h.renderOwn(c, 422, f, nil)
	}
	if err != nil {
		return err
	}
	c.SetSession(token)
	c.SetNotice("account.password_changed")
	return c.SeeOther("/my/account")
}

func (h handlers) signOutEverywhere(c *web.Ctx) error {
	if err := h.accounts.SignOutEverywhere(c.UserContext(), c.Who()); err != nil {
		return err
	}
	c.SetSession("")
	c.SetNotice("account.signed_out_everywhere")
	return c.SeeOther("/signin")
}
