package sortition

import (
	"context"
	"fmt"
)

// Conflict is a quota that no panel can meet together with the others, and how
// far it has to give way.
type Conflict struct {
	Category, Feature      string
	Min, Max               int // as asked, people
	RelaxedMin, RelaxedMax int // with which a panel exists; one of them differs
}

// Infeasible says that no panel meets the quotas.
type Infeasible struct {
	// Conflicts are the quotas to change so that a panel exists, and so little
	// that no other change moves minimums and maximums by less in all; sorted by
	// category and feature. It is empty when no change of quotas helps, since
	// there are fewer households than seats.
	Conflicts []Conflict
	// Moves is the sum of all moves, people.
	Moves int
}

func (e *Infeasible) Error() string {
	if len(e.Conflicts) == 0 {
		return "no panel exists: there are fewer households than seats"
	}
	c := e.Conflicts[0]
	return fmt.Sprintf("no panel meets the quotas; the smallest change that helps moves %d of them, first %s, %s to %d..%d",
		len(e.Conflicts), c.Category, c.Feature, c.RelaxedMin, c.RelaxedMax)
}

// explain finds the smallest change of the quotas with which a panel exists:
// the panel that misses them by least in all, by the same search as any other
// panel, in a programme where every quota may give way at a price.
func explain(ctx context.Context, k Kinds) (*Infeasible, error) {
	s := &search{pricer: newPricer(k), ctx: ctx, weight: make([]float64, len(k.Seats)), scale: 1}
	s.best = -float64((len(k.Quotas) + 1) * (k.Panel + 1))
	s.slack = 1 - integral // it moves by whole people
	for i, q := range k.Quotas {
		s.giveWay(s.quota[i], 1, q.Min)
		s.giveWay(s.quota[i], -1, k.Panel-q.Max)
	}
	s.run()
	if s.err != nil || s.panel == nil {
		return &Infeasible{}, s.err
	}
	return smallest(k, s.panel), nil
}

// giveWay lets a quota be missed by so many people at most, at a price of one
// for each.
func (s *search) giveWay(row int, sign float64, most int) {
	if most <= 0 {
		return
	}
	c := column{row: []int32{int32(row)}, value: []float64{sign}}
	s.elastic = append(s.elastic, s.program.addColumn(c, 1, 0, float64(most)))
}

// count is how many people of a panel a quota looks at.
func (q KindQuota) count(p Panel) int {
	n := 0
	for _, seat := range q.Seats {
		n += p[seat]
	}
	return n
}

// missed is by how many people a panel misses its quotas in all.
func (k Kinds) missed(p Panel) int {
	sum := 0
	for _, q := range k.Quotas {
		n := q.count(p)
		sum += max(q.Min-n, 0) + max(n-q.Max, 0)
	}
	return sum
}

// smallest says how the quotas give way to a panel.
func smallest(k Kinds, p Panel) *Infeasible {
	out := &Infeasible{Moves: k.missed(p)}
	for _, q := range k.Quotas {
		n := q.count(p)
		if n >= q.Min && n <= q.Max {
			continue
		}
		out.Conflicts = append(out.Conflicts, Conflict{
			Category: q.Category, Feature: q.Feature, Min: q.Min, Max: q.Max,
			RelaxedMin: min(q.Min, n), RelaxedMax: max(q.Max, n),
		})
	}
	return out
}
