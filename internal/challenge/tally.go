package challenge

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"guangyi/internal/platform/database"
)

// Kinds of what is counted beside the refused answers: slowed down for too many
// requests, held for the trap field, taken in without proof of work.
const (
	KindLimited    = "limited"
	KindTrap       = "trap"
	KindUnanswered = "unanswered"
)

// Kinds lists every kind in the order in which staff read them.
var Kinds = []string{KindLimited, Missing, Wrong, Expired, Used, KindTrap, KindUnanswered}

// tally counts by day and kind, and nothing of whom. What a flood adds is kept in
// memory and written now and then, so that counting costs no flood of its own;
// a node that is killed loses what it counted since.
type tally struct {
	db   *database.DB
	zone *time.Location

	mu      sync.Mutex
	waiting map[counted]int64
}

type counted struct{ day, kind string }

func newTally(db *database.DB, zone *time.Location) *tally {
	if zone == nil {
		zone = time.UTC
	}
	return &tally{db: db, zone: zone, waiting: map[counted]int64{}}
}

// Note counts one request of a kind, today. A nil Service counts nothing.
func (s *Service) Note(kind string) {
	if s == nil {
		return
	}
	t := s.tally
	day := t.db.Now().In(t.zone).Format(time.DateOnly)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting[counted{day, kind}]++
}

// Flush writes what was counted since the last time.
func (t *tally) Flush(ctx context.Context) error {
	t.mu.Lock()
	taken := t.waiting
	t.waiting = map[counted]int64{}
	t.mu.Unlock()
	if len(taken) == 0 {
		return nil
	}
	err := t.db.Upkeep(ctx, func(tx *database.Tx) error {
		// In one order on every node, or two of them could wait for each other.
		for _, c := range slices.SortedFunc(maps.Keys(taken), counted.compare) {
			if err := tx.Exec("INSERT INTO guard_days (day, kind, count) VALUES (?, ?, ?)"+
				" ON CONFLICT (day, kind) DO UPDATE SET count = guard_days.count + excluded.count", c.day, c.kind, taken[c]).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		for c, n := range taken {
			t.waiting[c] += n
		}
	}
	return err
}

func (c counted) compare(d counted) int {
	if c.day != d.day {
		if c.day < d.day {
			return -1
		}
		return 1
	}
	switch {
	case c.kind < d.kind:
		return -1
	case c.kind > d.kind:
		return 1
	}
	return 0
}

// Day is what was counted on one day, by kind.
type Day struct {
	Day    string // 2006-01-02, in the site's zone
	Counts map[string]int64
}

// Days lists the last days on which anything was counted, newest first. What this
// node has not written yet is in it.
func (t *tally) Days(ctx context.Context, most int) ([]Day, error) {
	if err := t.Flush(ctx); err != nil {
		return nil, err
	}
	var rows []struct {
		Day   string
		Kind  string
		Count int64
	}
	since := t.db.Now().In(t.zone).AddDate(0, 0, -most).Format(time.DateOnly)
	err := t.db.Read(ctx).Table("guard_days").Where("day > ?", since).Order("day DESC, kind").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	var out []Day
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Day != r.Day {
			out = append(out, Day{Day: r.Day, Counts: map[string]int64{}})
		}
		out[len(out)-1].Counts[r.Kind] = r.Count
	}
	return out, nil
}
