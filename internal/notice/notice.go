// Package notice delivers letters that other capabilities ask for. They leave a
// row in the outbox in the transaction of what happened; a worker finds the
// words and sends them. It knows topics as names only, and no row is lost: what
// cannot be delivered stays, with the reason, and is tried again.
package notice

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"guangyi/internal/platform/database"
)

// Received is the topic of a letter that confirms a submission; ref is its id.
const Received = "submission.received"

// Table and columns of a waiting row, for the one writer that composes its own
// statement (the group commit of submissions). next_at is created_at.
const (
	Table   = "outbox"
	Columns = "id, topic, consultation_id, ref, created_at, next_at"
)

// Letter is what is sent. Lang is a language tag.
type Letter struct {
	To      string
	Subject string
	Text    string
	Lang    string
}

// Letters finds the words for a row. ok is false when there is nobody to write
// to any more, such as after contacts were erased: the row is then done.
type Letters interface {
	Letter(ctx context.Context, topic string, consultation, ref int64) (letter Letter, ok bool, err error)
}

// Post sends a letter; an error means that it may be tried again.
type Post interface {
	Send(ctx context.Context, letter Letter) error
}

// Service works on the outbox. Any number of processes may deliver at a time.
type Service struct {
	db      *database.DB
	letters Letters
	post    Post // nil: no mail is set up
	log     *slog.Logger

	shown atomic.Int64 // the newest row that was logged for want of mail
}

// New makes the service. Without post nothing is sent: subjects are logged at
// debug level and the rows wait.
func New(db *database.DB, letters Letters, post Post, log *slog.Logger) *Service {
	return &Service{db: db, letters: letters, post: post, log: log}
}

const (
	batch = 20
	// lease is how long a worker may take for what it has taken, before another
	// one tries the same rows.
	lease      = 10 * time.Minute
	firstPause = time.Minute
	mostPause  = 6 * time.Hour
)

type row struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Topic          string
	ConsultationID int64
	Ref            int64
	CreatedAt      time.Time
	SentAt         *time.Time
	Attempts       int64
	NextAt         time.Time
	Failure        string
}

func (row) TableName() string { return Table }

// Add leaves a row in the caller's transaction.
func Add(tx *database.Tx, topic string, consultation, ref int64) error {
	return tx.Create(&row{
		ID: tx.NextID(), Topic: topic, ConsultationID: consultation, Ref: ref, CreatedAt: tx.Now, NextAt: tx.Now,
	}).Error
}

// Deliver sends what waits now and gives how many letters went out. One that
// fails does not hold up the others; the error is the database's alone.
func (s *Service) Deliver(ctx context.Context) (sent int, err error) {
	if s.post == nil {
		return 0, s.show(ctx)
	}
	for ctx.Err() == nil {
		rows, err := s.take(ctx)
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
func (s *Service) take(ctx context.Context) (rows []row, err error) {
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		waiting := "SELECT id, topic, consultation_id, ref, attempts FROM outbox WHERE sent_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?"
		if tx.Dialect() == database.Postgres {
			waiting += " FOR UPDATE SKIP LOCKED"
		}
		if err := tx.Raw(waiting, tx.Now, batch).Scan(&rows).Error; err != nil || len(rows) == 0 {
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
	letter, ok, failure := s.letters.Letter(ctx, r.Topic, r.ConsultationID, r.Ref)
	if failure == nil && ok {
		failure = s.post.Send(ctx, letter)
	}
	if errors.Is(failure, context.Canceled) {
		return false, failure
	}
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Model(&row{}).Where("id = ?", r.ID).Updates(outcome(r, tx.Now, ok, failure)).Error
	})
	if failure != nil {
		s.log.WarnContext(ctx, "a letter could not be delivered", "topic", r.Topic, "row", r.ID, "attempts", r.Attempts+1, "failure", anonymous(failure))
	}
	return ok && failure == nil, err
}

// outcome is what a row holds after an attempt.
func outcome(r row, now time.Time, ok bool, failure error) map[string]any {
	values := map[string]any{"attempts": r.Attempts + 1}
	switch {
	case failure != nil:
		values["failure"], values["next_at"] = anonymous(failure), now.Add(pause(r.Attempts+1))
	case ok:
		values["failure"], values["sent_at"] = "", now
	default:
		values["failure"], values["sent_at"] = "nobody to write to", now
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

var addresses = regexp.MustCompile(`[^\s<>()"';:,]+@[^\s<>()"';:,]+`)

const failureLength = 300

// anonymous words a failure without the addresses that mail servers repeat.
func anonymous(failure error) string {
	text := strings.ToValidUTF8(addresses.ReplaceAllString(failure.Error(), "(address)"), "")
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
	err := s.db.Read(ctx).Where("sent_at IS NULL AND id > ?", s.shown.Load()).Order("id").Limit(batch).Find(&rows).Error
	for _, r := range rows {
		s.shown.Store(r.ID)
		if letter, ok, err := s.letters.Letter(ctx, r.Topic, r.ConsultationID, r.Ref); err == nil && ok {
			s.log.DebugContext(ctx, "a letter waits, since no mail is set up", "topic", r.Topic, "subject", letter.Subject)
		}
	}
	return err
}

// Trouble tells how many letters have failed and still wait, counted to most,
// and since when the oldest does.
func (s *Service) Trouble(ctx context.Context, most int) (count int, since time.Time, err error) {
	var rows []row
	err = s.db.Read(ctx).Where("sent_at IS NULL AND attempts > 0").Order("id").Limit(most).Find(&rows).Error
	if len(rows) > 0 {
		since = rows[0].CreatedAt
	}
	return len(rows), since, err
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
