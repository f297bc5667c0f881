package account_test

import (
	"testing"
	"time"

	"guangyi/internal/account"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func TestASessionEndsWhenNobodyUsesItAndAtTheLatestAfterAWeek(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		idle := s.signIn("p@own.example")
		s.clock.Add(account.IdleLife - time.Second)
		if _, err := s.Session(ctx, idle); err != nil {
			s.Errorf("a second before the idle time ends: %v", err)
		}
		s.clock.Add(account.IdleLife - time.Second)
		if _, err := s.Session(ctx, idle); err != nil {
			s.Errorf("each request begins the idle time anew: %v", err)
		}
		s.clock.Add(account.IdleLife)
		_, err := s.Session(ctx, idle)
		s.wantFault("after the idle time", err, fault.Unauthenticated)

		busy := s.signIn("p@own.example")
		for range 7*24 - 1 {
			s.clock.Add(time.Hour)
			if _, err := s.Session(ctx, busy); err != nil {
				s.Fatalf("a session in use: %v", err)
			}
		}
		s.clock.Add(time.Hour - time.Microsecond)
		if _, err := s.Session(ctx, busy); err != nil {
			s.Errorf("just before a week is over: %v", err)
		}
		s.clock.Add(time.Microsecond)
		_, err = s.Session(ctx, busy)
		s.wantFault("after a week", err, fault.Unauthenticated)
	})
}

func TestSigningOutEndsTheSessionAndEverywhereEndsAll(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		first, second := s.signIn("p@own.example"), s.signIn("p@own.example")
		if first == second {
			s.Fatal("two sign-ins gave one token")
		}
		who, err := s.Session(ctx, first)
		if err != nil {
			s.Fatal(err)
		}
		if sittings, err := s.Sessions(ctx, who, first); err != nil || len(sittings) != 2 || sittings[0].This == sittings[1].This {
			s.Errorf("the person sees %+v, %v", sittings, err)
		}
		if err := s.SignOut(ctx, first); err != nil {
			s.Fatal(err)
		}
		_, err = s.Session(ctx, first)
		s.wantFault("the session that was left", err, fault.Unauthenticated)
		if _, err := s.Session(ctx, second); err != nil {
			s.Errorf("the other session: %v", err)
		}
		if err := s.SignOut(ctx, first); err != nil {
			s.Errorf("leaving twice: %v", err)
		}
		if err := s.SignOutEverywhere(ctx, who); err != nil {
			s.Fatal(err)
		}
		_, err = s.Session(ctx, second)
		s.wantFault("after signing out everywhere", err, fault.Unauthenticated)
	})
}

func TestAForgedSessionTokenIsNobody(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		token := s.signIn("p@own.example")
		for _, forged := range []string{"", "x", token + "x", token[1:], "A" + token[1:] + "", string(make([]byte, 43)), "' OR 1=1 --"} {
			if forged == token {
				continue
			}
			_, err := s.Session(ctx, forged)
			s.wantFault("a forged token", err, fault.Unauthenticated)
		}
	})
}

func TestAnotherProcessSeesTheEndOfASessionWithinASecond(t *testing.T) {
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		token := s.signIn("p@own.example")
		there := s.process()
		if _, err := there.Session(ctx, token); err != nil {
			s.Fatal(err)
		}
		if err := s.Disable(ctx, actor.Console(), s.own.ID, a.ID, 0); err != nil {
			s.Fatal(err)
		}
		_, err := s.Session(ctx, token)
		s.wantFault("here, at once", err, fault.Unauthenticated)
		s.clock.Add(time.Second)
		_, err = there.Session(ctx, token)
		s.wantFault("there, after a second", err, fault.Unauthenticated)
	})
}

func TestANewPasswordEndsEveryOtherSession(t *testing.T) {
	const next = "四条鱼 swim 过桥 slowly"
	each(t, func(s *site) {
		a := s.person("p@own.example", actor.Officer, s.own.ID)
		old := s.signIn("p@own.example")
		who, err := s.Session(ctx, old)
		if err != nil {
			s.Fatal(err)
		}
		_, err = s.ChangePassword(ctx, who, "not my password", next, address)
		s.wantCode("with a wrong present password", err, "account.password_wrong")
		_, err = s.ChangePassword(ctx, who, password, "short", address)
		s.wantCode("to a short password", err, "account.password_short")
		token, err := s.ChangePassword(ctx, who, password, next, address)
		if err != nil {
			s.Fatal(err)
		}
		if got, err := s.Session(ctx, token); err != nil || got.ID != a.ID {
			s.Errorf("the new session: %+v, %v", got, err)
		}
		_, err = s.Session(ctx, old)
		s.wantFault("the old session", err, fault.Unauthenticated)
		_, err = s.SignIn(ctx, "p@own.example", password, "")
		s.wantFault("the old password", err, fault.Unauthenticated)
		if _, err := s.SignIn(ctx, "p@own.example", next, ""); err != nil {
			s.Errorf("the new password: %v", err)
		}
	})
}

func TestPurgeLeavesWhatIsInForce(t *testing.T) {
	each(t, func(s *site) {
		s.person("p@own.example", actor.Officer, s.own.ID)
		s.signIn("p@own.example")
		_, _ = s.SignIn(ctx, "nobody@own.example", "wrong password", "")
		s.clock.Add(25 * time.Hour)
		kept := s.signIn("p@own.example")
		if err := s.Purge(ctx); err != nil {
			s.Fatal(err)
		}
		var sessions, failures int64
		s.db.Read(ctx).Table("sessions").Count(&sessions)
		s.db.Read(ctx).Table("sign_in_failures").Where("last_at <= ?", s.clock.Now().Add(-24*time.Hour)).Count(&failures)
		if sessions != 1 || failures != 0 {
			s.Errorf("%d sessions and %d old failures are left", sessions, failures)
		}
		if _, err := s.Session(ctx, kept); err != nil {
			s.Errorf("the session in force: %v", err)
		}
	})
}
