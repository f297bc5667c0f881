package challenge

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// Service gives tasks and takes their answers, each once. It is safe for
// concurrent use. A nil Service asks for nothing.
type Service struct {
	db   *database.DB
	keys *seal.Keys
	on   bool
	load *load
	*tally
}

// New makes the service; off, it still gives tasks but asks for no answer. zone
// tells where one day of the count of refusals ends.
func New(db *database.DB, keys *seal.Keys, on bool, zone *time.Location) *Service {
	return &Service{db: db, keys: keys, on: on, load: newLoad(), tally: newTally(db, zone)}
}

// Asks reports whether an actor must show work: who has an account or a token need not.
func (s *Service) Asks(who actor.Actor) bool { return s != nil && s.on && !who.Known() }

// Issue makes a task for whoever asks from a network, whose name is not kept.
func (s *Service) Issue(network string) Task {
	now := s.db.Now()
	return newTask(s.keys, now, s.load.work(network, now))
}

// Verify looks at an answer without using it up. Faults: Invalid with Field and
// Missing, Wrong, Expired or Used.
func (s *Service) Verify(ctx context.Context, answer string) error {
	challenge, _, err := check(s.keys, s.db.Now(), answer)
	if err != nil {
		return err
	}
	var n int64
	if err := s.db.Read(ctx).Table("challenge_uses").Where("digest = ?", key(challenge)).Count(&n).Error; err != nil {
		return err
	}
	if n > 0 {
		return refused(Used)
	}
	return nil
}

// Spend uses an answer up; of several that come at once, on any node, one is
// taken. Faults are those of Verify.
func (s *Service) Spend(ctx context.Context, answer string) error {
	challenge, expires, err := check(s.keys, s.db.Now(), answer)
	if err != nil {
		return err
	}
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		// Bytes right after a bracket gorm would take for a list.
		done := tx.Exec("INSERT INTO challenge_uses (expires_at, digest) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
			expires.UTC(), key(challenge))
		if done.Error == nil && done.RowsAffected == 0 {
			return refused(Used)
		}
		return done.Error
	})
}

// Return gives a spent answer back: what it came with was refused for another
// reason, and is to be corrected and sent again.
func (s *Service) Return(ctx context.Context, answer string) error {
	challenge, _, err := check(s.keys, s.db.Now(), answer)
	if err != nil {
		return nil
	}
	return s.db.Upkeep(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		return tx.Exec("DELETE FROM challenge_uses WHERE digest = ?", key(challenge)).Error
	})
}

// guard lets act happen for an answer that holds: it is spent before, and given
// back when act refuses. A missing or wrong answer is refused without act.
func (s *Service) guard(ctx context.Context, answer string, act func() error) error {
	if err := s.Spend(ctx, answer); err != nil {
		return err
	}
	err := act()
	if err != nil {
		if lost := s.Return(ctx, answer); lost != nil {
			return lost
		}
	}
	return err
}

// Worked uses up the answer of a form, if it holds; for an actor who need not show
// work it is true without one. An answer that does not hold is no error here: a form
// is never refused for it, only slowed down sooner.
func (s *Service) Worked(ctx context.Context, who actor.Actor, answer string) (bool, error) {
	if !s.Asks(who) {
		return true, nil
	}
	err := s.Spend(ctx, answer)
	if Refused(err) {
		return false, nil
	}
	return err == nil, err
}

// back gives a form's answer back unless the form was taken.
func (s *Service) back(ctx context.Context, who actor.Actor, answer string, worked bool, outcome error) error {
	if outcome == nil || !worked || !s.Asks(who) {
		return nil
	}
	return s.Return(ctx, answer)
}

// Refused reports whether err is the refusal of an answer.
func Refused(err error) bool { return Reason(err) != "" }

// Reason is the kind under which the refusal of an answer is counted; "" for any
// other error.
func Reason(err error) string {
	f, ok := fault.AsInvalid(err)
	if !ok || len(f.Fields) != 1 || f.Fields[0].Name != Field {
		return ""
	}
	return f.Fields[0].Code
}

// key is the digest that is kept of a used task.
func key(challenge string) []byte {
	sum := sha256.Sum256([]byte(challenge))
	return sum[:16]
}

// Clean forgets the used answers whose tasks have lapsed by themselves.
func (s *Service) Clean(ctx context.Context) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Exec("DELETE FROM challenge_uses WHERE expires_at < ?", tx.Now.Add(-time.Minute)).Error
	})
}

// Run writes the day's figures down and cleans up until the context ends, and
// writes the figures once more then.
func (s *Service) Run(ctx context.Context, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := s.Flush(context.WithoutCancel(ctx)); err != nil {
				log.Error("the figures of refused requests were not kept", "error", err)
			}
			return
		case <-tick.C:
		}
		if err := s.Flush(ctx); err != nil && ctx.Err() == nil {
			log.Error("the figures of refused requests were not kept", "error", err)
		}
		if err := s.Clean(ctx); err != nil && ctx.Err() == nil {
			log.Error("used answers were not cleared", "error", err)
		}
	}
}
