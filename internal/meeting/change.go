package meeting

import (
	"context"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Change replaces what an applicant wrote, while applications are taken. Who has
// a seat or waits for one keeps category, side, session and number of persons:
// for another place one withdraws and applies again (Conflict meeting.place_fixed).
// Faults otherwise are those of Receive; version 0 is not checked.
func (s *Service) Change(ctx context.Context, who actor.Actor, reference, secret string, in ApplicationIn, version int64) (Application, error) {
	a, err := s.opened(ctx, reference, secret)
	if err != nil {
		return a, err
	}
	return s.mine(ctx, who, a, func(tx *database.Tx, m *Meeting, a Application) (Application, error) {
		if version != 0 && version != a.Version {
			return a, fault.Stale()
		}
		if err := m.Takes(tx.Now); err != nil {
			return a, err
		}
		if err := s.check(*m, &in); err != nil {
			return a, err
		}
		return s.rewrite(tx, m, a, in)
	})
}

// mine runs what an applicant does to an own application.
func (s *Service) mine(ctx context.Context, who actor.Actor, a Application, f func(*database.Tx, *Meeting, Application) (Application, error)) (Application, error) {
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		m, err := s.Lock(tx, a.Meeting)
		if err != nil {
			return err
		}
		now, err := lockApplication(tx, m.ID, a.ID)
		if err != nil {
			return err
		}
		a, err = f(tx, &m, now)
		return err
	})
	return a, err
}

func (s *Service) rewrite(tx *database.Tx, m *Meeting, a Application, in ApplicationIn) (Application, error) {
	samePlace := in.Category == a.Category && in.Side == a.Side && in.Session == a.Session && max(in.Party, 1) == a.Party
	switch a.State {
	case Applied:
	case Seated, Waiting:
		if !samePlace {
			return a, fault.New(fault.Conflict, "meeting.place_fixed")
		}
	default:
		return a, fault.New(fault.Conflict, "meeting.application_state", "from", string(a.State), "to", "changed")
	}
	before := a
	s.fillIn(m, in, &a)
	if a.Category != before.Category {
		if err := s.relabel(tx, *m, &a); err != nil {
			return a, err
		}
	}
	if !samePlace {
		if err := count(tx, m, before, before.weigh(-1)); err != nil {
			return a, err
		}
		if err := count(tx, m, a, a.weigh(1)); err != nil {
			return a, err
		}
	}
	a.VettedBy, a.UpdatedAt = "", tx.Now // what was vetted is no longer what stands there
	a.Version++
	err := tx.Model(&Application{}).Where("meeting_id = ? AND id = ?", m.ID, a.ID).Select(writtenColumns).Updates(&a).Error
	if err != nil {
		return a, err
	}
	if err := s.reseal(tx, *m, a, in.Person); err != nil {
		return a, err
	}
	return a, recordApplication(tx, *m, a, "change", map[string]any{"version": before.Version}, map[string]any{"version": a.Version})
}

// writtenColumns are what an applicant wrote.
var writtenColumns = []string{
	"label", "category", "side", "session", "party", "sex", "age_band", "district", "answers", "household", "unit", "conflict",
	"publish_name", "lang", "vetted_by", "updated_at", "version",
}

func (s *Service) relabel(tx *database.Tx, m Meeting, a *Application) error {
	n, err := numbered(tx, m.ID, a.Category)
	a.Label = m.label(a.Category, n)
	return err
}

func (s *Service) reseal(tx *database.Tx, m Meeting, a Application, p Person) error {
	row, err := s.sealPerson(m.ID, a.ID, p)
	if err != nil {
		return err
	}
	if err := oneEach(tx, m.ID, a.ID, row); err != nil {
		return err
	}
	return tx.Model(&applicant{}).Where("meeting_id = ? AND application_id = ?", m.ID, a.ID).
		Select("sealed", "person_index", "id_index").Updates(&row).Error
}

// WithdrawApplication withdraws it at its applicant's wish, until the meeting
// begins. The same person may then apply again while applications are taken.
func (s *Service) WithdrawApplication(ctx context.Context, who actor.Actor, reference, secret string) (Application, error) {
	a, err := s.opened(ctx, reference, secret)
	if err != nil {
		return a, err
	}
	return s.mine(ctx, who, a, func(tx *database.Tx, m *Meeting, a Application) (Application, error) {
		if !tx.Now.Before(m.StartsAt) {
			return a, fault.New(fault.Gone, "meeting.begun")
		}
		return s.move(ctx, tx, m, a, Withdrawn, Change{})
	})
}
