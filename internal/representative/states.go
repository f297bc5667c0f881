package representative

import (
	"slices"

	"guangyi/internal/platform/fault"
)

// State is where an application or membership stands. The zero value is never valid.
type State string

// The states. Refused, Left and Ended are ends: name and contact are deleted a set
// time later.
const (
	Applied   State = "applied"   // nobody looked at it yet
	Vetted    State = "vetted"    // one person did; a second decides
	Admitted  State = "admitted"  // for a term
	Suspended State = "suspended" // not invited for now
	Refused   State = "refused"
	Left      State = "left"  // by the person's own will
	Ended     State = "ended" // the term ran out
)

// States lists every state in the order in which staff meet them.
var States = []State{Applied, Vetted, Admitted, Suspended, Ended, Left, Refused}

// Act is what moves a membership.
type Act string

// The acts. Ask, End and Forget are the clock's.
const (
	Apply     Act = "apply"
	Vet       Act = "vet"
	Admit     Act = "admit"
	Refuse    Act = "refuse"
	Change    Act = "change" // the person changes what they said of themselves
	Leave     Act = "leave"
	Ask       Act = "ask_renewal"
	Want      Act = "want_renewal"
	Renew     Act = "renew"
	Suspend   Act = "suspend"
	Appeal    Act = "appeal"
	Uphold    Act = "uphold" // the appeal is answered, the suspension stays
	Lift      Act = "lift"
	End       Act = "end"
	Forget    Act = "forget"
	contacted Act = "contact" // somebody of the staff read name and contact
)

// transitions is the whole life of a membership; nothing else moves it. An empty
// To leaves the state as it is.
var transitions = map[Act]struct {
	From []State
	To   State
}{
	Vet:     {[]State{Applied}, Vetted},
	Admit:   {[]State{Vetted}, Admitted},
	Refuse:  {[]State{Vetted}, Refused},
	Change:  {[]State{Applied, Vetted, Admitted, Suspended}, ""},
	Leave:   {[]State{Applied, Vetted, Admitted, Suspended}, Left},
	Ask:     {[]State{Admitted}, ""},
	Want:    {[]State{Admitted}, ""},
	Renew:   {[]State{Admitted, Ended}, Admitted},
	Suspend: {[]State{Admitted}, Suspended},
	Appeal:  {[]State{Suspended}, ""},
	Uphold:  {[]State{Suspended}, ""},
	Lift:    {[]State{Suspended}, Admitted},
	End:     {[]State{Admitted, Suspended}, Ended},
	Forget:  {[]State{Refused, Left, Ended}, ""},
}

// Leads reports whether the act is possible from the state.
func (a Act) Leads(from State) bool { return slices.Contains(transitions[a].From, from) }

// step moves the state, or refuses.
func (r *Representative) step(a Act) error {
	if !a.Leads(r.State) {
		return fault.New(fault.Conflict, "representative.not_in_state")
	}
	if to := transitions[a].To; to != "" {
		r.State = to
	}
	return nil
}
