package sortition

import (
	"context"
	"math"
)

// face is what is left of a target while panels are taken off it: the counts
// that remain, seen as a target again, and the least face of the relaxation
// that they lie on. Only panels on that face can be part of them.
type face struct {
	*hull
	target []float64
	mass   float64 // of the whole that is left
	taken  []Share
}

// whole is how near a count must be to a whole number to stay there for good.
const whole = 1e-11

func (h *hull) face(target []float64) *face {
	return &face{hull: h, target: append([]float64(nil), target...), mass: 1}
}

// open is how many seat kinds have a count that is not whole.
func (f *face) open() int {
	n := 0
	for _, v := range f.target {
		if fraction(v) > whole {
			n++
		}
	}
	return n
}

// restrict lets the pricer find panels of the face alone: whole counts stay,
// rows at the end of their range stay there. With narrow, counts are those next
// to the target's.
func (f *face) restrict(narrow bool) {
	p := f.pricer.program
	for seat, v := range f.target {
		lo, hi := 0.0, float64(min(f.kinds.Units[f.kinds.Seats[seat].Unit], f.kinds.Panel))
		switch {
		case fraction(v) <= whole:
			lo, hi = math.Round(v), math.Round(v)
		case narrow:
			lo, hi = math.Floor(v), math.Ceil(v)
		}
		p.setBounds(f.pricer.column[seat], lo, hi)
	}
	for i, q := range f.kinds.Quotas {
		lo, hi := float64(q.Min), float64(min(q.Max, f.kinds.Panel))
		switch v := f.sum(q.Seats); {
		case v-lo < 1e-9:
			hi = lo
		case hi-v < 1e-9:
			lo = hi
		}
		p.setRange(f.pricer.quota[i], lo, hi)
	}
	for _, unit := range f.pricer.shared {
		most := float64(f.kinds.Units[unit])
		if f.sum(f.pricer.seats[unit]) < most-1e-9 {
			if row := f.pricer.guards[unit]; row > 0 {
				p.setRange(row, 0, most)
			}
			continue
		}
		if f.pricer.guards[unit] == 0 {
			f.pricer.addUnit(unit)
		}
		p.setRange(f.pricer.guards[unit], most, most)
	}
}

// release undoes restrict.
func (q *pricer) release() {
	for seat, j := range q.column {
		q.program.setBounds(j, 0, float64(min(q.kinds.Units[q.kinds.Seats[seat].Unit], q.kinds.Panel)))
	}
	for i, quota := range q.kinds.Quotas {
		q.program.setRange(q.quota[i], float64(quota.Min), float64(max(quota.Min, min(quota.Max, q.kinds.Panel))))
	}
	for _, unit := range q.shared {
		if row := q.guards[unit]; row > 0 {
			q.program.setRange(row, 0, float64(q.kinds.Units[unit]))
		}
	}
}

func (f *face) sum(seats []int) float64 {
	sum := 0.0
	for _, seat := range seats {
		sum += f.target[seat]
	}
	return sum
}

// take takes a panel off, as much of it as leaves something that the relaxation
// still holds; false when no panel of the face was found. The rarest seats are
// taken first, so that what remains has fewer kinds and stays far from its bounds.
func (f *face) take(ctx context.Context) (bool, error) {
	f.restrict(true)
	for try := range 8 {
		panel, err := f.pricer.round(ctx, f.rarity(float64(try)))
		if err != nil {
			return false, err
		}
		if panel == nil {
			continue
		}
		if share := f.length(panel); share > 1e-7 {
			f.subtract(panel, share)
			return true, nil
		}
	}
	return false, nil
}

// rarity is a weight for each open seat kind, large where little is left, with
// as much noise as asked for.
func (f *face) rarity(noise float64) []float64 {
	weight := make([]float64, len(f.target))
	for seat, v := range f.target {
		if fraction(v) > whole {
			weight[seat] = 1/(v-math.Floor(v)+0.01) + noise*4*f.pricer.program.next()
		}
	}
	return weight
}

func (f *face) subtract(panel Panel, share float64) {
	f.taken = append(f.taken, Share{panel, f.mass * share})
	f.mass *= 1 - share
	for seat, n := range panel {
		v := (f.target[seat] - share*float64(n)) / (1 - share)
		if fraction(v) <= whole {
			v = math.Round(v)
		}
		f.target[seat] = v
	}
}

// length is how much of a panel can be taken off the target.
func (f *face) length(panel Panel) float64 {
	share := 1.0
	limit := func(v, n, lo, hi float64) {
		if n > v {
			share = min(share, max(v-lo, 0)/(n-lo))
		}
		if n < v {
			share = min(share, max(hi-v, 0)/(hi-n))
		}
	}
	for seat, n := range panel {
		if v := f.target[seat]; fraction(v) > whole {
			limit(v, float64(n), math.Floor(v), math.Ceil(v))
		}
	}
	for _, q := range f.kinds.Quotas {
		v := f.sum(q.Seats)
		lo, hi := float64(q.Min), float64(min(q.Max, f.kinds.Panel))
		if v-lo > 1e-9 && hi-v > 1e-9 {
			limit(v, float64(q.count(panel)), lo, hi)
		}
	}
	for _, unit := range f.pricer.shared {
		seats := f.pricer.seats[unit]
		n := 0
		for _, seat := range seats {
			n += panel[seat]
		}
		if v, hi := f.sum(seats), float64(f.kinds.Units[unit]); hi-v > 1e-9 && float64(n) < v {
			limit(v, float64(n), -1, hi)
		}
	}
	return share
}
