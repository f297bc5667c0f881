package availability

import (
	"context"
	"sync"
	"time"

	"gorm.io/gorm/clause"

	"guangyi/internal/platform/database"
)

// An intake fails when that many requests in a row, over that long, were answered
// by a fault of the program and none was taken. A single fault is no outage.
const (
	failuresInARow = 3
	failingFor     = time.Minute
)

// intake follows what became of what people sent to this node.
type intake struct {
	mu       sync.Mutex
	first    moment // of the failures in a row
	last     moment
	failures int
	id       int64    // of the outage that is recorded for them
	ended    []ending // failures that were followed by a success, to be recorded
}

type ending struct {
	id   int64
	from moment
	to   moment
}

// Sent notes what became of something that somebody sent: the HTTP status of the
// answer. Refusals (4xx) tell nothing about the intake.
func (s *Service) Sent(status int) {
	if status >= 400 && status < 500 {
		return
	}
	s.intake.mu.Lock()
	defer s.intake.mu.Unlock()
	if status < 400 && s.intake.failures == 0 {
		return
	}
	now := moment{s.db.Now(), s.steady()}
	if status >= 500 {
		s.intake.fail(now)
		return
	}
	s.intake.succeed(now)
}

func (i *intake) fail(now moment) {
	if i.failures == 0 {
		i.first = now
	}
	i.last = now
	i.failures++
}

func (i *intake) succeed(now moment) {
	if i.failures >= failuresInARow && now.steady-i.first.steady >= failingFor {
		i.ended = append(i.ended, ending{i.id, i.first, now})
	}
	i.failures, i.id = 0, 0
}

// due lists what is to be recorded, and the running failure, whose end is its last
// fault so far.
func (i *intake) due() (list []ending, running bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	list, i.ended = i.ended, nil
	if i.failures >= failuresInARow && i.last.steady-i.first.steady >= failingFor {
		return append(list, ending{i.id, i.first, i.last}), true
	}
	return list, false
}

// intakeRecord writes the failures of the intake; a running one grows with each beat.
func (s *Service) intakeRecord(ctx context.Context, now moment) error {
	list, running := s.intake.due()
	if len(list) == 0 {
		return nil
	}
	err := s.db.Upkeep(ctx, func(tx *database.Tx) error {
		for n, e := range list {
			o := Outage{ID: e.id, Cause: Intake, BeganAt: now.at(e.from), EndedAt: now.at(e.to), RecordedAt: now.wall}
			if o.ID == 0 {
				o.ID = tx.NextID()
			}
			if running && n == len(list)-1 {
				s.intake.named(o.ID)
			}
			grown := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoUpdates: clause.AssignmentColumns([]string{"ended_at"})}
			if err := tx.Clauses(grown).Create(&o).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.intake.again(list, running)
	}
	return err
}

// again keeps endings that could not be written for the next beat.
func (i *intake) again(list []ending, running bool) {
	if running {
		list = list[:len(list)-1]
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.ended = append(list, i.ended...)
}

// named lets later beats find the running failure's row.
func (i *intake) named(id int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.failures > 0 {
		i.id = id
	}
}

// at is an earlier moment by this moment's wall clock: it may have been set since.
func (m moment) at(earlier moment) time.Time {
	return m.wall.Add(earlier.steady - m.steady)
}
