package account

import (
	"context"
	"encoding/hex"
	"sort"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// brake slows attempts down: the first failures are free, then each waits twice
// as long as the one before, up to a most. Nobody is locked out for good, since
// that would let anyone lock out anyone; a day without failures forgets them.
type brake struct {
	free int64
	most time.Duration
}

var (
	personBrake  = brake{free: 5, most: 5 * time.Minute}
	addressBrake = brake{free: 20, most: 15 * time.Minute} // an office shares an address
)

const forgetAfter = 24 * time.Hour

// pause is how long after the last of n failures the next attempt may be made.
func (b brake) pause(n int64) time.Duration {
	if n < b.free {
		return 0
	}
	doubled := n - b.free
	if doubled > 20 { // 2^20 seconds are beyond every most
		return b.most
	}
	return min(time.Second<<doubled, b.most)
}

// wait is how long an attempt at now is too early.
func (b brake) wait(n int64, last, now time.Time) time.Duration {
	if now.Sub(last) >= forgetAfter {
		return 0
	}
	return max(0, last.Add(b.pause(n)).Sub(now))
}

type failureRow struct {
	Key    string `gorm:"primaryKey"`
	Count  int64
	LastAt time.Time
}

func (failureRow) TableName() string { return "sign_in_failures" }

// attempt is one try of a password, counted as failed until it has succeeded:
// tries made at the same time must not all see the same count.
type attempt struct {
	person string
	brakes map[string]brake
}

func (s *Service) attempt(email, address string) attempt {
	a := attempt{person: s.blind("sign-in e-mail", email)}
	a.brakes = map[string]brake{a.person: personBrake}
	if address != "" {
		a.brakes[s.blind("sign-in address", address)] = addressBrake
	}
	return a
}

// blind keeps e-mails and addresses out of the table of failures.
func (s *Service) blind(what, value string) string {
	return hex.EncodeToString(s.keys.MAC(seal.Blind, []byte(what), []byte(value)))
}

func (a attempt) keys() []string {
	keys := make([]string, 0, len(a.brakes))
	for key := range a.brakes {
		keys = append(keys, key)
	}
	sort.Strings(keys) // one order for all, or two transactions wait for each other
	return keys
}

// begin counts the attempt, or refuses it with TooMany and the time to wait. A
// refused attempt does not count: waiting always helps.
func (s *Service) begin(ctx context.Context, a attempt) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		keys := a.keys()
		for _, key := range keys {
			err := tx.Exec("INSERT INTO sign_in_failures (key, count, last_at) VALUES (?, 0, ?) ON CONFLICT (key) DO NOTHING", key, tx.Now).Error
			if err != nil {
				return err
			}
		}
		var rows []failureRow
		if err := tx.Lock().Where("key IN ?", keys).Order("key").Find(&rows).Error; err != nil {
			return err
		}
		var wait time.Duration
		for _, r := range rows {
			wait = max(wait, a.brakes[r.Key].wait(r.Count, r.LastAt, tx.Now))
		}
		if wait > 0 {
			return tooFast(wait)
		}
		for _, r := range rows {
			if err := countFailure(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func tooFast(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	f := fault.New(fault.TooMany, "account.too_fast", "count", seconds)
	f.RetryAfter = time.Duration(seconds) * time.Second
	return f
}

func countFailure(tx *database.Tx, r failureRow) error {
	n := r.Count + 1
	if tx.Now.Sub(r.LastAt) >= forgetAfter {
		n = 1
	}
	return tx.Model(&failureRow{}).Where("key = ?", r.Key).Updates(map[string]any{"count": n, "last_at": tx.Now}).Error
}

// succeeded takes the attempt back: the person's failures are forgotten; at the
// address only this attempt is, or one known password would free all guesses.
func succeeded(tx *database.Tx, a attempt) error {
	for _, key := range a.keys() {
		forget := "DELETE FROM sign_in_failures WHERE key = ?"
		if key != a.person {
			forget = "UPDATE sign_in_failures SET count = count - 1 WHERE key = ? AND count > 0"
		}
		if err := tx.Exec(forget, key).Error; err != nil {
			return err
		}
	}
	return nil
}
