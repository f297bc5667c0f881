package sortition

import (
	"context"
	"math"
)

// solve finds an optimum from whatever basis the program has: the primal
// method where the basis still fits the bounds, the dual one otherwise. An
// answer counts only after variables and prices were computed anew and hold up.
func (p *program) solve(ctx context.Context) (outcome, error) {
	for attempt := range 14 {
		if attempt == 8 {
			p.slackBasis()
		}
		p.renew(attempt > 3)
		primal, dual := p.infeasibility(), p.dualInfeasibility()
		if primal <= primalTolerance && dual <= 10*dualTolerance {
			if attempt > 0 || dual <= dualTolerance {
				return optimal, nil
			}
		}
		var result outcome
		var err error
		if primal <= primalTolerance && (attempt > 0 || p.wrong() < 16) {
			err = p.primal(ctx)
		} else {
			result, err = p.dual(ctx)
		}
		if err != nil && err != errNumerical {
			return 0, err
		}
		if err == nil && result != optimal {
			return result, nil
		}
	}
	return 0, errNumerical
}

// renew computes variables and prices, with a new inverse where the old one is
// not worth much any more.
func (p *program) renew(anew bool) {
	if p.stale || anew || p.age >= p.lifetime() {
		p.refactor()
	}
	if p.solveBasis() > 1e-10 && p.age > 0 {
		p.refactor()
		p.solveBasis()
	}
	p.solvePrices()
}

// lifetime is how often the basis may change before its inverse is computed anew.
func (p *program) lifetime() int { return refactorAfter + p.rows/2 }

// infeasibility is the furthest that a basic variable lies outside its bounds.
func (p *program) infeasibility() float64 {
	worst := 0.0
	for _, j := range p.basis {
		worst = max(worst, p.lo[j]-p.x[j], p.x[j]-p.hi[j])
	}
	return worst
}

// wrong is how many reduced costs have the wrong sign. Many are put right at
// once by moving the variables to their other bounds, which is the dual
// method's beginning.
func (p *program) wrong() int {
	n := 0
	for _, j := range p.scan {
		if p.state[j] != basic && p.gain(int(j)) > dualTolerance {
			n++
		}
	}
	return n
}

func (p *program) dualInfeasibility() float64 {
	worst := 0.0
	for _, j := range p.scan {
		worst = max(worst, p.gain(int(j)))
	}
	return worst
}

// gain is how much a unit's move of a nonbasic variable away from its bound
// lowers the cost; 0 when it may not move.
func (p *program) gain(j int) float64 {
	switch {
	case p.state[j] == atLower && p.reduced[j] < 0:
		return -p.reduced[j]
	case p.state[j] == atUpper && p.reduced[j] > 0:
		return p.reduced[j]
	}
	return 0
}

// primal improves a feasible basis until none of the variables can enter with
// gain. After a run of steps that moved nothing the choice becomes random, and
// in the end Bland's, so that it cannot go round for ever.
func (p *program) primal(ctx context.Context) error {
	for _, j := range p.scan {
		p.weight[j] = 1
	}
	still := 0
	for step := 0; ; step++ {
		if step&63 == 63 && ctx.Err() != nil {
			return ctx.Err()
		}
		if p.age >= p.lifetime() {
			p.renew(true)
			if p.infeasibility() > 1e-6 {
				return errNumerical
			}
		}
		entering := p.choose(still)
		if entering < 0 {
			return nil
		}
		moved := p.step(entering, still > blandAfter)
		if moved > 1e-12 {
			still = 0
			continue
		}
		if still++; still > 50*(p.rows+100)+blandAfter {
			return errNumerical
		}
	}
}

const (
	mixAfter   = 30
	blandAfter = 4000
)

// choose finds the entering variable, -1 when there is none.
func (p *program) choose(still int) int {
	best, entering := 0.0, -1
	for _, variable := range p.scan {
		j := int(variable)
		if p.state[j] == basic {
			continue
		}
		g := p.gain(j)
		if g <= dualTolerance {
			continue
		}
		if still > blandAfter {
			return j
		}
		score := g * g / p.weight[j]
		if still > mixAfter {
			score *= 0.1 + p.next()
		}
		if score > best {
			best, entering = score, j
		}
	}
	return entering
}

// step lets a variable enter and returns how far it moved.
func (p *program) step(entering int, bland bool) float64 {
	m := p.rows
	alpha := p.vector(&p.scratch.alpha, m)
	p.multiply(entering, alpha)
	direction := 1.0
	if p.state[entering] == atUpper {
		direction = -1
	}
	pivot, length, to := p.ratio(alpha, direction, bland)
	if width := p.hi[entering] - p.lo[entering]; pivot < 0 || length >= width {
		p.shift(alpha, direction*width)
		if direction > 0 {
			p.rest(entering, atUpper)
		} else {
			p.rest(entering, atLower)
		}
		return width
	}
	p.shift(alpha, direction*length)
	p.x[entering] += direction * length
	p.reprice(entering, pivot, alpha[pivot])
	p.exchange(entering, pivot, alpha, to)
	return length
}

// shift moves the basic variables along when the entering one moves.
func (p *program) shift(alpha []float64, by float64) {
	if by == 0 {
		return
	}
	for i, a := range alpha {
		if a != 0 {
			p.x[p.basis[i]] -= by * a
		}
	}
}

// ratio is the test after Harris: among the variables that would leave their
// bounds by no more than the tolerance, the one with the largest pivot.
func (p *program) ratio(alpha []float64, direction float64, bland bool) (pivot int, length float64, to place) {
	limit, slack := math.Inf(1), primalTolerance
	if bland {
		slack = 0
	}
	for i, a := range alpha {
		if a *= direction; math.Abs(a) > pivotTolerance {
			limit = min(limit, p.room(i, a, slack))
		}
	}
	pivot = -1
	if math.IsInf(limit, 1) {
		return pivot, limit, atLower
	}
	best := 0.0
	for i, a := range alpha {
		a *= direction
		if math.Abs(a) <= pivotTolerance || p.room(i, a, 0) > limit {
			continue
		}
		if bland && pivot >= 0 && p.basis[i] > p.basis[pivot] {
			continue
		}
		if bland || math.Abs(a) > best {
			best, pivot = math.Abs(a), i
		}
	}
	a := alpha[pivot] * direction
	length = max(p.room(pivot, a, 0), 0)
	if a > 0 {
		return pivot, length, atLower
	}
	return pivot, length, atUpper
}

// room is how far the entering variable may move until the basic one in a
// position meets its bound.
func (p *program) room(position int, a, slack float64) float64 {
	j := p.basis[position]
	if a > 0 {
		return (p.x[j] - p.lo[j] + slack) / a
	}
	return (p.hi[j] - p.x[j] + slack) / -a
}

// reprice updates the reduced costs and the reference weights (Devex) for a
// change of the basis.
func (p *program) reprice(entering, pivot int, alpha float64) {
	theta := p.reduced[entering] / alpha
	reference := max(p.weight[entering], 1)
	leaving := p.basis[pivot]
	for i, a := range p.tableau(pivot) {
		if a == 0 {
			continue
		}
		j := p.scan[i]
		p.reduced[j] -= theta * a
		r := a / alpha
		p.weight[j] = max(p.weight[j], r*r*reference)
	}
	p.reduced[entering] = 0
	p.reduced[leaving] = -theta
	p.weight[leaving] = max(reference/(alpha*alpha), 1)
}
