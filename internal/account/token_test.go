package account_test

import (
	"regexp"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func (s *site) token(in account.NewToken) string {
	s.Helper()
	in.Organisation = s.own.ID
	if in.Name == "" {
		in.Name = "导入程序"
	}
	plain, err := s.AddToken(ctx, actor.Console(), in)
	if err != nil {
		s.Fatal(err)
	}
	return plain
}

func TestATokenStandsForItselfOrForAPerson(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		if err := s.Grant(ctx, actor.Console(), a.ID, s.other.ID, actor.Reviewer); err != nil {
			s.Fatal(err)
		}
		alone := s.token(account.NewToken{Scopes: []actor.Scope{actor.Write, actor.Read, actor.Read}})
		if !regexp.MustCompile(`^gy_[0-9A-Za-z]{43}$`).MatchString(alone) {
			s.Errorf("a token is written %q", alone)
		}
		who, err := s.Bearer(ctx, alone)
		if err != nil || who.Kind != actor.Token || who.ID != 0 || who.TokenOrganisation != s.own.ID || len(who.TokenScopes) != 2 || len(who.Grants) != 0 {
			s.Errorf("alone: %+v, %v", who, err)
		}
		who, err = s.Bearer(ctx, s.token(account.NewToken{Scopes: []actor.Scope{actor.Write}, User: "P@own.example"}))
		if err != nil || who.ID != a.ID || len(who.Grants) != 1 || who.Grants[0].Role != actor.Officer || who.Grants[0].OrganisationSlug != "own" {
			s.Errorf("for a person: %+v, %v", who, err)
		}
	})
}

// CVE-2026-45414 of a peer: tokens of one organisation were accepted by another.
func TestATokenOfOneOrganisationIsNobodyInAnother(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		for _, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Administrator} {
			if err := s.Grant(ctx, actor.Console(), a.ID, s.other.ID, role); err != nil {
				s.Fatal(err)
			}
		}
		for _, user := range []string{"", "p@own.example"} {
			who, err := s.Bearer(ctx, s.token(account.NewToken{Scopes: actor.Scopes, User: user}))
			if err != nil {
				s.Fatal(err)
			}
			for _, p := range s.gate.Permissions() {
				if s.gate.May(actor.Public(), p, s.other.ID) {
					continue
				}
				if s.gate.May(who, p, s.other.ID) || s.gate.May(who, p, 0) {
					s.Errorf("a token (for %q) may %s in another organisation", user, p)
				}
				s.wantFault(p.String(), s.gate.Require(who, p, s.other.ID), fault.NotFound)
			}
		}
	})
}

func TestATokenGivesNoMoreThanItsPersonMay(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		who, err := s.Bearer(ctx, s.token(account.NewToken{Scopes: actor.Scopes, User: "p@own.example"}))
		if err != nil {
			s.Fatal(err)
		}
		approve := access.Permission{Object: "consultation", Action: "approve"}
		if s.gate.May(who, approve, s.own.ID) {
			s.Error("an officer's token approves")
		}
		if !s.gate.May(who, access.Permission{Object: "consultation", Action: "submit"}, s.own.ID) {
			s.Error("an officer's token does not submit")
		}
		for _, p := range []string{"list", "add", "grant", "disable"} {
			if s.gate.May(who, access.Permission{Object: "account", Action: p}, s.own.ID) {
				s.Errorf("a token may %s accounts", p)
			}
		}
	})
}

func TestARevokedTokenOrADisabledPersonsIsNobody(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		s.person("admin@own.example", actor.Administrator, s.own.ID)
		s.person("admin@other.example", actor.Administrator, s.other.ID)
		persons := s.token(account.NewToken{Scopes: actor.Scopes, User: "p@own.example"})
		alone := s.token(account.NewToken{Scopes: actor.Scopes})
		there := s.process()
		for _, plain := range []string{persons, alone} {
			if _, err := there.Bearer(ctx, plain); err != nil {
				s.Fatal(err)
			}
		}
		who, _ := s.Bearer(ctx, alone)
		s.wantFault("another organisation's administrator", s.RevokeToken(ctx, s.as("admin@other.example"), s.other.ID, who.TokenID), fault.NotFound)
		if err := s.RevokeToken(ctx, s.as("admin@own.example"), s.own.ID, who.TokenID); err != nil {
			s.Fatal(err)
		}
		s.wantFault("revoking twice", s.RevokeToken(ctx, s.as("admin@own.example"), s.own.ID, who.TokenID), fault.NotFound)
		if err := s.Disable(ctx, actor.Console(), s.own.ID, a.ID, 0); err != nil {
			s.Fatal(err)
		}
		s.clock.Add(time.Second)
		for _, plain := range []string{persons, alone, "", "gy_", alone[:len(alone)-1], alone + "0"} {
			for _, service := range []*account.Service{s.Service, there} {
				_, err := service.Bearer(ctx, plain)
				s.wantCode("a token without force", err, "account.token_unknown")
			}
		}
	})
}

func TestNobodyMakesATokenThatActsAsAColleague(t *testing.T) {
	each(t, func(s *site) {
		s.person("admin@own.example", actor.Administrator, s.own.ID)
		s.person("reviewer@own.example", actor.Reviewer, s.own.ID)
		s.person("foreign@other.example", actor.Reviewer, s.other.ID)
		admin := s.as("admin@own.example")
		ask := func(who actor.Actor, organisation int64, user string) error {
			_, err := s.AddToken(ctx, who, account.NewToken{Organisation: organisation, Name: "n", Scopes: []actor.Scope{actor.Read}, User: user})
			return err
		}
		s.wantCode("for a colleague", ask(admin, s.own.ID, "reviewer@own.example"), "account.token_own")
		s.wantCode("for somebody of another organisation", ask(actor.Console(), s.own.ID, "foreign@other.example"), "account.token_user")
		s.wantFault("for another organisation", ask(admin, s.other.ID, ""), fault.NotFound)
		s.wantFault("by a reviewer", ask(s.as("reviewer@own.example"), s.own.ID, ""), fault.Forbidden)
		if err := ask(admin, s.own.ID, "admin@own.example"); err != nil {
			s.Errorf("for oneself: %v", err)
		}
		_, err := s.AddToken(ctx, admin, account.NewToken{Organisation: s.own.ID, Name: " ", Scopes: []actor.Scope{"all"}})
		if f, ok := fault.As(err); !ok || len(f.Fields) != 2 {
			s.Errorf("without a name and with an unknown scope: %v", err)
		}
		tokens, err := s.Tokens(ctx, admin, s.own.ID)
		if err != nil || len(tokens) != 1 || tokens[0].Person != "张三" || !tokens[0].RevokedAt.IsZero() {
			s.Errorf("the list is %+v, %v", tokens, err)
		}
		_, err = s.Tokens(ctx, admin, s.other.ID)
		s.wantFault("the other organisation's tokens", err, fault.NotFound)
	})
}
