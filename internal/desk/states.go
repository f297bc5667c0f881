package desk

import "guangyi/internal/platform/fault"

// State is where an entry stands.
type State string

// The states. Taken is the end: its words are a submission. Discarded ones keep all
// that was typed and can be taken up again.
const (
	Draft     State = "draft"
	Waiting   State = "waiting" // for the second person
	Checked   State = "checked" // and not yet taken: the consultation refused it just then
	Taken     State = "taken"
	Discarded State = "discarded"
)

// States lists them in the order of a life.
var States = []State{Draft, Waiting, Checked, Taken, Discarded}

// Open lists the states in which something is still to be done.
var Open = []State{Draft, Waiting, Checked}

// Event is something done to an entry.
type Event string

// The events.
const (
	Finish  Event = "finish" // the typing is done; a second person is to check it
	Confirm Event = "check"
	Back    Event = "return" // to the clerk
	Take    Event = "take"   // it becomes a submission
	Discard Event = "discard"
	Restore Event = "restore"
)

// Events lists them.
var Events = []Event{Finish, Confirm, Back, Take, Discard, Restore}

// steps is the state table. Draft goes to Taken only when nobody needs to check.
var steps = map[State]map[Event]State{
	Draft:     {Finish: Waiting, Take: Taken, Discard: Discarded},
	Waiting:   {Confirm: Checked, Back: Draft, Discard: Discarded},
	Checked:   {Take: Taken, Back: Draft, Discard: Discarded},
	Discarded: {Restore: Draft},
}

// Step tells where an event leads. Faults: Conflict desk.state.
func Step(from State, e Event) (State, error) {
	if to, ok := steps[from][e]; ok {
		return to, nil
	}
	return from, fault.New(fault.Conflict, "desk.state")
}

// Reasons lists why an entry can be discarded.
var Reasons = []string{"duplicate", "misdirected", "empty", "mistake", "asked"}
