package sortition

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// someDistribution weighs some of a tiny pool's panels by chance; false when the
// pool has none.
func someDistribution(p Pool, rng *rand.Rand) (Distribution, bool) {
	d := Distribution{Kinds: p.Kinds()}
	kindOf := make([]int, len(p.People))
	for k, kind := range d.Kinds.Seats {
		for _, people := range kind.People {
			for _, person := range people {
				kindOf[person] = k
			}
		}
	}
	weights, total := make(map[string]float64), 0.0
	shares := make(map[string]Panel)
	for _, people := range everyPanel(p, true) {
		if rng.IntN(3) > 0 {
			continue
		}
		panel := make(Panel, len(d.Kinds.Seats))
		for _, person := range people {
			panel[kindOf[person]]++
		}
		name := panel.name()
		if weights[name] == 0 {
			weights[name], shares[name] = rng.ExpFloat64(), panel
			total += weights[name]
		}
	}
	d.Probability = make([]float64, len(d.Kinds.Seats))
	for name, panel := range shares {
		weight := weights[name] / total
		d.Support = append(d.Support, Share{Panel: panel, Weight: weight})
		for k, n := range panel {
			d.Probability[k] += weight * float64(n) / float64(d.Kinds.Seats[k].Size())
		}
	}
	return d, len(d.Support) > 0
}

func (p Panel) name() string {
	var name []byte
	for _, n := range p {
		name = strconv.AppendInt(append(name, ' '), int64(n), 10)
	}
	return string(name)
}

// spread is how unequally people of one kind sit.
func spread(p Pool, k Kinds, counts map[string]int) int {
	worst := 0
	for _, kind := range k.Seats {
		least, most := -1, 0
		for _, people := range kind.People {
			for _, person := range people {
				n := counts[p.People[person].ID]
				if most = max(most, n); least < 0 || n < least {
					least = n
				}
			}
		}
		worst = max(worst, most-least)
	}
	return worst
}

func TestLotteryKeepsQuotasHouseholdsAndChances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "pool"), 1))
		p := tinyPool(rng)
		d, some := someDistribution(p, rng)
		if !some {
			return
		}
		m := rapid.SampledFrom([]int{1, 7, 10, 100, 1000}).Draw(t, "panels")
		l, err := d.Lottery(p, m)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Panels) != m {
			t.Fatalf("%d panels, want %d", len(l.Panels), m)
		}
		for i, panel := range l.Panels {
			if err := p.CheckPanel(panel); err != nil || !slices.IsSorted(panel) {
				t.Fatalf("panel %d %v: %v", i, panel, err)
			}
		}
		if !slices.IsSortedFunc(l.Panels, slices.Compare) {
			t.Error("the panels are not sorted")
		}
		if mean, worst := l.Deviation(p, d.Chances(p)); mean > 1.5 || worst > 8 {
			t.Errorf("off by %.2f panels on average, %.2f at worst", mean, worst)
		}
		if n := spread(p, d.Kinds, l.Counts()); n > 1 {
			t.Errorf("people of one kind differ by %d panels", n)
		}
	})
}

func TestLotteryDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "pool"), 2))
		p := tinyPool(rng)
		d, some := someDistribution(p, rng)
		if !some {
			return
		}
		q := shuffled(p, rng)
		e := Distribution{Kinds: q.Kinds(), Probability: d.Probability, Support: slices.Clone(d.Support)}
		rng.Shuffle(len(e.Support), func(i, j int) { e.Support[i], e.Support[j] = e.Support[j], e.Support[i] })
		one, err := d.Lottery(p, 50)
		if err != nil {
			t.Fatal(err)
		}
		other, err := e.Lottery(q, 50)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(one.Panels, other.Panels, slices.Equal) {
			t.Errorf("the lottery depends on the order\n%v\n%v", one.Panels, other.Panels)
		}
	})
}

// shuffled is the same pool with people, categories and quotas in another order
// and other names for the households.
func shuffled(p Pool, rng *rand.Rand) Pool {
	q := Pool{Panel: p.Panel, Quotas: slices.Clone(p.Quotas)}
	order := rng.Perm(len(p.Categories))
	for _, c := range order {
		q.Categories = append(q.Categories, p.Categories[c])
	}
	for _, person := range p.People {
		other := Person{ID: person.ID}
		for _, c := range order {
			other.Features = append(other.Features, person.Features[c])
		}
		if person.Household != "" {
			other.Household = "house " + person.Household
		}
		q.People = append(q.People, other)
	}
	rng.Shuffle(len(q.People), func(i, j int) { q.People[i], q.People[j] = q.People[j], q.People[i] })
	rng.Shuffle(len(q.Quotas), func(i, j int) { q.Quotas[i], q.Quotas[j] = q.Quotas[j], q.Quotas[i] })
	return q
}

// Couples, twins and a lone parent with grown children: every kind of household
// has its turn, and nobody sits beside those they live with.
func TestLotterySharesSeatsOutAmongHouseholds(t *testing.T) {
	p := Pool{Categories: []string{"c"}, Panel: 4}
	add := func(home string, features ...string) {
		for _, f := range features {
			p.People = append(p.People, Person{ID: "p" + strconv.Itoa(len(p.People)), Features: []string{f}, Household: home})
		}
	}
	for i := range 5 {
		add("couple"+strconv.Itoa(i), "a", "b")
		add("twins"+strconv.Itoa(i), "a", "a", "b")
	}
	add("", "a")
	p.Quotas = []Quota{{"c", "a", 1, 3}, {"c", "b", 1, 3}}
	rng := rand.New(rand.NewPCG(7, 7))
	for range 20 {
		d, _ := someDistribution(p, rng)
		l, err := d.Lottery(p, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if n := spread(p, d.Kinds, l.Counts()); n > 1 {
			t.Errorf("people of one kind differ by %d panels", n)
		}
	}
}

func TestLotteryRefusesSizesNobodyCouldCheck(t *testing.T) {
	p := Pool{Categories: []string{"c"}, Panel: 1, People: []Person{{ID: "1", Features: []string{"a"}}}}
	d := Distribution{Kinds: p.Kinds(), Probability: []float64{1}, Support: []Share{{Panel{1}, 1}}}
	for _, m := range []int{-1, 0, maxPanels + 1} {
		if _, err := d.Lottery(p, m); err == nil {
			t.Errorf("a lottery over %d panels", m)
		}
	}
}

// A pool as bodies have it: households, quotas with little room, people like
// nobody else. People sit as often as their chance says, but for one panel.
func TestLotteryOfATownIsWithinAPanelOfTheChances(t *testing.T) {
	for seed := range uint64(3) {
		p := MadePool(Shape{People: 90, Panel: 12, Categories: 4, Slack: 1, Households: true}, seed)
		d, err := Leximin(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		l, err := d.Lottery(p, 200)
		if err != nil {
			t.Fatal(err)
		}
		if mean, worst := l.Deviation(p, d.Chances(p)); mean > 0.45 || worst > 1.5 {
			t.Errorf("off by %.2f panels on average, %.2f at worst", mean, worst)
		}
		if n := spread(p, d.Kinds, l.Counts()); n > 1 {
			t.Errorf("people of one kind differ by %d panels", n)
		}
		turned := d
		turned.Support = slices.Clone(d.Support)
		slices.Reverse(turned.Support)
		other, err := turned.Lottery(p, 200)
		if err != nil || !slices.EqualFunc(l.Panels, other.Panels, slices.Equal) {
			t.Errorf("with the support the other way round the lottery is another: %v", err)
		}
	}
}
