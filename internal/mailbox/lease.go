package mailbox

import (
	"context"
	"time"

	"guangyi/internal/mailbox/imapbox"
	"guangyi/internal/platform/database"
)

// leaseFor is how long a process may be silent before another one fetches in its
// place.
const leaseFor = 3 * time.Minute

// lease takes a mailbox for this process; ok is false when another one has it, when
// it is not its time, or when it is switched off.
func (s *Service) lease(ctx context.Context, id int64) (a accountRow, ok bool, err error) {
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		res := tx.Model(&accountRow{}).
			Where("id = ? AND active AND next_at <= ? AND (lease_until IS NULL OR lease_until <= ? OR lease_by = ?)", id, tx.Now, tx.Now, s.node).
			Updates(map[string]any{"lease_by": s.node, "lease_until": tx.Now.Add(leaseFor)})
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error
		}
		ok = true
		return tx.Where("id = ?", id).Take(&a).Error
	})
	return a, ok, err
}

// renew holds the mailbox for longer; errLeaseLost when it is another's, was
// switched off, or has other settings now.
func (s *Service) renew(ctx context.Context, a accountRow) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		res := tx.Model(&accountRow{}).Where("id = ? AND active AND lease_by = ? AND version = ?", a.ID, s.node, a.Version).
			Updates(map[string]any{"lease_until": tx.Now.Add(leaseFor)})
		if res.Error == nil && res.RowsAffected == 0 {
			return errLeaseLost
		}
		return res.Error
	})
}

// release gives the mailbox back.
func (s *Service) release(ctx context.Context, id int64) error {
	return s.db.Upkeep(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		return tx.Model(&accountRow{}).Where("id = ? AND lease_by = ?", id, s.node).Updates(map[string]any{"lease_by": "", "lease_until": nil}).Error
	})
}

// well notes that a mailbox was read to its end.
func (s *Service) well(ctx context.Context, a accountRow) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Model(&accountRow{}).Where("id = ? AND lease_by = ?", a.ID, s.node).Updates(map[string]any{
			"uid_validity": a.UIDValidity, "last_uid": a.LastUID, "fetched_at": tx.Now, "failure": "", "failure_detail": "", "failing_since": nil, "failures": 0,
		}).Error
	})
}

const (
	firstPause = 30 * time.Second
	mostPause  = 30 * time.Minute
	// loginPause spares an account that its provider locks after a few refusals.
	loginPause = 10 * time.Minute
)

// ill notes what went wrong and when to try again, and gives the mailbox back.
func (s *Service) ill(ctx context.Context, id int64, t *imapbox.Trouble) error {
	return s.db.Upkeep(context.WithoutCancel(ctx), func(tx *database.Tx) error {
		var a accountRow
		if err := tx.Lock().Where("id = ? AND lease_by = ?", id, s.node).Limit(1).Find(&a).Error; err != nil || a.ID == 0 {
			return err
		}
		since := a.FailingSince
		if since == nil {
			since = &tx.Now
		}
		return tx.Model(&accountRow{}).Where("id = ?", id).Updates(map[string]any{
			"failure": string(t.Code), "failure_detail": t.Detail, "failing_since": since, "failures": a.Failures + 1,
			"next_at": tx.Now.Add(pause(t.Code, a.Failures)), "lease_by": "", "lease_until": nil,
		}).Error
	})
}

// pause is how long to wait after a failure that had before failures in a row.
func pause(code imapbox.Code, before int64) time.Duration {
	d := firstPause << min(before, 10)
	if code == imapbox.Login {
		d = max(d, loginPause)
	}
	return min(d, mostPause)
}
