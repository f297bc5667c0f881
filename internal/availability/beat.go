package availability

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm/clause"

	"guangyi/internal/platform/database"
)

// moment is an instant as two clocks tell it: the wall's, which people and other
// machines share and which may be set, and a steady one, which only ever runs on.
type moment struct {
	wall   time.Time
	steady time.Duration
}

// silence tells when nothing was heard before now. last is when any node was heard
// (zero: never), previous this node's own last sign of life (nil: it just started).
//
// A node that its steady clock says was alive all the time knows that there was no
// silence, whatever the wall's clock was set to meanwhile; and no silence is longer
// than the steady clock allows.
func silence(last time.Time, now moment, previous *moment) (Span, bool) {
	if last.IsZero() {
		return Span{}, false
	}
	from := last
	if previous != nil {
		passed := now.steady - previous.steady
		if earliest := now.wall.Add(-passed); from.Before(earliest) {
			from = earliest
		}
	}
	s := Span{from, now.wall}
	return s, s.Length() > Tolerance
}

// believed is how long a clock that was set back must run on before what was
// written by the earlier, later time is put right: until then either may be wrong.
const believed = time.Hour

// setBack is how much earlier the wall's clock must show for it to have been set.
const setBack = 5 * time.Second

// run is one row: a node from its start to its latest sign of life.
type run struct {
	ID      int64 `gorm:"primaryKey;autoIncrement:false"`
	BeganAt time.Time
	LastAt  time.Time
	Beats   int64
}

// TableName names the table for gorm.
func (run) TableName() string { return "heartbeats" }

// pulse is what a node remembers of its own signs of life. Only Beat touches it.
type pulse struct {
	row      run
	previous *moment
	set      *moment // when the wall's clock was found set back, until it is believed
	trouble  Cause   // why the last beats were not written; empty when they were
}

// Beat gives one sign of life. When all nodes had been silent, the outage is
// recorded in the same transaction. One at a time.
func (s *Service) Beat(ctx context.Context) error {
	s.beating.Lock()
	defer s.beating.Unlock()
	now := moment{s.db.Now(), s.steady()}
	next := s.pulse.row
	err := s.db.Upkeep(ctx, func(tx *database.Tx) error {
		if err := s.heard(tx, now); err != nil {
			return err
		}
		if err := s.putRight(tx, now); err != nil {
			return err
		}
		next = s.pulse.on(tx, now)
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&next).Error
	})
	if err != nil {
		if ctx.Err() == nil {
			s.pulse.trouble = causeOf(err)
		}
		return err
	}
	s.pulse.beaten(next, now)
	return s.intakeRecord(ctx, now)
}

// heard records the silence that ends with this beat, if there was one.
func (s *Service) heard(tx *database.Tx, now moment) error {
	var last []time.Time
	if err := tx.Model(&run{}).Order("last_at DESC").Limit(1).Pluck("last_at", &last).Error; err != nil {
		return err
	}
	if len(last) == 0 {
		return nil
	}
	gap, found := silence(last[0].UTC(), now, s.pulse.previous)
	if !found {
		return nil
	}
	cause := s.pulse.trouble
	if cause == "" {
		cause = Stopped
	}
	o := Outage{ID: tx.NextID(), Cause: cause, BeganAt: gap.From, EndedAt: gap.To, RecordedAt: now.wall}
	// Another node may have come back at the same time and said the same.
	return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&o).Error
}

// on is the row with one more beat. A clock that was set back does not shorten it
// until that clock is believed.
func (p *pulse) on(tx *database.Tx, now moment) run {
	r := p.row
	if r.ID == 0 {
		return run{ID: tx.NextID(), BeganAt: now.wall, LastAt: now.wall, Beats: 1}
	}
	if now.wall.After(r.LastAt) || p.believes(now) {
		r.LastAt = now.wall
	}
	r.Beats++
	return r
}

// believes reports whether the clock was set back so long ago that it is right.
func (p *pulse) believes(now moment) bool {
	return p.set != nil && now.steady-p.set.steady > believed
}

// beaten remembers a beat that was written.
func (p *pulse) beaten(row run, now moment) {
	if p.previous != nil {
		wall, steady := now.wall.Sub(p.previous.wall), now.steady-p.previous.steady
		switch {
		case steady-wall > setBack:
			p.set = &now
		case wall-steady > setBack, p.believes(now):
			p.set = nil
		}
	}
	p.row, p.previous, p.trouble = row, &now, ""
}

// putRight takes back times that have not come yet, once the clock that says so
// has been believed.
func (s *Service) putRight(tx *database.Tx, now moment) error {
	if !s.pulse.believes(now) {
		return nil
	}
	return tx.Model(&run{}).Where("last_at > ?", now.wall).Update("last_at", now.wall).Error
}

// causeOf tells a store that cannot be written from one that is not reached.
func causeOf(err error) Cause {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		// 25006 read_only_sql_transaction, class 53 insufficient resources, 58030 io_error.
		if pg.Code == "25006" || strings.HasPrefix(pg.Code, "53") || pg.Code == "58030" {
			return Storage
		}
		return Database
	}
	var lite interface{ Code() int }
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff { // the primary code: SQLITE_READONLY, _IOERR, _FULL, _CANTOPEN
		case 8, 10, 13, 14:
			return Storage
		}
	}
	return Database
}

// keepRuns is how long the rows of ended runs are kept.
const keepRuns = 400 * 24 * time.Hour

// pruneEvery is after how many beats old runs are looked for: a day.
const pruneEvery = int(24 * time.Hour / BeatEvery)

// Run gives signs of life until the context ends.
func (s *Service) Run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(BeatEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		if err := s.Beat(ctx); err != nil && ctx.Err() == nil {
			log.Error("no sign of life could be written", "error", err)
		}
		if n%pruneEvery == 0 {
			if err := s.Prune(ctx); err != nil && ctx.Err() == nil {
				log.Error("old runs were not cleared", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Prune forgets runs that ended long ago; outages stay.
func (s *Service) Prune(ctx context.Context) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Where("last_at < ?", tx.Now.Add(-keepRuns)).Delete(&run{}).Error
	})
}
