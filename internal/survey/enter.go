package survey

import (
	"context"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// EnterPaper takes in one paper questionnaire, in a transaction of its own, as
// Enter does: while the consultation runs and, for what was posted in time, after
// its end until the summary is submitted.
func (s *Service) EnterPaper(ctx context.Context, who actor.Actor, in Response) (submission.Receipt, error) {
	c, v, err := s.Enterable(ctx, who, in.Consultation)
	if err != nil {
		return submission.Receipt{}, err
	}
	in.Way = ByClerk
	var r submission.Receipt
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		r, err = s.Enter(tx, who, c, v, in)
		return err
	})
	return r, err
}

// Enterable finds the survey of a consultation for whoever may enter responses.
// Faults: those of access; NotFound without a survey; Conflict
// submission.not_now before the opening and once the summary was submitted.
func (s *Service) Enterable(ctx context.Context, who actor.Actor, slug string) (consultation.Consultation, Survey, error) {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, Survey{}, err
	}
	if err := s.gate.Require(who, PermissionEnter, c.Organisation); err != nil {
		return c, Survey{}, err
	}
	v, err := s.Of(ctx, c.ID)
	if err != nil {
		return c, v, err
	}
	switch c.Status(s.db.Now()) {
	case consultation.Open, consultation.Closed, consultation.DecidedStatus:
		return c, v, nil
	}
	return c, v, fault.New(fault.Conflict, "submission.not_now")
}
