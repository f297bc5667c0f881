// Package actor says who is acting. Every change carries an actor; what the
// actor may do is for package access to say.
package actor

import (
	"slices"
	"strconv"
)

// Kind of actor. The zero value is never valid for a write.
type Kind string

// The kinds of actors.
const (
	Anonymous Kind = "anonymous" // the public without an account
	Account   Kind = "account"   // a signed-in person
	Token     Kind = "token"     // a program with an API token
	CLI       Kind = "cli"       // the command line on the server
	Clock     Kind = "clock"     // a moment that came, such as an opening
)

// Role is a role within one organisation (operator: within the site).
type Role string

// The roles of the contract.
const (
	Administrator  Role = "administrator"
	Officer        Role = "officer"
	Reviewer       Role = "reviewer"
	Signer         Role = "signer"
	Legal          Role = "legal"
	Secretary      Role = "secretary"
	Auditor        Role = "auditor"
	Representative Role = "representative"
	Member         Role = "member"
	Nobody         Role = "anonymous"
	Operator       Role = "operator"
)

// Roles lists every role that a grant can carry, in the contract's order.
var Roles = []Role{Administrator, Officer, Reviewer, Signer, Legal, Secretary, Auditor, Representative, Member, Operator}

// Staff reports whether the role is one of an organisation's own people.
func (r Role) Staff() bool {
	switch r {
	case Administrator, Officer, Reviewer, Signer, Legal, Secretary, Auditor:
		return true
	}
	return false
}

// Scope limits what an API token may do.
type Scope string

// The scopes of the contract.
const (
	Read    Scope = "read"
	Write   Scope = "write"
	Review  Scope = "review"
	Publish Scope = "publish"
)

// Scopes lists every scope.
var Scopes = []Scope{Read, Write, Review, Publish}

// Grant is one role in one organisation; organisation 0 is the site itself.
type Grant struct {
	Organisation     int64
	Role             Role
	OrganisationSlug string
	OrganisationName string
}

// Actor is who acts, with the roles held at the time of the request.
type Actor struct {
	Kind   Kind
	ID     int64 // account id; 0 when the token stands for no person
	Name   string
	Email  string
	Grants []Grant

	TokenID           int64 // set for Kind Token
	TokenOrganisation int64
	TokenScopes       []Scope
}

// Public is a visitor without an account.
func Public() Actor { return Actor{Kind: Anonymous} }

// Console is the command line on the server.
func Console() Actor { return Actor{Kind: CLI, Name: "cli"} }

// Timer is the clock acting by itself.
func Timer() Actor { return Actor{Kind: Clock, Name: "clock"} }

// Valid reports whether the actor may stand in the audit trail.
func (a Actor) Valid() bool { return a.Kind != "" }

// Known reports whether somebody signed in or showed a token.
func (a Actor) Known() bool { return a.Kind == Account || a.Kind == Token }

// Key identifies the person for the rule of four eyes: a token that acts for
// an account counts as that account.
func (a Actor) Key() string {
	if a.ID != 0 {
		return "account:" + strconv.FormatInt(a.ID, 10)
	}
	if a.TokenID != 0 {
		return "token:" + strconv.FormatInt(a.TokenID, 10)
	}
	return string(a.Kind)
}

// RolesIn lists the roles held in an organisation.
func (a Actor) RolesIn(organisation int64) []Role {
	var out []Role
	for _, g := range a.Grants {
		if g.Organisation == organisation {
			out = append(out, g.Role)
		}
	}
	return out
}

// Has reports whether the actor holds the role in the organisation.
func (a Actor) Has(organisation int64, role Role) bool {
	return slices.Contains(a.RolesIn(organisation), role)
}

// Organisations lists the organisations in which the actor holds a role, each once.
func (a Actor) Organisations() []int64 {
	var out []int64
	add := func(id int64) {
		if id != 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	add(a.TokenOrganisation)
	for _, g := range a.Grants {
		add(g.Organisation)
	}
	return out
}
