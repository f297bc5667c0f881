package sitting

import (
	"context"
	"strings"

	"guangyi/internal/access"
	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// What may be done on the day and after it.
var (
	PermissionRecord  = access.Permission{Object: "sitting", Action: "record"}
	PermissionSee     = access.Permission{Object: "sitting", Action: "see"}
	PermissionDraft   = access.Permission{Object: "sitting", Action: "draft"}
	PermissionAgree   = access.Permission{Object: "sitting", Action: "agree"}
	PermissionConfirm = access.Permission{Object: "sitting", Action: "confirm"}
)

// Reserves tells which reserve comes next in place of those who are not there,
// quotas kept as well as can be.
type Reserves interface {
	Next(ctx context.Context, tx *database.Tx, m *meeting.Meeting, gone []int64) (application int64, ok bool, err error)
}

// Rooms gives the consultation in which a meeting's statements are answered; it is
// never listed.
type Rooms interface {
	OwnConsultation(tx *database.Tx, m *meeting.Meeting) (slug string, id int64, err error)
}

// Told leaves a letter for an applicant, in the transaction of what it tells.
type Told func(tx *database.Tx, m meeting.Meeting, a meeting.Application, topic string) error

// The topics of letters about a day; the scope is the meeting, the ref the application.
const (
	topicPrefix  = "sitting."
	TopicConfirm = topicPrefix + "confirm" // please confirm what was taken down
	TopicReceipt = topicPrefix + "receipt" // your statement went in
	TopicAnswer  = topicPrefix + "answer"  // your statement was answered
	TopicAccount = topicPrefix + "account" // the account is out; how was it
)

// IsTopic reports whether a letter is worded here.
func IsTopic(topic string) bool { return strings.HasPrefix(topic, topicPrefix) }

// Service keeps days. It is safe for concurrent use.
type Service struct {
	db          *database.DB
	gate        *access.Gate
	keys        *seal.Keys
	meetings    *meeting.Service
	submissions *submission.Service
	drafts      *draft.Service
	rooms       Rooms
	reserves    Reserves
	told        Told
	answers     submission.Answers
}

// New makes the service.
func New(db *database.DB, gate *access.Gate, keys *seal.Keys, meetings *meeting.Service, submissions *submission.Service, drafts *draft.Service, rooms Rooms) *Service {
	return &Service{db: db, gate: gate, keys: keys, meetings: meetings, submissions: submissions, drafts: drafts, rooms: rooms}
}

// UseReserves says who knows the next reserve; without it they stand in the order
// of their rank.
func (s *Service) UseReserves(r Reserves) { s.reserves = r }

// Tell says who writes to representatives; without it nobody does.
func (s *Service) Tell(t Told) { s.told = t }

// AnswerWith says who tells published answers; without it there are none.
func (s *Service) AnswerWith(a submission.Answers) { s.answers = a }

// May reports whether the actor may do something on the days of an organisation.
func (s *Service) May(who actor.Actor, p access.Permission, organisation int64) bool {
	return s.gate.May(who, p, organisation)
}

// staff finds a meeting for whom it belongs to, with a permission.
func (s *Service) staff(ctx context.Context, who actor.Actor, slug string, p access.Permission) (meeting.Meeting, error) {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return m, err
	}
	return m, s.gate.Require(who, p, m.Organisation)
}

// Require refuses somebody who may not do this at this meeting, before anybody
// reads what they sent: Unauthenticated, NotFound, Forbidden.
func (s *Service) Require(ctx context.Context, who actor.Actor, slug string, p access.Permission) error {
	_, err := s.staff(ctx, who, slug, p)
	return err
}

// tell leaves a letter for whoever has a seat; erased contacts get none.
func (s *Service) tell(tx *database.Tx, m meeting.Meeting, application int64, topic string) error {
	if s.told == nil {
		return nil
	}
	list, err := meeting.ApplicationsIn(tx, m.ID)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.ID == application {
			return s.told(tx, m, a, topic)
		}
	}
	return nil
}
