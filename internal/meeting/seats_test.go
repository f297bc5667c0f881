package meeting_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

func TestAFreedSeatGoesToTheFirstWhoWaits(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.byOrder(2))
		secrets := map[int]string{}
		got := map[int]meeting.Application{}
		for n := range 4 {
			a, secret, err := b.Receive(ctx, actor.Public(), m.Slug, applicant(n, ""))
			must(t, err)
			got[n], secrets[n] = a, secret
		}
		if got[1].State != meeting.Seated || got[2].State != meeting.Waiting {
			t.Fatalf("states %s, %s", got[1].State, got[2].State)
		}
		own, err := b.Mine(ctx, got[3].Reference, secrets[3])
		must(t, err)
		if own.Position != 2 {
			t.Errorf("position %d", own.Position)
		}
		var seen []string
		b.Watch(func(_ ctxType, _ *database.Tx, _ meeting.Meeting, a meeting.Application, from meeting.ApplicationState) error {
			seen = append(seen, fmt.Sprint(a.Number, from, a.State))
			return nil
		})
		_, err = b.WithdrawApplication(ctx, actor.Public(), got[0].Reference, secrets[0])
		must(t, err)
		if want := []string{"1seatedwithdrawn", "3waitingseated"}; !slices.Equal(seen, want) {
			t.Errorf("watched %v", seen)
		}
		again, _, err := b.Receive(ctx, actor.Public(), m.Slug, func() meeting.ApplicationIn { in := applicant(0, ""); in.Key = "again"; return in }())
		must(t, err)
		if again.State != meeting.Waiting || again.Number != 5 {
			t.Errorf("who withdrew and came again: %+v", again)
		}
		b.agrees(m.ID)
	})
}

// agrees compares the figures with what they count.
func (b *bureau) agrees(id int64) {
	b.t.Helper()
	m, err := b.ByID(ctx, id)
	must(b.t, err)
	all, err := b.Applications(ctx, id)
	must(b.t, err)
	want := map[string]meeting.Count{}
	for _, a := range all {
		for _, part := range partsOf(a) {
			c := want[part]
			if a.State != meeting.Withdrawn {
				c.Applied++
			}
			if a.State.Holds() {
				c.Seated += a.Party
			}
			if a.State == meeting.Waiting {
				c.Waiting += a.Party
			}
			want[part] = c
		}
	}
	for part, c := range want {
		if m.Counts[part] != c {
			b.t.Errorf("part %q counts %+v, there are %+v", part, m.Counts[part], c)
		}
	}
}

// partsOf lists in which figures an application counts.
func partsOf(a meeting.Application) []string {
	parts := []string{""}
	if a.Category != "" {
		parts = append(parts, a.Category)
	}
	if a.Side != "" {
		parts = append(parts, meeting.SidePart(a.Side))
	}
	if a.Session != 0 {
		parts = append(parts, meeting.SessionPart(a.Session))
	}
	return parts
}

func TestSessionsHoldGroupsAndWaitingLists(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.byOrder(0)
		from := *in.StartsAt
		in.Sessions = &[]meeting.Session{
			{Name: "上午", StartsAt: from, EndsAt: from.Add(time.Hour), Capacity: 5, Group: 4},
			{Name: "下午", StartsAt: from.Add(time.Hour), EndsAt: from.Add(2 * time.Hour), Capacity: 2},
		}
		m := b.opened(in)
		send := func(n, session, party int) meeting.Application {
			x := applicant(n, "")
			x.Session, x.Party = m.Sessions[session].ID, party
			return b.apply(m, x)
		}
		if a := send(1, 0, 4); a.State != meeting.Seated {
			t.Errorf("four of five: %s", a.State)
		}
		if a := send(2, 0, 2); a.State != meeting.Waiting {
			t.Errorf("two more of one left: %s", a.State)
		}
		if a := send(3, 0, 1); a.State != meeting.Seated {
			t.Errorf("one more: %s", a.State)
		}
		x := applicant(4, "")
		x.Session, x.Party = m.Sessions[1].ID, 2
		_, _, err := b.Receive(ctx, actor.Public(), m.Slug, x)
		b.refused(err, fault.Invalid, "")
		x.Session, x.Party = 4711, 1
		_, _, err = b.Receive(ctx, actor.Public(), m.Slug, x)
		b.refused(err, fault.Invalid, "")
		b.agrees(m.ID)
	})
}

func TestAHearingKeepsItsSidesInBalanceAndHasSeatsForObservers(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.byOrder(4)
		in.Kind, in.Sides, in.Observers = ptr(meeting.Hearing), ptr(true), ptr(1)
		m := b.opened(in)
		states := map[string]int{}
		for n := range 5 {
			x := applicant(n, "")
			x.Side = "for"
			states["for "+string(b.apply(m, x).State)]++
		}
		for n := range 2 {
			x := applicant(10+n, "")
			x.Side = "against"
			states["against "+string(b.apply(m, x).State)]++
			states["observer "+string(b.apply(m, applicant(20+n, meeting.Observer)).State)]++
		}
		for what, n := range map[string]int{"for seated": 2, "for waiting": 3, "against seated": 2, "observer seated": 1, "observer waiting": 1} {
			if states[what] != n {
				t.Errorf("%s: %d, want %d", what, states[what], n)
			}
		}
		_, _, err := b.Receive(ctx, actor.Public(), m.Slug, applicant(30, ""))
		b.refused(err, fault.Invalid, "")
		b.agrees(m.ID)
	})
}

func TestAtOnceOnlyAsManyAreMovedIntoSeatsAsThereAre(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		in := b.call()
		in.Seats, in.Categories, in.Quotas = ptr(3), &[]meeting.Category{{Code: "citizen", Name: "市民代表"}}, &[]meeting.Quota{}
		m := b.opened(in)
		var all []meeting.Application
		for n := range 12 {
			all = append(all, b.apply(m, applicant(n, "citizen")))
		}
		b.clock.Set(*m.ClosesAt)
		var wg sync.WaitGroup
		var mu sync.Mutex
		full := 0
		for _, a := range all {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := b.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
					locked, err := b.Lock(tx, m.ID)
					if err != nil {
						return err
					}
					_, err = b.Move(ctx, tx, &locked, a.ID, meeting.Chosen, meeting.Change{})
					return err
				})
				if f, ok := fault.As(err); ok && f.Code == "meeting.full" {
					mu.Lock()
					full++
					mu.Unlock()
				} else if err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		if full != 9 {
			t.Errorf("%d were refused, want 9", full)
		}
		b.agrees(m.ID)
	})
}

// Whatever is done to the applications of a meeting in whatever order: no state is
// left by a way that the table does not know, no seat is given twice, the figures
// agree with what they count, and nobody waits who would fit.
func TestWhateverHappensToApplicationsTheSeatsHold(t *testing.T) {
	b := open(t, database.SQLite)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		b.clock.Set(start.Add(time.Duration(n) * time.Second))
		in := b.byOrder(rapid.IntRange(1, 4).Draw(r, "seats"))
		in.Categories = &[]meeting.Category{{Code: "citizen", Name: "市民", Seats: 1}, {Code: "expert", Name: "专家"}}
		if *in.Seats < 1 {
			in.Seats = ptr(1)
		}
		in.OpensAt = nil
		m := b.published(in)
		b.clock.Add(time.Minute)
		secrets := map[int64]string{}
		walkIns := false // who is there on the day is there, also beyond the seats
		for range rapid.IntRange(1, 12).Draw(r, "acts") {
			if len(secrets) == 0 || rapid.IntRange(0, 2).Draw(r, "act") == 0 {
				n++
				x := applicant(n, rapid.SampledFrom([]string{"citizen", "expert"}).Draw(r, "category"))
				a, secret, err := b.Receive(ctx, actor.Public(), m.Slug, x)
				if err != nil {
					r.Fatal(err)
				}
				secrets[a.ID] = secret
				continue
			}
			all, err := b.Applications(ctx, m.ID)
			if err != nil {
				r.Fatal(err)
			}
			a := rapid.SampledFrom(all).Draw(r, "application")
			to := rapid.SampledFrom(meeting.ApplicationStates).Draw(r, "to")
			err = b.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
				locked, err := b.Lock(tx, m.ID)
				if err != nil {
					return err
				}
				_, err = b.Move(ctx, tx, &locked, a.ID, to, meeting.Change{})
				return err
			})
			walkIns = walkIns || err == nil && to == meeting.Attended && !a.State.Holds()
			if !meeting.MayMove(a.State, to) && err == nil {
				r.Fatalf("%s to %s was allowed", a.State, to)
			}
			if f, ok := fault.As(err); err != nil && (!ok || f.Kind != fault.Conflict) {
				r.Fatal(err)
			}
		}
		b.agrees(m.ID)
		now, err := b.ByID(ctx, m.ID)
		if err != nil {
			r.Fatal(err)
		}
		all, _ := b.Applications(ctx, m.ID)
		if now.Counts[""].Seated > now.Seats && !walkIns {
			r.Fatalf("%d seated on %d seats", now.Counts[""].Seated, now.Seats)
		}
		for _, a := range all {
			free := now.Counts[""].Seated < now.Seats && (a.Category != "citizen" || now.Counts["citizen"].Seated < 1)
			if a.State == meeting.Waiting && free {
				r.Fatalf("number %d waits beside a free seat: %+v", a.Number, now.Counts)
			}
		}
	})
}

// No state is a dead end that the table did not mean, and every published status
// is reached by the events.
func TestEveryStateIsReachedAndEveryEventHasItsPlace(t *testing.T) {
	reached := map[meeting.State]bool{meeting.Prepared: true}
	used := map[meeting.Event]bool{}
	for _, line := range meeting.Transitions {
		used[line.Event] = true
		if line.To != "" {
			reached[line.To] = true
		}
		if len(line.From) == 0 {
			t.Errorf("%s begins nowhere", line.Event)
		}
	}
	for _, e := range meeting.Events {
		if !used[e] {
			t.Errorf("%s is in no line", e)
		}
	}
	if len(reached) != 10 {
		t.Errorf("%d states are reached", len(reached))
	}
	for _, to := range meeting.ApplicationStates {
		if meeting.MayMove(meeting.Withdrawn, to) || meeting.MayMove(meeting.Carried, to) {
			t.Errorf("who withdrew or went elsewhere goes on to %s", to)
		}
	}
}

func TestTwelveAtOnceWithOneKeyMakeOneApplication(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.opened(b.byOrder(3))
		var wg sync.WaitGroup
		var mu sync.Mutex
		seen := map[string]int{}
		for range 12 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				a, secret, err := b.Receive(ctx, actor.Public(), m.Slug, applicant(1, ""))
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				seen[a.Reference+secret]++
				mu.Unlock()
			}()
		}
		wg.Wait()
		if len(seen) != 1 || b.count("SELECT count(*) FROM applications") != 1 {
			t.Errorf("answers %v", seen)
		}
	})
}
