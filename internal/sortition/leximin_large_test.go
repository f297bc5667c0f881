package sortition

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// TestMadePoolsAreCertified solves pools too large to enumerate: the bound meets
// the chances, and the panels give them.
func TestMadePoolsAreCertified(t *testing.T) {
	homes := SmallTown
	homes.Households = true
	for name, shape := range map[string]Shape{"town": SmallTown, "households": homes, "middle": {People: 500, Panel: 40, Categories: 5}} {
		d, err := Leximin(t.Context(), MadePool(shape, 3), nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d.Gap < 0 || d.Gap > 1e-9 || d.Minimum <= 0 {
			t.Errorf("%s: minimum %v, gap %v", name, d.Minimum, d.Gap)
		}
		holdsTogether(t, d)
	}
}

// odd lets three people share three features in a circle, one of each at least:
// fractional panels seat a half of each, whole ones two of the three.
func odd(p Pool) Pool {
	for c := range 3 {
		name := "circle" + strconv.Itoa(c)
		p.Categories = append(p.Categories, name)
		p.Quotas = append(p.Quotas, Quota{name, "in", 1, p.Panel})
		for i := range p.People {
			f := "out"
			if i < 3 && i != c {
				f = "in"
			}
			p.People[i].Features = append(p.People[i].Features, f)
		}
	}
	return p
}

func TestPanelsReachLessThanTheRelaxation(t *testing.T) {
	p := odd(MadePool(Shape{People: 120, Panel: 12, Categories: 4}, 1))
	d, err := Leximin(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c := d.Chances(p); math.Abs(c[0]+c[1]+c[2]-2) > 1e-8 {
		t.Errorf("the circle has %v in all", c[:3])
	}
	if d.Gap < 0 || d.Gap > 1e-9 {
		t.Errorf("the gap is %v", d.Gap)
	}
	h := newHull(p.Kinds())
	if _, err := h.cover(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := newRelaxation(h)
	if err := r.solve(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	if r.levels[0] < d.Minimum+1e-5 {
		t.Errorf("the relaxation reaches %v, panels %v; the pool tests nothing", r.levels[0], d.Minimum)
	}
}

func TestChancesDoNotDependOnTheOrderOfPeople(t *testing.T) {
	p := MadePool(Shape{People: 120, Panel: 12, Categories: 4, Households: true}, 5)
	first, err := Leximin(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := make(map[string]float64)
	for i, c := range first.Chances(p) {
		before[p.People[i].ID] = c
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(p.People), func(i, j int) { p.People[i], p.People[j] = p.People[j], p.People[i] })
	second, err := Leximin(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range second.Chances(p) {
		if id := p.People[i].ID; c != before[id] {
			t.Fatalf("%s had %v and has %v in another order", id, before[id], c)
		}
	}
}

func TestACheckFindsChancesThatAreNotTheBest(t *testing.T) {
	h := newHull(MadePool(SmallTown, 1).Kinds())
	if _, err := h.cover(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := newRelaxation(h)
	if err := r.solve(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	if sound, err := r.holds(t.Context()); !sound || err != nil {
		t.Fatalf("the optimum does not stand up: %v", err)
	}
	last := r.levels[len(r.levels)-1]
	for seat, c := range r.chance {
		if math.Abs(c-last) < 1e-9 {
			r.chance[seat] = last - 1e-4
		}
	}
	r.levels[len(r.levels)-1] = last - 1e-4
	if sound, err := r.holds(t.Context()); sound || err != nil {
		t.Fatalf("a last level that is too low went unnoticed: %v", err)
	}
}

func TestCancellingStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, err := Leximin(ctx, MadePool(Country, 1), func(Progress) { stop() })
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("it went on: %v", err)
	}
}
