package invitation

import (
	"context"
	"errors"
	"log/slog"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/procedure"
)

// Reserves knows who moves up: package selection.
type Reserves interface {
	// Next gives the reserve that takes a free place, so that the quotas hold as
	// well as they can; gone are the applications whose places came free. ok is
	// false when there is none.
	Next(tx *database.Tx, m *meeting.Meeting, gone []int64) (application int64, ok bool, err error)
}

// Deps is what the service works with. Reserves may be nil: then places that come
// free stay free.
type Deps struct {
	DB       *database.DB
	Gate     *access.Gate
	Keys     *seal.Keys
	Meetings *meeting.Service
	Reserves Reserves
	Files    *attachment.Service
	Profiles procedure.Profiles
	Log      *slog.Logger
}

// Service invites. It is safe for concurrent use, by any number of processes.
type Service struct {
	db       *database.DB
	gate     *access.Gate
	keys     *seal.Keys
	meetings *meeting.Service
	reserves Reserves
	files    *attachment.Service
	profiles procedure.Profiles
	notices  *notice.Service
	log      *slog.Logger
}

// New makes the service and has it follow the meetings: it is told of everybody
// who gives a place back, and of meetings that are moved or cancelled.
func New(d Deps) *Service {
	s := &Service{db: d.DB, gate: d.Gate, keys: d.Keys, meetings: d.Meetings, reserves: d.Reserves, files: d.Files, profiles: d.Profiles, log: d.Log}
	d.Meetings.Watch(s.follow)
	d.Meetings.Consequence(meeting.MoveDate, s.moved)
	d.Meetings.Consequence(meeting.Cancel, s.cancelled)
	return s
}

// Notify says by what the letters go; before that there are no short messages.
func (s *Service) Notify(n *notice.Service) { s.notices = n }

// May reports whether the actor's role allows something at a meeting.
func (s *Service) May(who actor.Actor, p access.Permission, m meeting.Meeting) bool {
	return s.gate.May(who, p, m.Organisation)
}

// Allow asks whether the actor may do something at a meeting, before what they sent
// is looked at: Unauthenticated, NotFound or Forbidden.
func (s *Service) Allow(ctx context.Context, who actor.Actor, slug string, p access.Permission) error {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return err
	}
	return s.gate.Require(who, p, m.Organisation)
}

// staff runs a change of one meeting's invitations by its own staff.
func (s *Service) staff(ctx context.Context, who actor.Actor, slug string, p access.Permission, change func(*database.Tx, *meeting.Meeting) error) error {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return err
	}
	if err := s.gate.Require(who, p, m.Organisation); err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		m, err := s.meetings.Lock(tx, m.ID)
		if err != nil {
			return err
		}
		return change(tx, &m)
	})
}

// round reads how far a meeting's inviting has come; ok is false before it began.
func round(g *gorm.DB, meeting int64) (r Round, ok bool, err error) {
	err = g.Where("meeting_id = ?", meeting).Take(&r).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// one reads a person's invitation.
func one(g *gorm.DB, meeting, application int64) (i Invitation, ok bool, err error) {
	err = g.Where("meeting_id = ? AND application_id = ?", meeting, application).Take(&i).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return i, false, nil
	}
	return i, err == nil, err
}

// application reads an application inside a change; its meeting is locked.
func application(tx *database.Tx, m int64, id int64) (a meeting.Application, err error) {
	err = tx.Where("meeting_id = ? AND id = ?", m, id).Take(&a).Error
	return a, database.Translate(err)
}

// in lists a meeting's applications in some states, by number.
func in(g *gorm.DB, m int64, states ...meeting.ApplicationState) (list []meeting.Application, err error) {
	err = g.Where("meeting_id = ? AND state IN ?", m, states).Order("number").Find(&list).Error
	return list, err
}

// asked are the states of those who hold a place and have not been to the meeting.
var asked = []meeting.ApplicationState{meeting.Chosen, meeting.Seated, meeting.Accepted}

// running refuses what makes no sense any more once a meeting was held or will not be.
func running(m meeting.Meeting, tx *database.Tx) error {
	switch {
	case m.State == meeting.Cancelled:
		return fault.New(fault.Gone, "invitation.cancelled")
	case !tx.Now.Before(m.EndsAt), m.State == meeting.Held, m.State == meeting.AccountInReview, m.State == meeting.AccountPublished:
		return fault.New(fault.Gone, "invitation.over")
	}
	return nil
}
