package sittingweb

import (
	"strings"

	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/sittingview"
)

// publicAccount shows the published account; before there is none.
func (h handlers) publicAccount(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	m, a, err := h.Sittings.PublicAccount(c.UserContext(), slug)
	if err != nil {
		return err
	}
	v, err := h.accountView(c, m, a)
	if err != nil {
		return err
	}
	_, err = h.Sittings.PublicMinutes(c.UserContext(), slug)
	v.Minutes = err == nil
	p, err := h.publicPage(c, m, c.T("sitting.account")+c.T("sitting.colon")+m.Title)
	if err != nil {
		return err
	}
	return c.Render(200, sittingview.AccountPage(p, v))
}

func (h handlers) publicPage(c *web.Ctx, m meeting.Meeting, title string) (layouts.Page, error) {
	p := layouts.From(c.Visit, title)
	p.Section = "meetings"
	org, err := h.Organisations.ByID(c.UserContext(), m.Organisation)
	if err != nil {
		return p, err
	}
	p = p.WithUnit(org.Name, org.Seal, org.Accent, org.SiteCode, m.Contact)
	return p.Trail(components.Link{Text: c.T("site.nav.meetings"), Href: "/meetings"}, components.Link{Text: m.Title, Href: "/meetings/" + m.Slug}), nil
}

func (h handlers) accountView(c *web.Ctx, m meeting.Meeting, a sitting.Account) (sittingview.Account, error) {
	v := sittingview.Account{Meeting: m, Account: a, Typed: a.Lead}
	if a.Consultation == 0 {
		return v, nil
	}
	tree, err := h.Drafts.Tree(c.UserContext(), a.Consultation, draft.First)
	if fault.Is(err, fault.NotFound) {
		return v, nil
	}
	v.Label = func(l *i18n.Locale, key string) string { return tree.Label(l, key) }
	return v, err
}

func (h handlers) account(c *web.Ctx) error { return h.showAccount(c, 200, nil) }

// showAccount shows the desk of the account; after a refusal with what was typed.
func (h handlers) showAccount(c *web.Ctx, status int, refused *fault.Error) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	m, a, err := h.Sittings.Account(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	v, err := h.accountView(c, m, a)
	if err != nil {
		return err
	}
	if v.Feedback, err = h.Sittings.Feedback(c.UserContext(), m.ID); err != nil {
		return err
	}
	v.MayDraft = h.Sittings.May(c.Who(), sitting.PermissionDraft, m.Organisation)
	v.MayReview = h.Meetings.May(c.Who(), meeting.PublishAccount, m)
	v.Own = m.OwnWork(c.Who().Key())
	if refused != nil {
		_, v.Errors = components.WordFaults(c.Visit.Locale, refused.Fields)
		if c.Form("event") == "" {
			v.Typed, v.TypedNotes = c.Form("lead"), notes(c)
		}
	}
	c.NoStore()
	return c.Render(status, sittingview.AccountDesk(h.staffPage(c, m, c.T("sitting.account")), v))
}

// notes are the reasons as typed, by statement.
func notes(c *web.Ctx) map[string]string {
	out := map[string]string{}
	for _, key := range c.FormAll("key") {
		out[key] = c.Form("reason-" + key)
	}
	return out
}

func (h handlers) saveAccount(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	hidden := notes(c)
	for key, reason := range hidden {
		if strings.TrimSpace(reason) == "" {
			delete(hidden, key)
		}
	}
	err = h.Sittings.SaveAccount(c.UserContext(), c.Who(), slug, c.Form("lead"), hidden, c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		return h.showAccount(c, 422, f)
	}
	if err != nil {
		return err
	}
	c.SetNotice("sitting.account.saved")
	return c.SeeOther("/staff/meetings/" + slug + "/account")
}

// mayKeepAccount refuses whoever neither drafts accounts nor agrees to them.
func (h handlers) mayKeepAccount(c *web.Ctx, slug string) error {
	err := h.Sittings.Require(c.UserContext(), c.Who(), slug, sitting.PermissionDraft)
	if fault.Is(err, fault.Forbidden) {
		return h.Sittings.Require(c.UserContext(), c.Who(), slug, sitting.PermissionAgree)
	}
	return err
}

// accountEvent sends the account for review, returns it or publishes it.
func (h handlers) accountEvent(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.mayKeepAccount(c, slug); err != nil {
		return err
	}
	notice := ""
	switch meeting.Event(c.Form("event")) {
	case meeting.SubmitAccount:
		err, notice = h.Sittings.SubmitAccount(c.UserContext(), c.Who(), slug), "sitting.account.submitted"
	case meeting.PublishAccount:
		err, notice = h.Sittings.PublishAccount(c.UserContext(), c.Who(), slug), "sitting.account.published"
	case meeting.Return:
		_, err = h.Meetings.Apply(c.UserContext(), c.Who(), slug, meeting.Return, meeting.Note{Text: c.Form("note")})
	default:
		return fault.New(fault.Malformed, "unreadable")
	}
	if f, ok := fault.AsInvalid(err); ok {
		return h.showAccount(c, 422, f)
	}
	if err != nil {
		return err
	}
	if notice != "" {
		c.SetNotice(notice)
	}
	return c.SeeOther("/staff/meetings/" + slug + "/account")
}
