package desk

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"guangyi/internal/platform/fault"
)

// The table itself: whatever is done in whatever order, an entry is in a known state,
// what is taken stays taken, and what is not taken can still get there or was set aside
// for good reason.
func TestNoEntryGetsStuck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Draft
		for range rapid.IntRange(0, 30).Draw(t, "length") {
			was := s
			next, err := Step(s, rapid.SampledFrom(Events).Draw(t, "event"))
			if err != nil && next != was {
				t.Fatalf("a refused event moved %s to %s", was, next)
			}
			if was == Taken && next != Taken {
				t.Fatalf("taken became %s", next)
			}
			s = next
		}
		if !reaches(s, Taken) {
			t.Fatalf("from %s nothing leads to taken", s)
		}
	})
}

func reaches(from, to State) bool {
	seen, todo := map[State]bool{from: true}, []State{from}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		if s == to {
			return true
		}
		for _, e := range Events {
			if next, err := Step(s, e); err == nil && !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return false
}

// expected is what the test knows of an entry.
type expected struct {
	id    int64
	state State
	typed map[int64]bool // by whom
}

// Whatever clerks, checkers and colleagues do to a pile of letters, in whatever order:
// every letter that was begun is there in the state that the model expects, taken ones
// and submissions are one to one, and the summary's guard counts what is left.
func TestNothingVanishesAtTheDesk(t *testing.T) {
	each(t, func(st *stage) {
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			if round++; round > 12 { // each round talks to a database
				return
			}
			share := rapid.SampledFrom([]int{0, 100}).Draw(rt, "share")
			must(t, st.s.Demand(ctx, st.admin(), st.org.ID, share))
			b := st.batch(Letter)
			pile := map[string]*expected{}
			for i := range rapid.IntRange(4, 14).Draw(rt, "acts") {
				st.act(rt, b, pile, share, fmt.Sprintf("%d-%d", round, i))
			}
			st.compare(rt, b, pile)
		})
	})
}

// act does one thing to the pile and says what must come of it.
func (st *stage) act(rt *rapid.T, b Batch, pile map[string]*expected, share int, fresh string) {
	keys := slices.Sorted(maps.Keys(pile))
	key := fresh
	if len(keys) > 0 && rapid.Bool().Draw(rt, "again") {
		key = rapid.SampledFrom(keys).Draw(rt, "which")
	}
	x := pile[key]
	who := st.as(int64(rapid.IntRange(1, 2).Draw(rt, "who")), "officer")
	in := In{Key: key, Content: st.letter("来信人"+key, "第"+key+"封信说的是收费。"), Distinct: true}
	if x == nil {
		e, err := st.s.Keep(ctx, who, st.c.Slug, b.ID, in)
		must(st.t, err)
		pile[key] = &expected{e.ID, Draft, map[int64]bool{who.ID: true}}
		return
	}
	var err error
	event := rapid.SampledFrom(append([]Event{"again"}, Events...)).Draw(rt, "event")
	want := x.state
	switch event {
	case "again": // the same form once more
		_, err = st.s.Keep(ctx, who, st.c.Slug, b.ID, in)
		if err != nil {
			rt.Fatalf("keeping again: %v", err)
		}
		if x.state == Draft {
			x.typed[who.ID] = true
		}
		return
	case Finish, Take:
		var done Done
		done, err = st.s.Finish(ctx, who, st.c.Slug, b.ID, in)
		if err != nil {
			rt.Fatalf("finishing is always allowed, once or again: %v", err)
		}
		if x.state == Draft {
			x.typed[who.ID], x.state = true, Taken
			if share == 100 {
				x.state = Waiting
			}
		}
		if done.Entry.State != x.state {
			rt.Fatalf("finished is %s, want %s", done.Entry.State, x.state)
		}
		return
	case Confirm:
		c := in.Content
		_, err = st.s.Settle(ctx, who, st.c.Slug, x.id, 0, Reading{Name: c.Sender.Name, Phone: c.Sender.Phone}, nil)
		if x.state == Waiting && x.typed[who.ID] {
			if !fault.Is(err, fault.Forbidden) {
				rt.Fatalf("own typing: %v", err)
			}
			return
		}
		want = Taken
	case Back:
		_, err = st.s.Return(ctx, who, st.c.Slug, x.id, "缺一页")
		want = Draft
	case Discard:
		_, err = st.s.Discard(ctx, who, st.c.Slug, x.id, rapid.SampledFrom(Reasons).Draw(rt, "reason"))
		want = Discarded
	case Restore:
		_, err = st.s.Restore(ctx, who, st.c.Slug, x.id)
		want = Draft
	}
	_, allowed := Step(x.state, event)
	if (err == nil) != (allowed == nil) {
		rt.Fatalf("%s in %s: %v", event, x.state, err)
	}
	if err == nil {
		x.state = want
	}
}

func (st *stage) compare(rt *rapid.T, b Batch, pile map[string]*expected) {
	got, err := st.s.Sitting(ctx, st.clerk(), st.c.Slug, b.ID)
	must(st.t, err)
	if len(got.Entries) != len(pile) || got.Totals.Entries != len(pile) {
		rt.Fatalf("%d entries are there, %d were begun", len(got.Entries), len(pile))
	}
	for _, e := range got.Entries {
		x := pile[e.Key]
		if x == nil || e.State != x.state || (e.State == Taken) != (e.SubmissionID != 0) || e.Content.Blank() {
			rt.Fatalf("%s is %s, want %+v", e.Key, e.State, x)
		}
	}
	if n := st.count("SELECT COUNT(*) FROM desk_entries e JOIN submissions s ON s.id = e.submission_id WHERE e.batch_id = ?", b.ID); int(n) != got.Totals.By[Taken] {
		rt.Fatalf("%d submissions for %d that were taken", n, got.Totals.By[Taken])
	}
	if taken, all := st.count("SELECT COUNT(*) FROM desk_entries WHERE state = 'taken'"), st.count("SELECT COUNT(*) FROM submissions"); taken != all {
		rt.Fatalf("%d were taken, %d submissions are there", taken, all)
	}
}
