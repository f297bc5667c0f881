package sortition

import (
	"context"
	"fmt"
	"math"
)

// hull is the set of distributions over the panels found so far, and a linear
// programme over it that grows by the panels which the pricer finds.
type hull struct {
	kinds  Kinds
	size   []float64 // people of each seat kind
	pricer *pricer
	panels []Panel
	known  map[string]bool
	absent []bool // seat kinds that sit on no panel at all
}

func newHull(k Kinds) *hull {
	h := &hull{kinds: k, pricer: newPricer(k), known: make(map[string]bool), absent: make([]bool, len(k.Seats))}
	for _, kind := range k.Seats {
		h.size = append(h.size, float64(kind.Size()))
	}
	return h
}

// keep remembers a panel; false when it is known already.
func (h *hull) keep(p Panel) bool {
	key := fmt.Sprint(p)
	if h.known[key] {
		return false
	}
	h.known[key] = true
	h.panels = append(h.panels, p)
	return true
}

// cover finds panels that seat everybody who sits on any. False when there is
// no panel at all.
func (h *hull) cover(ctx context.Context) (bool, error) {
	covered := make([]bool, len(h.kinds.Seats))
	for first := true; ; first = false {
		weight := make([]float64, len(covered))
		open := 0
		for seat := range weight {
			if !covered[seat] {
				weight[seat] = 1
				open++
			}
		}
		floor := 0.5
		if first {
			floor = -1
		}
		if open == 0 {
			return true, nil
		}
		panel, _, err := h.pricer.find(ctx, weight, floor, 1)
		if err != nil {
			return false, err
		}
		if panel == nil {
			for seat, c := range covered {
				h.absent[seat] = !c
			}
			return !first, nil
		}
		h.keep(panel)
		for seat, n := range panel {
			covered[seat] = covered[seat] || n > 0
		}
	}
}

// master is the programme of one level:
// the largest t such that a mixture of panels gives everybody whose chance is
// fixed that chance and everybody else at least t.
type master struct {
	*hull
	program *program
	row     []int // of each seat kind
	whole   int   // the row in which the weights of the panels sum to 1
	share   []int // the variable of each panel
	rise    []int // the variable of each thing maximised
}

// loose is a bound beyond anything that chances or weights reach, so that only
// what is meant to bind has a price.
const loose = 2

// newMaster makes the programme. least is what each seat kind gets at least;
// the open ones get t more.
func (h *hull) newMaster(least []float64, open []bool) *master {
	m := &master{hull: h, program: newProgram()}
	m.whole = m.program.addRow(1, 1)
	t := column{}
	for seat := range h.kinds.Seats {
		row := m.program.addRow(least[seat], loose)
		m.row = append(m.row, row)
		if open[seat] {
			t.row = append(t.row, int32(row))
			t.value = append(t.value, -1)
		}
	}
	m.rise = []int{m.program.addColumn(t, -1, 0, loose)}
	for _, panel := range h.panels {
		m.add(panel)
	}
	return m
}

func (m *master) add(panel Panel) {
	c := column{row: []int32{int32(m.whole)}, value: []float64{1}}
	for seat, n := range panel {
		if n > 0 {
			c.row = append(c.row, int32(m.row[seat]))
			c.value = append(c.value, float64(n)/m.size[seat])
		}
	}
	m.share = append(m.share, m.program.addColumn(c, 0, 0, loose))
}

// maximise adds panels until none improves the objective. It returns the
// optimum over the panels found and what no distribution can exceed.
func (m *master) maximise(ctx context.Context) (value, bound float64, err error) {
	for {
		result, err := m.program.solve(ctx)
		if err != nil {
			return 0, 0, err
		}
		if result != optimal {
			return 0, 0, errNumerical
		}
		value := -m.program.objective()
		weight, floor := m.prices()
		panel, _, err := m.pricer.find(ctx, weight, floor, 200)
		if err != nil {
			return 0, 0, err
		}
		if panel == nil || !m.keep(panel) {
			gap := slackness * m.pricer.lastScale
			if panel != nil {
				gap += max(m.weigh(panel, weight)-floor, 0)
			}
			return value, value + gap, nil
		}
		m.add(panel)
	}
}

// prices are the weights that a panel is judged by, and the weight it must
// exceed to improve the objective.
func (m *master) prices() (weight []float64, floor float64) {
	weight = make([]float64, len(m.row))
	for seat, row := range m.row {
		if y := m.program.price(row); y > 0 {
			weight[seat] = y / m.size[seat]
		}
	}
	return weight, -m.program.price(m.whole)
}

func (m *master) weigh(panel Panel, weight []float64) float64 {
	sum := 0.0
	for seat, n := range panel {
		sum += weight[seat] * float64(n)
	}
	return sum
}

// levels computes the leximin chances over all panels, level by level: those
// whose price shows that they cannot rise any more are fixed.
func (h *hull) levels(ctx context.Context, watch func(Progress)) (*leximin, error) {
	n := len(h.kinds.Seats)
	l := &leximin{chance: make([]float64, n)}
	open := make([]bool, n)
	left := 0
	for seat := range open {
		if open[seat] = !h.absent[seat]; open[seat] {
			left++
		}
	}
	for left > 0 {
		m := h.newMaster(l.chance, open)
		value, bound, err := m.maximise(ctx)
		if err != nil {
			return nil, err
		}
		l.note(value, bound)
		before := left
		for seat, row := range m.row {
			if open[seat] && m.program.price(row) > fixAbove {
				open[seat] = false
				l.chance[seat] = value
				left--
			}
		}
		if left == before {
			return nil, errNumerical
		}
		l.support = m.mixture()
		watch(Progress{Stage: "panels", Level: l.levels, Fixed: h.people(open), People: h.people(nil), Panels: len(h.panels)})
	}
	return l, nil
}

// fixAbove is the price from which somebody cannot rise: by the bound, the rise
// of one with price y is at most the gap divided by y.
const fixAbove = 1e-6

// people counts those who are not open.
func (h *hull) people(open []bool) int {
	sum := 0.0
	for seat, n := range h.size {
		if open == nil || !open[seat] {
			sum += n
		}
	}
	return int(math.Round(sum))
}

// mixture is the distribution of the present solution.
func (m *master) mixture() []Share {
	var out []Share
	for i, j := range m.share {
		if w := m.program.x[j]; w > 1e-13 {
			out = append(out, Share{m.panels[i], w})
		}
	}
	return out
}

// leximin gathers what the levels give.
type leximin struct {
	chance  []float64
	bound   float64
	levels  int
	last    float64
	support []Share
}

func (l *leximin) note(value, bound float64) {
	if l.levels == 0 {
		l.bound = bound
	}
	if l.levels == 0 || value > l.last+1e-9 {
		l.levels++
	}
	l.last = value
}
