package survey

import (
	"context"
	"errors"
	"sync"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Service keeps questionnaires and takes responses in. It is safe for concurrent
// use.
type Service struct {
	db            *database.DB
	gate          *access.Gate
	consultations *consultation.Service
	drafts        *draft.Service
	submissions   *submission.Service
	fixed         sync.Map // questionnaires of public consultations, by its number: they never change again
}

// New makes the service. Register Check with the consultations, for Submit and
// Approve.
func New(db *database.DB, gate *access.Gate, consultations *consultation.Service, drafts *draft.Service, submissions *submission.Service) *Service {
	return &Service{db: db, gate: gate, consultations: consultations, drafts: drafts, submissions: submissions}
}

// MayPrepare reports whether the actor may write questions there.
func (s *Service) MayPrepare(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionPrepare, organisation)
}

// MayEnter reports whether the actor may enter paper questionnaires there.
func (s *Service) MayEnter(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionEnter, organisation)
}

// MayExport reports whether the actor may take the table of responses away.
func (s *Service) MayExport(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionExport, organisation)
}

// Of finds the questionnaire of a consultation; NotFound when there is none or it
// has no question. Who may see the consultation may see its questions.
func (s *Service) Of(ctx context.Context, consultation int64) (Survey, error) {
	v, err := find(s.db.Read(ctx), consultation)
	if err == nil && len(v.Questions) == 0 {
		return Survey{}, fault.Missing()
	}
	return v, err
}

// Prepared finds the questionnaire, empty when nobody has begun one.
func (s *Service) Prepared(ctx context.Context, consultation int64) (Survey, error) {
	v, err := find(s.db.Read(ctx), consultation)
	if fault.Is(err, fault.NotFound) {
		return Survey{Consultation: consultation, Results: AtEnd}, nil
	}
	return v, err
}

// Offer tells the pages of a consultation whether it carries a survey: how many
// questions can be answered now, and whether the public may see the figures.
func (s *Service) Offer(ctx context.Context, c consultation.Consultation) (questions int, results bool, err error) {
	if !c.Public() {
		return 0, false, nil
	}
	v, ok := s.fixed.Load(c.ID)
	if !ok {
		if v, err = s.Prepared(ctx, c.ID); err != nil {
			return 0, false, err
		}
		s.fixed.Store(c.ID, v)
	}
	asked, now := v.(Survey), s.db.Now()
	if len(asked.Questions) == 0 {
		return 0, false, nil
	}
	if c.Takes(now) == nil {
		questions = len(asked.Questions)
	}
	return questions, asked.Shown(c, now), nil
}

func find(g *gorm.DB, consultation int64) (Survey, error) {
	var v Survey
	err := g.Where("consultation_id = ?", consultation).Take(&v).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Survey{}, fault.Missing()
	}
	v.unpack()
	return v, database.Translate(err)
}
