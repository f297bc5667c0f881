package sortition

import (
	"fmt"
	"slices"
	"strings"
)

// Free marks a feature no quota looks at.
const Free = -1

// Kind is a kind of seat: people who can be exchanged for one another without a
// quota or a household noticing, so that a fair lottery treats them alike.
type Kind struct {
	Unit     int   // index into Kinds.Units
	Features []int // per category the quota (index into Kinds.Quotas) or Free
	// People holds for each unit of that kind (all in the same order for all
	// seats of the unit kind) the indices into Pool.People of its people of this
	// kind. Every unit has equally many; all but households with twins have one.
	People [][]int
}

// Size is how many people are of the kind.
func (k Kind) Size() int {
	if len(k.People) == 0 {
		return 0
	}
	return len(k.People) * len(k.People[0])
}

// KindQuota is a quota over kinds of seats.
type KindQuota struct {
	Quota
	Seats []int // kinds it counts, ascending; none when nobody has the feature
}

// Kinds is a pool with all that can be exchanged merged. A unit is a household,
// or a person alone: at most one person of a unit sits on a panel. Units whose
// people look the same to the quotas are of one unit kind; a seat kind is one
// sort of person in one kind of unit.
//
// A vector of counts per seat kind is a panel exactly if the counts sum to
// Panel, keep every one of Quotas, and for every unit kind the counts of its
// seats sum to at most Units. Everything is in an order that does not depend on
// the order of the people, the categories or the quotas.
type Kinds struct {
	Seats  []Kind
	Units  []int       // how many units there are of each unit kind
	Quotas []KindQuota // those that can bind, sorted by category and feature
	Panel  int
}

// Panel is a count per seat kind.
type Panel []int

// Kinds merges what can be exchanged. The pool must have passed Check.
func (p Pool) Kinds() Kinds {
	k := Kinds{Panel: p.Panel, Quotas: p.bindingQuotas()}
	at := make(map[[2]string]int, len(k.Quotas))
	for i, q := range k.Quotas {
		at[[2]string{q.Category, q.Feature}] = i
	}
	categories := slices.Sorted(slices.Values(p.Categories))
	column := make([]int, len(categories))
	for i, c := range categories {
		column[i] = slices.Index(p.Categories, c)
	}
	vector := func(person int) []int {
		v := make([]int, len(categories))
		for i, c := range categories {
			quota, bound := at[[2]string{c, p.People[person].Features[column[i]]}]
			if !bound {
				quota = Free
			}
			v[i] = quota
		}
		return v
	}
	kinds, members := gather(p.units(vector))
	for unit, name := range kinds {
		k.add(unit, members[name])
	}
	return k
}

// bindingQuotas leaves out what every panel meets, so that people whom only
// such a quota tells apart are exchangeable.
func (p Pool) bindingQuotas() []KindQuota {
	var out []KindQuota
	for _, q := range p.Quotas {
		if q.Min > 0 || q.Max < p.Panel {
			out = append(out, KindQuota{Quota: q})
		}
	}
	slices.SortFunc(out, func(a, b KindQuota) int {
		if c := strings.Compare(a.Category, b.Category); c != 0 {
			return c
		}
		return strings.Compare(a.Feature, b.Feature)
	})
	return out
}

// unit is a household, or a person alone.
type unit struct {
	people  []int // sorted by vector, then id
	vectors [][]int
}

// units are in the order of their smallest ids.
func (p Pool) units(vector func(int) []int) []unit {
	var out []unit
	home := make(map[string]int)
	for _, person := range p.byID() {
		name := p.People[person].Household
		i, known := home[name]
		if name == "" || !known {
			i = len(out)
			out = append(out, unit{})
			home[name] = i
		}
		out[i].people = append(out[i].people, person)
	}
	for i := range out {
		out[i].sort(vector)
	}
	return out
}

func (u *unit) sort(vector func(int) []int) {
	of := make(map[int][]int, len(u.people))
	for _, person := range u.people {
		of[person] = vector(person)
	}
	slices.SortStableFunc(u.people, func(a, b int) int { return slices.Compare(of[a], of[b]) })
	for _, person := range u.people {
		u.vectors = append(u.vectors, of[person])
	}
}

// gather puts units with the same multiset of vectors together, the kinds in
// the order of their vectors.
func gather(units []unit) (names []string, members map[string][]unit) {
	members = make(map[string][]unit)
	for _, u := range units {
		name := fmt.Sprint(u.vectors)
		members[name] = append(members[name], u)
	}
	for name := range members {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return slices.CompareFunc(members[a][0].vectors, members[b][0].vectors, slices.Compare)
	})
	return names, members
}

// add makes the seat kinds of one unit kind.
func (k *Kinds) add(number int, units []unit) {
	k.Units = append(k.Units, len(units))
	vectors := units[0].vectors
	for from := 0; from < len(vectors); {
		to := from + 1
		for to < len(vectors) && slices.Equal(vectors[from], vectors[to]) {
			to++
		}
		seat := Kind{Unit: number, Features: vectors[from]}
		for _, u := range units {
			seat.People = append(seat.People, u.people[from:to:to])
		}
		for _, q := range seat.Features {
			if q != Free {
				k.Quotas[q].Seats = append(k.Quotas[q].Seats, len(k.Seats))
			}
		}
		k.Seats = append(k.Seats, seat)
		from = to
	}
}

// Holds reports whether a vector of counts is a panel.
func (k Kinds) Holds(p Panel) bool {
	if len(p) != len(k.Seats) {
		return false
	}
	total, used := 0, make([]int, len(k.Units))
	for seat, n := range p {
		if n < 0 {
			return false
		}
		total += n
		used[k.Seats[seat].Unit] += n
	}
	for unit, n := range used {
		if n > k.Units[unit] {
			return false
		}
	}
	for _, q := range k.Quotas {
		n := 0
		for _, seat := range q.Seats {
			n += p[seat]
		}
		if n < q.Min || n > q.Max {
			return false
		}
	}
	return total == k.Panel
}
