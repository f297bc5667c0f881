package sortition

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// tightPool has up to 16 people and quotas drawn round one panel of them, most
// without any room: pools in which real panels reach less than a linear
// relaxation of them, and in which some people can never sit.
func tightPool(rng *rand.Rand) Pool {
	n := 6 + rng.IntN(11)
	p := Pool{Panel: 2 + rng.IntN(min(4, n-3))}
	features := 2 + rng.IntN(2)
	for c := range 2 + rng.IntN(3) {
		p.Categories = append(p.Categories, "c"+strconv.Itoa(c))
	}
	for i := range n {
		person := Person{ID: "p" + strconv.Itoa(i)}
		for range p.Categories {
			person.Features = append(person.Features, feature(rng.IntN(features)))
		}
		if rng.IntN(4) == 0 {
			person.Household = "h" + strconv.Itoa(rng.IntN(3))
		}
		p.People = append(p.People, person)
	}
	panels := everyPanel(p, false)
	if len(panels) == 0 {
		return p
	}
	planted := panels[rng.IntN(len(panels))]
	for c, category := range p.Categories {
		for f := range features {
			count := 0
			for _, i := range planted {
				if p.People[i].Features[c] == feature(f) {
					count++
				}
			}
			room := max(0, rng.IntN(5)-3)
			p.Quotas = append(p.Quotas, Quota{category, feature(f), max(0, count-room), count + room})
		}
	}
	return p
}

// compare checks a solution against the exact chances.
func compare(t interface{ Fatalf(string, ...any) }, p Pool, d Distribution, want []*big.Rat) {
	least := 1.0
	for i, chance := range d.Chances(p) {
		exact, _ := want[i].Float64()
		least = min(least, exact)
		if math.Abs(chance-exact) > 1e-6 {
			t.Fatalf("%s has %v, the exact chance is %s", p.People[i].ID, chance, want[i].RatString())
		}
	}
	if math.Abs(d.Minimum-least) > 1e-6 || d.Bound < least-1e-9 || d.Gap > 1e-6 {
		t.Fatalf("minimum %v, bound %v, gap %v where the smallest chance is %v", d.Minimum, d.Bound, d.Gap, least)
	}
	for _, share := range d.Support {
		if !d.Kinds.Holds(share.Panel) {
			t.Fatalf("%v is no panel", share.Panel)
		}
	}
}

// A dual step whose flips bring the leaving variable onto its bound exactly once
// sent it to the other one; in this pool p3 then had no chance.
func TestAPoolThatMisledTheSolver(t *testing.T) {
	p := tightPool(rand.New(rand.NewPCG(0x312a, 6)))
	d, err := Leximin(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, p, d, exactLeximin(p))
}

func TestTightPoolsHaveTheirExactChances(t *testing.T) {
	never, drawn := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "pool"), 6))
		p := tightPool(rng)
		want := exactLeximin(p)
		d, err := Leximin(t.Context(), p, nil)
		var none *Infeasible
		if want == nil {
			if !errors.As(err, &none) {
				t.Fatalf("no panel exists, and it says %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		compare(t, p, d, want)
		drawn++
		if d.Minimum == 0 {
			never++
		}
		l, err := d.Lottery(p, 100)
		if err != nil {
			t.Fatal(err)
		}
		if mean, worst := l.Deviation(p, d.Chances(p)); mean > 1.5 || worst > 8 {
			t.Fatalf("off by %.2f panels on average, %.2f at worst", mean, worst)
		}
		orderDoesNotMatter(t, p, l, rng)
	})
	if drawn == 0 || never == 0 || never == drawn {
		t.Errorf("of %d pools %d hold somebody who can never sit: nothing was tried", drawn, never)
	}
}

// orderDoesNotMatter draws from the same pool in another order.
func orderDoesNotMatter(t *rapid.T, p Pool, l Lottery, rng *rand.Rand) {
	q := shuffled(p, rng)
	e, err := Leximin(t.Context(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	other, err := e.Lottery(q, 100)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(l.Panels, other.Panels, slices.Equal) {
		t.Fatalf("in another order the lottery is another\n%v\n%v", l.Panels, other.Panels)
	}
}

// corpus holds pools with chances worked out by hand, whatever a solver says.
var corpus = []struct {
	name   string
	panel  int
	quotas []Quota
	people []string // the features, a letter for each category
	want   []string // chances
}{
	{"one of each sex and district", 2, []Quota{{"0", "w", 1, 1}, {"1", "n", 1, 1}},
		[]string{"wn", "wn", "ms", "ws", "mn"}, []string{"1/3", "1/3", "2/3", "1/3", "1/3"}},
	{"who fits nowhere", 2, []Quota{{"0", "w", 2, 2}},
		[]string{"wn", "wn", "wn", "mn"}, []string{"2/3", "2/3", "2/3", "0"}},
	{"a majority that must share", 3, []Quota{{"0", "w", 2, 2}},
		[]string{"wn", "wn", "mn", "mn", "mn", "mn"}, []string{"1", "1", "1/4", "1/4", "1/4", "1/4"}},
}

func TestCorpusOfPoolsWorkedOutByHand(t *testing.T) {
	for _, tc := range corpus {
		p := Pool{Categories: []string{"0", "1"}, Quotas: tc.quotas, Panel: tc.panel}
		for i, f := range tc.people {
			p.People = append(p.People, Person{ID: strconv.Itoa(i), Features: []string{f[:1], f[1:]}})
		}
		var want []*big.Rat
		for _, chance := range tc.want {
			r, _ := new(big.Rat).SetString(chance)
			want = append(want, r)
		}
		for i, r := range exactLeximin(p) {
			if r.Cmp(want[i]) != 0 {
				t.Errorf("%s: the oracle gives person %d %s, want %s", tc.name, i, r.RatString(), want[i].RatString())
			}
		}
		d, err := Leximin(t.Context(), p, nil)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		compare(t, p, d, want)
	}
}
