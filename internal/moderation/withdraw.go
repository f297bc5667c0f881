package moderation

import (
	"context"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Withdraw takes a submission back for whoever has its number and secret, both as
// typed. Its words are shown to nobody outside any more; it stays in every count,
// is gathered and answered, and its leaf stays in the register. It is for good.
//
// Faults: NotFound submission.receipt for a wrong number or secret; Conflict
// moderation.withdrawn when it was withdrawn before.
func (s *Service) Withdraw(ctx context.Context, who actor.Actor, number, secret string) (submission.Tracked, error) {
	t, err := s.Submissions.Track(ctx, number, secret)
	if err != nil {
		return t, err
	}
	err = s.DB.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.Submissions.HoldPublic(tx, t.Consultation.Slug)
		if err != nil {
			return err
		}
		from, comments, err := submission.Stand(tx, c.ID, t.Submission.ID)
		if err != nil {
			return err
		}
		if from.State == submission.Withdrawn {
			return fault.New(fault.Conflict, "moderation.withdrawn")
		}
		to := submission.Standing{State: submission.Withdrawn}
		for _, one := range from.Comments {
			to.Comments = append(to.Comments, submission.Shown{
				Comment: one.Comment, Public: shows(c), Withheld: submission.ByItsSender, Masks: one.Masks,
			})
		}
		d := Decision{Act: Withdraw, Reason: submission.ByItsSender}
		_, err = s.store(tx, c, t.Submission.ID, d, from, to, comments)
		return err
	})
	if err != nil {
		return t, err
	}
	return s.Submissions.Track(ctx, number, secret)
}
