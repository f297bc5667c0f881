package bulk

import (
	"context"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Start has a table taken in that was tried, or goes on with one that stopped or
// failed. Conflict bulk.working when it is at work or done, bulk.untried before
// its columns were confirmed.
func (s *Service) Start(ctx context.Context, who actor.Actor, slug string, id int64) error {
	err := s.change(ctx, who, slug, id, "start", func(tx *database.Tx, _ consultation.Consultation, j Job) (map[string]any, error) {
		switch {
		case !j.Rests():
			return nil, fault.New(fault.Conflict, "bulk.working")
		case j.State == submission.ImportWaiting:
			return nil, fault.New(fault.Conflict, "bulk.untried")
		}
		return map[string]any{"state": submission.ImportQueued, "failure": "", "halt": false, "lease": 0, "seen": 0,
			"ended_at": nil, "started_by": who.Key()}, nil
	})
	s.wake()
	return err
}

// Stop ends the work on a table after the rows that are being written; it can be
// gone on with.
func (s *Service) Stop(ctx context.Context, who actor.Actor, slug string, id int64) error {
	return s.change(ctx, who, slug, id, "stop", func(tx *database.Tx, _ consultation.Consultation, j Job) (map[string]any, error) {
		if !j.Working() {
			return nil, fault.New(fault.Conflict, "bulk.resting")
		}
		if j.Lease < ms(tx.Now) { // nobody holds it
			return map[string]any{"state": stopped(j), "halt": false}, nil
		}
		return map[string]any{"halt": true}, nil
	})
}

// stopped is where a table stands when the work on it was ended by hand.
func stopped(j Job) submission.ImportState {
	if j.State == submission.ImportChecking {
		return submission.ImportWaiting
	}
	return submission.ImportStopped
}
