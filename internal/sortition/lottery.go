package sortition

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Lottery is a list of panels of which one is drawn, each with the same chance.
type Lottery struct {
	// Panels hold ids. Within a panel they are sorted byte by byte, and so are
	// the panels among each other. A panel may occur more than once.
	Panels [][]string
}

// ErrPanels is a lottery over no panel, or one that nobody could check.
var ErrPanels = errors.New("a lottery has 1 to 1,000,000 panels")

const maxPanels = 1_000_000

// Lottery rounds the distribution to a uniform lottery over m panels that can be
// published: how often a person occurs is as near to m times their chance as was
// found. It is a function of the pool and m alone, whatever the order of people,
// so that nobody can look for a lottery that suits them.
//
// The copies of the support's panels are chosen by rounding (see rounding),
// single seats then change hands where that helps (see polish), and the seats of
// each kind go round among its people (see seating). To round the optimum's own
// support follows Flanigan, Kehne, Procaccia: Fair sortition made transparent,
// NeurIPS 2021.
func (d Distribution) Lottery(p Pool, m int) (Lottery, error) {
	if m < 1 || m > maxPanels {
		return Lottery{}, ErrPanels
	}
	if len(d.Support) == 0 {
		return Lottery{}, errors.New("the distribution has no panel")
	}
	copies := d.round(m)
	var rows []Panel
	for s, n := range copies {
		for range n {
			rows = append(rows, slices.Clone(d.Support[s].Panel))
		}
	}
	d.polish(rows)
	slices.SortStableFunc(rows, func(a, b Panel) int { return slices.Compare(b, a) })
	rand.New(rand.NewPCG(uint64(m), mixing)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	panels := d.Kinds.seat(p, rows)
	l := Lottery{Panels: make([][]string, len(panels))}
	for i, people := range panels {
		for _, person := range people {
			l.Panels[i] = append(l.Panels[i], p.People[person].ID)
		}
		slices.Sort(l.Panels[i])
	}
	slices.SortFunc(l.Panels, slices.Compare)
	return l, p.CheckPanels(l.Panels)
}

// CheckPanels is CheckPanel for many; the error names the first that may not sit,
// counted from 0.
func (p Pool) CheckPanels(panels [][]string) error {
	look := p.look()
	for i, panel := range panels {
		if err := look.check(panel); err != nil {
			return fmt.Errorf("panel %d: %w", i, err)
		}
	}
	return nil
}

// Counts is on how many panels each person sits; who sits on none is left out.
func (l Lottery) Counts() map[string]int {
	counts := make(map[string]int)
	for _, panel := range l.Panels {
		for _, id := range panel {
			counts[id]++
		}
	}
	return counts
}

// Chances is each person's chance in the distribution, in the order of p.People.
func (d Distribution) Chances(p Pool) []float64 {
	out := make([]float64, len(p.People))
	for k, kind := range d.Kinds.Seats {
		for _, people := range kind.People {
			for _, person := range people {
				out[person] = d.Probability[k]
			}
		}
	}
	return out
}

// Deviation is how far the lottery is from the chances, in panels per person
// (|count − m·chance|): on average and at worst.
func (l Lottery) Deviation(p Pool, chances []float64) (mean, worst float64) {
	counts := l.Counts()
	for i, person := range p.People {
		off := math.Abs(float64(counts[person.ID]) - chances[i]*float64(len(l.Panels)))
		mean += off / float64(len(p.People))
		worst = max(worst, off)
	}
	return mean, worst
}

// sortedSupport is the support in an order that does not depend on the solver's.
func (d Distribution) sortedSupport() []Share {
	support := slices.Clone(d.Support)
	slices.SortFunc(support, func(a, b Share) int {
		if c := slices.Compare(b.Panel, a.Panel); c != 0 {
			return c
		}
		return cmp.Compare(b.Weight, a.Weight)
	})
	return support
}
