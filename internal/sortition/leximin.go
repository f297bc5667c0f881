package sortition

import (
	"context"
	"math"
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
	l, err := h.relaxed(ctx, watch)
	if err == nil && l == nil {
		l, err = h.levels(ctx, watch)
	}
	if err != nil {
		return Distribution{}, err
	}
	return h.distribution(l), nil
}

// cutRounds is how often the relaxation is tightened before whole panels take over.
const cutRounds = 40

// relaxed is the optimum of the relaxation when that is a mixture of panels,
// which makes it the optimum over panels too. Where it is not, the inequality
// that shows it tightens the relaxation, and so on; nil when that leads nowhere
// soon.
func (h *hull) relaxed(ctx context.Context, watch func(Progress)) (*leximin, error) {
	r := newRelaxation(h)
	progress := Progress{Stage: "relaxation", People: h.people(nil)}
	for range cutRounds {
		err := r.solve(ctx, func() {
			progress.Level, progress.Fixed = len(r.levels), h.people(r.open)
			watch(progress)
		})
		if err == errNumerical {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		target := make([]float64, len(h.size))
		for seat, c := range r.chance {
			target[seat] = c * h.size[seat]
		}
		mix, cut, err := h.decompose(ctx, target, func(panels int) {
			progress.Panels = panels
			watch(progress)
		})
		if err != nil && err != errNumerical {
			return nil, err
		}
		if mix != nil {
			progress.Stage = "check"
			watch(progress)
			return h.verified(ctx, r, mix)
		}
		if cut == nil || len(h.size) < manyKinds {
			return nil, nil
		}
		r.cuts = append(r.cuts, *cut)
	}
	return nil, nil
}

// manyKinds is from how many kinds of seats on tightening the relaxation is
// quicker than whole panels.
const manyKinds = 60

// verified is the relaxation's optimum, nil if the panels miss it after all or
// it does not stand up to being checked.
func (h *hull) verified(ctx context.Context, r *relaxation, mix []Share) (*leximin, error) {
	l := &leximin{chance: r.chance, bound: r.levels[0], levels: len(r.levels), support: mix}
	if h.distribution(l).off(r.chance) > 1e-8 {
		return nil, nil
	}
	sound, err := r.holds(ctx)
	if err == errNumerical || err == nil && !sound {
		return nil, nil
	}
	return l, err
}

// off is how far the chances are from what they should be.
func (d Distribution) off(chance []float64) float64 {
	worst := 0.0
	for seat, c := range chance {
		worst = max(worst, math.Abs(d.Probability[seat]-c))
	}
	return worst
}

// distribution turns weights that sum to almost 1 into shares that do, and the
// chances into those the shares give.
func (h *hull) distribution(l *leximin) Distribution {
	d := Distribution{Kinds: h.kinds, Probability: make([]float64, len(h.size)), Support: slices.Clone(l.support)}
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
