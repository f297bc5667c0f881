package access

import (
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

const here, elsewhere = int64(7), int64(8)

func as(role actor.Role, org int64) actor.Actor {
	return actor.Actor{Kind: actor.Account, ID: 1, Grants: []actor.Grant{{Organisation: org, Role: role}}}
}

func gate(t *testing.T) *Gate {
	t.Helper()
	g, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestAnOfficerOfOneOrganisationIsNobodyInAnother(t *testing.T) {
	g, prepare := gate(t), Permission{"consultation", "prepare"}
	if err := g.Require(as(actor.Officer, here), prepare, here); err != nil {
		t.Fatalf("own organisation: %v", err)
	}
	if err := g.Require(as(actor.Officer, here), prepare, elsewhere); !fault.Is(err, fault.NotFound) {
		t.Fatalf("another organisation: %v, want not found", err)
	}
	if err := g.Require(as(actor.Auditor, here), prepare, here); !fault.Is(err, fault.Forbidden) {
		t.Fatalf("auditor: %v, want forbidden", err)
	}
	if err := g.Require(actor.Public(), prepare, here); !fault.Is(err, fault.Unauthenticated) {
		t.Fatalf("anonymous: %v, want to be asked to sign in", err)
	}
}

func TestWhatNoLineAllowsIsDenied(t *testing.T) {
	g := gate(t)
	for _, role := range append(actor.Roles, actor.Nobody) {
		for _, org := range []int64{here, 0} {
			if g.May(as(role, org), Permission{"consultation", "invented"}, org) {
				t.Errorf("%s may do what nobody has heard of", role)
			}
		}
	}
}

func TestAnOperatorSeesNoContent(t *testing.T) {
	g, who := gate(t), as(actor.Operator, 0)
	for _, p := range g.Permissions() {
		switch p.Object {
		case "submission", "suggestion", "consultation", "draft":
			if g.May(who, p, here) && !g.May(actor.Public(), p, here) {
				t.Errorf("the operator may %s", p)
			}
		}
	}
}

func TestATokenIsHeldToItsScopesItsOrganisationAndItsPerson(t *testing.T) {
	g := gate(t)
	token := func(org int64, person actor.Role, scopes ...actor.Scope) actor.Actor {
		a := actor.Actor{Kind: actor.Token, TokenID: 5, TokenOrganisation: org, TokenScopes: scopes}
		if person != "" {
			a.ID, a.Grants = 1, []actor.Grant{{Organisation: org, Role: person}}
		}
		return a
	}
	agree, prepare, list := Permission{"suggestion", "agree"}, Permission{"consultation", "prepare"}, Permission{"submission", "list"}
	for _, c := range []struct {
		name string
		who  actor.Actor
		p    Permission
		org  int64
		want bool
	}{
		{"write prepares", token(here, "", actor.Write), prepare, here, true},
		{"write elsewhere", token(here, "", actor.Write), prepare, elsewhere, false},
		{"read does not prepare", token(here, "", actor.Read), prepare, here, false},
		{"read lists", token(here, "", actor.Read), list, here, true},
		{"write does not agree", token(here, "", actor.Write), agree, here, false},
		{"review agrees", token(here, "", actor.Review), agree, here, true},
		{"review of an officer does not agree", token(here, actor.Officer, actor.Review), agree, here, false},
		{"review of a reviewer agrees", token(here, actor.Reviewer, actor.Review), agree, here, true},
		{"write of a reviewer does not prepare", token(here, actor.Reviewer, actor.Write), prepare, here, false},
		{"scope none", token(here, actor.Officer), prepare, here, false},
	} {
		if got := g.May(c.who, c.p, c.org); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestEveryPolicyNamesAKnownRole(t *testing.T) {
	g := gate(t)
	known := map[string]bool{"anonymous": true, "staff": true}
	for _, r := range actor.Roles {
		known[string(r)] = true
	}
	for _, s := range actor.Scopes {
		known["scope:"+string(s)] = true
	}
	rules, err := g.enforcer.GetPolicy()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if !known[r[0]] {
			t.Errorf("%v names the role %q, which nobody can hold", r, r[0])
		}
		if r[1] != "own" && r[1] != "any" && r[1] != "site" {
			t.Errorf("%v: %q is no place", r, r[1])
		}
	}
}
