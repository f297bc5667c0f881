package account_test

import (
	"reflect"
	"sync"
	"testing"

	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Nobody grants more than they hold: every role × own, other organisation and site.
func TestWhoMayGrantWhat(t *testing.T) {
	each(t, func(s *site) {
		target := s.person("target@own.example", actor.Member, 0)
		grantors := map[string]actor.Actor{"operator": s.operator}
		for i, role := range actor.Roles {
			if role != actor.Operator {
				grantors[string(role)] = actor.Actor{Kind: actor.Account, ID: int64(100 + i), Grants: []actor.Grant{{Organisation: s.own.ID, Role: role}}}
			}
		}
		grantors["anonymous"] = actor.Public()
		grantors["token"] = actor.Actor{Kind: actor.Token, TokenID: 5, TokenOrganisation: s.own.ID, TokenScopes: actor.Scopes}
		for name, who := range grantors {
			for _, place := range []struct {
				id   int64
				role actor.Role
				may  bool
			}{
				{s.own.ID, actor.Officer, name == "administrator" || name == "operator"},
				{s.own.ID, actor.Administrator, name == "administrator" || name == "operator"},
				{s.other.ID, actor.Officer, name == "operator"},
				{0, actor.Operator, name == "operator"},
			} {
				err := s.Grant(ctx, who, target.ID, place.id, place.role)
				if may := err == nil; may != place.may {
					s.Errorf("%s grants %s in %d: %v", name, place.role, place.id, err)
				}
				if err == nil {
					_ = s.Revoke(ctx, actor.Console(), target.ID, place.id, place.role)
				}
			}
		}
	})
}

func TestARoleStandsWhereItBelongs(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Member, 0)
		s.wantCode("an operator of an organisation", s.Grant(ctx, actor.Console(), a.ID, s.own.ID, actor.Operator), "account.role_site")
		s.wantCode("an officer of no organisation", s.Grant(ctx, actor.Console(), a.ID, 0, actor.Officer), "account.role_organisation")
		s.wantCode("a role that is none", s.Grant(ctx, actor.Console(), a.ID, s.own.ID, "king"), "account.role")
		s.wantFault("an organisation that is none", s.Grant(ctx, actor.Console(), a.ID, 4711, actor.Officer), fault.NotFound)
		s.wantFault("an account that is none", s.Grant(ctx, actor.Console(), 4711, s.own.ID, actor.Officer), fault.NotFound)
	})
}

func TestAChangeOfRolesEndsTheSessions(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		token := s.signIn("p@own.example")
		if err := s.Grant(ctx, actor.Console(), a.ID, s.own.ID, actor.Officer); err != nil {
			s.Fatal(err)
		}
		if _, err := s.Session(ctx, token); err != nil {
			s.Errorf("a role held already changes nothing: %v", err)
		}
		if err := s.Grant(ctx, actor.Console(), a.ID, s.own.ID, actor.Signer); err != nil {
			s.Fatal(err)
		}
		_, err := s.Session(ctx, token)
		s.wantFault("after a role came", err, fault.Unauthenticated)
		if roles := s.as("p@own.example").RolesIn(s.own.ID); !reflect.DeepEqual(roles, []actor.Role{actor.Officer, actor.Signer}) {
			s.Errorf("roles are %v", roles)
		}
		token = s.signIn("p@own.example")
		if err := s.Revoke(ctx, actor.Console(), a.ID, s.own.ID, actor.Signer); err != nil {
			s.Fatal(err)
		}
		_, err = s.Session(ctx, token)
		s.wantFault("after a role went", err, fault.Unauthenticated)
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(s *site) {
		first := s.person("a@own.example", actor.Administrator, s.own.ID)
		s.person("b@other.example", actor.Administrator, s.other.ID)
		s.wantCode("revoking the only one", s.Revoke(ctx, actor.Console(), first.ID, s.own.ID, actor.Administrator), "account.last_administrator")
		s.wantCode("disabling the only one", s.Disable(ctx, actor.Console(), s.own.ID, first.ID, 0), "account.last_administrator")
		second := s.person("c@own.example", actor.Administrator, s.own.ID)
		if err := s.Disable(ctx, s.as("a@own.example"), s.own.ID, second.ID, 0); err != nil {
			s.Fatal(err)
		}
		s.wantCode("a disabled one does not count", s.Revoke(ctx, actor.Console(), first.ID, s.own.ID, actor.Administrator), "account.last_administrator")
		if err := s.Enable(ctx, s.as("a@own.example"), s.own.ID, second.ID, 0); err != nil {
			s.Fatal(err)
		}
		if err := s.Revoke(ctx, s.as("c@own.example"), first.ID, s.own.ID, actor.Administrator); err != nil {
			s.Errorf("with another one there: %v", err)
		}
	})
}

func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("a@own.example", actor.Administrator, s.own.ID)
		b := s.person("b@own.example", actor.Administrator, s.own.ID)
		var errs [2]error
		var both sync.WaitGroup
		for i, id := range []int64{a.ID, b.ID} {
			both.Add(1)
			go func() {
				defer both.Done()
				errs[i] = s.Revoke(ctx, actor.Console(), id, s.own.ID, actor.Administrator)
			}()
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			s.Errorf("of two removals %v and %v", errs[0], errs[1])
		}
	})
}

func TestAnAdministratorGovernsOwnPeopleOnly(t *testing.T) {
	each(t, func(s *site) {
		s.person("admin@own.example", actor.Administrator, s.own.ID)
		admin := s.as("admin@own.example")
		shared := s.person("shared@own.example", actor.Officer, s.own.ID)
		if err := s.Grant(ctx, actor.Console(), shared.ID, s.other.ID, actor.Reviewer); err != nil {
			s.Fatal(err)
		}
		foreign := s.person("foreign@other.example", actor.Officer, s.other.ID)
		s.wantCode("disabling somebody who works elsewhere too", s.Disable(ctx, admin, s.own.ID, shared.ID, 0), "account.elsewhere")
		_, err := s.Reset(ctx, admin, s.own.ID, shared.ID, 0)
		s.wantCode("a new password for somebody who works elsewhere too", err, "account.elsewhere")
		s.wantFault("somebody of another organisation", s.Disable(ctx, admin, s.own.ID, foreign.ID, 0), fault.NotFound)
		s.wantFault("by the other organisation's address", s.Disable(ctx, admin, s.other.ID, foreign.ID, 0), fault.NotFound)
		if err := s.Disable(ctx, s.operator, s.own.ID, shared.ID, 0); err != nil {
			s.Errorf("an operator: %v", err)
		}
		own := s.person("own@own.example", actor.Officer, s.own.ID)
		after, err := s.Reset(ctx, admin, s.own.ID, own.ID, own.Version)
		if err != nil {
			s.Fatal(err)
		}
		if _, err := s.SignIn(ctx, "own@own.example", after.Generated, ""); err != nil {
			s.Errorf("the generated password: %v", err)
		}
		s.wantCode("against an older version", s.Disable(ctx, admin, s.own.ID, own.ID, own.Version), "stale")
	})
}

func TestAnOrganisationListsItsOwnPeople(t *testing.T) {
	each(t, func(s *site) {
		s.person("admin@own.example", actor.Administrator, s.own.ID)
		b := s.person("b@own.example", actor.Officer, s.own.ID)
		s.person("c@other.example", actor.Officer, s.other.ID)
		admin := s.as("admin@own.example")
		got, err := s.List(ctx, admin, s.own.ID, 0, 10)
		if err != nil || len(got) != 2 || got[1].ID != b.ID || !reflect.DeepEqual(got[1].Roles, []actor.Role{actor.Officer}) {
			s.Errorf("the list is %+v, %v", got, err)
		}
		if page, _ := s.List(ctx, admin, s.own.ID, got[0].ID, 1); len(page) != 1 || page[0].ID != b.ID {
			s.Errorf("the next page is %+v", page)
		}
		if one, err := s.One(ctx, admin, s.own.ID, b.ID); err != nil || one.Email != "b@own.example" {
			s.Errorf("one: %+v, %v", one, err)
		}
		_, err = s.List(ctx, admin, s.other.ID, 0, 10)
		s.wantFault("the other organisation's list", err, fault.NotFound)
		_, err = s.List(ctx, s.as("b@own.example"), s.own.ID, 0, 10)
		s.wantFault("an officer's look", err, fault.Forbidden)
	})
}

func TestAnEMailThatHasAnAccountGetsTheRole(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		again, err := s.Add(ctx, actor.Console(), account.Details{Email: "P@own.example", Role: actor.Reviewer, Organisation: s.other.ID})
		if err != nil || !again.Existed || again.ID != a.ID || again.Generated != "" {
			s.Fatalf("again: %+v, %v", again, err)
		}
		_, err = s.Add(ctx, actor.Console(), account.Details{Email: "p@own.example", Role: actor.Signer, Organisation: s.own.ID, Password: "another long password"})
		s.wantCode("with a password that is not its own", err, "account.email_taken")
		if _, err = s.Add(ctx, actor.Console(), account.Details{Email: "p@own.example", Role: actor.Signer, Organisation: s.own.ID, Password: password}); err != nil {
			s.Errorf("with its own password: %v", err)
		}
		if who := s.as("p@own.example"); len(who.Grants) != 3 {
			s.Errorf("roles are %v", who.Grants)
		}
	})
}

func TestAGeneratedPasswordIsGood(t *testing.T) {
	each(t, func(s *site) {
		a, err := s.Add(ctx, actor.Console(), account.Details{Email: "p@own.example", Role: actor.Officer, Organisation: s.own.ID})
		if err != nil || a.Name != "p" {
			s.Fatalf("%+v, %v", a, err)
		}
		if _, err := s.SignIn(ctx, "p@own.example", a.Generated, ""); err != nil {
			s.Errorf("signing in with %q: %v", a.Generated, err)
		}
	})
}
