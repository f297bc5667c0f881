package sortition

import "fmt"

// Conflict is a quota that no panel can meet together with the others, and how
// far it has to give way.
type Conflict struct {
	Category, Feature      string
	Min, Max               int // as asked, people
	RelaxedMin, RelaxedMax int // with which a panel exists; one of them differs
}

// Infeasible says that no panel meets the quotas.
type Infeasible struct {
	// Conflicts are the quotas to change so that a panel exists, and so little
	// that no other change moves minimums and maximums by less in all; sorted by
	// category and feature. It is empty when no change of quotas helps, since
	// there are fewer households than seats.
	Conflicts []Conflict
	// Moves is the sum of all moves, people.
	Moves int
}

func (e *Infeasible) Error() string {
	if len(e.Conflicts) == 0 {
		return "no panel exists: there are fewer households than seats"
	}
	c := e.Conflicts[0]
	return fmt.Sprintf("no panel meets the quotas; the smallest change that helps moves %d of them, first %s, %s to %d..%d",
		len(e.Conflicts), c.Category, c.Feature, c.RelaxedMin, c.RelaxedMax)
}
