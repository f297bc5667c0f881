package moderation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

func (st *stage) rules(r moderation.Rules) {
	st.t.Helper()
	must(st.t, st.mod.SetRules(context.Background(), st.officer(), 0, st.c.Slug, &r, 0))
}

// state sends one and tells how it stands.
func (st *stage) state(in submission.In) submission.State {
	st.t.Helper()
	r := st.send(in)
	t, err := st.subs.Track(context.Background(), r.Number, r.Secret)
	must(st.t, err)
	return t.State
}

func TestRulesHoldWhatTheySayAndNothingElse(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		link := "看 https://a.example/ 和 http://www.b.example/ "
		for _, c := range []struct {
			name  string
			rules moderation.Rules
			text  string
			want  submission.State
		}{
			{"nothing is asked", moderation.Rules{}, strings.Repeat(link, 9), submission.Accepted},
			{"everything", moderation.Rules{Everything: true}, "同意", submission.Held},
			{"fewer links", moderation.Rules{Links: 3}, link, submission.Accepted},
			{"as many links", moderation.Rules{Links: 2}, link, submission.Held},
			{"another word", moderation.Rules{Words: []string{"代写"}}, "代为书写", submission.Accepted},
			{"the word, hidden", moderation.Rules{Words: []string{"代写"}}, "诚信代-写、论文", submission.Held},
			{"the word in capitals", moderation.Rules{Words: []string{"casino"}}, "Visit Ｃasi no now", submission.Held},
		} {
			st.rules(c.rules)
			if got := st.state(st.in(c.text)); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	})
}

func TestAHeldOneIsCountedHasItsReceiptAndIsNotPublic(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		in := st.in("同意")
		in.Held = moderation.HeldHoneypot
		r := st.send(in)
		if got := st.public(); len(got) != 0 {
			t.Errorf("the public reads %+v", got)
		}
		if n := st.count("SELECT submissions FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 1 {
			t.Errorf("%d are counted", n)
		}
		if n := st.count("SELECT held FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 1 {
			t.Errorf("%d are counted as held", n)
		}
		if n := st.count("SELECT COUNT(*) FROM register_pending WHERE kind = 'submission' AND ref = ?", r.Submission); n != 1 {
			t.Errorf("it has %d leaves", n)
		}
		due, err := st.mod.Today(context.Background(), st.officer(), []int64{st.org})
		must(t, err)
		if len(due) != 1 || !due[0].Held || due[0].Waiting {
			t.Errorf("the first page of staff says %+v", due)
		}
		st.decide(r, moderation.Decision{Act: moderation.Show})
		if got := st.public(); len(got) != 1 {
			t.Errorf("released, the public reads %+v", got)
		}
		if n := st.count("SELECT held FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 0 {
			t.Errorf("released, %d are counted as held", n)
		}
	})
}

// The same words from many people are a campaign; from one contact again and
// again they are a flood.
func TestACampaignIsNoFlood(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		st.rules(moderation.Rules{Repeats: 3})
		for range 6 {
			if got := st.state(st.in("请保留早市")); got != submission.Accepted {
				t.Fatalf("one of many people: %s", got)
			}
		}
		same := func() submission.In {
			in := st.in("请保留 早市！")
			in.Submitter.Email, in.Submitter.Phone = "", "138-0013-8000"
			return in
		}
		want := []submission.State{submission.Accepted, submission.Accepted, submission.Held, submission.Held}
		for i, w := range want {
			if got := st.state(same()); got != w {
				t.Errorf("time %d from one contact: %s, want %s", i+1, got, w)
			}
		}
		st.clock.Add(25 * time.Hour)
		if got := st.state(same()); got != submission.Accepted {
			t.Errorf("a day later: %s", got)
		}
	})
}

func TestTheFirstOfAContactWaitsTheSecondDoesNot(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		st.rules(moderation.Rules{First: true})
		in := func(email string) submission.In {
			x := st.in("同意")
			x.Submitter.Email = email
			return x
		}
		for _, c := range []struct {
			email string
			want  submission.State
		}{{"li@example.test", submission.Held}, {"LI@example.test", submission.Accepted}, {"", submission.Held}, {"", submission.Held}} {
			if got := st.state(in(c.email)); got != c.want {
				t.Errorf("%q: %s, want %s", c.email, got, c.want)
			}
		}
	})
}

func TestAConsultationsOwnRulesGoBeforeItsUnits(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		ctx := context.Background()
		must(t, st.mod.SetRules(ctx, st.as(3, actor.Administrator), st.org, "", &moderation.Rules{Everything: true}, 0))
		if got := st.state(st.in("甲")); got != submission.Held {
			t.Errorf("by the unit's rules: %s", got)
		}
		st.rules(moderation.Rules{})
		if got := st.state(st.in("乙")); got != submission.Accepted {
			t.Errorf("by its own rules: %s", got)
		}
		must(t, st.mod.SetRules(ctx, st.officer(), 0, st.c.Slug, nil, 0))
		if got := st.state(st.in("丙")); got != submission.Held {
			t.Errorf("its own dropped: %s", got)
		}
		_, set, err := st.mod.RulesOf(ctx, st.officer(), st.c.Slug)
		must(t, err)
		must(t, st.mod.SetRules(ctx, st.as(3, actor.Administrator), st.org, "", &moderation.Rules{Links: 2}, set.Version))
		err = st.mod.SetRules(ctx, st.as(3, actor.Administrator), st.org, "", &moderation.Rules{Links: 3}, set.Version)
		if f, ok := fault.As(err); !ok || f.Kind != fault.Conflict {
			t.Errorf("rules that somebody else changed meanwhile: %v", err)
		}
		if err := st.mod.SetRules(ctx, st.officer(), st.org, "", &moderation.Rules{}, 0); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an officer sets the rules of the whole unit: %v", err)
		}
		if err := st.mod.SetRules(ctx, st.as(4, actor.Reviewer), 0, st.c.Slug, &moderation.Rules{}, 0); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a reviewer sets rules: %v", err)
		}
		if err := st.mod.SetRules(ctx, st.officer(), 0, st.c.Slug, &moderation.Rules{Repeats: 1, Links: -1}, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("rules that cannot be: %v", err)
		}
	})
}
