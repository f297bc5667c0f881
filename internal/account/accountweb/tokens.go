package accountweb

import (
	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/accountview"
	"guangyi/views/components"
)

func (h handlers) tokens(c *web.Ctx) error { return h.renderTokens(c, 200, accountview.Tokens{}) }

func (h handlers) renderTokens(c *web.Ctx, status int, v accountview.Tokens) error {
	o, err := h.at(c)
	if err != nil {
		return err
	}
	if v.List, err = h.accounts.Tokens(c.UserContext(), c.Who(), o.ID); err != nil {
		return err
	}
	v.Organisation = o
	p := staffPage(c, o, "account.tokens")
	p.Errors = len(v.Errors) > 0
	return c.Render(status, accountview.TokensPage(p, v))
}

// addToken makes a token; it is on the answer and nowhere else.
func (h handlers) addToken(c *web.Ctx) error {
	o, err := h.at(c)
	if err != nil {
		return err
	}
	in := account.NewToken{Organisation: o.ID, Name: c.Form("name")}
	for _, s := range c.FormAll("scope") {
		in.Scopes = append(in.Scopes, actor.Scope(s))
	}
	if c.Form("own") == "true" {
		in.User = c.Who().Email
	}
	plain, err := h.accounts.AddToken(c.UserContext(), c.Who(), in)
	if f, ok := fault.AsInvalid(err); ok {
		v := accountview.Tokens{Typed: in}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.renderTokens(c, 422, v)
	}
	if err != nil {
		return err
	}
	return h.renderTokens(c, 200, accountview.Tokens{Plain: plain})
}

func (h handlers) revokeToken(c *web.Ctx) error {
	o, err := h.at(c)
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.accounts.RevokeToken(c.UserContext(), c.Who(), o.ID, id); err != nil {
		return err
	}
	c.SetNotice("account.token_revoked")
	return c.SeeOther(accountview.TokensAddress(o.Slug))
}
