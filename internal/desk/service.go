package desk

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// Service keeps the desk. It is safe for concurrent use.
type Service struct {
	db            *database.DB
	gate          *access.Gate
	keys          *seal.Keys
	organisations *organisation.Service
	consultations *consultation.Service
	drafts        *draft.Service
	submissions   *submission.Service
	attachments   *attachment.Service
	zone          *time.Location
	draw          func(share int) bool
}

// New makes the service; the days that clerks type are of zone.
func New(db *database.DB, gate *access.Gate, keys *seal.Keys, organisations *organisation.Service, consultations *consultation.Service, drafts *draft.Service, submissions *submission.Service, attachments *attachment.Service, zone *time.Location) *Service {
	return &Service{db: db, gate: gate, keys: keys, organisations: organisations, consultations: consultations, drafts: drafts, submissions: submissions, attachments: attachments, zone: zone, draw: drawn}
}

// Zone is the time zone of the days that clerks type.
func (s *Service) Zone() *time.Location { return s.zone }

// May reports whether the actor may do something at the desk of an organisation.
func (s *Service) May(who actor.Actor, p access.Permission, organisation int64) bool {
	return s.gate.May(who, p, organisation)
}

// Place finds the consultation for somebody of its organisation who may do p there.
func (s *Service) Place(ctx context.Context, who actor.Actor, slug string, p access.Permission) (consultation.Consultation, error) {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, err
	}
	return c, s.gate.Require(who, p, c.Organisation)
}

// takes refuses when nothing can be taken in: before the opening, and from the
// moment at which the summary was submitted.
func takes(c consultation.Consultation, now time.Time) error {
	switch c.Status(now) {
	case consultation.Open, consultation.Closed, consultation.DecidedStatus:
		return nil
	case consultation.Scheduled:
		return fault.New(fault.Conflict, "desk.not_yet")
	}
	return fault.New(fault.Conflict, "desk.over")
}

// Takes reports whether the desk of a consultation is open.
func Takes(c consultation.Consultation, now time.Time) bool { return takes(c, now) == nil }

// held reads the consultation so that its state stays until the transaction ends:
// the guard of the summary and the desk see each other's work.
func (s *Service) held(tx *database.Tx, id int64) (c consultation.Consultation, err error) {
	g := tx.DB
	if tx.Dialect() == database.Postgres {
		g = g.Clauses(clause.Locking{Strength: clause.LockingStrengthShare})
	}
	err = g.Where("id = ?", id).Take(&c).Error
	return c, database.Translate(err)
}

// change runs one act on one entry: found, locked, its state allowing the event.
func (s *Service) change(ctx context.Context, who actor.Actor, slug string, id int64, p access.Permission, act func(*database.Tx, consultation.Consultation, *Entry) error) (e Entry, err error) {
	c, err := s.Place(ctx, who, slug, p)
	if err != nil {
		return e, err
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.held(tx, c.ID)
		if err != nil {
			return err
		}
		if err := takes(c, tx.Now); err != nil {
			return err
		}
		if e, err = s.lock(tx, c.ID, id); err != nil {
			return err
		}
		return act(tx, c, &e)
	})
	return e, err
}
