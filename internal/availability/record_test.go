package availability_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guangyi/internal/access"
	"guangyi/internal/availability"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

// site is a database with nodes on a clock, and a steady clock beside it, that the
// test moves.
type site struct {
	*availability.Service
	t             testing.TB
	db            *database.DB
	clock         *clock.Manual
	steady        time.Duration
	consultations *consultation.Service
	org, other    organisation.Organisation
}

func each(t *testing.T, test func(*site)) {
	t.Helper()
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { test(open(t, databasetest.Target(t, dialect))) })
	}
}

func open(t testing.TB, target string) *site {
	t.Helper()
	s := &site{t: t, clock: clock.At(start)}
	var err error
	s.db, err = database.Open(ctx, target, database.Options{Clock: s.clock})
	must(t, err)
	t.Cleanup(func() { s.db.Close() })
	gate, err := access.New()
	must(t, err)
	orgs, drafts := organisation.New(s.db, gate), draft.New(s.db, gate)
	s.consultations = consultation.New(s.db, gate, drafts, orgs)
	s.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局"})
	must(t, err)
	s.other, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局"})
	must(t, err)
	s.Service = s.node()
	return s
}

// node is another node of the same site, or the same one started again.
func (s *site) node() *availability.Service {
	s.t.Helper()
	gate, err := access.New()
	must(s.t, err)
	return availability.New(s.db, gate, s.consultations, zone).WithSteady(func() time.Duration { return s.steady })
}

// pass lets time go by on both clocks.
func (s *site) pass(d time.Duration) {
	s.clock.Add(d)
	s.steady += d
}

func (s *site) beat(nodes ...*availability.Service) {
	s.t.Helper()
	for _, n := range nodes {
		must(s.t, n.Beat(ctx))
	}
}

// outages writes those that were recorded as cause and seconds, oldest first.
func (s *site) outages() []string {
	s.t.Helper()
	list, err := s.Latest(ctx, 100)
	must(s.t, err)
	var out []string
	for _, o := range slices.Backward(list) {
		out = append(out, fmt.Sprintf("%s %d", o.Cause, int(o.Span().Length().Seconds())))
	}
	return out
}

func (s *site) want(what string, outages ...string) {
	s.t.Helper()
	if got := s.outages(); !slices.Equal(got, outages) {
		s.t.Errorf("%s: recorded %v, want %v", what, got, outages)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStopIsAnOutageAndAQuickRestartIsNot(t *testing.T) {
	each(t, func(s *site) {
		s.beat(s.Service)
		s.pass(20 * time.Second)
		s.beat(s.Service)
		s.pass(100 * time.Second)
		s.Service = s.node()
		s.beat(s.Service)
		s.want("a restart")
		s.pass(50 * time.Minute)
		a, b := s.node(), s.node()
		var both sync.WaitGroup
		both.Go(func() { s.beat(a) })
		both.Go(func() { s.beat(b) })
		both.Wait()
		s.want("a stop after which two nodes came back at once", "stopped 3000")
	})
}

// One of two nodes was always there: nothing was lost.
func TestWhileOneNodeLivesThereIsNoOutage(t *testing.T) {
	each(t, func(s *site) {
		a, b := s.node(), s.node()
		s.beat(a, b)
		for range 30 {
			s.pass(time.Minute)
			s.beat(b)
		}
		s.beat(a)
		s.want("one was away")
		alive, _, err := s.Nodes(ctx)
		if err != nil || alive != 2 {
			s.t.Errorf("%d nodes, %v", alive, err)
		}
	})
}

func TestASetClockInventsNoOutage(t *testing.T) {
	each(t, func(s *site) {
		s.beat(s.Service)
		for _, jump := range []time.Duration{5 * time.Hour, -7 * time.Hour, 40 * 24 * time.Hour, -33 * 24 * time.Hour} {
			s.clock.Add(jump) // the wall's alone
			s.pass(20 * time.Second)
			s.beat(s.Service)
			s.pass(20 * time.Second)
			s.beat(s.Service)
		}
		s.want("jumps while it ran")
		s.pass(10 * time.Second)
		s.Service = s.node()
		s.beat(s.Service)
		s.want("a restart after them")
	})
}

// A clock that showed a time to come hides no outage for longer than it takes to
// believe the one that set it right.
func TestAClockThatWasAheadHidesNoOutageForEver(t *testing.T) {
	each(t, func(s *site) {
		s.clock.Add(30 * 24 * time.Hour)
		s.beat(s.Service)
		s.pass(20 * time.Second)
		s.beat(s.Service)
		s.clock.Add(-30 * 24 * time.Hour)
		for range 200 {
			s.pass(20 * time.Second)
			s.beat(s.Service)
		}
		s.pass(time.Hour)
		s.Service = s.node()
		s.beat(s.Service)
		s.want("a stop afterwards", "stopped 3600")
	})
}

// Nodes that come and go as chance has it: what is recorded are the silences of all
// of them, whatever the wall's clock of all is set to while one of them lives.
func TestRecordedOutagesAreTheSilencesOfAllNodes(t *testing.T) {
	target := databasetest.Target(t, database.SQLite)
	base := open(t, target)
	rapid.Check(t, func(t *rapid.T) {
		base.clear()
		nodes := make([]*availability.Service, 3)
		var want []string
		quiet := time.Duration(-1) // since the last beat of any; -1: never
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			gap := time.Duration(rapid.SampledFrom([]int{10, 20, 60, 119, 120, 121, 600, 9000}).Draw(t, "gap")) * time.Second
			base.pass(gap)
			if quiet >= 0 {
				quiet += gap
			}
			n := rapid.IntRange(0, 2).Draw(t, "node")
			if nodes[n] == nil || rapid.Bool().Draw(t, "restarted") {
				nodes[n] = base.node()
			}
			if quiet > availability.Tolerance {
				want = append(want, fmt.Sprint(int(quiet.Seconds())))
			}
			must(base.t, nodes[n].Beat(ctx))
			quiet = 0
		}
		list, err := base.Latest(ctx, 100)
		must(base.t, err)
		var got []string
		for _, o := range slices.Backward(list) {
			got = append(got, fmt.Sprint(int(o.Span().Length().Seconds())))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("recorded %v, want %v", got, want)
		}
	})
}

func (s *site) clear() {
	s.t.Helper()
	for _, table := range []string{"outages", "heartbeats"} {
		_, err := s.db.Writer().ExecContext(ctx, "DELETE FROM "+table)
		must(s.t, err)
	}
	s.pass(24 * time.Hour)
}

// A node that lives and cannot write says why nothing was heard.
func TestADatabaseThatCannotBeWrittenIsNamed(t *testing.T) {
	for dialect, forbid := range map[database.Dialect][2]string{
		database.SQLite:   {"PRAGMA query_only = 1", "PRAGMA query_only = 0"},
		database.Postgres: {"ALTER TABLE heartbeats RENAME TO hidden", "ALTER TABLE hidden RENAME TO heartbeats"},
	} {
		t.Run(string(dialect), func(t *testing.T) {
			s := open(t, databasetest.Target(t, dialect))
			s.beat(s.Service)
			_, err := s.db.Writer().ExecContext(ctx, forbid[0])
			must(t, err)
			for range 5 {
				s.pass(time.Minute)
				if err := s.Beat(ctx); err == nil {
					t.Fatal("a beat was written")
				}
			}
			_, err = s.db.Writer().ExecContext(ctx, forbid[1])
			must(t, err)
			s.pass(time.Minute)
			s.beat(s.Service)
			want := map[database.Dialect]string{database.SQLite: "storage 360", database.Postgres: "database 360"}[dialect]
			s.want("a database away", want)
		})
	}
}

// Faults in a row are an outage of the intake; a single one, refusals, or faults
// among successes are not.
func TestAnIntakeThatFailsIsAnOutage(t *testing.T) {
	each(t, func(s *site) {
		s.beat(s.Service)
		send := func(every time.Duration, statuses ...int) {
			for _, status := range statuses {
				s.pass(every)
				s.Sent(status)
				s.beat(s.Service)
			}
		}
		send(time.Second, 201, 500, 201, 503, 422, 429, 303, 500, 500, 200)
		send(30*time.Second, 500, 422, 201, 500, 201)
		s.want("faults among successes")
		send(40*time.Second, 500, 500, 422, 503)
		s.want("three in a row over two minutes, running", "intake 120")
		send(40*time.Second, 500)
		s.want("it goes on", "intake 160")
		send(40*time.Second, 201)
		s.want("until something is taken", "intake 200")
		send(time.Minute, 201, 201)
		s.want("and no longer", "intake 200")
	})
}
