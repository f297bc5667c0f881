package sortition

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// leastMissed is by how little the quotas are missed once so many seats are
// filled from the candidates, by trying everything; households among the
// candidates are left aside, as they are in the documentation of two seats.
func leastMissed(p Pool, stay, candidates []int, seats int) int {
	if seats == 0 || len(candidates) == 0 {
		return missedBy(p, stay)
	}
	least := math.MaxInt
	for i, one := range candidates {
		rest := slices.Delete(slices.Clone(candidates), i, i+1)
		least = min(least, leastMissed(p, append(slices.Clone(stay), one), rest, seats-1))
	}
	return least
}

func TestReplacementMissesQuotasLeast(t *testing.T) {
	tried := 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "pool"), 3))
		p := tinyPool(rng)
		panels := everyPanel(p, false)
		if len(panels) == 0 || p.Panel < 2 {
			return
		}
		panel := panels[rng.IntN(len(panels))]
		leaving := 1 + rng.IntN(2)
		stay := panel[leaving:]
		var sitting, gone, available []string
		var candidates []int
		for i, person := range p.People {
			switch {
			case slices.Contains(panel[:leaving], i):
				gone = append(gone, person.ID)
				sitting = append(sitting, person.ID)
			case slices.Contains(panel, i):
				sitting = append(sitting, person.ID)
			case rng.IntN(4) > 0:
				available = append(available, person.ID)
				if !livesWith(p, stay, i) {
					candidates = append(candidates, i)
				}
			}
		}
		id, violation := Replacement(p, sitting, gone, available, "seed")
		if want := leastMissed(p, stay, candidates, leaving); violation != want {
			t.Fatalf("violation %d, want %d", violation, want)
		}
		if (id == "") != (len(candidates) == 0) {
			t.Fatalf("named %q of %d candidates", id, len(candidates))
		}
		if id == "" {
			return
		}
		tried++
		one := slices.IndexFunc(p.People, func(person Person) bool { return person.ID == id })
		if !slices.Contains(candidates, one) {
			t.Fatalf("%q was not available", id)
		}
		rest := slices.DeleteFunc(slices.Clone(candidates), func(i int) bool { return i == one })
		if after := leastMissed(p, append(slices.Clone(stay), one), rest, leaving-1); after != violation {
			t.Fatalf("with %q the quotas are missed by %d, not %d", id, after, violation)
		}
		q := shuffled(p, rng)
		rng.Shuffle(len(available), func(i, j int) { available[i], available[j] = available[j], available[i] })
		if again, _ := Replacement(q, sitting, gone, available, "seed"); again != id {
			t.Fatalf("%q, in another order %q", id, again)
		}
	})
	if tried == 0 {
		t.Error("nothing was tried")
	}
}

func residents(features ...string) Pool {
	p := Pool{Categories: []string{"sex", "district"}, Panel: 3}
	for i, f := range features {
		p.People = append(p.People, Person{ID: "p" + strconv.Itoa(i), Features: []string{f[:1], f[1:]}})
	}
	return p
}

func TestReplacementTakesTheSameKindWhereQuotasDoNotCare(t *testing.T) {
	p := residents("wn", "mn", "ms", "ws", "wn", "ms", "mn", "wn")
	for i := range 50 {
		id, violation := Replacement(p, []string{"p0", "p1", "p2"}, []string{"p0"}, []string{"p3", "p4", "p5", "p6", "p7"}, strconv.Itoa(i))
		if id != "p4" && id != "p7" || violation != 0 {
			t.Fatalf("%q comes for a woman from the north", id)
		}
	}
}

func TestReplacementOrderComesFromTheSeed(t *testing.T) {
	p := residents("wn", "mn", "ms", "wn", "wn")
	named := make(map[string]int)
	for i := range 200 {
		id, _ := Replacement(p, []string{"p0", "p1", "p2"}, []string{"p0"}, []string{"p3", "p4"}, strconv.Itoa(i))
		named[id]++
	}
	if named["p3"] < 70 || named["p4"] < 70 {
		t.Errorf("the seed favours one of two alike: %v", named)
	}
}

// Two seats are empty. A woman and somebody from the north leave one quota missed
// by one; whoever is neither would leave two, and is called neither first nor second.
func TestReplacementLooksAtAllEmptySeats(t *testing.T) {
	p := residents("wn", "ms", "mn", "ms", "ws", "mn", "ms")
	p.Quotas = []Quota{{"sex", "w", 1, 3}, {"district", "n", 2, 3}}
	id, violation := Replacement(p, []string{"p0", "p1", "p2"}, []string{"p0", "p2"}, []string{"p3", "p4", "p5", "p6"}, "x")
	if violation != 1 || id != "p4" && id != "p5" {
		t.Errorf("%q, violation %d", id, violation)
	}
	id, violation = Replacement(p, []string{"p0", "p1", "p2", id}, []string{"p0", "p2"}, []string{"p3", "p4", "p5", "p6"}, "x")
	if violation != 1 || id != "p4" && id != "p5" {
		t.Errorf("second %q, violation %d", id, violation)
	}
}

func TestReplacementNamesNobodyWhereNobodyIsNeededOrLeft(t *testing.T) {
	p := residents("wn", "mn", "ms", "wn", "wn")
	p.Quotas = []Quota{{"sex", "w", 1, 3}}
	panel := []string{"p0", "p1", "p2"}
	if id, violation := Replacement(p, panel, nil, []string{"p3"}, "x"); id != "" || violation != 0 {
		t.Errorf("a full panel calls %q (%d)", id, violation)
	}
	if id, violation := Replacement(p, panel, []string{"p0"}, []string{"p0", "p1", "stranger"}, "x"); id != "" || violation != 1 {
		t.Errorf("with nobody left it calls %q (%d)", id, violation)
	}
	p.People[3].Household, p.People[1].Household = "h", "h"
	if id, _ := Replacement(p, panel, []string{"p0"}, []string{"p3"}, "x"); id != "" {
		t.Errorf("%q lives with p1, who stays", id)
	}
	if id, _ := Replacement(p, panel, []string{"p1"}, []string{"p3"}, "x"); id != "p3" {
		t.Errorf("p3 lives with p1, who leaves, and is not called: %q", id)
	}
}

func TestReservesAreTheReplacementsOneAfterAnother(t *testing.T) {
	p := MadePool(Shape{People: 60, Panel: 8, Categories: 3, Slack: 1, Households: true}, 5)
	var selected, available []string
	for i, person := range p.People {
		if i < 8 {
			selected = append(selected, person.ID)
		} else {
			available = append(available, person.ID)
		}
	}
	for i, r := range Reserves(p, selected, "472") {
		if r.For != selected[i] || len(r.Ranked) != ReserveDepth {
			t.Fatalf("reserve %d: %+v", i, r)
		}
		left := slices.Clone(available)
		for rank, one := range r.Ranked {
			id, violation := Replacement(p, selected, []string{r.For}, left, "472")
			if id != one.Number || violation != one.Violation {
				t.Fatalf("%s, rank %d: %v, but the replacement is %s (%d)", r.For, rank, one, id, violation)
			}
			left = slices.DeleteFunc(left, func(other string) bool { return other == id })
		}
	}
}
