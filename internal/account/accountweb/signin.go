package accountweb

import (
	"strconv"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/accountview"
	"guangyi/views/layouts"
)

func (h handlers) signInForm(c *web.Ctx) error {
	next := web.LocalPath(c.QueryText("next"), "")
	if c.Who().Kind == actor.Account {
		return c.SeeOther(landing(next, c.Who()))
	}
	return h.renderSignIn(c, 200, accountview.Door{Next: next})
}

func (h handlers) renderSignIn(c *web.Ctx, status int, d accountview.Door) error {
	p := layouts.From(c.Visit, c.T("account.signin"))
	p.NoIndex, p.Errors = true, d.Refusal != ""
	return c.Render(status, accountview.SignIn(p, d))
}

func (h handlers) signIn(c *web.Ctx) error {
	d := accountview.Door{Next: web.LocalPath(c.Form("next"), ""), Email: c.Form("email")}
	token, err := h.accounts.SignIn(c.UserContext(), d.Email, c.Form("password"), c.Address())
	if err != nil {
		return h.refuseSignIn(c, d, err)
	}
	// Whoever sat here before leaves with their session.
	if err := h.accounts.SignOut(c.UserContext(), c.Cookies(web.SessionCookie)); err != nil {
		return err
	}
	who, err := h.accounts.Session(c.UserContext(), token)
	if err != nil {
		return err
	}
	c.SetSession(token)
	return c.SeeOther(landing(d.Next, who))
}

func (h handlers) refuseSignIn(c *web.Ctx, d accountview.Door, err error) error {
	f, ok := fault.As(err)
	if !ok || (f.Kind != fault.Unauthenticated && f.Kind != fault.TooMany) {
		return err
	}
	d.Refusal = web.Message(c.Visit.Locale, f.Code, f.Args...)
	if f.Kind == fault.TooMany {
		c.Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		return h.renderSignIn(c, 429, d)
	}
	return h.renderSignIn(c, 422, d)
}

// landing is where a person goes who has signed in.
func landing(next string, who actor.Actor) string {
	if next != "" {
		return next
	}
	home := "/my/account"
	for _, g := range who.Grants {
		if g.Role.Staff() {
			return "/staff"
		}
		if g.Role == actor.Operator {
			home = "/staff/organisations"
		}
	}
	return home
}

func (h handlers) signOut(c *web.Ctx) error {
	if err := h.accounts.SignOut(c.UserContext(), c.Cookies(web.SessionCookie)); err != nil {
		return err
	}
	c.SetSession("")
	c.SetNotice("account.signed_out")
	return c.SeeOther("/")
}
