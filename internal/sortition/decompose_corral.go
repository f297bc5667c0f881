package sortition

import "math"

// corral is a set of points, affinely independent, with the weights by which
// they come nearest to the origin (Wolfe: Finding the nearest point in a
// polytope, 1976). The points are panels seen from the target, each seat kind
// measured in its own unit. R is the triangular factor of σ²eeᵀ + VᵀV, column
// by column, where V holds the points.
type corral struct {
	unit   []float64 // the inverse square of each seat kind's unit
	target []float64 // counts
	offset float64   // the target's product with itself, plus σ²
	points []point
	factor [][]float64
	weight []float64
	right  []float64
}

// point is a panel in sparse form.
type point struct {
	panel  Panel
	seats  []int32
	counts []float64
	inner  float64 // product with the target
}

// newCorral takes the target: counts per seat kind. Seat kinds with a target
// of zero are on no panel and do not matter.
func newCorral(target []float64) *corral {
	c := &corral{target: target, unit: make([]float64, len(target))}
	for seat, v := range target {
		if v > 0 {
			c.unit[seat] = 1 / v
			c.offset += v
		}
	}
	c.offset += float64(len(target))
	return c
}

func (c *corral) point(panel Panel) point {
	p := point{panel: panel}
	for seat, n := range panel {
		if n > 0 {
			p.seats = append(p.seats, int32(seat))
			p.counts = append(p.counts, float64(n))
			p.inner += float64(n) * c.unit[seat] * c.target[seat]
		}
	}
	return p
}

// add puts a panel into the corral with no weight; false when it is affinely
// dependent on the others.
func (c *corral) add(panel Panel) bool {
	p := c.point(panel)
	spread := make([]float64, len(c.target))
	square := 0.0
	for i, seat := range p.seats {
		spread[seat] = p.counts[i] * c.unit[seat]
		square += p.counts[i] * spread[seat]
	}
	column := make([]float64, 0, len(c.points)+1)
	for _, q := range c.points {
		product := c.offset - p.inner - q.inner
		for i, seat := range q.seats {
			product += q.counts[i] * spread[seat]
		}
		column = append(column, product)
	}
	own := square + c.offset - 2*p.inner
	c.forward(column)
	rest := own - dot(column, column)
	if rest < 1e-10*own {
		return false
	}
	c.factor = append(c.factor, append(column, math.Sqrt(rest)))
	c.points = append(c.points, p)
	c.weight = append(c.weight, 0)
	return true
}

// forward solves Rᵀy = b in place.
func (c *corral) forward(b []float64) {
	for j := range b {
		column := c.factor[j]
		b[j] = (b[j] - dot(column[:j], b[:j])) / column[j]
	}
}

// backward solves Ry = b in place.
func (c *corral) backward(b []float64) {
	for j := len(b) - 1; j >= 0; j-- {
		column := c.factor[j]
		b[j] /= column[j]
		subtract(b[:j], column[:j], b[j])
	}
}

// settle moves the weights to the nearest point of the affine hull, dropping
// points whose weight would become negative on the way.
func (c *corral) settle() {
	for {
		goal := c.affine()
		step := 1.0
		out := -1
		for i, g := range goal {
			if g > 1e-13 {
				continue
			}
			if s := c.weight[i] / (c.weight[i] - g); c.weight[i] <= 0 || s < step {
				step, out = max(s, 0), i
				if c.weight[i] <= 0 {
					step = 0
				}
			}
		}
		if out < 0 {
			copy(c.weight, goal)
			return
		}
		for i, g := range goal {
			c.weight[i] = max(c.weight[i]+step*(g-c.weight[i]), 0)
		}
		c.weight[out] = 0
		for i := len(c.points) - 1; i >= 0; i-- {
			if c.weight[i] <= 1e-13 && (i == out || goal[i] <= 0) {
				c.drop(i)
			}
		}
	}
}

// affine is the solution without regard to signs, refined once.
func (c *corral) affine() []float64 {
	n := len(c.points)
	if cap(c.right) < n {
		c.right = make([]float64, 2*n)
	}
	b := c.right[:n]
	for i := range b {
		b[i] = 1
	}
	c.forward(b)
	c.backward(b)
	normalise(b)
	return b
}

func normalise(b []float64) {
	sum := 0.0
	for _, v := range b {
		sum += v
	}
	for i := range b {
		b[i] /= sum
	}
}

// drop takes a point out and turns the factor back into a triangle.
func (c *corral) drop(out int) {
	n := len(c.points)
	copy(c.factor[out:], c.factor[out+1:])
	c.factor = c.factor[:n-1]
	for j := out; j < n-1; j++ {
		column := c.factor[j]
		a, b := column[j], column[j+1]
		r := math.Hypot(a, b)
		cos, sin := a/r, b/r
		column[j] = r
		c.factor[j] = column[:j+1]
		for _, later := range c.factor[j+1:] {
			x, y := later[j], later[j+1]
			later[j], later[j+1] = cos*x+sin*y, cos*y-sin*x
		}
	}
	c.points = append(c.points[:out], c.points[out+1:]...)
	c.weight = append(c.weight[:out], c.weight[out+1:]...)
}

// shortfall is the target minus the mixture, per seat kind in counts.
func (c *corral) shortfall() []float64 {
	rest := append([]float64(nil), c.target...)
	for i, p := range c.points {
		w := c.weight[i]
		for k, seat := range p.seats {
			rest[seat] -= w * p.counts[k]
		}
	}
	return rest
}
