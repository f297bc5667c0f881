package sortition

import (
	"context"
	"math"
)

// small is how many kinds with fractional counts are left to the corral.
const small = 350

// decompose writes counts as a mixture of panels. In a large pool panels are
// first taken off one by one until few kinds are left; the rest is done by a
// corral. What taking off has spoiled is tried again from an earlier point, in
// the end from the very first. It returns no mixture when there is none, but an
// inequality that all panels keep and the counts do not.
func (h *hull) decompose(ctx context.Context, target []float64, watch func(panels int)) ([]Share, *cut, error) {
	defer h.pricer.release()
	f := h.face(target)
	tries := []*face{f.copy()}
	for open := f.open(); open > small; {
		found, err := f.take(ctx)
		if err != nil {
			return nil, nil, err
		}
		if !found {
			break
		}
		if n := f.open(); n < open*2/3 || n <= small {
			tries, open = append(tries, f.copy()), n
		} else if n <= small {
			break
		}
		watch(len(f.taken))
	}
	for i := len(tries) - 1; i >= 0; i-- {
		f := tries[i]
		f.restrict(false)
		if i == 0 {
			h.pricer.release()
		}
		rest, cut, err := h.corral(ctx, f.target, func(n int) { watch(len(f.taken) + n) })
		if err != nil && err != errNumerical {
			return nil, nil, err
		}
		if rest != nil || i == 0 {
			return f.with(rest), cut, err
		}
	}
	return nil, nil, errNumerical
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
// most is added, weighed by what each seat kind still lacks.
func (h *hull) corral(ctx context.Context, target []float64, watch func(panels int)) ([]Share, *cut, error) {
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
		if h.close(rest) {
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
			return nil, &cut{weight: weight, most: floor}, nil
		}
		if !c.add(panel) {
			return nil, nil, errNumerical
		}
		c.settle()
	}
}

// close reports whether nobody's chance is off by more than 1e-10.
func (h *hull) close(rest []float64) bool {
	for seat, r := range rest {
		if math.Abs(r) > 1e-10*h.size[seat] {
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
