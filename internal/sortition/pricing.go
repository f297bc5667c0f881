package sortition

import (
	"context"
	"math"
	"slices"
)

// pricer finds panels of greatest weight. It keeps its programme from one
// question to the next, so that a similar question starts near its answer.
type pricer struct {
	kinds   Kinds
	program *program
	column  []int   // the variable of each seat kind
	elastic []int   // variables by which quotas give way, when they may
	quota   []int   // the row of each quota
	shared  []int   // unit kinds with several kinds of seats
	seats   [][]int // the seat kinds of each unit kind
	guards  []int   // the row of each unit kind that has one by now, else 0
	root    snapshot
	primed  bool
	// lastScale is what the precision of the latest search is relative to.
	lastScale float64
}

// integral is how near a number must be to a whole one to be taken for it.
const integral = 1e-6

func newPricer(k Kinds) *pricer {
	q := &pricer{kinds: k, program: newProgram(), seats: make([][]int, len(k.Units)), guards: make([]int, len(k.Units))}
	size := q.program.addRow(float64(k.Panel), float64(k.Panel))
	in := make([][]int, len(k.Seats))
	for _, quota := range k.Quotas {
		row := q.program.addRow(float64(quota.Min), float64(max(quota.Min, min(quota.Max, k.Panel))))
		q.quota = append(q.quota, row)
		for _, seat := range quota.Seats {
			in[seat] = append(in[seat], row)
		}
	}
	for seat, kind := range k.Seats {
		c := column{row: []int32{int32(size)}, value: []float64{1}}
		for _, row := range in[seat] {
			c.row = append(c.row, int32(row))
			c.value = append(c.value, 1)
		}
		most := float64(min(k.Units[kind.Unit], k.Panel))
		q.column = append(q.column, q.program.addColumn(c, 0, 0, most))
		q.seats[kind.Unit] = append(q.seats[kind.Unit], seat)
	}
	for unit, seats := range q.seats {
		if len(seats) > 1 {
			q.shared = append(q.shared, unit)
		}
	}
	return q
}

// search is one question: the panel of greatest weight.
type search struct {
	*pricer
	ctx    context.Context
	weight []float64 // scaled so that the largest is 1
	scale  float64
	best   float64 // what a panel has to exceed, scaled
	slack  float64 // and by how much
	panel  Panel
	nodes  int
	limit  int  // nodes after which any panel will do; 0 = none
	hasty  bool // the first descent is all it does
	cut    bool // it ended before all was searched
	err    error
}

// slackness is by how much (of the largest weight) a panel must be better to
// be worth finding: the precision of a proof that there is no better one.
const slackness = 1e-11

// find returns a panel whose weight exceeds floor, or nil when there is none.
// After limit nodes any such panel will do; before, and with limit 0 always, it
// is the heaviest. With complete, no panel is heavier than the larger of floor
// and the panel's weight by more than the precision of the search.
func (q *pricer) find(ctx context.Context, weight []float64, floor float64, limit int) (panel Panel, complete bool, err error) {
	s := q.search(ctx, weight, floor, limit)
	s.run()
	return s.panel, s.err == nil && !s.cut, s.err
}

// search makes a question, its weights scaled so that the largest is 1.
func (q *pricer) search(ctx context.Context, weight []float64, floor float64, limit int) *search {
	s := &search{pricer: q, ctx: ctx, scale: 1, limit: limit}
	if most := largest(weight); most > 0 {
		s.scale = most
	}
	s.slack = slackness
	s.weight = make([]float64, len(weight))
	for seat, w := range weight {
		s.weight[seat] = w / s.scale
		q.program.cost[q.column[seat]] = -s.weight[seat]
	}
	q.lastScale = s.scale
	s.best = floor / s.scale
	return s
}

// round returns a panel of great weight that the relaxation leads to, or nil
// when the way ends in none; it proves nothing.
func (q *pricer) round(ctx context.Context, weight []float64) (Panel, error) {
	s := q.search(ctx, weight, math.Inf(-1), 1)
	s.hasty = true
	s.run()
	return s.panel, s.err
}

// run answers the question from where the latest one started.
func (s *search) run() {
	if s.primed {
		s.program.restore(s.root)
		s.purge()
	}
	s.visit(true)
	s.program.cutoff = math.Inf(1)
}

// largest is the largest absolute value.
func largest(weight []float64) float64 {
	most := 0.0
	for _, w := range weight {
		most = max(most, math.Abs(w))
	}
	return most
}

// dive looks for a good panel quickly: kinds of seats that the relaxation is sure
// of stay where they are, the others are rounded, the nearest to a whole number
// first. It proves nothing.
func (s *search) dive() {
	p := s.program
	held := s.hold()
	tries := 60
	s.descend(&tries)
	for i := len(held) - 1; i >= 0; i-- {
		p.setBounds(held[i].variable, held[i].lo, held[i].hi)
	}
}

// descend rounds the seat kinds that are nearest to whole numbers, a third of
// them at a time and in the end one after the other, and the other way where
// that leads to nothing, as long as there are tries; true when it found a panel.
func (s *search) descend(tries *int) bool {
	open := s.wholest()
	if len(open) == 0 {
		s.take()
		return true
	}
	p := s.program
	var held []bounds
	fix := func(j int, to float64) {
		held = append(held, bounds{j, p.lo[j], p.hi[j]})
		p.setBounds(j, to, to)
	}
	undo := func() {
		for i := len(held) - 1; i >= 0; i-- {
			p.setBounds(held[i].variable, held[i].lo, held[i].hi)
		}
		held = held[:0]
	}
	defer undo()
	first := open[0].variable
	x := p.x[first]
	if n := len(open) / 3; n > 1 {
		for _, o := range open[:n] {
			fix(o.variable, math.Round(p.x[o.variable]))
		}
		if s.relax() && s.descend(tries) {
			return true
		}
		undo()
		if *tries--; *tries < 0 || s.err != nil {
			return false
		}
	}
	near := math.Round(x)
	other := 2*math.Floor(x) + 1 - near
	for _, to := range []float64{near, other} {
		fix(first, to)
		if s.relax() && s.descend(tries) {
			return true
		}
		undo()
		if *tries--; *tries < 0 || s.err != nil {
			return false
		}
	}
	return false
}

// bounds are a variable's bounds, to be put back.
type bounds struct {
	variable int
	lo, hi   float64
}

// hold fixes all nonbasic kinds of seats but those with the smallest reduced costs.
func (s *search) hold() []bounds {
	p := s.program
	var costs []float64
	for _, j := range s.column {
		if p.state[j] != basic && p.lo[j] < p.hi[j] {
			costs = append(costs, math.Abs(p.reduced[j]))
		}
	}
	keep := 3*p.rows + 60
	var held []bounds
	if len(costs) <= keep {
		return held
	}
	slices.Sort(costs)
	for _, j := range s.column {
		if p.state[j] != basic && p.lo[j] < p.hi[j] && math.Abs(p.reduced[j]) > costs[keep] {
			held = append(held, bounds{j, p.lo[j], p.hi[j]})
			p.setBounds(j, p.x[j], p.x[j])
		}
	}
	return held
}

// wholest are the fractional seat kinds, the nearest to whole numbers first.
func (s *search) wholest() []breakpoint {
	var open []breakpoint
	for _, j := range s.program.basis {
		if s.program.isLogical(j) {
			continue
		}
		if f := fraction(s.program.x[j]); f > integral {
			open = append(open, breakpoint{variable: j, ratio: f})
		}
	}
	slices.SortFunc(open, breakpoint.compare)
	return open
}

// visit solves the programme under the present bounds and branches where the
// solution is not whole: depth first, the nearer side before the other, which
// makes the first descent a rounding.
func (s *search) visit(root bool) {
	s.nodes++
	if s.err != nil || (s.limit > 0 && s.nodes > s.limit && s.panel != nil) {
		s.cut = true
		return
	}
	if !s.relax() {
		return
	}
	if -s.program.objective() <= s.best+s.slack {
		return
	}
	if root {
		s.root, s.primed = s.program.save(), true
		s.dive()
		if s.limit == 1 && s.panel != nil || s.hasty {
			s.cut = true
			return
		}
		s.program.restore(s.root)
		if !s.relax() {
			return
		}
	}
	variable := s.fractional()
	if variable < 0 {
		s.take()
		return
	}
	s.branch(variable)
}

// relax solves the linear programme and adds the rows of households that its
// solution would seat twice; false when nothing better is to be found here.
func (s *search) relax() bool {
	for {
		s.program.cutoff = -(s.best + s.slack)
		result, err := s.program.solve(s.ctx)
		if err != nil {
			s.err = err
			return false
		}
		if result != optimal {
			return false
		}
		if !s.guard() {
			return true
		}
	}
}

// fractional picks the variable to branch on, -1 when all are whole: first the
// activity of a row, which settles more at a time than one kind of seat does.
func (s *search) fractional() int {
	variable, most := -1, integral
	for _, j := range s.program.logical {
		if f := fraction(s.program.x[j]); f > most {
			variable, most = j, f
		}
	}
	if variable >= 0 {
		return variable
	}
	for _, columns := range [][]int{s.column, s.elastic} {
		for _, j := range columns {
			if f := fraction(s.program.x[j]); f > most {
				variable, most = j, f
			}
		}
	}
	return variable
}

// fraction is the distance to the nearest whole number.
func fraction(x float64) float64 { return math.Abs(x - math.Round(x)) }

func (s *search) branch(variable int) {
	p := s.program
	x, lo, hi := p.x[variable], p.lo[variable], p.hi[variable]
	below, above := math.Floor(x), math.Ceil(x)
	down := func() {
		p.setBounds(variable, lo, below)
		s.visit(false)
	}
	up := func() {
		p.setBounds(variable, above, hi)
		s.visit(false)
	}
	if x-below < 0.5 {
		down()
		up()
	} else {
		up()
		down()
	}
	p.setBounds(variable, lo, hi)
}

// take keeps a whole solution.
func (s *search) take() {
	panel := make(Panel, len(s.column))
	value := 0.0
	for seat, j := range s.column {
		panel[seat] = int(math.Round(s.program.x[j]))
		value += s.weight[seat] * float64(panel[seat])
	}
	if len(s.elastic) > 0 {
		value = -float64(s.kinds.missed(panel))
	} else if !s.kinds.Holds(panel) {
		s.err = errNumerical
		return
	}
	if value > s.best {
		s.best, s.panel = value, panel
	}
}
