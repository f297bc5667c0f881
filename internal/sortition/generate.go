package sortition

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Shape describes a made pool, for measuring and for trying out.
type Shape struct {
	People, Panel, Categories int
	// Slack widens every quota by so many people on both sides of its share.
	Slack int
	// Households lets about every third volunteer bring people from home.
	Households bool
}

// The pools of row 10 of the goals.
var (
	SmallTown = Shape{People: 200, Panel: 20, Categories: 4}
	City      = Shape{People: 2000, Panel: 200, Categories: 5}
	Country   = Shape{People: 1700, Panel: 110, Categories: 7}
)

// attribute is a category of the made population: the shares of its features
// and how strongly it goes along with who volunteers.
type attribute struct {
	name   string
	shares []float64
	pull   float64 // -1 to 1
}

var attributes = []attribute{
	{"gender", []float64{0.51, 0.49}, 0.1},
	{"age", []float64{0.12, 0.17, 0.17, 0.18, 0.16, 0.20}, 0.5},
	{"education", []float64{0.26, 0.36, 0.22, 0.16}, 0.75},
	{"region", []float64{0.08, 0.09, 0.11, 0.12, 0.13, 0.14, 0.16, 0.17}, 0.15},
	{"work", []float64{0.08, 0.14, 0.21, 0.25, 0.32}, 0.4},
	{"view", []float64{0.13, 0.22, 0.31, 0.34}, 0.6},
	{"origin", []float64{0.06, 0.11, 0.83}, 0.45},
	{"housing", []float64{0.19, 0.18, 0.63}, 0.35},
}

// MadePool returns a pool as bodies that draw see it: features that go along
// with each other, volunteers who are not like the population, quotas that are.
// It is the same for the same seed, and some panel meets its quotas.
func MadePool(s Shape, seed uint64) Pool {
	m := &maker{shape: s, rng: rand.New(rand.NewPCG(seed, 0x67756170)), used: attributes[:min(s.Categories, len(attributes))]}
	p := Pool{Panel: s.Panel}
	for _, a := range m.used {
		p.Categories = append(p.Categories, a.name)
		for f, share := range a.shares {
			exact := share * float64(s.Panel)
			low, high := int(exact)-s.Slack, int(exact)+1+s.Slack
			p.Quotas = append(p.Quotas, Quota{Category: a.name, Feature: feature(f), Min: max(0, low), Max: min(high, s.Panel)})
		}
	}
	p.People = append(m.panel(), m.volunteers()...)
	m.rng.Shuffle(len(p.People), func(i, j int) { p.People[i], p.People[j] = p.People[j], p.People[i] })
	for i := range p.People {
		p.People[i].ID = fmt.Sprintf("p%05d", i+1)
	}
	return p
}

type maker struct {
	shape Shape
	rng   *rand.Rand
	used  []attribute
	homes int
}

func feature(n int) string { return string(rune('a' + n)) }

// panel makes people who together meet the quotas, so that they can be met: for
// each attribute as many with each feature as its share says.
func (m *maker) panel() []Person {
	people := make([]Person, m.shape.Panel)
	bent := make([]float64, len(people))
	for i := range bent {
		bent[i] = m.rng.NormFloat64()
	}
	for _, a := range m.used {
		at := make([]float64, len(people))
		for i := range people {
			at[i] = m.lean(a, bent[i])
		}
		order := make([]int, len(people))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(x, y int) int { return cmp.Compare(at[x], at[y]) })
		from := 0
		for f, n := range apportion(a.shares, len(people)) {
			for _, i := range order[from : from+n] {
				people[i].Features = append(people[i].Features, feature(f))
			}
			from += n
		}
	}
	return people
}

func (m *maker) lean(a attribute, bent float64) float64 { return a.pull*bent + m.rng.NormFloat64() }

// volunteers makes everybody else; who leans towards high features comes more
// readily, as graduates and the retired do.
func (m *maker) volunteers() []Person {
	var out []Person
	for len(out) < m.shape.People-m.shape.Panel {
		one := m.volunteer()
		out = append(out, one)
		if !m.shape.Households || m.rng.IntN(3) > 0 {
			continue
		}
		m.homes++
		out[len(out)-1].Household = fmt.Sprintf("h%d", m.homes)
		for range 1 + m.rng.IntN(3) {
			if len(out) == m.shape.People-m.shape.Panel {
				break
			}
			mate := m.volunteer()
			mate.Household = fmt.Sprintf("h%d", m.homes)
			if region := slices.IndexFunc(m.used, func(a attribute) bool { return a.name == "region" }); region >= 0 {
				mate.Features[region] = one.Features[region]
			}
			out = append(out, mate)
		}
	}
	return out
}

func (m *maker) volunteer() Person {
	bent := m.rng.NormFloat64() + 0.8
	var p Person
	for _, a := range m.used {
		p.Features = append(p.Features, feature(m.featureAt(a, m.lean(a, bent))))
	}
	return p
}

// featureAt reads a leaning as a feature: the population's leanings, cut by a
// logistic curve that is near enough to the normal one, fill the shares.
func (m *maker) featureAt(a attribute, at float64) int {
	rest := 1 / (1 + math.Exp(-1.7*at/(1+a.pull*a.pull/2)))
	for f, share := range a.shares {
		if rest -= share; rest < 0 {
			return f
		}
	}
	return len(a.shares) - 1
}

// apportion splits n by shares, largest remainders first.
func apportion(shares []float64, n int) []int {
	out := make([]int, len(shares))
	left := n
	for f, share := range shares {
		out[f] = int(share * float64(n))
		left -= out[f]
	}
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	remainders := make([]float64, len(shares))
	for f, share := range shares {
		remainders[f] = share*float64(n) - float64(out[f])
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(remainders[y], remainders[x]) })
	for _, f := range order[:left] {
		out[f]++
	}
	return out
}
