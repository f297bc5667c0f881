// Package verification recomputes what a site has published, from the published
// data alone. It knows no database and no clock.
package verification

import "fmt"

// State is how a fact came out.
type State string

// The states.
const (
	Holds     State = "holds"
	Broken    State = "broken"
	Unchecked State = "unchecked" // the data at hand do not tell
)

// Finding is one fact that was looked at.
type Finding struct {
	Fact   string `json:"fact"` // stable, fit for a message key: see the Fact constants
	State  State  `json:"state"`
	Detail string `json:"detail"` // in English: what was seen
}

// String is a line for a terminal.
func (f Finding) String() string {
	return fmt.Sprintf("%-9s %s: %s", f.State, f.Fact, f.Detail)
}

// FirstBroken is the first fact that does not hold; false when all do.
func FirstBroken(findings []Finding) (Finding, bool) {
	for _, f := range findings {
		if f.State == Broken {
			return f, true
		}
	}
	return Finding{}, false
}

// list gathers findings in order.
type list []Finding

func (l *list) holds(fact, detail string, args ...any)  { l.add(fact, Holds, detail, args) }
func (l *list) broken(fact, detail string, args ...any) { l.add(fact, Broken, detail, args) }
func (l *list) open(fact, detail string, args ...any)   { l.add(fact, Unchecked, detail, args) }

func (l *list) add(fact string, state State, detail string, args []any) {
	*l = append(*l, Finding{Fact: fact, State: state, Detail: fmt.Sprintf(detail, args...)})
}

// check adds what err says, or that the fact holds.
func (l *list) check(fact string, err error, detail string, args ...any) bool {
	if err != nil {
		l.broken(fact, "%v", err)
		return false
	}
	l.holds(fact, detail, args...)
	return true
}
