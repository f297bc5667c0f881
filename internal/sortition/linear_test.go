package sortition

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomProgram draws a small programme with integral data, so that ties and
// degenerate corners are the rule.
func randomProgram(r *rand.Rand, rows, columns int) *program {
	p := newProgram()
	for range rows {
		lo := float64(r.IntN(7) - 3)
		p.addRow(lo, lo+float64(r.IntN(5)))
	}
	for range columns {
		var c column
		for row := range rows {
			if v := r.IntN(5) - 2; v != 0 && r.IntN(2) == 0 {
				c.row = append(c.row, int32(row))
				c.value = append(c.value, float64(v))
			}
		}
		p.addColumn(c, float64(r.IntN(9)-4), 0, float64(r.IntN(4)))
	}
	return p
}

// corner finds the optimum by trying every basis, for programmes so small that
// this is possible; the second result is false when there is no solution.
func corner(p *program) (float64, bool) {
	best, found := math.Inf(1), false
	n := len(p.columns)
	var chosen []int
	var walk func(from int)
	walk = func(from int) {
		if len(chosen) == p.rows {
			if v, ok := bestAt(p, chosen); ok {
				found, best = true, min(best, v)
			}
			return
		}
		for j := from; j < n; j++ {
			chosen = append(chosen, j)
			walk(j + 1)
			chosen = chosen[:len(chosen)-1]
		}
	}
	walk(0)
	return best, found
}

// bestAt is the least cost over the corners of one basis.
func bestAt(p *program, chosen []int) (float64, bool) {
	q := *p
	q.basis = append([]int(nil), chosen...)
	q.state = make([]place, len(p.columns))
	q.x = append([]float64(nil), p.x...)
	q.inverse = nil
	for _, j := range chosen {
		q.state[j] = basic
	}
	q.refactor()
	for _, j := range chosen {
		if q.state[j] != basic {
			return 0, false // not a basis
		}
	}
	var free []int
	for j := range q.columns {
		if q.state[j] != basic {
			free = append(free, j)
		}
	}
	best, found := math.Inf(1), false
	for mask := range 1 << len(free) {
		for i, j := range free {
			q.rest(j, atLower)
			if mask>>i&1 == 1 {
				q.rest(j, atUpper)
			}
		}
		q.solveBasis()
		if q.infeasibility() < 1e-9 {
			found, best = true, min(best, q.objective())
		}
	}
	return best, found
}

func TestTheLinearSolverFindsWhatTryingEveryCornerFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	none := 0
	for round := range 400 {
		p := randomProgram(r, 1+r.IntN(3), 1+r.IntN(5))
		want, exists := corner(p)
		got, err := p.solve(t.Context())
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if !exists {
			none++
		}
		if (got == optimal) != exists {
			t.Fatalf("round %d: outcome %v, but a solution exists: %v", round, got, exists)
		}
		if exists && math.Abs(p.objective()-want) > 1e-9 {
			t.Fatalf("round %d: %v instead of %v", round, p.objective(), want)
		}
	}
	if none < 20 || none > 380 {
		t.Fatalf("%d of 400 programmes have no solution; the test needs both sorts", none)
	}
}

// TestLargerProgramsHoldUp checks answers by the conditions of optimality,
// after changes of bounds and costs and with columns and rows added.
func TestLargerProgramsHoldUp(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	solved := 0
	for round := range 150 {
		rows := 2 + r.IntN(30)
		p := randomProgram(r, rows, rows+r.IntN(120))
		for change := range 6 {
			got, err := p.solve(t.Context())
			if err != nil {
				t.Fatalf("round %d, change %d: %v", round, change, err)
			}
			if got == optimal {
				solved++
				holdsUp(t, p)
			}
			alter(r, p)
		}
	}
	if solved < 100 {
		t.Fatalf("only %d programmes had a solution", solved)
	}
}

func holdsUp(t *testing.T, p *program) {
	t.Helper()
	activity := make([]float64, p.rows)
	for j, c := range p.columns {
		c.addTo(activity, p.x[j])
		if p.x[j] < p.lo[j]-1e-8 || p.x[j] > p.hi[j]+1e-8 {
			t.Fatalf("variable %d is %v outside %v to %v", j, p.x[j], p.lo[j], p.hi[j])
		}
	}
	for row, v := range activity {
		if math.Abs(v) > 1e-9 {
			t.Fatalf("row %d is off by %v", row, v)
		}
	}
	prices := make([]float64, p.rows)
	for row := range prices {
		prices[row] = p.price(row)
	}
	for j, c := range p.columns {
		d := p.cost[j] - c.times(prices)
		if d > 1e-9 && p.x[j] > p.lo[j]+1e-7 || d < -1e-9 && p.x[j] < p.hi[j]-1e-7 {
			t.Fatalf("variable %d rests at %v (of %v to %v) against its reduced cost %v", j, p.x[j], p.lo[j], p.hi[j], d)
		}
	}
}

func alter(r *rand.Rand, p *program) {
	switch r.IntN(4) {
	case 0:
		for range 4 {
			j := r.IntN(len(p.columns))
			p.setBounds(j, p.lo[j], p.lo[j]+float64(r.IntN(4)))
		}
	case 1:
		for j := range p.columns {
			p.cost[j] = float64(r.IntN(9) - 4)
		}
	case 2:
		p.addColumn(column{row: []int32{int32(r.IntN(p.rows))}, value: []float64{1}}, -1, 0, 2)
	case 3:
		row := p.addRow(-2, 3)
		for j := range p.columns {
			if r.IntN(6) == 0 && !p.isLogical(j) {
				p.setEntry(row, j, 1)
			}
		}
	}
}
