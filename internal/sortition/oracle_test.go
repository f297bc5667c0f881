package sortition

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"
)

// everyPanel enumerates the sets of people that meet the pool's demands, or, with
// quotas false, those of the right size without two of a household. It knows
// nothing of kinds: people are indices into p.People.
func everyPanel(p Pool, quotas bool) [][]int {
	var out [][]int
	var sitting []int
	var extend func(from int)
	extend = func(from int) {
		if len(sitting) == p.Panel {
			if !quotas || missedBy(p, sitting) == 0 {
				out = append(out, append([]int(nil), sitting...))
			}
			return
		}
		for i := from; i < len(p.People); i++ {
			if !livesWith(p, sitting, i) {
				sitting = append(sitting, i)
				extend(i + 1)
				sitting = sitting[:len(sitting)-1]
			}
		}
	}
	extend(0)
	return out
}

func livesWith(p Pool, sitting []int, one int) bool {
	for _, other := range sitting {
		if h := p.People[other].Household; h != "" && h == p.People[one].Household {
			return true
		}
	}
	return false
}

// missedBy is by how many people a panel misses its quotas in all.
func missedBy(p Pool, panel []int) int {
	missed := 0
	for _, q := range p.Quotas {
		n := 0
		for _, i := range panel {
			for c, category := range p.Categories {
				if category == q.Category && p.People[i].Features[c] == q.Feature {
					n++
				}
			}
		}
		missed += max(0, q.Min-n) + max(0, n-q.Max)
	}
	return missed
}

// oracle computes the leximin chances over listed panels in exact arithmetic:
// a revised simplex over rationals with the inverse kept explicitly, level after
// level; who has a positive dual price cannot rise and is fixed.
//
// Rows 0..n-1 say Σ(panels with i) − rise·[i free] − slack(i) = floor(i), row n
// says that the weights sum to 1. Columns: panel k is k ≥ 0; see rise and slack.
type oracle struct {
	people  int
	panels  [][]int
	free    []bool
	floor   []*big.Rat
	basis   []int
	inverse [][]*big.Rat
	values  []*big.Rat
}

const rise = -1

func slack(person int) int { return -2 - person }

func newOracle(people int, panels [][]int) *oracle {
	o := &oracle{people: people, panels: panels}
	for i := range people {
		o.free = append(o.free, true)
		o.floor = append(o.floor, new(big.Rat))
		o.basis = append(o.basis, slack(i))
	}
	o.basis = append(o.basis, 0) // the first panel with weight 1
	in := make([]bool, people)
	for _, i := range panels[0] {
		in[i] = true
	}
	// Slack i has the column -e_i, the panel that of its people and the last row.
	for i := range people + 1 {
		row := make([]*big.Rat, people+1)
		for j := range row {
			row[j] = new(big.Rat)
		}
		if i == people {
			row[people].SetInt64(1)
		} else {
			row[i].SetInt64(-1)
			if in[i] {
				row[people].SetInt64(1)
			}
		}
		o.inverse = append(o.inverse, row)
	}
	return o
}

// chances runs all levels.
func (o *oracle) chances() []*big.Rat {
	for o.anyFree() {
		o.climb()
		o.fix()
	}
	return o.floor
}

func (o *oracle) anyFree() bool {
	for _, free := range o.free {
		if free {
			return true
		}
	}
	return false
}

func (o *oracle) column(j int) []int {
	a := make([]int, o.people+1)
	switch {
	case j >= 0:
		for _, i := range o.panels[j] {
			a[i] = 1
		}
		a[o.people] = 1
	case j == rise:
		for i, free := range o.free {
			if free {
				a[i] = -1
			}
		}
	default:
		a[-2-j] = -1
	}
	return a
}

// solve multiplies the inverse by a column.
func (o *oracle) solve(a []int) []*big.Rat {
	out := make([]*big.Rat, len(o.inverse))
	for r, row := range o.inverse {
		out[r] = new(big.Rat)
		for i, x := range a {
			switch {
			case x == 1:
				out[r].Add(out[r], row[i])
			case x == -1:
				out[r].Sub(out[r], row[i])
			}
		}
	}
	return out
}

func (o *oracle) refresh() {
	o.values = make([]*big.Rat, len(o.inverse))
	for r, row := range o.inverse {
		o.values[r] = new(big.Rat).Set(row[o.people])
		for i, floor := range o.floor {
			o.values[r].Add(o.values[r], new(big.Rat).Mul(row[i], floor))
		}
	}
}

// climb maximises the rise of the free by Bland's rule, which cannot cycle.
func (o *oracle) climb() {
	for {
		o.refresh()
		entering, found := o.entering()
		if !found {
			return
		}
		d := o.solve(o.column(entering))
		leaving := -1
		var best *big.Rat
		for r := range d {
			if d[r].Sign() <= 0 {
				continue
			}
			ratio := new(big.Rat).Quo(o.values[r], d[r])
			if leaving < 0 || ratio.Cmp(best) < 0 || ratio.Cmp(best) == 0 && o.basis[r] < o.basis[leaving] {
				leaving, best = r, ratio
			}
		}
		o.pivot(leaving, entering, d)
	}
}

func (o *oracle) prices() []*big.Rat {
	for r, j := range o.basis {
		if j == rise {
			return o.inverse[r]
		}
	}
	return nil
}

// entering finds the smallest column with a positive reduced cost.
func (o *oracle) entering() (int, bool) {
	y := o.prices()
	if y == nil {
		return rise, true
	}
	for i := o.people - 1; i >= 0; i-- { // slack(i): 0 − y·(−e_i)
		if y[i].Sign() > 0 {
			return slack(i), true
		}
	}
	sum := new(big.Rat)
	for k, panel := range o.panels {
		sum.Set(y[o.people])
		for _, i := range panel {
			sum.Add(sum, y[i])
		}
		if sum.Sign() < 0 {
			return k, true
		}
	}
	return 0, false
}

func (o *oracle) pivot(r, entering int, d []*big.Rat) {
	o.basis[r] = entering
	for i := range o.inverse[r] {
		o.inverse[r][i] = new(big.Rat).Quo(o.inverse[r][i], d[r])
	}
	for q, row := range o.inverse {
		if q == r || d[q].Sign() == 0 {
			continue
		}
		for i := range row {
			row[i] = new(big.Rat).Sub(row[i], new(big.Rat).Mul(d[q], o.inverse[r][i]))
		}
	}
}

// fix ends a level: floors rise, and whose price is not zero stays there. The
// slack of one of them takes the place of the rise, which stands at 0 again.
func (o *oracle) fix() {
	var row int
	for r, j := range o.basis {
		if j == rise {
			row = r
		}
	}
	y, height := o.inverse[row], o.values[row]
	swap := -1
	for i := range o.people {
		if !o.free[i] {
			continue
		}
		o.floor[i] = new(big.Rat).Add(o.floor[i], height)
		if y[i].Sign() != 0 {
			o.free[i], swap = false, i
		}
	}
	o.pivot(row, slack(swap), o.solve(o.column(slack(swap))))
}

// exactLeximin is the truth for tiny pools; nil when no panel exists.
func exactLeximin(p Pool) []*big.Rat {
	panels := everyPanel(p, true)
	if len(panels) == 0 {
		return nil
	}
	return newOracle(len(p.People), panels).chances()
}

// tinyPool makes a pool of 4 to 12 people with quotas that often bind, and
// sometimes cannot be met.
func tinyPool(rng *rand.Rand) Pool {
	n := 4 + rng.IntN(9)
	p := Pool{Panel: 1 + rng.IntN(min(n, 5))}
	categories := 1 + rng.IntN(3)
	for c := range categories {
		p.Categories = append(p.Categories, "c"+strconv.Itoa(c))
		for f := range 2 + rng.IntN(2) {
			low := rng.IntN(p.Panel/2 + 1)
			p.Quotas = append(p.Quotas, Quota{p.Categories[c], feature(f), low, low + rng.IntN(p.Panel-low+1)})
		}
	}
	homes := rng.IntN(3) == 0
	for i := range n {
		person := Person{ID: "p" + strconv.Itoa(i)}
		for range categories {
			person.Features = append(person.Features, feature(min(rng.IntN(3), rng.IntN(4))))
		}
		if homes && rng.IntN(2) == 0 {
			person.Household = "h" + strconv.Itoa(rng.IntN(n/3+1))
		}
		p.People = append(p.People, person)
	}
	return p
}

func TestOracleKnowsByHandComputedPools(t *testing.T) {
	alone := func(features ...string) (people []Person) {
		for i, f := range features {
			people = append(people, Person{ID: strconv.Itoa(i), Features: []string{f}})
		}
		return people
	}
	for _, tc := range []struct {
		name string
		pool Pool
		want []string
	}{
		{"everyone alike", Pool{Categories: []string{"c"}, People: alone("a", "a", "a"), Panel: 2}, []string{"2/3", "2/3", "2/3"}},
		{"one woman must sit", Pool{Categories: []string{"c"}, Quotas: []Quota{{"c", "w", 1, 1}}, People: alone("w", "m", "m", "m"), Panel: 2}, []string{"1", "1/3", "1/3", "1/3"}},
		{"nobody may", Pool{Categories: []string{"c"}, Quotas: []Quota{{"c", "w", 0, 0}}, People: alone("w", "m", "m"), Panel: 1}, []string{"0", "1/2", "1/2"}},
		{"a couple shares a chair", Pool{Categories: []string{"c"}, People: []Person{{"1", []string{"a"}, "h"}, {"2", []string{"a"}, "h"}, {"3", []string{"a"}, ""}}, Panel: 2}, []string{"1/2", "1/2", "1"}},
	} {
		got := exactLeximin(tc.pool)
		for i, want := range tc.want {
			if got[i].RatString() != want {
				t.Errorf("%s: person %d has %s, want %s", tc.name, i, got[i].RatString(), want)
			}
		}
	}
}
