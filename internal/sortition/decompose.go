package sortition

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// small is how many kinds with fractional counts are left to the corral.
const small = 350

// decompose writes counts as a mixture of panels. In a large pool panels are
// first taken off one by one until few kinds are left; the rest is done by a
// corral. What taking off has spoiled is tried again from the start. It returns
// no mixture when there is none, but an inequality that all panels keep and the
// counts do not (nil when that cannot be told from the precision of numbers).
func (h *hull) decompose(ctx context.Context, target []float64, watch func(panels int)) ([]Share, *cut, error) {
	defer h.pricer.release()
	f := h.face(target)
	start := h.face(target)
	for f.open() > small {
		found, err := f.take(ctx)
		if err != nil {
			return nil, nil, err
		}
		if !found {
			break
		}
		watch(len(f.taken))
	}
	if len(f.taken) > 0 {
		mix, cut, err := h.finish(ctx, f, target, false, watch)
		if mix != nil || cut != nil || err != nil {
			return mix, cut, err
		}
		cut, err = h.project(ctx, target)
		if cut != nil || err != nil {
			return nil, cut, err
		}
	}
	return h.finish(ctx, start, target, true, watch)
}

// project looks for an inequality among the seat kinds with the largest chances
// alone, which are those that whole numbers trouble most.
func (h *hull) project(ctx context.Context, target []float64) (*cut, error) {
	order := make([]int, len(target))
	for seat := range order {
		order[seat] = seat
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(target[b]/h.size[b], target[a]/h.size[a]) })
	few := make([]float64, len(target))
	for _, seat := range order[:min(len(order), 80)] {
		few[seat] = target[seat]
	}
	mix, stuck, err := h.corral(ctx, few, func(int) {})
	if mix != nil || err == errNumerical {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := h.separate(ctx, stuck, target)
	if found != nil || err != nil {
		return found, err
	}
	return h.deepest(ctx, stuck, target)
}

// finish mixes what is left of a target. With all, nothing was taken off, and
// when there is no mixture there is an inequality.
func (h *hull) finish(ctx context.Context, f *face, target []float64, all bool, watch func(int)) ([]Share, *cut, error) {
	h.pricer.release()
	if !all {
		f.restrict(false)
	}
	rest, stuck, err := h.corral(ctx, f.target, func(n int) { watch(len(f.taken) + n) })
	h.pricer.release()
	if err == errNumerical && !all {
		return nil, nil, nil
	}
	if rest != nil || err != nil {
		return f.with(rest), nil, err
	}
	found, err := h.separate(ctx, stuck, target)
	if found != nil || err != nil || !all {
		return nil, found, err
	}
	found, err = h.deepest(ctx, stuck, target)
	return nil, found, err
}

// with is what was taken off together with what the rest consists of.
func (f *face) with(rest []Share) []Share {
	if rest == nil {
		return nil
	}
	out := append([]Share(nil), f.taken...)
	for _, s := range rest {
		out = append(out, Share{s.Panel, s.Weight * f.mass})
	}
	return out
}

// corral mixes panels until they meet the target: always the one that owes
// most is added, weighed by what each seat kind still lacks. When no panel
// reaches as far as the target in that direction, it returns the direction.
func (h *hull) corral(ctx context.Context, target []float64, watch func(panels int)) (mix []Share, stuck []float64, err error) {
	c := newCorral(target)
	weight := make([]float64, len(target))
	start, _, err := h.pricer.find(ctx, weight, -1, 1)
	if start == nil || err != nil {
		return nil, nil, err
	}
	c.add(start)
	c.weight[0] = 1
	for round := 0; ; round++ {
		if round&15 == 15 {
			watch(len(c.points))
		}
		rest := c.shortfall()
		if h.close(rest, c.unit) {
			return c.mixture(), nil, nil
		}
		reach, square := 0.0, 0.0
		for seat, r := range rest {
			weight[seat] = r * c.unit[seat]
			reach += weight[seat] * target[seat]
			square += weight[seat] * r
		}
		floor := reach - 1e-3*square
		panel, _, err := h.pricer.find(ctx, weight, floor, 1)
		if err != nil {
			return nil, nil, err
		}
		if panel == nil {
			return nil, weight, nil
		}
		if !c.add(panel) {
			return nil, nil, errNumerical
		}
		c.settle()
	}
}

// close reports whether nobody's chance that is measured is off by more than 1e-10.
func (h *hull) close(rest, unit []float64) bool {
	for seat, r := range rest {
		if unit[seat] > 0 && math.Abs(r) > 1e-10*h.size[seat] {
			return false
		}
	}
	return true
}

func (c *corral) mixture() []Share {
	var out []Share
	for i, p := range c.points {
		if c.weight[i] > 0 {
			out = append(out, Share{p.panel, c.weight[i]})
		}
	}
	return out
}
