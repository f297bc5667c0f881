package sortition

import (
	"context"
	"math"
)

// cut is an inequality that every panel keeps and the relaxation did not know.
type cut struct {
	weight []float64 // per seat kind
	most   float64   // what the weights of a panel sum to at most
}

// relaxation is the leximin problem over fractional panels: counts that need
// not be whole. What it gives is a bound on what panels can give, and the answer
// itself when it is a mixture of panels.
type relaxation struct {
	kinds  Kinds
	size   []float64 // people of each seat kind
	most   []float64 // the largest count of each seat kind on a panel
	cuts   []cut
	scale  float64 // t is measured in units of this
	seats  [][]int // of each unit kind
	chance []float64
	open   []bool
	last   float64 // the value of the latest level
	levels []float64
}

func newRelaxation(h *hull) *relaxation {
	r := &relaxation{kinds: h.kinds, size: h.size, seats: h.pricer.seats}
	people := 0.0
	for seat, kind := range r.kinds.Seats {
		most := float64(min(r.kinds.Units[kind.Unit], r.kinds.Panel))
		if h.absent[seat] {
			most = 0
		}
		r.most = append(r.most, most)
		people += r.size[seat]
	}
	r.scale = float64(r.kinds.Panel) / people
	return r
}

// solve computes the leximin chances of the relaxation, level by level, each
// from a cold start. Whoever has a price at the optimum of a level cannot rise
// any more and is fixed there.
func (r *relaxation) solve(ctx context.Context, watch func()) error {
	n := len(r.size)
	r.chance, r.open, r.levels = make([]float64, n), make([]bool, n), nil
	left := 0
	for seat, most := range r.most {
		if r.open[seat] = most > 0; r.open[seat] {
			left++
		}
	}
	for left > 0 {
		l := newLevel(r)
		if err := l.maximise(ctx); err != nil {
			return err
		}
		fixed := l.fix()
		if fixed == 0 {
			return errNumerical
		}
		left -= fixed
		watch()
	}
	return nil
}

// level is the programme of one level: the largest t such that everybody open
// has at least t and the others what they have.
type level struct {
	*relaxation
	program *program
	t       int
	extra   []int // per seat kind what it has beyond t
	bounded []bool
	guarded []bool
}

func newLevel(r *relaxation) *level {
	l := &level{relaxation: r, program: newProgram(), bounded: make([]bool, len(r.size)), guarded: make([]bool, len(r.seats))}
	p := l.program
	entries := make([]column, len(r.size))
	row := func(lo, hi float64, seats []int, weight func(seat int) float64) {
		row := p.addRow(lo, hi)
		for _, seat := range seats {
			if w := weight(seat); w != 0 {
				entries[seat].row = append(entries[seat].row, int32(row))
				entries[seat].value = append(entries[seat].value, w)
			}
		}
	}
	one := func(int) float64 { return 1 }
	all := make([]int, len(r.size))
	for seat := range all {
		all[seat] = seat
	}
	row(float64(r.kinds.Panel), float64(r.kinds.Panel), all, one)
	for _, q := range r.kinds.Quotas {
		row(float64(q.Min), float64(min(q.Max, r.kinds.Panel)), q.Seats, one)
	}
	for _, c := range r.cuts {
		row(-c.reach(r.kinds.Panel), c.most, all, func(seat int) float64 { return c.weight[seat] })
	}
	l.columns(entries)
	return l
}

// reach is beyond what the weights of a panel can sum to.
func (c cut) reach(panel int) float64 {
	largest := 1.0
	for _, w := range c.weight {
		largest = max(largest, math.Abs(w))
	}
	return largest * float64(panel+1)
}

func (l *level) columns(entries []column) {
	sum := make([]float64, l.program.rows)
	for seat, c := range entries {
		lo, hi := 0.0, l.most[seat]
		if !l.open[seat] {
			lo = l.chance[seat] * l.size[seat]
			hi = lo
		} else {
			c.addTo(sum, l.size[seat]*l.scale)
		}
		l.extra = append(l.extra, l.program.addColumn(c, 0, lo, hi))
	}
	var t column
	for row, v := range sum {
		if v != 0 {
			t.row = append(t.row, int32(row))
			t.value = append(t.value, v)
		}
	}
	l.t = l.program.addColumn(t, -1, 0, loose/l.scale)
}

// maximise solves the level, adding the rows it turns out to need: at most one
// of a household, and no more of a kind than there are.
func (l *level) maximise(ctx context.Context) error {
	for {
		result, err := l.program.solve(ctx)
		if err != nil {
			return err
		}
		if result != optimal {
			return errNumerical
		}
		if !l.guard() {
			return nil
		}
	}
}

// value is the count of a seat kind.
func (l *level) value(seat int) float64 {
	x := l.program.x[l.extra[seat]]
	if l.open[seat] {
		x += l.program.x[l.t] * l.scale * l.size[seat]
	}
	return x
}

func (l *level) guard() bool {
	added := false
	for seat, open := range l.open {
		if open && !l.bounded[seat] && l.value(seat) > l.most[seat]+1e-10 {
			l.bounded[seat] = true
			l.bound([]int{seat}, l.most[seat])
			added = true
		}
	}
	for unit, seats := range l.seats {
		if len(seats) < 2 || l.guarded[unit] {
			continue
		}
		sum := 0.0
		for _, seat := range seats {
			sum += l.value(seat)
		}
		if sum > float64(l.kinds.Units[unit])+1e-10 {
			l.guarded[unit] = true
			l.bound(seats, float64(l.kinds.Units[unit]))
			added = true
		}
	}
	return added
}

// bound adds a row by which seats have a sum of at most most.
func (l *level) bound(seats []int, most float64) {
	row := l.program.addRow(-1, most)
	sum := 0.0
	for _, seat := range seats {
		l.program.setEntry(row, l.extra[seat], 1)
		if l.open[seat] {
			sum += l.size[seat] * l.scale
		}
	}
	if sum > 0 {
		l.program.setEntry(row, l.t, sum)
	}
}

// fix fixes everybody who has a price and returns how many seat kinds these are.
func (l *level) fix() int {
	t := l.program.x[l.t] * l.scale
	fixed := 0
	for seat, j := range l.extra {
		if !l.open[seat] || l.program.state[j] == basic {
			continue
		}
		if l.program.reduced[j]*l.size[seat]*l.scale > 1e-9 {
			l.open[seat] = false
			l.chance[seat] = t
			fixed++
		}
	}
	if len(l.levels) == 0 || t > l.last+1e-9 {
		l.levels = append(l.levels, t)
	}
	l.last = t
	return fixed
}
