package consultation

import (
	"slices"

	"guangyi/internal/access"
)

// State is what is stored of a consultation's life.
type State string

// The stored states.
const (
	Prepared        State = "prepared"
	InReview        State = "in_review"
	Returned        State = "returned"
	Approved        State = "approved"
	Decided         State = "decided"
	SummaryInReview State = "summary_in_review"
	Published       State = "published"
	Archived        State = "archived"
	Withdrawn       State = "withdrawn"
)

// Status is a state as it is at an instant: approved is scheduled, open or
// closed by the clock.
type Status string

// The statuses.
const (
	PreparedStatus        = Status(Prepared)
	InReviewStatus        = Status(InReview)
	ReturnedStatus        = Status(Returned)
	Scheduled      Status = "scheduled"
	Open           Status = "open"
	Closed         Status = "closed"
	DecidedStatus         = Status(Decided)

	SummaryInReviewStatus = Status(SummaryInReview)
	PublishedStatus       = Status(Published)
	ArchivedStatus        = Status(Archived)
	WithdrawnStatus       = Status(Withdrawn)
)

// Statuses lists every status in the order of a life.
var Statuses = []Status{
	PreparedStatus, InReviewStatus, ReturnedStatus, Scheduled, Open, Closed,
	DecidedStatus, SummaryInReviewStatus, PublishedStatus, ArchivedStatus, WithdrawnStatus,
}

// PublicStatus is a status in the public's words.
type PublicStatus string

// The public statuses.
const (
	PublicScheduled  PublicStatus = "scheduled"
	PublicOpen       PublicStatus = "open"
	PublicClosed     PublicStatus = "closed"
	PublicSummarised PublicStatus = "summarised"
	PublicWithdrawn  PublicStatus = "withdrawn"
)

// PublicStatuses lists them in the order of a life.
var PublicStatuses = []PublicStatus{PublicScheduled, PublicOpen, PublicClosed, PublicSummarised, PublicWithdrawn}

// Event is something done to a consultation.
type Event string

// The events, and the two moments that the clock records.
const (
	Submit         Event = "submit"
	Return         Event = "return"
	Approve        Event = "approve"
	Extend         Event = "extend"
	Withdraw       Event = "withdraw"
	Decide         Event = "decide"
	SubmitSummary  Event = "submit_summary"
	PublishSummary Event = "publish_summary"
	Archive        Event = "archive"

	OpenedMoment Event = "opened"
	ClosedMoment Event = "closed"
)

// Events lists what people do, in the contract's order.
var Events = []Event{Submit, Return, Approve, Extend, Withdraw, Decide, SubmitSummary, PublishSummary, Archive}

// Permission is what a role needs for the event.
func (e Event) Permission() access.Permission {
	return access.Permission{Object: "consultation", Action: string(e)}
}

// Transition is one line of the state table.
type Transition struct {
	Event  Event
	From   []Status
	To     State
	Others bool // only on others' work: four eyes
	Note   bool // a note must say why
}

// Transitions is the state table: domain.md §3 and the contract's “Statuses” and
// “Who”. Who may is policies/consultation.csv, by Event.Permission.
var Transitions = []Transition{
	{Event: Submit, From: []Status{PreparedStatus, ReturnedStatus}, To: InReview},
	{Event: Return, From: []Status{InReviewStatus}, To: Returned, Others: true, Note: true},
	{Event: Approve, From: []Status{InReviewStatus}, To: Approved, Others: true},
	{Event: Extend, From: []Status{Open}, To: Approved},
	{Event: Withdraw, From: []Status{Scheduled, Open, Closed, DecidedStatus, SummaryInReviewStatus}, To: Withdrawn, Others: true, Note: true},
	{Event: Decide, From: []Status{Closed}, To: Decided},
	{Event: SubmitSummary, From: []Status{DecidedStatus}, To: SummaryInReview},
	{Event: Return, From: []Status{SummaryInReviewStatus}, To: Decided, Others: true, Note: true},
	{Event: PublishSummary, From: []Status{SummaryInReviewStatus}, To: Published, Others: true},
	{Event: Archive, From: []Status{PublishedStatus}, To: Archived},
}

// Step finds the line for an event in a status.
func Step(s Status, e Event) (Transition, bool) {
	for _, t := range Transitions {
		if t.Event == e && slices.Contains(t.From, s) {
			return t, true
		}
	}
	return Transition{}, false
}

// Known reports whether there is such an event.
func (e Event) Known() bool { return slices.Contains(Events, e) }
