package register

import (
	"context"
	"errors"
	"fmt"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// ErrKeyGiven says that a new key cannot be put where the current one is.
var ErrKeyGiven = errors.New("the current key is given from outside, so that the new one has to be given too: write it with guangyi register key --new > FILE, then run guangyi register rotate --to FILE")

// Rotate changes the key. Both keys sign the same tree once more, and that
// checkpoint is published: whoever trusts the old key can trust the new one. nil
// makes a new key in the data folder. Nodes that hold the old key stop signing
// until they are given the new one.
func (s *Service) Rotate(ctx context.Context, who actor.Actor, next *Key, withSM2 bool) (Signed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if next == nil && s.o.Key != "" {
		return Signed{}, ErrKeyGiven
	}
	if next == nil {
		var err error
		if next, err = NewKey(s.key.Origin(), withSM2); err != nil {
			return Signed{}, err
		}
	}
	if next.Origin() != s.key.Origin() {
		return Signed{}, fmt.Errorf("the new key is for %s and the log is %s: make one with guangyi register key --new", next.Origin(), s.key.Origin())
	}
	if s.o.Key == "" {
		if err := s.keepNext(next); err != nil {
			return Signed{}, err
		}
	}
	var handover Signed
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		var err error
		handover, err = s.handOver(tx, next)
		return err
	})
	if err != nil {
		return Signed{}, err
	}
	s.key = next
	if s.o.Key != "" {
		return handover, nil
	}
	return handover, s.promote()
}

func (s *Service) handOver(tx *database.Tx, next *Key) (Signed, error) {
	if err := lock(tx); err != nil {
		return Signed{}, err
	}
	current, there, err := currentKey(tx)
	if err != nil {
		return Signed{}, err
	}
	if !there {
		return Signed{}, ErrDamaged
	}
	if err := s.use(current); err != nil {
		return Signed{}, err
	}
	var used int64
	if err := tx.Raw("SELECT count(*) FROM register_keys WHERE hash = ?", next.Hash()).Scan(&used).Error; err != nil {
		return Signed{}, err
	}
	if used > 0 {
		return Signed{}, errors.New("the new key has signed this log before: make another with guangyi register key --new")
	}
	last, _, err := newest(tx)
	if err != nil {
		return Signed{}, err
	}
	handover, err := publish(tx, last.Number+1, last.Size, Hash(last.Root), s.key, next)
	if err != nil {
		return Signed{}, err
	}
	if err := tx.Exec("UPDATE register_keys SET last_checkpoint = ? WHERE hash = ?", handover.Number, current.Hash).Error; err != nil {
		return Signed{}, err
	}
	if err := addKey(tx, next, handover.Number); err != nil {
		return Signed{}, err
	}
	return handover, audit.Record(tx, audit.Entry{
		Action: "rotate", Object: "register", ObjectID: handover.Number,
		Before: map[string]string{"key": current.Verifier}, After: map[string]string{"key": next.Verifier(), "second": next.SecondVerifier()},
	})
}
