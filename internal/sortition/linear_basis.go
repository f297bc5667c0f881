package sortition

import "math"

// refactor computes the inverse of the basis anew by Gauss-Jordan elimination
// with row pivoting, logical variables first since they cost nothing. A
// variable that turns out to depend on the others leaves the basis for a
// logical one.
func (p *program) refactor() {
	m := p.rows
	if cap(p.inverse) < m*m {
		p.inverse = make([]float64, m*m)
	}
	p.inverse = p.inverse[:m*m]
	p.stale, p.age = false, 0
	old := append([]int(nil), p.basis...)
	owner := make([]int, m)
	for i := range owner {
		owner[i] = -1
	}
	inv := p.inverse
	clear(inv)
	for i := range m {
		inv[i*m+i] = 1
	}
	var rest []int
	for _, j := range old {
		if p.isLogical(j) {
			owner[p.columns[j].row[0]] = j
			continue
		}
		rest = append(rest, j)
	}
	alpha := make([]float64, m)
	for _, j := range rest {
		p.multiply(j, alpha)
		best, pivot := 0.0, -1
		for i, a := range alpha {
			if owner[i] < 0 && math.Abs(a) > best {
				best, pivot = math.Abs(a), i
			}
		}
		if best < 1e-11 {
			p.leave(j)
			continue
		}
		owner[pivot] = j
		p.eliminate(alpha, pivot)
	}
	for i, j := range owner {
		if j < 0 {
			j = p.logical[i]
			owner[i] = j
		}
		p.basis[i] = j
		p.state[j] = basic
	}
}

func (p *program) isLogical(j int) bool {
	c := p.columns[j].row
	return len(c) == 1 && p.logical[c[0]] == j
}

// leave takes a variable out of the basis to its nearer bound.
func (p *program) leave(j int) {
	if p.x[j]-p.lo[j] > p.hi[j]-p.x[j] {
		p.rest(j, atUpper)
		return
	}
	p.rest(j, atLower)
}

// multiply sets into to the inverse times the column of a variable.
func (p *program) multiply(j int, into []float64) {
	c := p.columns[j]
	m := p.rows
	if len(c.row) == 1 {
		k, v := int(c.row[0]), c.value[0]
		for i := range m {
			into[i] = v * p.inverse[i*m+k]
		}
		return
	}
	for i := range m {
		line := p.inverse[i*m : i*m+m]
		sum := 0.0
		for k, r := range c.row {
			sum += line[r] * c.value[k]
		}
		into[i] = sum
	}
}

// eliminate turns the inverse into that of the basis in which the column alpha
// (already multiplied by the inverse) has the pivot's position.
func (p *program) eliminate(alpha []float64, pivot int) {
	m := p.rows
	line := p.inverse[pivot*m : pivot*m+m]
	scale := 1 / alpha[pivot]
	nonzero := p.scratch.nonzero[:0]
	for k, v := range line {
		if v != 0 {
			line[k] = v * scale
			nonzero = append(nonzero, int32(k))
		}
	}
	p.scratch.nonzero = nonzero
	thin := len(nonzero)*3 < m
	for i := range m {
		a := alpha[i]
		if i == pivot || (a < 1e-15 && a > -1e-15) {
			continue
		}
		target := p.inverse[i*m : i*m+m]
		if thin {
			for _, k := range nonzero {
				target[k] -= a * line[k]
			}
			continue
		}
		subtract(target, line, a)
	}
}

// subtract takes factor times line from target.
func subtract(target, line []float64, factor float64) {
	n := len(target)
	line = line[:n]
	k := 0
	for ; k+4 <= n; k += 4 {
		t, l := target[k:k+4:k+4], line[k:k+4:k+4]
		t[0] -= factor * l[0]
		t[1] -= factor * l[1]
		t[2] -= factor * l[2]
		t[3] -= factor * l[3]
	}
	for ; k < n; k++ {
		target[k] -= factor * line[k]
	}
}

// solveBasis computes the basic variables from the others, refines them once
// and returns the largest residual there was before: what the inverse is worth.
func (p *program) solveBasis() float64 {
	m := p.rows
	right := p.vector(&p.scratch.row, m)
	for j, at := range p.state {
		if at != basic && p.x[j] != 0 {
			p.columns[j].addTo(right, -p.x[j])
		}
	}
	for i, j := range p.basis {
		p.x[j] = dot(p.inverse[i*m:i*m+m], right)
	}
	for _, j := range p.basis {
		p.columns[j].addTo(right, -p.x[j])
	}
	worst := 0.0
	for _, r := range right {
		worst = max(worst, math.Abs(r))
	}
	if worst > 1e-14 {
		for i, j := range p.basis {
			p.x[j] += dot(p.inverse[i*m:i*m+m], right)
		}
	}
	return worst
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// vector returns a zeroed vector of the workspace.
func (p *program) vector(slot *[]float64, n int) []float64 {
	if cap(*slot) < n {
		*slot = make([]float64, n+n/2)
	}
	v := (*slot)[:n]
	clear(v)
	return v
}

// solvePrices computes the reduced costs of all variables, the prices of the
// rows refined once.
func (p *program) solvePrices() {
	m := p.rows
	prices := p.vector(&p.prices, m)
	p.prices = prices
	for i, j := range p.basis {
		if c := p.cost[j]; c != 0 {
			subtract(prices, p.inverse[i*m:i*m+m], -c)
		}
	}
	residual := p.vector(&p.scratch.row, m)
	for i, j := range p.basis {
		residual[i] = p.cost[j] - p.columns[j].times(prices)
	}
	for i, r := range residual {
		if math.Abs(r) > 1e-15 {
			subtract(prices, p.inverse[i*m:i*m+m], -r)
		}
	}
	p.scan = p.scan[:0]
	p.flatten()
	for j := range p.columns {
		if p.lo[j] == p.hi[j] {
			continue
		}
		p.scan = append(p.scan, int32(j))
		p.reduced[j] = 0
		if p.state[j] != basic {
			p.reduced[j] = p.cost[j] - p.flat.times(int32(j), prices)
		}
	}
}

// tableau computes the entries of a position's row for the variables that may move.
func (p *program) tableau(pivot int) []float64 {
	m := p.rows
	line := p.inverse[pivot*m : pivot*m+m]
	if cap(p.scratch.entries) < len(p.scan) {
		p.scratch.entries = make([]float64, len(p.scan), 2*len(p.scan))
	}
	entries := p.scratch.entries[:len(p.scan)]
	for i, j := range p.scan {
		entries[i] = 0
		if p.state[j] != basic {
			entries[i] = p.flat.times(j, line)
		}
	}
	p.scratch.entries = entries
	return entries
}

// addTo adds a multiple of the column to a vector over the rows.
func (c column) addTo(v []float64, factor float64) {
	for k, r := range c.row {
		v[r] += factor * c.value[k]
	}
}

// times is the product of the column with a vector over the rows.
func (c column) times(v []float64) float64 {
	sum := 0.0
	for k, r := range c.row {
		sum += c.value[k] * v[r]
	}
	return sum
}

// exchange makes entering basic in the pivot's position; the variable that was
// basic there goes to the given bound.
func (p *program) exchange(entering, pivot int, alpha []float64, to place) {
	value := p.x[entering]
	leaving := p.basis[pivot]
	p.eliminate(alpha, pivot)
	p.basis[pivot] = entering
	p.state[entering] = basic
	p.x[entering] = value
	p.rest(leaving, to)
	p.age++
}
