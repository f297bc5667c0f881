// Package sortition draws a panel of people from a pool of volunteers, fairly
// and so that anyone can check it: quotas on any categories, at most one person
// of a household, and chances that are the leximin optimum over all panels
// (Flanigan, Gölz, Gupta, Hennig, Procaccia: Fair algorithms for selecting
// citizens' assemblies, Nature 596, 2021).
//
// The package is pure: no clock, no randomness, no files. Every result depends
// on its arguments alone, and never on the order of the people.
package sortition

import (
	"fmt"
	"slices"
)

// Quota bounds how many people with one feature sit on a panel.
type Quota struct {
	Category string `json:"category"`
	Feature  string `json:"feature"`
	Min      int    `json:"min"` // people, at least 0
	Max      int    `json:"max"` // people, at least Min
}

// Person is a volunteer.
type Person struct {
	ID        string
	Features  []string // one for each of Pool.Categories, in their order
	Household string   // people of one household never sit together; "" means alone
}

// Pool is everything a draw depends on apart from the seed.
type Pool struct {
	Categories []string
	Quotas     []Quota
	People     []Person
	Panel      int // people on a panel
}

// PoolError is a pool that cannot be drawn from whatever its quotas allow.
type PoolError struct {
	Person string // id of the person at fault, "" when it is not one person
	Reason string
}

func (e *PoolError) Error() string {
	if e.Person == "" {
		return e.Reason
	}
	return fmt.Sprintf("person %q: %s", e.Person, e.Reason)
}

// Check says what is wrong with the pool's form as a *PoolError: a panel smaller
// than one or larger than the pool, ids that are empty or occur twice, people
// without one feature a category, quotas on unknown categories, given twice or
// with a maximum below the minimum. A feature without a quota is free. Whether
// any panel meets the quotas is another question; see Leximin.
func (p Pool) Check() error {
	if p.Panel < 1 || p.Panel > len(p.People) {
		return &PoolError{Reason: fmt.Sprintf("a panel of %d cannot be drawn from %d people", p.Panel, len(p.People))}
	}
	return p.CheckForm()
}

// CheckForm is Check without the size of the panel.
func (p Pool) CheckForm() error {
	if err := p.checkPeople(); err != nil {
		return err
	}
	return p.checkQuotas()
}

func (p Pool) checkPeople() error {
	seen := make(map[string]bool, len(p.People))
	for _, person := range p.People {
		if person.ID == "" {
			return &PoolError{Reason: "a person has no id"}
		}
		if seen[person.ID] {
			return &PoolError{Person: person.ID, Reason: "the id occurs twice"}
		}
		seen[person.ID] = true
		if len(person.Features) != len(p.Categories) {
			return &PoolError{Person: person.ID, Reason: fmt.Sprintf("%d features for %d categories", len(person.Features), len(p.Categories))}
		}
	}
	return nil
}

func (p Pool) checkQuotas() error {
	for i, category := range p.Categories {
		if slices.Contains(p.Categories[:i], category) {
			return &PoolError{Reason: fmt.Sprintf("the category %q occurs twice", category)}
		}
	}
	type key struct{ category, feature string }
	seen := make(map[key]bool, len(p.Quotas))
	for _, q := range p.Quotas {
		switch k := (key{q.Category, q.Feature}); {
		case !slices.Contains(p.Categories, q.Category):
			return &PoolError{Reason: fmt.Sprintf("there is a quota on the unknown category %q", q.Category)}
		case seen[k]:
			return &PoolError{Reason: fmt.Sprintf("%s, %s has two quotas", q.Category, q.Feature)}
		case q.Min < 0 || q.Max < q.Min:
			return &PoolError{Reason: fmt.Sprintf("%s, %s: a quota from %d to %d holds nothing", q.Category, q.Feature, q.Min, q.Max)}
		default:
			seen[k] = true
		}
	}
	return nil
}

// byID is the order in which every computation sees the people: indices of
// p.People sorted by id, byte by byte.
func (p Pool) byID() []int {
	order := make([]int, len(p.People))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch x, y := p.People[a].ID, p.People[b].ID; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return order
}
