package sitting

import (
	"context"

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

// Told is called in the transaction of what a representative should hear of: a
// statement to confirm, a receipt, an answer, the account.
type Told func(ctx context.Context, tx *database.Tx, m meeting.Meeting, application int64, topic, token string) error

// The topics of letters about a day.
const (
	TopicConfirm  = "sitting.confirm"
	TopicReceipt  = "sitting.receipt"
	TopicAccount  = "sitting.account"
	TopicFeedback = "sitting.feedback"
)

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
