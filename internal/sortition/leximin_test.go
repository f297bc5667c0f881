package sortition

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// TestChancesAreThoseOfEnumeration compares with the exact leximin chances over
// every panel that exists.
func TestChancesAreThoseOfEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	impossible, short := 0, 0
	for round := range 400 {
		p := tinyPool(rng)
		want := exactLeximin(p)
		got, err := Leximin(t.Context(), p, nil)
		var none *Infeasible
		if errors.As(err, &none) {
			impossible++
			if want != nil {
				t.Fatalf("round %d: a panel exists for %+v", round, p)
			}
			explains(t, p, none)
			continue
		}
		if err != nil {
			t.Fatalf("round %d: %v for %+v", round, err, p)
		}
		if want == nil {
			t.Fatalf("round %d: no panel exists for %+v", round, p)
		}
		for seat, kind := range got.Kinds.Seats {
			for _, unit := range kind.People {
				for _, person := range unit {
					exact, _ := want[person].Float64()
					if math.Abs(got.Probability[seat]-exact) > 1e-9 {
						t.Fatalf("round %d: person %d has %v instead of %v in %+v", round, person, got.Probability[seat], exact, p)
					}
				}
			}
		}
		if got.Gap < 0 || got.Gap > 1e-9 {
			t.Fatalf("round %d: the gap is %v", round, got.Gap)
		}
		holdsTogether(t, got)
	}
	t.Logf("%d of 400 pools have no panel, %d less than the relaxation says", impossible, short)
}

// holdsTogether checks a distribution against itself: panels that exist,
// weights that sum to 1, chances that the panels give, and few panels.
func holdsTogether(t *testing.T, d Distribution) {
	t.Helper()
	total := 0.0
	chance := make([]float64, len(d.Kinds.Seats))
	for _, s := range d.Support {
		if !d.Kinds.Holds(s.Panel) || s.Weight <= 0 {
			t.Fatalf("%v with weight %v is no panel", s.Panel, s.Weight)
		}
		total += s.Weight
		for seat, n := range s.Panel {
			chance[seat] += s.Weight * float64(n) / float64(d.Kinds.Seats[seat].Size())
		}
	}
	if math.Abs(total-1) > 1e-9 {
		t.Fatalf("the weights sum to %v", total)
	}
	for seat, c := range chance {
		if math.Abs(c-d.Probability[seat]) > 1e-9 {
			t.Fatalf("seat kind %d: the panels give %v, the chance is %v", seat, c, d.Probability[seat])
		}
	}
	if len(d.Support) > len(chance)+1 {
		t.Fatalf("%d panels for %d kinds of seats", len(d.Support), len(chance))
	}
}

// explains checks a relaxation against every set of people: it is one with
// which a panel exists, and none moves the quotas less.
func explains(t *testing.T, p Pool, none *Infeasible) {
	t.Helper()
	all := everyPanel(p, false)
	if len(all) == 0 {
		if len(none.Conflicts) > 0 {
			t.Fatalf("no change of quotas helps, not even %+v: %+v", none.Conflicts, p)
		}
		return
	}
	least := math.MaxInt
	for _, panel := range all {
		least = min(least, missedBy(p, panel))
	}
	relaxed := p
	relaxed.Quotas = append([]Quota(nil), p.Quotas...)
	moves := 0
	for _, c := range none.Conflicts {
		moves += c.Min - c.RelaxedMin + c.RelaxedMax - c.Max
		for i, q := range relaxed.Quotas {
			if q.Category == c.Category && q.Feature == c.Feature {
				relaxed.Quotas[i].Min, relaxed.Quotas[i].Max = c.RelaxedMin, c.RelaxedMax
			}
		}
	}
	if moves != least || none.Moves != least {
		t.Fatalf("%+v moves %d (says %d), but %d is enough for %+v", none.Conflicts, moves, none.Moves, least, p)
	}
	if len(everyPanel(relaxed, true)) == 0 {
		t.Fatalf("%+v does not help in %+v", none.Conflicts, p)
	}
}
