package selection_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/selection"
	"guangyi/internal/sortition"
)

func TestEveryExclusionHasItsPublishedRule(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		earlier := b.call()
		earlier.Method, earlier.Seed, earlier.Quotas, earlier.Categories, earlier.Kind = ptr(meeting.ByOrder), &meeting.Seed{}, &[]meeting.Quota{}, &[]meeting.Category{}, ptr(meeting.Seminar)
		earlier.ClosesAt, earlier.StartsAt, earlier.EndsAt = ptr(start.Add(2*day)), ptr(start.Add(3*day)), ptr(start.Add(3*day+time.Hour))
		before := b.opened(earlier)
		often := b.apply(before, applicant(0, "", "male"))
		must(t, b.db.Upkeep(ctx, func(tx *database.Tx) error {
			return tx.Model(&meeting.Application{}).Where("meeting_id = ? AND id = ?", before.ID, often.ID).Update("state", meeting.Attended).Error
		}))
		in := b.call()
		in.ExcludeConflict, in.InvitedAtMost, in.InvitedWithinMonths = ptr(true), ptr(0), ptr(12)
		in.InvitedAtMost = ptr(1)
		in.Quotas = &[]meeting.Quota{}
		m := b.opened(in)
		for i := range 14 {
			a := applicant(i, "citizen", "male")
			a.Conflict = i == 1
			if a.Conflict {
				a.Person.Conflict = "经营养老院"
			}
			app := b.apply(m, a)
			if i == 2 {
				_, err := b.meetings.Vet(ctx, b.secretary(), m.Slug, app.ID, false, "不在本市居住", 0)
				must(t, err)
			}
			if i == 3 {
				_, err := b.meetings.WithdrawFor(ctx, b.secretary(), m.Slug, app.ID, "来电撤回", 0)
				must(t, err)
			}
		}
		b.computed(m)
		r, err := b.StaffResult(ctx, b.secretary(), m.Slug)
		must(t, err)
		want := map[selection.Rule]int{selection.ConflictRule: 1, selection.RefusedRule: 1, selection.WithdrawnRule: 1}
		for rule, n := range want {
			if r.Rules[rule] != n {
				t.Errorf("%s: %d people, want %d", rule, r.Rules[rule], n)
			}
		}
		if r.Selection.People != 11 || r.Rules[selection.OftenRule] != 0 {
			t.Errorf("%d in the pool, %v: invited once is not more than once", r.Selection.People, r.Rules)
		}
	})
}

func TestWhoWasInvitedMoreOftenThanAllowedIsNotDrawn(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		for i := range 2 {
			in := b.call()
			in.Method, in.Seed, in.Quotas, in.Categories, in.Kind = ptr(meeting.ByOrder), &meeting.Seed{}, &[]meeting.Quota{}, &[]meeting.Category{}, ptr(meeting.Seminar)
			before := b.opened(in)
			a := b.apply(before, applicant(0, "", "male"))
			must(t, b.db.Upkeep(ctx, func(tx *database.Tx) error {
				return errors.Join(
					tx.Model(&meeting.Application{}).Where("meeting_id = ? AND id = ?", before.ID, a.ID).Update("state", meeting.Attended).Error,
					tx.Model(&meeting.Meeting{}).Where("id = ?", before.ID).Update("starts_at", start.Add(time.Duration(i)*time.Hour)).Error)
			}))
		}
		in := b.call()
		in.InvitedAtMost, in.InvitedWithinMonths, in.Quotas = ptr(1), ptr(12), &[]meeting.Quota{}
		m := b.opened(in)
		for i := range 12 {
			b.apply(m, applicant(i, "citizen", "male"))
		}
		b.computed(m)
		r, err := b.StaffResult(ctx, b.secretary(), m.Slug)
		must(t, err)
		if r.Rules[selection.OftenRule] != 1 || r.Selection.People != 11 {
			t.Errorf("%d in the pool, %v", r.Selection.People, r.Rules)
		}
	})
}

func TestPeopleOfOneHouseholdNeverSitTogether(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Households, in.Quotas, in.Seats = ptr(true), &[]meeting.Quota{}, ptr(3)
		in.Categories, in.Demands = &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 3}}, &[]string{"address"}
		m := b.opened(in)
		for i := range 12 {
			a := applicant(i, "citizen", "male")
			a.Person.Address = fmt.Sprintf("人民路%d号", i/4)
			b.apply(m, a)
		}
		b.drawn(m, "123")
		r, err := b.FullForStaff(ctx, b.auditor(), m.Slug)
		must(t, err)
		group := map[string]int{}
		for _, p := range r.People {
			group[p.Number] = p.Household
		}
		for _, panel := range r.Panels {
			if group[panel[0]] == group[panel[1]] || group[panel[1]] == group[panel[2]] || group[panel[0]] == group[panel[2]] {
				t.Fatalf("panel %v has two of a household", panel)
			}
		}
	})
}

func TestByOrderOfArrivalTheListFollowsTheArrivalAndNothingIsDrawn(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Method, in.Seats, in.Quotas, in.Seed = ptr(meeting.ByOrder), ptr(3), &[]meeting.Quota{}, &meeting.Seed{}
		in.Categories = &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 3}}
		m := b.opened(in)
		for i := range 5 {
			b.apply(m, applicant(i, "citizen", "male"))
		}
		b.clock.Set(*m.ClosesAt)
		sel, err := b.Close(ctx, b.secretary(), m.Slug)
		must(t, err)
		if sel.Draws() || sel.Stage != selection.Listed {
			t.Fatalf("%+v", sel)
		}
		_, err = b.Confirm(ctx, b.second(), m.Slug)
		must(t, err)
		r, err := b.Result(ctx, m.Slug)
		must(t, err)
		if len(r.Seats) != 3 || len(r.Reserves) != 2 || r.Selection.Trivial {
			t.Errorf("%d seats, %d waiting", len(r.Seats), len(r.Reserves))
		}
		if states := b.states(m); states[meeting.Seated] != 3 || states[meeting.Waiting] != 2 {
			t.Errorf("states %v", states)
		}
	})
}

func TestMixedByCategoryTheQuotaCountsTheNominatedToo(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Method, in.Seats = ptr(meeting.Mixed), ptr(5)
		in.Categories = &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 3, Method: meeting.ByDraw}, {Code: "expert", Name: "专家学者", Seats: 2, Method: meeting.ByNomination}}
		in.Quotas = &[]meeting.Quota{{Category: "sex", Feature: "female", Min: 3, Max: 5}}
		m := b.opened(in)
		for i := range 9 {
			b.apply(m, applicant(i, "citizen", []string{"female", "male"}[i%2]))
		}
		for i := range 2 {
			a := applicant(20+i, "expert", "female")
			a.Channel = "phone"
			_, _, err := b.meetings.Nominate(ctx, b.secretary(), m.Slug, a, "长期研究养老收费")
			must(t, err)
		}
		b.drawn(m, "500")
		r, err := b.FullForStaff(ctx, b.auditor(), m.Slug)
		must(t, err)
		for _, q := range r.Quotas {
			if q.Feature == "female" && q.Min != 1 {
				t.Errorf("of the three drawn %d must be women, want 1: two nominated are", q.Min)
			}
		}
		if n := b.states(m)[meeting.Chosen]; n != 5 {
			t.Errorf("%d of 5 seats are given", n)
		}
		result, err := b.Result(ctx, m.Slug)
		must(t, err)
		reasons := 0
		for _, s := range result.Seats {
			if s.Reason == "长期研究养老收费" {
				reasons++
			}
		}
		if reasons != 2 {
			t.Errorf("%d reasons are published", reasons)
		}
	})
}

func TestAHearingHearsBothSidesAlikeAndDrawsItsObservers(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Kind, in.Sides, in.Seats, in.Observers = ptr(meeting.Hearing), ptr(true), ptr(6), ptr(2)
		in.Categories, in.Quotas = &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 6}}, &[]meeting.Quota{}
		m := b.opened(in)
		for i := range 16 {
			a := applicant(i, "citizen", "male")
			a.Side = "for"
			if i < 4 {
				a.Side = "against"
			}
			if i > 11 {
				a.Category, a.Side = meeting.Observer, ""
			}
			b.apply(m, a)
		}
		b.drawn(m, "010")
		count := map[string]int{}
		chosen, err := b.meetings.Applications(ctx, m.ID, meeting.Chosen)
		must(t, err)
		for _, a := range chosen {
			if a.Category == meeting.Observer {
				count["observer"]++
				continue
			}
			count[a.Side]++
		}
		if count["for"] != 3 || count["against"] != 3 || count["observer"] != 2 {
			t.Errorf("drawn %v", count)
		}
	})
}

func TestWhoWithdrawsBeforeTheDrawIsReplacedInIt(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		b.thirty(m)
		b.computed(m)
		_, err := b.Publish(ctx, b.secretary(), m.Slug)
		must(t, err)
		r, err := b.FullForStaff(ctx, b.auditor(), m.Slug)
		must(t, err)
		b.withdraw(m, r.Panels[472][0])
		b.clock.Set(m.Seed.KnownAt)
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "472")
		must(t, err)
		other := b.application(m, r.Panels[472][1])
		_, err = b.meetings.WithdrawFor(ctx, b.secretary(), m.Slug, other.ID, "来电撤回", 0)
		b.refused(err, fault.Conflict, "selection.frozen")
		_, err = b.meetings.Vet(ctx, b.secretary(), m.Slug, other.ID, false, "资料不全", 0)
		if f, ok := fault.As(err); !ok || f.Kind != fault.Conflict {
			t.Errorf("somebody is refused after the seed was entered: %v", err)
		}
		_, err = b.ConfirmSeed(ctx, b.second(), m.Slug, "472")
		must(t, err)
		if n := b.states(m)[meeting.Chosen]; n != 8 {
			t.Errorf("%d of 8 seats are given", n)
		}
	})
}

func (b *bureau) application(m meeting.Meeting, label string) meeting.Application {
	b.t.Helper()
	all, err := b.meetings.Applications(ctx, m.ID)
	must(b.t, err)
	for _, a := range all {
		if a.Label == label {
			return a
		}
	}
	b.t.Fatalf("nobody is %s", label)
	return meeting.Application{}
}

func (b *bureau) withdraw(m meeting.Meeting, label string) {
	b.t.Helper()
	a := b.application(m, label)
	_, err := b.meetings.WithdrawApplication(ctx, actor.Public(), a.Reference, b.secrets[a.ID])
	must(b.t, err)
}

func TestAWorkerThatDiesLeavesTheJobToAnother(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		b.thirty(m)
		b.clock.Set(*m.ClosesAt)
		_, err := b.Close(ctx, b.secretary(), m.Slug)
		must(t, err)
		dying, kill := context.WithCancel(ctx)
		b.SolveWith(func(context.Context, sortition.Pool, func(sortition.Progress)) (sortition.Distribution, error) {
			kill()
			return sortition.Distribution{}, dying.Err()
		})
		_, _ = b.Work(dying)
		b.SolveWith(sortition.Leximin)
		if worked, err := b.Work(ctx); worked || err != nil {
			t.Fatalf("the job is taken from a worker that may still live (%v)", err)
		}
		b.clock.Set(b.clock.Now().Add(2 * time.Minute))
		sel := b.worked(m)
		if sel.Stage != selection.Computed {
			t.Errorf("the stage is %s", sel.Stage)
		}
	})
}

func TestOnlyOneOfManyConfirmationsDraws(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.call())
		b.thirty(m)
		b.computed(m)
		_, err := b.Publish(ctx, b.secretary(), m.Slug)
		must(t, err)
		b.clock.Set(m.Seed.KnownAt)
		_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, "472")
		must(t, err)
		var group sync.WaitGroup
		var mu sync.Mutex
		drawn := 0
		for i := range 6 {
			group.Go(func() {
				if _, err := b.ConfirmSeed(ctx, person(int64(50+i), b.org, actor.Secretary), m.Slug, "472"); err == nil {
					mu.Lock()
					drawn++
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if n := b.states(m)[meeting.Chosen]; drawn != 1 || n != 8 {
			t.Errorf("%d confirmations drew, %d sit", drawn, n)
		}
	})
}
