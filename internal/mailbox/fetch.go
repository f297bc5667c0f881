package mailbox

import (
	"context"
	"errors"
	"time"

	"guangyi/internal/mailbox/imapbox"
	"guangyi/internal/platform/database"
)

// waitFor is how long the server's word for new mail is waited for before the
// mailbox is looked at anyway: some servers promise IDLE and forget.
const waitFor = time.Minute

// before is how long before a mailbox was set up a mail may have come to be read.
// Older ones belong to whatever the mailbox was for before.
const before = 60 * 24 * time.Hour

// Run fetches from every mailbox whose turn it is until ctx ends, and looks every so
// often which those are. Any number of processes may run it.
func (s *Service) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := s.begin(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "the mailboxes cannot be looked up", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Wait returns when all that Run began has ended; call it after its ctx has.
func (s *Service) Wait() { s.workers.Wait() }

// begin starts to work on the mailboxes that nobody works on.
func (s *Service) begin(ctx context.Context) error {
	var ids []int64
	now := s.db.Now()
	err := s.db.Read(ctx).Model(&accountRow{}).Where("active AND next_at <= ? AND (lease_until IS NULL OR lease_until <= ?)", now, now).
		Order("next_at, id").Pluck("id", &ids).Error
	if err != nil {
		return err
	}
	for _, id := range ids {
		s.mu.Lock()
		busy := s.working[id]
		s.working[id] = true
		s.mu.Unlock()
		if busy {
			continue
		}
		s.workers.Go(func() {
			defer func() {
				s.mu.Lock()
				delete(s.working, id)
				s.mu.Unlock()
			}()
			if err := s.stay(ctx, id); err != nil && ctx.Err() == nil {
				s.log.ErrorContext(ctx, "fetching mail failed", "account", id, "error", err)
			}
		})
	}
	return nil
}

// stay fetches from one mailbox and waits for more until something goes wrong, the
// settings change, or ctx ends.
func (s *Service) stay(ctx context.Context, id int64) error {
	return s.with(ctx, id, func(a accountRow, box *imapbox.Box) error {
		for {
			if _, err := s.pass(ctx, &a, box); err != nil {
				return err
			}
			if err := box.Wait(ctx, waitFor); err != nil {
				return err
			}
			if err := s.renew(ctx, a); err != nil {
				return err
			}
		}
	})
}

// Fetch reads one mailbox to its end, once, and tells how many mails it stored. It
// does nothing when another process has the mailbox. What is wrong with the mailbox
// is noted there and given as an *imapbox.Trouble.
func (s *Service) Fetch(ctx context.Context, id int64) (stored int, err error) {
	err = s.with(ctx, id, func(a accountRow, box *imapbox.Box) error {
		stored, err = s.pass(ctx, &a, box)
		return err
	})
	return stored, err
}

// with holds a mailbox, open, while do works on it.
func (s *Service) with(ctx context.Context, id int64, do func(accountRow, *imapbox.Box) error) error {
	a, ok, err := s.lease(ctx, id)
	if err != nil || !ok {
		return err
	}
	settings, err := s.settings(a)
	if err != nil {
		return errors.Join(err, s.release(ctx, id))
	}
	box, err := imapbox.Dial(ctx, settings, s.reach())
	if err == nil {
		err = do(a, box)
		box.Close()
	}
	if err == nil || ctx.Err() != nil || errors.Is(err, errLeaseLost) {
		if errors.Is(err, errLeaseLost) {
			err = nil
		}
		return errors.Join(err, s.release(ctx, id))
	}
	var trouble *imapbox.Trouble
	if errors.As(err, &trouble) {
		s.log.WarnContext(ctx, "a mailbox cannot be read", "account", id, "code", trouble.Code, "detail", trouble.Detail)
		return errors.Join(trouble, s.ill(ctx, id, trouble))
	}
	return errors.Join(err, s.ill(ctx, id, &imapbox.Trouble{Code: imapbox.Code(failedInside)}))
}

// failedInside is the code of a failure on our own side, such as a database that
// went away: the mail stays where it is and is fetched later.
const failedInside = "inside"

// pass reads a mailbox to its end: each mail is fetched without touching it, stored,
// and then marked as read.
func (s *Service) pass(ctx context.Context, a *accountRow, box *imapbox.Box) (stored int, err error) {
	last := uint32(a.LastUID)
	if int64(box.Validity) != a.UIDValidity {
		last = 0 // the numbers mean other mails now; those that we have are known by what they say
		a.UIDValidity, a.LastUID = int64(box.Validity), 0
	}
	if err := s.markStored(ctx, a.ID, box); err != nil {
		return 0, err
	}
	found, err := box.Since(last)
	if err != nil {
		return 0, err
	}
	for _, f := range found {
		ok, err := s.one(ctx, *a, box, f)
		if err != nil {
			return stored, err
		}
		if ok {
			stored++
		}
		a.LastUID = int64(f.UID)
		if err := ctx.Err(); err != nil {
			return stored, err
		}
	}
	return stored, s.well(ctx, *a)
}

// one takes one mail in.
func (s *Service) one(ctx context.Context, a accountRow, box *imapbox.Box, f imapbox.Found) (stored bool, err error) {
	if !f.Received.IsZero() && f.Received.Before(a.CreatedAt.Add(-before)) {
		return false, nil
	}
	large := f.Size > mostSize
	raw, ok, err := box.Fetch(f.UID, large, mostSize)
	if err != nil || !ok {
		return false, err
	}
	s.step("fetched")
	err = s.take(ctx, a, arrived{
		validity: int64(box.Validity), uid: int64(f.UID), received: f.Received, size: f.Size, raw: raw, large: large,
	})
	if err != nil {
		return false, err
	}
	s.step("stored")
	return true, s.markStored(ctx, a.ID, box)
}

// atOnce is how many mails are marked with one command.
const atOnce = 100

// markStored marks as read what is stored, also what a process stored that ended
// before it could.
func (s *Service) markStored(ctx context.Context, account int64, box *imapbox.Box) error {
	for {
		var uids []uint32
		err := s.db.Read(ctx).Model(&mailRow{}).Where("account_id = ? AND NOT flagged AND uid_validity = ?", account, box.Validity).
			Distinct("uid").Order("uid").Limit(atOnce).Pluck("uid", &uids).Error
		if err != nil || len(uids) == 0 {
			return err
		}
		if err := box.MarkRead(uids); err != nil {
			return err
		}
		s.step("marked")
		err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
			return tx.Model(&mailRow{}).Where("account_id = ? AND uid_validity = ? AND uid IN ?", account, box.Validity, uids).
				Updates(map[string]any{"flagged": true}).Error
		})
		if err != nil {
			return err
		}
	}
}
