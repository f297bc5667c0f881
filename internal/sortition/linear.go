package sortition

import (
	"errors"
	"math"
	"slices"
)

// A program is a linear programme in bounded variables,
//
//	minimise cost·x  subject to  lo ≤ x ≤ hi and every row's activity within its range.
//
// Each row has a logical variable s with (row)·x + s = 0, so that ranges are
// bounds like any other and the right-hand side is always zero. Every bound is
// finite: any basis can then be made dual feasible by moving variables to
// their other bound, and the dual method needs no first phase.
type program struct {
	rows    int
	columns []column
	cost    []float64
	lo, hi  []float64
	x       []float64
	state   []place
	logical []int // the logical variable of each row

	flat entries // the columns once more, one after the other

	basis   []int     // the variable that is basic in each position
	inverse []float64 // rows × rows, the inverse of the basis, one position after the other
	age     int       // changes of the basis since the inverse was computed anew
	stale   bool      // the inverse does not belong to the basis

	scan    []int32   // variables that may move: all but those with one value
	prices  []float64 // dual value of each row
	reduced []float64 // reduced costs of the variables in scan
	weight  []float64 // reference weights of the primal method
	cutoff  float64   // the dual method stops as soon as the optimum is known to reach this
	random  uint64    // breaks ties, always from the same start
	scratch workspace
}

// column holds the entries of one variable.
type column struct {
	row   []int32
	value []float64
}

// entries are the columns one after the other, as the inner loops read them.
type entries struct {
	valid bool
	start []int32 // of each variable, and the end
	row   []int32
	value []float64 // nil when all are 1
}

func (e *entries) append(c column) {
	if e.value == nil && slices.ContainsFunc(c.value, func(v float64) bool { return v != 1 }) {
		e.value = make([]float64, len(e.row))
		for i := range e.value {
			e.value[i] = 1
		}
	}
	e.row = append(e.row, c.row...)
	if e.value != nil {
		e.value = append(e.value, c.value...)
	}
	e.start = append(e.start, int32(len(e.row)))
}

// flatten brings flat up to date.
func (p *program) flatten() {
	e := &p.flat
	if !e.valid {
		*e = entries{valid: true, start: append(e.start[:0], 0), row: e.row[:0]}
	}
	for _, c := range p.columns[len(e.start)-1:] {
		e.append(c)
	}
}

// times is the product of a variable's column with a vector over the rows.
func (e *entries) times(j int32, v []float64) float64 {
	from, to := e.start[j], e.start[j+1]
	sum := 0.0
	if e.value == nil {
		for _, r := range e.row[from:to] {
			sum += v[r]
		}
		return sum
	}
	value := e.value[from:to]
	for k, r := range e.row[from:to] {
		sum += value[k] * v[r]
	}
	return sum
}

type place int8

const (
	atLower place = iota
	atUpper
	basic
)

// outcome says how a solution ended.
type outcome int

const (
	optimal outcome = iota
	infeasible
	beyond // the optimum is worse than the cut-off
)

const (
	primalTolerance = 1e-9  // how far a basic variable may lie outside its bounds
	dualTolerance   = 1e-11 // how far a reduced cost may have the wrong sign
	pivotTolerance  = 1e-8  // the smallest entry that may become a pivot
	refactorAfter   = 120   // changes of the basis after which the inverse is computed anew
)

// errNumerical is returned when no basis could be found whose solution holds up.
var errNumerical = errors.New("sortition: the linear programme could not be solved reliably")

// workspace holds vectors that live no longer than one step.
type workspace struct {
	alpha, flips, row []float64
	entries           []float64 // a row of the tableau, one for each of scan
	nonzero           []int32
	breaks            []breakpoint
}

func newProgram() *program {
	return &program{cutoff: math.Inf(1), random: 0x9e3779b97f4a7c15}
}

// addRow adds a row lo ≤ row·x ≤ hi without entries and returns its number.
func (p *program) addRow(lo, hi float64) int {
	row := p.rows
	p.rows++
	p.logical = append(p.logical, len(p.columns))
	p.variable(column{row: []int32{int32(row)}, value: []float64{1}}, 0, -hi, -lo)
	p.basis = append(p.basis, p.logical[row])
	p.state[p.logical[row]] = basic
	p.stale = true
	return row
}

// addColumn adds a variable and returns its number.
func (p *program) addColumn(c column, cost, lo, hi float64) int {
	return p.variable(c, cost, lo, hi)
}

func (p *program) variable(c column, cost, lo, hi float64) int {
	p.columns = append(p.columns, c)
	p.cost = append(p.cost, cost)
	p.lo = append(p.lo, lo)
	p.hi = append(p.hi, hi)
	p.x = append(p.x, lo)
	p.state = append(p.state, atLower)
	p.reduced = append(p.reduced, 0)
	p.weight = append(p.weight, 1)
	return len(p.columns) - 1
}

// setEntry adds an entry of a row to a variable (none of the logical ones) that
// has none there yet.
func (p *program) setEntry(row, variable int, value float64) {
	c := &p.columns[variable]
	c.row = append(c.row, int32(row))
	c.value = append(c.value, value)
	p.stale, p.flat.valid = true, false
}

// setRange changes the range of a row.
func (p *program) setRange(row int, lo, hi float64) {
	p.setBounds(p.logical[row], -hi, -lo)
}

// setBounds changes the bounds of a variable; one that rests on a bound moves with it.
func (p *program) setBounds(variable int, lo, hi float64) {
	p.lo[variable], p.hi[variable] = lo, hi
	switch p.state[variable] {
	case atLower:
		p.x[variable] = lo
	case atUpper:
		p.x[variable] = hi
	}
}

// objective is the cost of the present solution.
func (p *program) objective() float64 {
	sum := 0.0
	for j, c := range p.cost {
		if c != 0 {
			sum += c * p.x[j]
		}
	}
	return sum
}

// price is the dual value of a row: what one unit more of its activity costs.
func (p *program) price(row int) float64 { return p.prices[row] }

// slackBasis starts over from the logical variables.
func (p *program) slackBasis() {
	for j := range p.columns {
		if p.state[j] == basic {
			p.rest(j, atLower)
		}
	}
	for row, j := range p.logical {
		p.basis[row] = j
		p.state[j] = basic
	}
	p.stale = true
}

// rest puts a variable on one of its bounds.
func (p *program) rest(variable int, at place) {
	p.state[variable] = at
	if at == atUpper {
		p.x[variable] = p.hi[variable]
		return
	}
	p.x[variable] = p.lo[variable]
}

// next is a number in [0, 1) from a fixed sequence.
func (p *program) next() float64 {
	p.random ^= p.random << 13
	p.random ^= p.random >> 7
	p.random ^= p.random << 17
	return float64(p.random>>11) / (1 << 53)
}

// snapshot remembers a basis, so that a search can come back to it.
type snapshot struct {
	basis   []int
	state   []place
	inverse []float64
	age     int
}

func (p *program) save() snapshot {
	return snapshot{
		basis:   append([]int(nil), p.basis...),
		state:   append([]place(nil), p.state...),
		inverse: append([]float64(nil), p.inverse...),
		age:     p.age,
	}
}

func (p *program) restore(s snapshot) {
	copy(p.basis, s.basis)
	copy(p.state, s.state)
	p.age, p.stale = s.age, len(s.basis) < p.rows
	if !p.stale {
		copy(p.inverse, s.inverse)
	}
	for row := len(s.basis); row < p.rows; row++ { // added since
		p.basis[row] = p.logical[row]
		p.state[p.logical[row]] = basic
	}
	for j, at := range p.state {
		if at != basic {
			p.rest(j, at)
		}
	}
}
