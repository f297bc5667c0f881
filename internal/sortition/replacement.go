package sortition

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
)

// ReserveDepth is how many people Reserves ranks behind each of the selected.
const ReserveDepth = 5

// Replacement names who is asked next when people of a panel leave. panel is who
// was to sit, those included who already came as a replacement; gone is who of
// them leaves, in the order in which they did; available is who may still be
// asked. Nobody is named who lives with one of those who stay.
//
// Among the available it takes whom the quotas miss least with, counting by how
// many people all quotas together are missed once every seat is filled again
// (for one or two seats exactly; for more by taking the best next and exchanging
// while that helps); then whoever has the same features as one who left and was
// not replaced yet; then the first in an order that the seed gives: SHA-256 of
// "guangyi-draw-1 reserve⏎seed⏎id" in hexadecimal, ascending.
//
// violation is that number of people, 0 where the quotas hold. The id is "" when
// no seat is empty or nobody is left to ask; the violation is then that of the
// panel as it is. Ids that are not in the pool are passed over.
func Replacement(p Pool, panel, gone, available []string, seed string) (id string, violation int) {
	v := newVacancy(p.look(), panel, gone, slices.Sorted(slices.Values(available)))
	if v.empty < 1 || len(v.candidates) == 0 {
		return "", v.violation()
	}
	ranked := v.ranked(seed, 1)
	return p.People[ranked[0].person].ID, ranked[0].violation
}

// Reserves ranks, for each of the selected, who takes the seat if only they
// leave: at most ReserveDepth people, each the Replacement if those before
// decline. Everybody else in the pool counts as available.
func Reserves(p Pool, selected []string, seed string) []Reserve {
	others := make([]string, 0, len(p.People))
	sits := make(map[string]bool, len(selected))
	for _, id := range selected {
		sits[id] = true
	}
	for _, person := range p.People {
		if !sits[person.ID] {
			others = append(others, person.ID)
		}
	}
	slices.Sort(others)
	look, order := p.look(), make(map[string]string, len(others))
	out := make([]Reserve, 0, len(selected))
	for _, leaving := range selected {
		v := newVacancy(look, selected, []string{leaving}, others)
		v.order = order
		r := Reserve{For: leaving, Ranked: []ReservePerson{}}
		for _, one := range v.ranked(seed, ReserveDepth) {
			r.Ranked = append(r.Ranked, ReservePerson{Number: p.People[one.person].ID, Violation: one.violation})
		}
		out = append(out, r)
	}
	return out
}

// vacancy is a panel with empty seats.
type vacancy struct {
	look       lookup
	counts     []int // per quota, of those who stay
	empty      int   // seats
	gone       []int // who left last and was not replaced
	candidates []int // sorted by id
	groups     [][]int
	members    []int // how many candidates each group has
	groupOf    map[int]int
	order      map[string]string
}

// newVacancy wants the available sorted.
func newVacancy(look lookup, panel, gone, available []string) *vacancy {
	p := look.pool
	v := &vacancy{look: look, order: make(map[string]string)}
	away, homes, sits := make(map[string]bool), make(map[string]bool), make(map[string]bool)
	for _, id := range gone {
		away[id] = true
	}
	var stay []int
	for _, id := range panel {
		person, known := v.look.at[id]
		if !known || away[id] || sits[id] {
			continue
		}
		sits[id] = true
		stay = append(stay, person)
		homes[p.People[person].Household] = true
	}
	v.counts = v.look.counts(stay)
	v.empty = p.Panel - len(stay)
	for _, id := range gone[max(0, len(gone)-max(0, v.empty)):] {
		if person, known := v.look.at[id]; known {
			v.gone = append(v.gone, person)
		}
	}
	seen := make(map[string]bool)
	for _, id := range available {
		person, known := v.look.at[id]
		if !known || away[id] || sits[id] || seen[id] || p.People[person].Household != "" && homes[p.People[person].Household] {
			continue
		}
		seen[id] = true
		v.candidates = append(v.candidates, person)
	}
	v.group()
	return v
}

// group puts candidates together whom no quota tells apart.
func (v *vacancy) group() {
	v.groupOf = make(map[int]int)
	known := make(map[string]int)
	for _, person := range v.candidates {
		name := v.look.alike[person]
		g, seen := known[name]
		if !seen {
			g = len(v.groups)
			known[name] = g
			v.groups, v.members = append(v.groups, v.look.quotas[person]), append(v.members, 0)
		}
		v.groupOf[person] = g
		v.members[g]++
	}
}

type candidate struct {
	person, violation int
	stranger          bool // has not the features of one who left
	order             string
}

// ranked is the best so many candidates, best first.
func (v *vacancy) ranked(seed string, most int) []candidate {
	missed := make([]int, len(v.groups))
	for g := range v.groups {
		missed[g] = v.missedFrom(g)
	}
	out := make([]candidate, 0, len(v.candidates))
	for _, person := range v.candidates {
		id := v.look.pool.People[person].ID
		if v.order[id] == "" {
			v.order[id] = reserveOrder(seed, id)
		}
		out = append(out, candidate{person, missed[v.groupOf[person]], v.stranger(person), v.order[id]})
	}
	slices.SortFunc(out, func(a, b candidate) int {
		switch {
		case a.violation != b.violation:
			return a.violation - b.violation
		case a.stranger != b.stranger:
			if b.stranger {
				return -1
			}
			return 1
		case a.order < b.order:
			return -1
		}
		return 1
	})
	return out[:min(most, len(out))]
}

func reserveOrder(seed, id string) string {
	sum := sha256.Sum256([]byte(reserveDomain + "\n" + seed + "\n" + id))
	return hex.EncodeToString(sum[:])
}

func (v *vacancy) stranger(person int) bool {
	for _, gone := range v.gone {
		if slices.Equal(v.look.pool.People[gone].Features, v.look.pool.People[person].Features) {
			return false
		}
	}
	return true
}

// violation of the counts as they are.
func (v *vacancy) violation() int {
	sum := 0
	for q, n := range v.counts {
		sum += v.missed(q, n)
	}
	return sum
}

func (v *vacancy) missed(q, n int) int {
	quota := v.look.pool.Quotas[q]
	return max(0, quota.Min-n) + max(0, n-quota.Max)
}

// by is what one more of a group (or one less) adds to the violation.
func (v *vacancy) by(g, step int) int {
	sum := 0
	for _, q := range v.groups[g] {
		sum += v.missed(q, v.counts[q]+step) - v.missed(q, v.counts[q])
	}
	return sum
}

func (v *vacancy) take(g, step int) {
	for _, q := range v.groups[g] {
		v.counts[q] += step
	}
	v.members[g] -= step
}

// missedFrom is the violation once all seats are filled, first by one of g.
func (v *vacancy) missedFrom(g int) int {
	chosen := []int{g}
	v.take(g, 1)
	for len(chosen) < v.empty {
		best := v.best()
		if best < 0 {
			break
		}
		v.take(best, 1)
		chosen = append(chosen, best)
	}
	v.improve(chosen[1:])
	sum := v.violation()
	for _, one := range chosen {
		v.take(one, -1)
	}
	return sum
}

// best is the group whose next member adds least, or -1.
func (v *vacancy) best() int {
	best, least := -1, math.MaxInt
	for g, n := range v.members {
		if n == 0 {
			continue
		}
		if by := v.by(g, 1); by < least {
			best, least = g, by
		}
	}
	return best
}

// improve exchanges one choice for another as long as that helps.
func (v *vacancy) improve(chosen []int) {
	for changed := len(chosen) > 1; changed; {
		changed = false
		for i, old := range chosen {
			before := v.by(old, -1)
			v.take(old, -1)
			if best := v.best(); best >= 0 && v.by(best, 1) < -before {
				chosen[i], changed = best, true
			}
			v.take(chosen[i], 1)
		}
	}
}
