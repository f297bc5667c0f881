package consultation

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// errNothing rolls back a change that found nothing to do.
var errNothing = errors.New("nothing to record")

// RecordMoments writes into history and trail that consultations opened and
// closed, each moment once, however many processes ask. It returns how many it
// recorded. The states do not depend on it.
func (s *Service) RecordMoments(ctx context.Context) (int, error) {
	now := s.db.Now()
	var due []Consultation
	err := s.db.Read(ctx).Where(`state = 'approved' AND (
		opens_at <= ? AND NOT EXISTS (SELECT 1 FROM consultation_events e WHERE e.consultation_id = consultations.id AND e.once = 'opened') OR
		closes_at <= ? AND NOT EXISTS (SELECT 1 FROM consultation_events e WHERE e.consultation_id = consultations.id AND e.once = 'closed'))`,
		now, now).Order("id").Limit(1000).Find(&due).Error
	if err != nil {
		return 0, err
	}
	recorded := 0
	for _, c := range due {
		n := 0
		err := s.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
			c, err := Lock(tx, c.ID)
			if err != nil {
				return err
			}
			if n, err = s.recordDue(tx, &c); err == nil && n == 0 {
				return errNothing
			}
			return err
		})
		if err != nil && !errors.Is(err, errNothing) {
			return recorded, err
		}
		recorded += n
	}
	return recorded, nil
}

// moments records what the clock brought before somebody's event, so that the
// history stays in order.
func (s *Service) moments(tx *database.Tx, c *Consultation) error {
	_, err := s.recordDue(tx, c)
	return err
}

func (s *Service) recordDue(tx *database.Tx, c *Consultation) (int, error) {
	if c.State != Approved {
		return 0, nil
	}
	n := 0
	for _, m := range []struct {
		event Event
		at    *time.Time
	}{{OpenedMoment, c.OpensAt}, {ClosedMoment, c.ClosesAt}} {
		if m.at == nil || m.at.After(tx.Now) {
			continue
		}
		fresh, err := s.recordMoment(tx, *c, m.event, *m.at)
		if err != nil {
			return n, err
		}
		if fresh {
			n++
		}
	}
	return n, nil
}

func (s *Service) recordMoment(tx *database.Tx, c Consultation, e Event, at time.Time) (bool, error) {
	once, by := string(e), actor.Timer()
	past := Past{
		ConsultationID: c.ID, ID: tx.NextID(), Event: e, FromState: c.State, ToState: c.State,
		Actor: by.Key(), ActorName: by.Name, At: at, Once: &once,
	}
	res := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "consultation_id"}, {Name: "once"}}, DoNothing: true}).Create(&past)
	if res.Error != nil || res.RowsAffected == 0 {
		return false, res.Error
	}
	// The moment is the clock's, also when it is written down beside a person's event.
	clock := *tx
	clock.Actor = by
	return true, s.recordAs(tx, &clock, c, e, at)
}

func (s *Service) recordAs(tx, clock *database.Tx, c Consultation, e Event, at time.Time) error {
	err := audit.Record(clock, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: string(e), Object: "consultation", ObjectID: c.ID, After: map[string]any{"at": at},
	})
	if err == nil && tx.Actor.Kind == actor.Clock {
		tx.Audited()
	}
	return err
}
