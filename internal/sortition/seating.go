package sortition

import (
	"math/rand/v2"
	"slices"
)

// seat turns counts per kind into people, panel by panel, so that people of one
// kind sit on equally many panels, up to one, and never two of a household.
func (k Kinds) seat(p Pool, panels []Panel) [][]int {
	out := make([][]int, len(panels))
	seats := make([][]int, len(k.Units))
	for s, kind := range k.Seats {
		seats[kind.Unit] = append(seats[kind.Unit], s)
	}
	for unit, of := range seats {
		if len(of) == 1 {
			k.rotate(out, panels, of[0])
			continue
		}
		k.shareOut(out, panels, of, k.Units[unit])
	}
	return out
}

// rotate serves a kind that stands alone in its units. All units have their turn
// before one has its next; each round goes in another order, so that people are
// not always seated beside the same others.
func (k Kinds) rotate(out [][]int, panels []Panel, seat int) {
	units := k.Seats[seat].People
	next, round := make([]int, len(units)), []int(nil)
	mix := rand.New(rand.NewPCG(uint64(seat), mixing))
	for i, panel := range panels {
		for n := range panel[seat] {
			if len(round) == 0 {
				round = mix.Perm(len(units))
				last(round, out[i][len(out[i])-n:], units)
			}
			people := units[round[0]]
			out[i] = append(out[i], people[next[round[0]]%len(people)])
			next[round[0]]++
			round = round[1:]
		}
	}
}

// mixing is the fixed start of every shuffle here: none of them is a choice.
const mixing = 0x6d6978

// last moves the units of people who sit already to the end of the round.
func last(round, sitting []int, units [][]int) {
	slices.SortStableFunc(round, func(a, b int) int {
		return rank(units[a], sitting) - rank(units[b], sitting)
	})
}

func rank(people, sitting []int) int {
	for _, person := range people {
		if slices.Contains(sitting, person) {
			return 1
		}
	}
	return 0
}

// shareOut serves households whose people differ. One household after another is
// given its panels: of every kind of seat the rounded average of what is left,
// on each panel one seat at most, and one on every panel that needs all the
// households left. The average of what is left is a fractional answer to these
// demands, which are those of a flow; so there is one in whole numbers.
func (k Kinds) shareOut(out [][]int, panels []Panel, seats []int, units int) {
	left := make([][]int, len(panels)) // per panel and seat
	for i, panel := range panels {
		left[i] = make([]int, len(seats))
		for a, s := range seats {
			left[i][a] = panel[s]
		}
	}
	cursor := 0
	for u := range units {
		h := newHousehold(left, units-u)
		h.cursor = cursor
		h.seatNeeded()
		h.seatDue()
		next := make([]int, len(seats))
		for i, a := range h.sits {
			if a < 0 {
				continue
			}
			people := k.Seats[seats[a]].People[u]
			out[i] = append(out[i], people[next[a]%len(people)])
			next[a]++
			left[i][a]--
		}
		cursor = h.cursor
	}
}

// household is the problem of one household: on which panels it has which seat.
type household struct {
	left       [][]int // seats to be filled, per panel and seat
	needed     []bool  // panels that cannot do without it
	sits       []int   // its seat on each panel, or -1
	load       []int   // panels per seat
	floor, top []int   // bounds of load
	cursor     int     // the panel to be tried next; households go on where the last one ended
}

func newHousehold(left [][]int, units int) *household {
	seats := len(left[0])
	h := &household{left: left, needed: make([]bool, len(left)), sits: make([]int, len(left)), load: make([]int, seats)}
	total := make([]int, seats)
	for i, row := range left {
		sum := 0
		for a, n := range row {
			sum += n
			total[a] += n
		}
		h.needed[i], h.sits[i] = sum == units, -1
	}
	for _, n := range total {
		h.floor = append(h.floor, n/units)
		h.top = append(h.top, (n+units-1)/units)
	}
	return h
}

// seatNeeded seats the household where it must sit, moving it to other seats on
// other panels when a seat has had its share.
func (h *household) seatNeeded() {
	for i, needed := range h.needed {
		if !needed {
			continue
		}
		var first []int
		for a, n := range h.left[i] {
			if n > 0 {
				first = append(first, a)
			}
		}
		path := h.path(first, func(a int) bool { return h.load[a] < h.top[a] }, h.moveOut)
		for s := len(path) - 1; s > 0; s-- {
			h.moveFirst(path[s-1], path[s])
		}
		if len(path) > 0 {
			h.put(i, path[0])
		}
	}
}

// moveOut finds a panel where it could leave seat a for seat b.
func (h *household) moveOut(a, b int) bool { return h.movable(a, b) >= 0 }

func (h *household) movable(a, b int) int {
	for i, at := range h.sits {
		if at == a && h.left[i][b] > 0 {
			return i
		}
	}
	return -1
}

func (h *household) moveFirst(a, b int) {
	i := h.movable(a, b)
	h.load[a]--
	h.sits[i] = -1
	h.put(i, b)
}

func (h *household) put(panel, seat int) {
	h.sits[panel] = seat
	h.load[seat]++
}

// seatDue gives every seat its least share.
func (h *household) seatDue() {
	for a := range h.load {
		for h.load[a] < h.floor[a] {
			ends := func(b int) bool {
				return h.unseated(b) >= 0 || b != a && h.load[b] > h.floor[b]
			}
			path := h.path([]int{a}, ends, func(b, from int) bool { return h.moveOut(from, b) })
			if len(path) == 0 {
				return
			}
			last := path[len(path)-1]
			free := h.unseated(last)
			for s := 1; s < len(path); s++ {
				h.moveFirst(path[s], path[s-1])
			}
			if free >= 0 {
				h.put(free, last)
				h.cursor = free + 1
			}
		}
	}
}

// unseated finds a panel with seat a to fill on which the household does not sit.
func (h *household) unseated(a int) int {
	for n := range h.sits {
		i := (h.cursor + n) % len(h.sits)
		if h.sits[i] < 0 && h.left[i][a] > 0 {
			return i
		}
	}
	return -1
}

// path searches breadth first from seats to one that ends, along steps.
func (h *household) path(first []int, ends func(int) bool, step func(a, b int) bool) []int {
	from := make([]int, len(h.load))
	for a := range from {
		from[a] = -2
	}
	queue := slices.Clone(first)
	for _, a := range first {
		from[a] = -1
	}
	for len(queue) > 0 {
		a := queue[0]
		queue = queue[1:]
		if ends(a) {
			var path []int
			for ; a >= 0; a = from[a] {
				path = append(path, a)
			}
			slices.Reverse(path)
			return path
		}
		for b := range from {
			if from[b] == -2 && step(a, b) {
				from[b] = a
				queue = append(queue, b)
			}
		}
	}
	return nil
}
