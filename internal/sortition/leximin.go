package sortition

import (
	"context"
	"slices"
)

// Leximin finds the leximin distribution over the panels of a pool: the
// smallest chance is as large as it can be, then the next smallest, and so on.
// It returns a *PoolError when the pool is not in order, an *Infeasible when no
// panel meets the quotas, and the context's error when it is cancelled. watch
// may be nil; it is called now and then from the same goroutine.
func Leximin(ctx context.Context, p Pool, watch func(Progress)) (Distribution, error) {
	if err := p.Check(); err != nil {
		return Distribution{}, err
	}
	if watch == nil {
		watch = func(Progress) {}
	}
	h := newHull(p.Kinds())
	exists, err := h.cover(ctx)
	if err != nil {
		return Distribution{}, err
	}
	if !exists {
		why, err := explain(ctx, h.kinds)
		if err != nil {
			return Distribution{}, err
		}
		return Distribution{}, why
	}
	l, err := h.levels(ctx, watch)
	if err != nil {
		return Distribution{}, err
	}
	return h.distribution(l), nil
}

// distribution turns weights that sum to almost 1 into shares that do, and the
// chances into those the shares give.
func (h *hull) distribution(l *leximin) Distribution {
	d := Distribution{Kinds: h.kinds, Probability: make([]float64, len(h.size)), Support: l.support}
	total := 0.0
	for _, s := range d.Support {
		total += s.Weight
	}
	for i := range d.Support {
		d.Support[i].Weight /= total
	}
	slices.SortFunc(d.Support, func(a, b Share) int { return -slices.Compare(a.Panel, b.Panel) })
	for _, s := range d.Support {
		for seat, n := range s.Panel {
			d.Probability[seat] += s.Weight * float64(n) / h.size[seat]
		}
	}
	d.Minimum = slices.Min(d.Probability)
	d.Bound = max(l.bound, d.Minimum)
	if slices.Contains(h.absent, true) {
		d.Bound = d.Minimum
	}
	d.Gap = d.Bound - d.Minimum
	return d
}
