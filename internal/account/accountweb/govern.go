package accountweb

import (
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/accountview"
)

// on runs an act on an account of an organisation and returns to its page. Who
// changed their own rights signs in anew.
func (h handlers) on(c *web.Ctx, notice string, act func(o organisation.Organisation, id int64) error) error {
	o, id, err := h.personAt(c)
	if err != nil {
		return err
	}
	if err := act(o, id); err != nil {
		return h.refuse(c, o, id, err)
	}
	if id == c.Who().ID {
		c.SetSession("")
		c.SetNotice("account.sign_in_anew")
		return c.SeeOther("/signin")
	}
	c.SetNotice(notice)
	if _, err := h.accounts.One(c.UserContext(), c.Who(), o.ID, id); err != nil {
		return c.SeeOther(accountview.PeopleAddress(o.Slug)) // the last role is gone, and the page with it
	}
	return c.SeeOther(accountview.PersonAddress(o.Slug, id))
}

// refuse shows why nothing was changed on the account's own page; what a
// stranger did wrong is answered by the shell.
func (h handlers) refuse(c *web.Ctx, o organisation.Organisation, id int64, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.NotFound || f.Kind == fault.Unauthenticated || f.Code == "forbidden" {
		return err
	}
	reason := web.Message(c.Visit.Locale, f.Code, f.Args...)
	if len(f.Fields) > 0 {
		reason = web.Message(c.Visit.Locale, f.Fields[0].Code, f.Fields[0].Args...)
	} else if key := "error." + f.Code + ".detail"; c.Visit.Locale.Has(key) {
		reason = c.T("account.reason", "what", reason, "then", c.T(key))
	}
	return h.renderPerson(c, web.StatusOf(f), o, id, reason)
}

func (h handlers) personAt(c *web.Ctx) (organisation.Organisation, int64, error) {
	o, err := h.at(c)
	if err != nil {
		return o, 0, err
	}
	id, err := c.IDParam("id")
	return o, id, err
}

func (h handlers) grant(c *web.Ctx) error {
	return h.on(c, "account.role_added", func(o organisation.Organisation, id int64) error {
		return h.accounts.Grant(c.UserContext(), c.Who(), id, o.ID, actor.Role(c.Form("role")))
	})
}

func (h handlers) revoke(c *web.Ctx) error {
	return h.on(c, "account.role_removed", func(o organisation.Organisation, id int64) error {
		return h.accounts.Revoke(c.UserContext(), c.Who(), id, o.ID, actor.Role(c.Form("role")))
	})
}

func (h handlers) disable(c *web.Ctx) error {
	return h.on(c, "account.disabled_done", func(o organisation.Organisation, id int64) error {
		return h.accounts.Disable(c.UserContext(), c.Who(), o.ID, id, c.FormVersion())
	})
}

func (h handlers) enable(c *web.Ctx) error {
	return h.on(c, "account.enabled_done", func(o organisation.Organisation, id int64) error {
		return h.accounts.Enable(c.UserContext(), c.Who(), o.ID, id, c.FormVersion())
	})
}

// reset makes a new password; it is on the answer and nowhere else.
func (h handlers) reset(c *web.Ctx) error {
	o, id, err := h.personAt(c)
	if err != nil {
		return err
	}
	a, err := h.accounts.Reset(c.UserContext(), c.Who(), o.ID, id, c.FormVersion())
	if err != nil {
		return h.refuse(c, o, id, err)
	}
	if id == c.Who().ID {
		c.SetSession("")
	}
	return h.renderSecret(c, o, a)
}
