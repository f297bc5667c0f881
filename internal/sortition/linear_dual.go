package sortition

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// breakpoint is a variable whose reduced cost changes its sign on the way.
type breakpoint struct {
	variable     int
	ratio, alpha float64
}

// dual restores the bounds of the basic variables while the reduced costs keep
// their signs. Costs that stall it are moved a little and put right afterwards
// by the primal method.
func (p *program) dual(ctx context.Context) (outcome, error) {
	cost := append([]float64(nil), p.cost...)
	result, moved, err := p.dualSteps(ctx)
	if moved {
		copy(p.cost, cost)
		p.solvePrices()
		if err == nil && result == optimal {
			p.solveBasis()
			if p.infeasibility() > 10*primalTolerance {
				return optimal, nil // solve looks again
			}
			err = p.primal(ctx)
		}
	}
	return result, err
}

func (p *program) dualSteps(ctx context.Context) (result outcome, moved bool, err error) {
	weights := make([]float64, p.rows)
	for i := range weights {
		weights[i] = 1
	}
	p.settle()
	still, limit := 0, 200*(p.rows+len(p.columns)/10+50)
	for step := 0; ; step++ {
		if step&63 == 63 && ctx.Err() != nil {
			return 0, moved, ctx.Err()
		}
		if step > limit {
			return 0, moved, errNumerical
		}
		if p.age >= p.lifetime() {
			p.restart(weights)
		}
		pivot, excess := p.worst(weights)
		if pivot < 0 {
			return optimal, moved, nil
		}
		if !math.IsInf(p.cutoff, 1) && !moved && p.objective() > p.cutoff {
			return beyond, moved, nil
		}
		entering, theta := p.passage(pivot, excess)
		if entering < 0 && p.age > 0 {
			p.restart(weights) // not on the word of an old inverse
			continue
		}
		if entering < 0 {
			return infeasible, moved, nil
		}
		if !p.dualExchange(entering, pivot, excess, weights) {
			if p.age == 0 {
				return 0, moved, errNumerical
			}
			p.restart(weights)
			continue
		}
		if math.Abs(theta) > 1e-12 {
			still = 0
		} else if still++; still == 3*mixAfter {
			p.disturb()
			moved, still = true, 0
		}
	}
}

// restart computes the inverse anew and all that hangs on it.
func (p *program) restart(weights []float64) {
	p.refactor()
	p.solvePrices()
	p.settle()
	for i := range weights {
		weights[i] = 1
	}
}

// settle moves nonbasic variables to the bound their reduced cost asks for and
// computes the basic ones.
func (p *program) settle() {
	for _, j := range p.scan {
		switch {
		case p.state[j] == basic:
		case p.reduced[j] > dualTolerance:
			p.rest(int(j), atLower)
		case p.reduced[j] < -dualTolerance:
			p.rest(int(j), atUpper)
		}
	}
	p.solveBasis()
}

// disturb moves the costs a little so that no two ratios are the same.
func (p *program) disturb() {
	for _, j := range p.scan {
		if p.state[j] == basic {
			continue
		}
		by := 1e-6 * (0.5 + p.next())
		if p.state[j] == atUpper {
			by = -by
		}
		p.cost[j] += by
		p.reduced[j] += by
	}
}

// worst is the position of the basic variable furthest outside its bounds.
func (p *program) worst(weights []float64) (position int, excess float64) {
	position = -1
	best := 0.0
	for i, j := range p.basis {
		e := 0.0
		if d := p.lo[j] - p.x[j]; d > primalTolerance {
			e = -d
		} else if d := p.x[j] - p.hi[j]; d > primalTolerance {
			e = d
		}
		if e == 0 {
			continue
		}
		if score := e * e / weights[i]; score > best {
			best, position, excess = score, i, e
		}
	}
	return position, excess
}

// passage finds the entering variable. Boxed variables whose reduced cost
// changes its sign first are moved to their other bound as long as the leaving
// variable stays outside its own.
func (p *program) passage(pivot int, excess float64) (entering int, theta float64) {
	breaks := p.scratch.breaks[:0]
	side := 1.0
	if excess < 0 {
		side = -1
	}
	for i, a := range p.tableau(pivot) {
		a *= side
		if math.Abs(a) <= pivotTolerance {
			continue
		}
		j := int(p.scan[i])
		if up := p.state[j] == atLower; up == (a > 0) {
			breaks = append(breaks, breakpoint{j, max(p.reduced[j]/a, 0), a})
		}
	}
	p.scratch.breaks = breaks
	if len(breaks) == 0 {
		return -1, 0
	}
	chosen, rest := p.pass(breaks, math.Abs(excess))
	if rest > 1e-6 {
		return -1, 0 // all of them moved would not be enough
	}
	b := breaks[chosen]
	if chosen > 0 {
		p.flip(breaks[:chosen])
	}
	theta = p.reduced[b.variable] / (b.alpha * side)
	p.dualReprice(pivot, b.variable, theta)
	return b.variable, theta
}

// compare orders by ratio, the larger pivot first among equals.
func (b breakpoint) compare(c breakpoint) int {
	switch {
	case b.ratio != c.ratio:
		return cmp.Compare(b.ratio, c.ratio)
	case math.Abs(b.alpha) != math.Abs(c.alpha):
		return cmp.Compare(math.Abs(c.alpha), math.Abs(b.alpha))
	}
	return cmp.Compare(b.variable, c.variable)
}

// nearest is the index of the first in order.
func nearest(breaks []breakpoint) int {
	best := 0
	for i := range breaks {
		if breaks[i].ratio > breaks[best].ratio {
			continue
		}
		if breaks[i].compare(breaks[best]) < 0 {
			best = i
		}
	}
	return best
}

// pass sorts the breakpoints and returns the one to stop at (those before it are
// passed) and how far outside its bounds the leaving variable stays when all
// are passed. Among almost equal ratios the largest pivot is taken.
func (p *program) pass(breaks []breakpoint, slope float64) (chosen int, rest float64) {
	stop := len(breaks) - 1
	for i := range breaks {
		if i < 8 { // it rarely goes further
			j := nearest(breaks[i:]) + i
			breaks[i], breaks[j] = breaks[j], breaks[i]
		} else if i == 8 {
			slices.SortFunc(breaks[i:], breakpoint.compare)
		}
		b := breaks[i]
		slope -= math.Abs(b.alpha) * (p.hi[b.variable] - p.lo[b.variable])
		if slope < 0 {
			stop = i
			break
		}
	}
	chosen = stop
	for i := stop; i >= 0 && breaks[i].ratio >= breaks[stop].ratio-1e-12; i-- {
		if math.Abs(breaks[i].alpha) > math.Abs(breaks[chosen].alpha) {
			chosen = i
		}
	}
	if math.Abs(breaks[chosen].alpha) < 1e-5 {
		for i := range stop {
			if math.Abs(breaks[i].alpha) > 100*math.Abs(breaks[chosen].alpha) {
				chosen = i
			}
		}
	}
	return chosen, slope
}

// flip moves variables to their other bound.
func (p *program) flip(passed []breakpoint) {
	m := p.rows
	right := p.vector(&p.scratch.flips, m)
	for _, b := range passed {
		j := b.variable
		old := p.x[j]
		if p.state[j] == atLower {
			p.rest(j, atUpper)
		} else {
			p.rest(j, atLower)
		}
		c := p.columns[j]
		for k, r := range c.row {
			right[r] -= c.value[k] * (p.x[j] - old)
		}
	}
	for i, j := range p.basis {
		p.x[j] += dot(p.inverse[i*m:i*m+m], right)
	}
}

// dualReprice updates the reduced costs.
func (p *program) dualReprice(pivot, entering int, theta float64) {
	for i, a := range p.scratch.entries {
		p.reduced[p.scan[i]] -= theta * a
	}
	p.reduced[entering] = 0
	p.reduced[p.basis[pivot]] = -theta
}

// dualExchange changes the basis; false when the pivot is too small to trust.
// The leaving variable goes to the bound that it was beyond, by excess, before
// others were moved.
func (p *program) dualExchange(entering, pivot int, excess float64, weights []float64) bool {
	alpha := p.vector(&p.scratch.alpha, p.rows)
	p.multiply(entering, alpha)
	if math.Abs(alpha[pivot]) < pivotTolerance {
		return false
	}
	leaving := p.basis[pivot]
	to, bound := atLower, p.lo[leaving]
	if excess > 0 {
		to, bound = atUpper, p.hi[leaving]
	}
	by := (p.x[leaving] - bound) / alpha[pivot]
	p.shift(alpha, by)
	p.x[entering] += by
	p.dualWeights(weights, alpha, pivot)
	p.exchange(entering, pivot, alpha, to)
	return true
}

// dualWeights updates the reference weights of the positions (dual Devex).
func (p *program) dualWeights(weights, alpha []float64, pivot int) {
	reference := weights[pivot]
	for i, a := range alpha {
		if i == pivot || a == 0 {
			continue
		}
		r := a / alpha[pivot]
		weights[i] = max(weights[i], r*r*reference)
	}
	weights[pivot] = max(reference/(alpha[pivot]*alpha[pivot]), 1)
}
