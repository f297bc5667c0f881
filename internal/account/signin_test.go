package account_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func TestAPersonSignsInAndHoldsTheirRoles(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("  Officer@Own.Example ", actor.Officer, s.own.ID)
		if a.Email != "officer@own.example" || a.Generated != "" {
			s.Errorf("the account is %+v", a)
		}
		if err := s.Grant(ctx, actor.Console(), a.ID, s.own.ID, actor.Secretary); err != nil {
			s.Fatal(err)
		}
		token, err := s.SignIn(ctx, "OFFICER@own.example", password, address)
		if err != nil {
			s.Fatal(err)
		}
		who, err := s.Session(ctx, token)
		want := actor.Actor{Kind: actor.Account, ID: a.ID, Name: "张三", Email: "officer@own.example", Grants: []actor.Grant{
			{Organisation: s.own.ID, Role: actor.Officer, OrganisationSlug: "own", OrganisationName: "局 own"},
			{Organisation: s.own.ID, Role: actor.Secretary, OrganisationSlug: "own", OrganisationName: "局 own"},
		}}
		if err != nil || !reflect.DeepEqual(who, want) {
			s.Errorf("the session is\n%+v, want\n%+v, %v", who, want, err)
		}
		if got := s.trail("account", a.ID); !reflect.DeepEqual(got, []string{"add", "grant", "grant", "sign_in"}) {
			s.Errorf("the trail is %v", got)
		}
	})
}

func TestEveryRefusalOfASignInIsTheSame(t *testing.T) {
	each(t, func(s *site) {
		s.person("known@own.example", actor.Officer, s.own.ID)
		gone := s.person("gone@own.example", actor.Officer, s.own.ID)
		if err := s.Disable(ctx, actor.Console(), s.own.ID, gone.ID, 0); err != nil {
			s.Fatal(err)
		}
		var texts []string
		for _, try := range [][2]string{
			{"known@own.example", "another long password"}, {"nobody@own.example", password},
			{"gone@own.example", password}, {"no address", password}, {"", ""}, {"known@own.example", strings.Repeat("字", 100_000)},
		} {
			_, err := s.SignIn(ctx, try[0], try[1], "")
			s.wantCode(try[0], err, "account.sign_in_failed")
			texts = append(texts, err.Error())
		}
		for _, text := range texts {
			if text != texts[0] {
				s.Errorf("refusals differ: %q and %q", text, texts[0])
			}
		}
	})
}

func TestOnlyHashesAreStored(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		session := s.signIn("p@own.example")
		plain, err := s.AddToken(ctx, actor.Console(), account.NewToken{Organisation: s.own.ID, Name: "n", Scopes: []actor.Scope{actor.Read}})
		if err != nil {
			s.Fatal(err)
		}
		for _, column := range []string{"accounts.password_hash", "sessions.token_hash", "api_tokens.hash", "sign_in_failures.key", "audit_entries.after", "audit_entries.before"} {
			table, name, _ := strings.Cut(column, ".")
			var values []string
			if err := s.db.Read(ctx).Table(table).Pluck(name, &values).Error; err != nil {
				s.Fatal(err)
			}
			for _, v := range values {
				if strings.Contains(v, password) || strings.Contains(v, session) || strings.Contains(v, plain) || strings.Contains(v, "p@own") {
					s.Errorf("%s holds a secret in plain: %q", column, v)
				}
			}
		}
		var hash string
		if err := s.db.Read(ctx).Table("accounts").Limit(1).Pluck("password_hash", &hash).Error; err != nil {
			s.Fatal(err)
		}
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			s.Errorf("the hash is %q", hash)
		}
	})
}

func TestAHashOfAnotherCostIsMadeAnewAtSignIn(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		if err := s.setHash(a.ID, account.HashAt(64, 1, 1, password)); err != nil {
			s.Fatal(err)
		}
		s.signIn("p@own.example")
		var hash string
		if err := s.db.Read(ctx).Table("accounts").Where("id = ?", a.ID).Pluck("password_hash", &hash).Error; err != nil {
			s.Fatal(err)
		}
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,") {
			s.Errorf("the hash stayed %q", hash)
		}
		s.signIn("p@own.example")
	})
}

func TestGuessingIsSlowedDownButNobodyIsLockedOut(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		for range 5 {
			_, err := s.SignIn(ctx, "p@own.example", "wrong password", "")
			s.wantCode("a free failure", err, "account.sign_in_failed")
		}
		_, err := s.SignIn(ctx, "p@own.example", password, "")
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.TooMany || f.RetryAfter != time.Second {
			s.Fatalf("the sixth attempt at once: %v", err)
		}
		s.clock.Add(f.RetryAfter)
		s.signIn("p@own.example")
		_, err = s.SignIn(ctx, "p@own.example", "wrong password", "")
		s.wantCode("after a success the count begins anew", err, "account.sign_in_failed")
	})
}

func TestGuessingOverManyAccountsIsSlowedDownByAddress(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		for i := range 20 {
			_, err := s.SignIn(ctx, strings.Repeat("a", i+1)+"@own.example", "wrong password", address)
			s.wantCode("a free failure", err, "account.sign_in_failed")
		}
		_, err := s.SignIn(ctx, "p@own.example", password, address)
		s.wantFault("the next from that address", err, fault.TooMany)
		if _, err := s.SignIn(ctx, "p@own.example", password, "192.0.2.8"); err != nil {
			s.Errorf("from another address: %v", err)
		}
	})
}

// A class of published faults: parallel requests that all see the count of before.
func TestParallelGuessesAreAllCounted(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		var tried, refused int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 12 {
			all.Add(1)
			go func() {
				defer all.Done()
				_, err := s.SignIn(ctx, "p@own.example", "wrong password", address)
				mu.Lock()
				defer mu.Unlock()
				if fault.Is(err, fault.TooMany) {
					refused++
				} else {
					tried++
				}
			}()
		}
		all.Wait()
		if tried != 5 || refused != 7 {
			s.Errorf("%d passwords were tried at once and %d refused", tried, refused)
		}
	})
}
