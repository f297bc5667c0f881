package sortition

import (
	"fmt"
	"slices"
)

// lookup finds people by id and the quotas each counts for.
type lookup struct {
	pool   Pool
	at     map[string]int
	quotas [][]int  // per person
	alike  []string // per person: the same for people whom no quota tells apart
}

func (p Pool) look() lookup {
	l := lookup{pool: p, at: make(map[string]int, len(p.People)), quotas: make([][]int, len(p.People))}
	column := make([]int, len(p.Quotas))
	for q, quota := range p.Quotas {
		column[q] = slices.Index(p.Categories, quota.Category)
	}
	l.alike = make([]string, len(p.People))
	for i, person := range p.People {
		l.at[person.ID] = i
		for q, quota := range p.Quotas {
			if person.Features[column[q]] == quota.Feature {
				l.quotas[i] = append(l.quotas[i], q)
			}
		}
		l.alike[i] = fmt.Sprint(l.quotas[i])
	}
	return l
}

// counts is how many of the people count for each quota.
func (l lookup) counts(people []int) []int {
	counts := make([]int, len(l.pool.Quotas))
	for _, person := range people {
		for _, q := range l.quotas[person] {
			counts[q]++
		}
	}
	return counts
}

// people turns ids into indices; unknown and repeated ones are errors.
func (l lookup) people(ids []string) ([]int, error) {
	out := make([]int, len(ids))
	seen := make(map[string]bool, len(ids))
	for i, id := range ids {
		person, known := l.at[id]
		switch {
		case !known:
			return nil, fmt.Errorf("nobody in the pool has the id %q", id)
		case seen[id]:
			return nil, fmt.Errorf("%q sits twice", id)
		}
		seen[id], out[i] = true, person
	}
	return out, nil
}

// check says why a panel may not sit.
func (l lookup) check(panel []string) error {
	people, err := l.people(panel)
	if err != nil {
		return err
	}
	if len(people) != l.pool.Panel {
		return fmt.Errorf("%d people on a panel of %d", len(people), l.pool.Panel)
	}
	homes := make(map[string]string, len(people))
	for _, i := range people {
		person := l.pool.People[i]
		if other, shared := homes[person.Household]; shared && person.Household != "" {
			return fmt.Errorf("%q and %q are of one household", other, person.ID)
		}
		homes[person.Household] = person.ID
	}
	for q, n := range l.counts(people) {
		if quota := l.pool.Quotas[q]; n < quota.Min || n > quota.Max {
			return fmt.Errorf("%d with %s, %s, where %d to %d must sit", n, quota.Category, quota.Feature, quota.Min, quota.Max)
		}
	}
	return nil
}

// CheckPanel says why a panel may not sit: people unknown or twice, too many or
// too few, two of one household, a quota missed. It is nil for one that may.
func (p Pool) CheckPanel(panel []string) error { return p.look().check(panel) }
