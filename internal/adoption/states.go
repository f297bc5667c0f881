package adoption

import (
	"slices"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
)

// State is where a suggestion stands. The zero value is never valid.
type State string

// The states of a suggestion.
const (
	Drafted  State = "drafted"
	InReview State = "in_review"
	Agreed   State = "agreed"
	Signed   State = "signed" // published with the summary
)

// States lists every state in the order of a suggestion's life.
var States = []State{Drafted, InReview, Agreed, Signed}

// Event is what happens to a suggestion.
type Event string

// The events. Submit, Agree and Return are asked for by name; Change is whatever
// alters text, comments or disposition; Sign comes with publishing the summary.
const (
	Submit Event = "submit"
	Agree  Event = "agree"
	Return Event = "return"
	Change Event = "change"
	Sign   Event = "sign"
)

// Events lists every event.
var Events = []Event{Submit, Agree, Return, Change, Sign}

// What a role must be allowed for.
var (
	mayGather = access.Permission{Object: "suggestion", Action: "gather"}
	mayDraft  = access.Permission{Object: "suggestion", Action: "draft"}
	maySubmit = access.Permission{Object: "suggestion", Action: "submit"}
	mayAgree  = access.Permission{Object: "suggestion", Action: "agree"}
	mayReturn = access.Permission{Object: "suggestion", Action: "return"}
	mayList   = access.Permission{Object: "suggestion", Action: "list"}
	maySign   = access.Permission{Object: "consultation", Action: "publish_summary"}
)

// Transition is one row of the life of a suggestion.
type Transition struct {
	Event    Event
	From     []State
	To       State
	May      access.Permission
	NotOwn   bool // whoever wrote, drafted or submitted it may not
	Note     bool // must be told why
	Complete bool // its disposition must meet its demands
}

// Transitions is the whole life of a suggestion; nothing else moves it.
var Transitions = []Transition{
	{Event: Submit, From: []State{Drafted}, To: InReview, May: maySubmit, Complete: true},
	{Event: Agree, From: []State{InReview}, To: Agreed, May: mayAgree, NotOwn: true, Complete: true},
	{Event: Return, From: []State{InReview}, To: Drafted, May: mayReturn, NotOwn: true, Note: true},
	// What was read in review is no longer what stands there: it begins again.
	{Event: Change, From: []State{Drafted, InReview, Agreed}, To: Drafted, May: mayDraft},
	{Event: Sign, From: []State{Agreed}, To: Signed, May: maySign},
}

// transition finds the row of an event; false for a word that is none.
func transition(event Event) (Transition, bool) {
	for _, t := range Transitions {
		if t.Event == event {
			return t, true
		}
	}
	return Transition{}, false
}

// leads reports whether the event is possible from the state.
func (t Transition) leads(from State) bool { return slices.Contains(t.From, from) }

// open lists the states of a consultation in which suggestions may change: from
// approval until the summary goes for review, after the decision too.
var open = []consultation.State{consultation.Approved, consultation.Decided}
