package sortition

import (
	"cmp"
	"math"
	"slices"
)

// rounding chooses how often each panel of the support is in the lottery, so
// that the squares of what people get too much or too little, summed over
// people, are small. It starts from the panels' weights rounded by largest
// remainder and exchanges one copy for another; the copy given up and the one
// taken are barred for some steps (tabu search), so that it leaves hollows that
// are not the lowest. No chance is involved.
type rounding struct {
	panels []sparse
	size   []float64 // people per kind
	off    []float64 // per kind: seats too many (or, negative, too few)
	copies []int
	pull   []float64 // per panel: half the slope of the sum along one more copy
	square []float64 // per panel: the sum's curvature
	gram   map[int][]float32
}

// sparse is a panel without its zeros.
type sparse struct {
	kinds  []int
	counts []float64
}

// Steps of the search, per panel of the support and in all.
const (
	stepsPerPanel = 20
	leastSteps    = 4_000
	mostSteps     = 60_000
	barredSteps   = 12
)

// round returns the copies of each panel of d.Support; they sum to m. It sorts
// d.Support's own copy first, so the receiver must be used for the result.
func (d *Distribution) round(m int) []int {
	d.Support = d.sortedSupport()
	r := newRounding(*d, m)
	best, sum := slices.Clone(r.copies), r.sum()
	steps := min(max(leastSteps, stepsPerPanel*len(r.panels)), mostSteps)
	if len(r.panels) < 2 {
		return best
	}
	barred := make([]int, len(r.panels))
	for step := 1; step <= steps && sum > 0; step++ {
		r.exchange(step, barred)
		if now := r.sum(); now < sum*(1-1e-12) {
			sum = now
			copy(best, r.copies)
		}
	}
	return best
}

func newRounding(d Distribution, m int) *rounding {
	r := &rounding{gram: make(map[int][]float32), copies: byRemainder(d.Support, m)}
	for k, kind := range d.Kinds.Seats {
		r.size = append(r.size, float64(kind.Size()))
		r.off = append(r.off, -float64(m)*d.Probability[k]*float64(kind.Size()))
	}
	for s, share := range d.Support {
		var one sparse
		square := 0.0
		for k, n := range share.Panel {
			if n > 0 {
				one.kinds, one.counts = append(one.kinds, k), append(one.counts, float64(n))
				square += float64(n*n) / r.size[k]
				r.off[k] += float64(r.copies[s] * n)
			}
		}
		r.panels, r.square = append(r.panels, one), append(r.square, square)
	}
	r.pull = make([]float64, len(r.panels))
	for s := range r.panels {
		r.pull[s] = r.slope(s)
	}
	return r
}

// byRemainder splits m by the weights.
func byRemainder(support []Share, m int) []int {
	copies, rest := make([]int, len(support)), make([]float64, len(support))
	order, left := make([]int, len(support)), m
	for s, share := range support {
		exact := max(0, share.Weight) * float64(m)
		copies[s] = min(int(exact+1e-9), left)
		left -= copies[s]
		rest[s], order[s] = exact-float64(copies[s]), s
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for i := 0; left > 0; i++ {
		copies[order[i%len(order)]]++
		left--
	}
	return copies
}

func (r *rounding) slope(s int) float64 {
	slope := 0.0
	for i, k := range r.panels[s].kinds {
		slope += r.panels[s].counts[i] * r.off[k] / r.size[k]
	}
	return slope
}

func (r *rounding) sum() float64 {
	sum := 0.0
	for k, off := range r.off {
		sum += off * off / r.size[k]
	}
	return sum
}

// exchange gives up the copy whose going helps most and takes the one whose
// coming then helps most.
func (r *rounding) exchange(step int, barred []int) {
	out, in, best := -1, -1, math.Inf(1)
	for s, n := range r.copies {
		if by := r.square[s] - 2*r.pull[s]; n > 0 && barred[s] < step && by < best {
			out, best = s, by
		}
	}
	if out < 0 {
		return
	}
	r.move(out, -1)
	best = math.Inf(1)
	for s := range r.copies {
		if by := r.square[s] + 2*r.pull[s]; s != out && barred[s] < step && by < best {
			in, best = s, by
		}
	}
	if in < 0 {
		in = out
	}
	r.move(in, 1)
	barred[out], barred[in] = step+barredSteps+step%7, step+barredSteps+step%5
}

func (r *rounding) move(s, by int) {
	r.copies[s] += by
	for i, k := range r.panels[s].kinds {
		r.off[k] += float64(by) * r.panels[s].counts[i]
	}
	for t, product := range r.products(s) {
		r.pull[t] += float64(by) * float64(product)
	}
}

// products of a panel with every other, kept once computed.
func (r *rounding) products(s int) []float32 {
	if row := r.gram[s]; row != nil {
		return row
	}
	weight := make([]float64, len(r.size))
	for i, k := range r.panels[s].kinds {
		weight[k] = r.panels[s].counts[i] / r.size[k]
	}
	row := make([]float32, len(r.panels))
	for t, panel := range r.panels {
		sum := 0.0
		for i, k := range panel.kinds {
			sum += panel.counts[i] * weight[k]
		}
		row[t] = float32(sum)
	}
	r.gram[s] = row
	return row
}
