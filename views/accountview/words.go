// Package accountview draws the pages of signing in, of the own account, and of
// an organisation's accounts, tokens and settings.
package accountview

import (
	"slices"
	"strconv"

	"guangyi/internal/account"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Address of an organisation's rooms.
func address(slug, room string) string { return "/staff/organisations/" + slug + "/" + room }

// PeopleAddress is the list of an organisation's accounts.
func PeopleAddress(slug string) string { return address(slug, "accounts") }

// PersonAddress is the page of one account.
func PersonAddress(slug string, id int64) string {
	return address(slug, "accounts/"+strconv.FormatInt(id, 10))
}

// TokensAddress is the list of an organisation's tokens.
func TokensAddress(slug string) string { return address(slug, "tokens") }

// SettingsAddress is what an organisation says of itself.
func SettingsAddress(slug string) string { return address(slug, "settings") }

// Door is the sign-in form. Refusal says why nobody came in.
type Door struct {
	Next, Email, Refusal string
}

// Own is a person's own account.
type Own struct {
	Account  account.Account
	Name     string // as typed
	Grants   []actor.Grant
	Sittings []account.Sitting
	Manages  bool // has organisations to manage
	Faults   map[string]string
	Errors   []components.FieldError
}

// Organisations are the places that a person manages: Own as administrator,
// Site as operator.
type Organisations struct {
	Own, Site []organisation.Organisation
}

// People is an organisation's list of accounts with the form for one more.
type People struct {
	Organisation organisation.Organisation
	List         []account.Listed
	Next         string
	Typed        account.Details
	Faults       map[string]string
	Errors       []components.FieldError
}

// Person is one account as its organisation keeps it.
type Person struct {
	Organisation organisation.Organisation
	Listed       account.Listed
	Self         bool
	Refusal      string // why an act changed nothing
}

// Secret is a password that was just made.
type Secret struct {
	Organisation organisation.Organisation
	Account      account.Account
}

// Tokens is an organisation's list of tokens. Plain is the one just made.
type Tokens struct {
	Organisation organisation.Organisation
	List         []account.Token
	Plain        string
	Typed        account.NewToken
	Faults       map[string]string
	Errors       []components.FieldError
}

// Settings is what an organisation says of itself, as typed. Stale: somebody
// else saved in between, and Organisation is theirs.
type Settings struct {
	Organisation organisation.Organisation
	Typed        organisation.Details
	Version      int64
	Stale        bool
	Faults       map[string]string
	Errors       []components.FieldError
}

// SettingsOf fills the form from what is stored.
func SettingsOf(o organisation.Organisation) Settings {
	return Settings{Organisation: o, Version: o.Version, Typed: organisation.Details{
		Name: o.Name, Seal: o.Seal, Accent: o.Accent, Contact: o.Contact, SiteCode: o.SiteCode, SignerDiffers: o.SignerDiffers,
	}}
}

func role(l *i18n.Locale, r actor.Role) string { return l.T("site.role." + string(r)) }

func roles(l *i18n.Locale, list []actor.Role) string {
	var words []string
	for _, r := range list {
		words = append(words, role(l, r))
	}
	return l.List(words)
}

// roleOptions are the roles that an organisation can give, without those held.
func roleOptions(l *i18n.Locale, held []actor.Role, chosen actor.Role) []components.Option {
	var out []components.Option
	for _, r := range actor.Roles {
		if r != actor.Operator && !slices.Contains(held, r) {
			out = append(out, components.Option{Value: string(r), Text: role(l, r), Chosen: r == chosen})
		}
	}
	return out
}

func scopes(l *i18n.Locale, list []actor.Scope) string {
	var words []string
	for _, s := range list {
		words = append(words, l.T("account.scope."+string(s)))
	}
	return l.List(words)
}

func scopeOptions(l *i18n.Locale, chosen []actor.Scope) []components.Option {
	var out []components.Option
	for _, s := range actor.Scopes {
		out = append(out, components.Option{
			Value: string(s), Text: l.T("account.scope." + string(s)), Hint: l.T("account.scope." + string(s) + ".hint"),
			Chosen: slices.Contains(chosen, s),
		})
	}
	return out
}

// grantRows are the person's roles, a row for each organisation.
func grantRows(l *i18n.Locale, grants []actor.Grant) []components.SummaryRow {
	var rows []components.SummaryRow
	for i := 0; i < len(grants); {
		g, words := grants[i], []string{}
		for ; i < len(grants) && grants[i].Organisation == g.Organisation; i++ {
			words = append(words, role(l, grants[i].Role))
		}
		name := g.OrganisationName
		if g.Organisation == 0 {
			name = l.T("account.site")
		}
		rows = append(rows, components.SummaryRow{Key: name, Text: l.List(words)})
	}
	return rows
}

func sittingTable(l *i18n.Locale, list []account.Sitting) components.Table {
	t := components.Table{Caption: l.T("account.sessions"), Stacked: true, Columns: []components.Column{
		{Text: l.T("account.session.since"), Lead: true}, {Text: l.T("account.session.seen")}, {Text: l.T("account.session.which")},
	}}
	for _, s := range list {
		which := l.T("account.session.other")
		if s.This {
			which = l.T("account.session.this")
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: l.DateTime(s.SignedIn)}, {Text: l.DateTime(s.Seen)}, {Text: which, Bold: s.This},
		}})
	}
	return t
}

func (v People) table(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("account.people"), Stacked: true, RowHead: true, Columns: []components.Column{
		{Text: l.T("account.name"), Lead: true}, {Text: l.T("account.email")}, {Text: l.T("account.roles")}, {Text: l.T("account.state")},
	}}
	for _, a := range v.List {
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: a.Name, Href: PersonAddress(v.Organisation.Slug, a.ID)}, {Text: a.Email}, {Text: roles(l, a.Roles)}, {Text: state(l, a.Account)},
		}})
	}
	return t
}

func state(l *i18n.Locale, a account.Account) string {
	if a.Disabled {
		return l.T("account.state.disabled")
	}
	return l.T("account.state.active")
}

func holder(l *i18n.Locale, t account.Token) string {
	if t.Account == 0 {
		return l.T("account.token.nobody")
	}
	return t.Person
}

func tokenRows(l *i18n.Locale, t account.Token) []components.SummaryRow {
	rows := []components.SummaryRow{
		{Key: l.T("account.scopes"), Text: scopes(l, t.Scopes)},
		{Key: l.T("account.token.for"), Text: holder(l, t)},
		{Key: l.T("account.token.since"), Text: l.DateTime(t.CreatedAt)},
	}
	if !t.RevokedAt.IsZero() {
		rows = append(rows, components.SummaryRow{Key: l.T("account.token.ended"), Text: l.DateTime(t.RevokedAt)})
	}
	return rows
}

// settingRows are what somebody else stored in between.
func settingRows(l *i18n.Locale, o organisation.Organisation) []components.SummaryRow {
	differs := l.T("organisation.no")
	if o.SignerDiffers {
		differs = l.T("organisation.yes")
	}
	return []components.SummaryRow{
		{Key: l.T("organisation.name"), Text: o.Name, Lang: o.Lang},
		{Key: l.T("organisation.contact"), Text: o.Contact, Lang: o.Lang},
		{Key: l.T("organisation.seal"), Text: o.Seal},
		{Key: l.T("organisation.accent"), Text: o.Accent},
		{Key: l.T("organisation.site_code"), Text: o.SiteCode},
		{Key: l.T("organisation.signer_differs"), Text: differs},
	}
}

// lang is the language of what an organisation says, when the page's is another.
func (v Settings) lang(p layouts.Page) string {
	if v.Organisation.Lang == p.Locale.Tag() {
		return ""
	}
	return v.Organisation.Lang
}
