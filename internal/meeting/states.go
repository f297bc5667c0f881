package meeting

import (
	"slices"
	"time"

	"guangyi/internal/access"
)

// State is what is stored of a meeting's life.
type State string

// The stored states.
const (
	Prepared         State = "prepared"
	InReview         State = "in_review"
	Returned         State = "returned"
	Approved         State = "approved"
	Selected         State = "selected"
	Invited          State = "invited"
	Held             State = "held"
	AccountInReview  State = "account_in_review"
	AccountPublished State = "account_published"
	Cancelled        State = "cancelled"
)

// Status is a state as it is at an instant: approved is announced, open or closed
// by the clock, and a meeting whose end has passed is due to be recorded as held.
type Status string

// The statuses.
const (
	PreparedStatus        = Status(Prepared)
	InReviewStatus        = Status(InReview)
	ReturnedStatus        = Status(Returned)
	Announced      Status = "announced"
	Open           Status = "open"
	Closed         Status = "closed"
	SelectedStatus        = Status(Selected)
	InvitedStatus         = Status(Invited)
	Due            Status = "due"
	HeldStatus            = Status(Held)

	AccountInReviewStatus  = Status(AccountInReview)
	AccountPublishedStatus = Status(AccountPublished)
	CancelledStatus        = Status(Cancelled)
)

// Statuses lists every status in the order of a life.
var Statuses = []Status{
	PreparedStatus, InReviewStatus, ReturnedStatus, Announced, Open, Closed, SelectedStatus, InvitedStatus, Due,
	HeldStatus, AccountInReviewStatus, AccountPublishedStatus, CancelledStatus,
}

// PublicStatus is a status in the public's words.
type PublicStatus string

// The public statuses.
const (
	PublicAnnounced PublicStatus = "announced"
	PublicOpen      PublicStatus = "open"
	PublicClosed    PublicStatus = "closed"
	PublicSelected  PublicStatus = "selected" // who comes is settled
	PublicHeld      PublicStatus = "held"
	PublicAccount   PublicStatus = "account_published"
	PublicCancelled PublicStatus = "cancelled"
)

// PublicStatuses lists them in the order of a life.
var PublicStatuses = []PublicStatus{PublicAnnounced, PublicOpen, PublicClosed, PublicSelected, PublicHeld, PublicAccount, PublicCancelled}

// Status is where the meeting stands at an instant.
func (m Meeting) Status(now time.Time) Status {
	switch m.State {
	case Approved, Selected, Invited:
		if !m.EndsAt.IsZero() && !now.Before(m.EndsAt) {
			return Due
		}
	}
	if m.State != Approved {
		return Status(m.State)
	}
	switch {
	case m.OpensAt == nil || now.Before(*m.OpensAt):
		return Announced
	case m.ClosesAt != nil && now.Before(*m.ClosesAt):
		return Open
	}
	return Closed
}

// PublicStatus is Status in the words that the public sees; ok is false while
// there is nothing to see, before approval.
func (m Meeting) PublicStatus(now time.Time) (status PublicStatus, ok bool) {
	switch s := m.Status(now); s {
	case Announced, Open, Closed:
		return PublicStatus(s), true
	case SelectedStatus, InvitedStatus:
		return PublicSelected, true
	case Due, HeldStatus, AccountInReviewStatus:
		return PublicHeld, true
	case AccountPublishedStatus:
		return PublicAccount, true
	case CancelledStatus:
		return PublicCancelled, true
	}
	return "", false
}

// Event is something done to a meeting.
type Event string

// The events. Select, Invite and Hold belong to selection, invitation and
// sitting, which do them by Service.Step; Correct changes a published quota.
const (
	Submit         Event = "submit"
	Return         Event = "return"
	Approve        Event = "approve"
	Extend         Event = "extend"
	MoveDate       Event = "move"
	Cancel         Event = "cancel"
	Correct        Event = "correct"
	Select         Event = "select"
	Invite         Event = "invite"
	Hold           Event = "hold"
	SubmitAccount  Event = "submit_account"
	PublishAccount Event = "publish_account"
)

// Events lists what people do.
var Events = []Event{Submit, Return, Approve, Extend, MoveDate, Cancel, Correct, Select, Invite, Hold, SubmitAccount, PublishAccount}

// byHigher lists the events that only a higher capability does, with what belongs
// to them; Apply refuses them.
var byHigher = []Event{Correct, Select, Invite, Hold, SubmitAccount, PublishAccount}

// Permission is what a role needs for the event.
func (e Event) Permission() access.Permission {
	return access.Permission{Object: "meeting", Action: string(e)}
}

// Higher reports an event that a higher capability does with what belongs to it.
func (e Event) Higher() bool { return slices.Contains(byHigher, e) }

// Known reports whether there is such an event.
func (e Event) Known() bool { return slices.Contains(Events, e) }

// Transition is one line of the state table. An empty To leaves the state.
type Transition struct {
	Event  Event
	From   []Status
	To     State
	Others bool // only on others' work: four eyes
	Note   bool // a note must say why
}

// Transitions is the state table of a meeting. Who may is policies/meeting.csv,
// by Event.Permission.
var Transitions = []Transition{
	{Event: Submit, From: []Status{PreparedStatus, ReturnedStatus}, To: InReview},
	{Event: Return, From: []Status{InReviewStatus}, To: Returned, Others: true, Note: true},
	{Event: Approve, From: []Status{InReviewStatus}, To: Approved, Others: true},
	{Event: Extend, From: []Status{Open}, Note: true},
	{Event: MoveDate, From: []Status{Announced, Open, Closed, SelectedStatus, InvitedStatus}, Note: true},
	{Event: Cancel, From: []Status{Announced, Open, Closed, SelectedStatus, InvitedStatus, Due}, To: Cancelled, Others: true, Note: true},
	{Event: Correct, From: []Status{Announced, Open, Closed}, Others: true, Note: true},
	{Event: Select, From: []Status{Closed}, To: Selected},
	{Event: Invite, From: []Status{Open, Closed, SelectedStatus}, To: Invited},
	{Event: Hold, From: []Status{Closed, SelectedStatus, InvitedStatus, Due}, To: Held},
	{Event: SubmitAccount, From: []Status{HeldStatus}, To: AccountInReview},
	{Event: Return, From: []Status{AccountInReviewStatus}, To: Held, Others: true, Note: true},
	{Event: PublishAccount, From: []Status{AccountInReviewStatus}, To: AccountPublished, Others: true},
}

// Allowed finds the line for an event in a status.
func Allowed(s Status, e Event) (Transition, bool) {
	for _, t := range Transitions {
		if t.Event == e && slices.Contains(t.From, s) {
			return t, true
		}
	}
	return Transition{}, false
}

// ApplicationState is where an application stands.
type ApplicationState string

// The states of an application.
const (
	Applied     ApplicationState = "applied"
	Refused     ApplicationState = "refused" // vetted, with a reason
	Withdrawn   ApplicationState = "withdrawn"
	Seated      ApplicationState = "seated"  // by order of arrival
	Waiting     ApplicationState = "waiting" // on the waiting list
	Chosen      ApplicationState = "selected"
	Reserve     ApplicationState = "reserve"
	NotSelected ApplicationState = "not_selected"
	Accepted    ApplicationState = "accepted"
	Declined    ApplicationState = "declined"
	Lapsed      ApplicationState = "lapsed" // no answer until AnswerBy
	Attended    ApplicationState = "attended"
	Absent      ApplicationState = "absent"
	Carried     ApplicationState = "carried" // went along with its item to another meeting
)

// ApplicationStates lists them.
var ApplicationStates = []ApplicationState{
	Applied, Refused, Withdrawn, Seated, Waiting, Chosen, Reserve, NotSelected, Accepted, Declined, Lapsed, Attended, Absent, Carried,
}

// moves is the table of an application: from where to where.
var moves = map[ApplicationState][]ApplicationState{
	Applied:     {Refused, Withdrawn, Seated, Waiting, Chosen, Reserve, NotSelected},
	Refused:     {Applied},
	Seated:      {Refused, Withdrawn, Accepted, Declined, Lapsed, Attended, Absent, Carried},
	Waiting:     {Refused, Withdrawn, Seated, NotSelected, Attended},
	Chosen:      {Withdrawn, Accepted, Declined, Lapsed, Attended, Absent, Carried},
	Reserve:     {Withdrawn, Chosen, NotSelected, Attended}, // who is there on the day is there
	NotSelected: {Withdrawn, Chosen},
	Accepted:    {Withdrawn, Declined, Attended, Absent, Carried},
	Declined:    {Chosen, Attended}, // asked again, or came all the same
	Lapsed:      {Chosen, Attended},
	Attended:    {Absent},
	Absent:      {Attended},
}

// MayMove reports whether an application may go from one state to another.
func MayMove(from, to ApplicationState) bool { return slices.Contains(moves[from], to) }

// Holds reports a state that takes a place: seated by order or selected, and not
// given back.
func (s ApplicationState) Holds() bool {
	switch s {
	case Seated, Chosen, Accepted, Attended, Absent:
		return true
	}
	return false
}

// Ended reports a state from which the applicant has nothing more to expect.
func (s ApplicationState) Ended() bool {
	switch s {
	case Refused, Withdrawn, NotSelected, Declined, Lapsed, Carried:
		return true
	}
	return false
}
