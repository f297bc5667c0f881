package selection

import (
	"context"
	"slices"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/sortition"
)

// Relaxed is the call's quotas with every conflict relaxed as far as it must be.
func Relaxed(m meeting.Meeting, conflicts []sortition.Conflict) []meeting.Quota {
	out := slices.Clone(m.Quotas)
	for _, c := range conflicts {
		i := slices.IndexFunc(out, func(q meeting.Quota) bool { return q.Category == c.Category && q.Feature == c.Feature })
		if i < 0 {
			out = append(out, meeting.Quota{Category: c.Category, Feature: c.Feature, Min: c.RelaxedMin, Max: c.RelaxedMax})
			continue
		}
		out[i].Min = max(0, out[i].Min-(c.Min-c.RelaxedMin))
		out[i].Max += c.RelaxedMax - c.Max
	}
	return out
}

// Correct changes published quotas in the open, before any chance is published:
// a dated correction with its public reason, by somebody who did not prepare the
// call. A frozen pool is computed again.
//
// Faults: those of meeting.Service.CorrectQuotas; Conflict selection.stage once
// the chances are public.
func (s *Service) Correct(ctx context.Context, who actor.Actor, slug string, quotas []meeting.Quota, reason string) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, meeting.Correct.Permission(), func(a *act) error {
		if a.Found {
			if err := a.at(Computing, Infeasible, Computed); err != nil {
				return err
			}
		}
		if slices.Equal(quotas, a.meeting.Quotas) {
			return fault.New(fault.Conflict, "selection.same_quotas")
		}
		if err := s.meetings.CorrectQuotas(ctx, a.tx, &a.meeting, quotas, reason); err != nil {
			return err
		}
		if !a.Found {
			return a.remember(CorrectedEvent, reason, nil, map[string]any{"quotas": quotas})
		}
		was := a.Stage
		a.Stage, a.Conflicts, a.Record, a.ComputedAt = Computing, []sortition.Conflict{}, "", nil
		if err := s.recount(a); err != nil {
			return err
		}
		if err := enqueue(a.tx, a.meeting.ID, ChancesJob); err != nil {
			return err
		}
		if err := a.store(CorrectedEvent, reason, was); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}

// recount reads the features of the frozen people again: a correction may count
// by a category that no quota named before.
func (s *Service) recount(a *act) error {
	applications, err := meeting.ApplicationsIn(a.tx, a.meeting.ID)
	if err != nil {
		return err
	}
	people, err := peopleIn(a.tx.DB, a.meeting.ID)
	if err != nil {
		return err
	}
	of := make(map[int64]meeting.Application, len(applications))
	for _, one := range applications {
		of[one.ID] = one
	}
	for _, p := range people {
		p.Features = features(a.meeting, of[p.Application])
		err := a.tx.Model(&p).Select("features").Updates(&p).Error
		if err != nil {
			return err
		}
	}
	return nil
}
