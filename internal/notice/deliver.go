package notice

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"guangyi/internal/platform/database"
)

const (
	batch = 20
	// lease is how long a worker may take for what it has taken, before another
	// one tries the same rows.
	lease      = 10 * time.Minute
	firstPause = time.Minute
	mostPause  = 6 * time.Hour
)

// Deliver sends what waits now and gives how many letters went out. One that
// fails does not hold up the others; the error is the database's alone.
func (s *Service) Deliver(ctx context.Context) (sent int, err error) {
	if s.posts.Mail == nil {
		if err := s.show(ctx); err != nil {
			return 0, err
		}
	}
	ways := s.posts.ways()
	for ctx.Err() == nil && len(ways) > 0 {
		rows, err := s.take(ctx, ways)
		if err != nil || len(rows) == 0 {
			return sent, err
		}
		for _, r := range rows {
			ok, err := s.deliver(ctx, r)
			if err != nil {
				return sent, err
			}
			if ok {
				sent++
			}
		}
	}
	return sent, ctx.Err()
}

// take chooses waiting rows and puts them off by the lease, so that no other
// worker takes them and a crash gives them back.
func (s *Service) take(ctx context.Context, ways []Way) (rows []row, err error) {
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		waiting := `SELECT id, topic, consultation_id, ref, organisation_id, way, attempts FROM outbox
			WHERE sent_at IS NULL AND next_at <= ? AND way IN ? ORDER BY next_at, id LIMIT ?`
		if tx.Dialect() == database.Postgres {
			waiting += " FOR UPDATE SKIP LOCKED"
		}
		if err := tx.Raw(waiting, tx.Now, ways, batch).Scan(&rows).Error; err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]int64, 0, len(rows))
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return tx.Model(&row{}).Where("id IN ?", ids).Updates(map[string]any{"next_at": tx.Now.Add(lease)}).Error
	})
	return rows, err
}

func (s *Service) deliver(ctx context.Context, r row) (sent bool, err error) {
	letter, ok, failure := s.letters.Letter(ctx, r.item())
	if failure == nil && ok {
		letter.ID = r.ID
		failure = s.posts.by(r.Way).Send(ctx, letter)
	}
	if errors.Is(failure, context.Canceled) {
		return false, failure
	}
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Model(&row{}).Where("id = ?", r.ID).Updates(outcome(r, tx.Now, ok, failure)).Error
	})
	if failure != nil {
		s.log.WarnContext(ctx, "a letter could not be delivered", "topic", r.Topic, "way", r.Way, "row", r.ID,
			"attempts", r.Attempts+1, "failure", anonymous(failure))
	}
	return ok && failure == nil, err
}

// nobody is kept as the failure of a row that had nobody to be sent to.
const nobody = "nobody to write to"

// outcome is what a row holds after an attempt.
func outcome(r row, now time.Time, ok bool, failure error) map[string]any {
	values := map[string]any{"attempts": r.Attempts + 1, "tried_at": now}
	var refused *Refused
	switch {
	case errors.As(failure, &refused):
		values["failure"], values["given_up_at"], values["next_at"] = anonymous(failure), now, never
	case failure != nil:
		values["failure"], values["next_at"] = anonymous(failure), now.Add(pause(r.Attempts+1))
	case ok:
		values["failure"], values["sent_at"] = "", now
	default:
		values["failure"], values["sent_at"] = nobody, now
	}
	return values
}

// pause is how long to wait after the n-th failure, from 1.
func pause(n int64) time.Duration {
	if n > 10 {
		return mostPause
	}
	return min(firstPause<<(n-1), mostPause)
}

var (
	addresses = regexp.MustCompile(`[^\s<>()"';:,]+@[^\s<>()"';:,]+`)
	// numbers are seven digits and more, with what people set between them.
	numbers = regexp.MustCompile(`\+?\d(?:[ -]?\d){6,}`)
)

const failureLength = 300

// anonymous words a failure without the addresses and telephone numbers that
// servers repeat.
func anonymous(failure error) string {
	text := addresses.ReplaceAllString(failure.Error(), "(address)")
	text = strings.ToValidUTF8(numbers.ReplaceAllString(text, "(number)"), "")
	if r := []rune(text); len(r) > failureLength {
		text = string(r[:failureLength])
	}
	return strings.ReplaceAll(text, "\x00", "")
}

// show logs the subjects of new rows, and no more of them, while no mail is set up.
func (s *Service) show(ctx context.Context) error {
	if !s.log.Enabled(ctx, slog.LevelDebug) {
		return nil
	}
	var rows []row
	err := s.db.Read(ctx).Where("sent_at IS NULL AND id > ? AND way = ?", s.shown.Load(), Mail).Order("id").Limit(batch).Find(&rows).Error
	for _, r := range rows {
		s.shown.Store(r.ID)
		if letter, ok, err := s.letters.Letter(ctx, r.item()); err == nil && ok {
			s.log.DebugContext(ctx, "a letter waits, since no mail is set up", "topic", r.Topic, "subject", letter.Subject)
		}
	}
	return err
}

// Run delivers every few seconds until ctx ends: the job of a serving process.
func (s *Service) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if _, err := s.Deliver(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "the outbox cannot be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
