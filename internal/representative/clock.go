package representative

import (
	"context"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// atOnce is how many memberships one pass of the clock takes up of each kind.
const atOnce = 200

// Run does what has fallen due: asks for renewal before terms end, ends terms, and
// deletes name and contact of those who left, were refused or whose term ended. It
// gives how many memberships it changed; call it again while it changes any. Any
// number of processes may run it.
func (s *Service) Run(ctx context.Context) (changed int, err error) {
	for _, pass := range []func(context.Context) (int, error){s.endTerms, s.askRenewal, s.forget} {
		n, err := pass(ctx)
		changed += n
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// due runs one act of the clock on each that the condition finds, each in a
// transaction of its own, and asks again under the lock whether it still is due.
func (s *Service) due(ctx context.Context, a Act, condition string, args []any, still func(Representative, time.Time) bool,
	change func(*database.Tx, *Representative) error) (int, error) {
	var ids []int64
	err := s.db.Read(ctx).Model(&Representative{}).Where(condition, args...).Order("id").Limit(atOnce).Pluck("id", &ids).Error
	if err != nil {
		return 0, err
	}
	n := 0
	for _, id := range ids {
		err := s.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
			r, err := load(tx.Lock(), "id = ?", id)
			if err != nil {
				return err
			}
			if !still(r, tx.Now) || !a.Leads(r.State) {
				return errNotDue
			}
			before := r
			if err := r.step(a); err != nil {
				return err
			}
			if err := change(tx, &r); err != nil {
				return err
			}
			if err := s.keep(tx, before, &r, a, ""); err != nil {
				return err
			}
			return s.tell(tx, r, a)
		})
		if err == errNotDue {
			continue
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

type notDue struct{}

func (notDue) Error() string { return "representative: no longer due" }

var errNotDue error = notDue{}

func (s *Service) endTerms(ctx context.Context) (int, error) {
	return s.due(ctx, End, "(state = ? OR state = ?) AND term_until <= ?", []any{Admitted, Suspended, s.db.Now()},
		func(r Representative, now time.Time) bool { return !r.within(now) },
		func(tx *database.Tx, r *Representative) error { return s.end(tx, r) })
}

// askRenewal goes by each pool's own number of days; 365 is the most of them.
func (s *Service) askRenewal(ctx context.Context) (int, error) {
	var pools []Pool
	if err := s.db.Read(ctx).Order("organisation_id").Find(&pools).Error; err != nil {
		return 0, err
	}
	changed := 0
	for _, p := range pools {
		by := s.db.Now().Add(time.Duration(p.RenewDays) * 24 * time.Hour)
		n, err := s.due(ctx, Ask, "organisation_id = ? AND state = ? AND renewal_asked_at IS NULL AND term_until <= ?",
			[]any{p.Organisation, Admitted, by},
			func(r Representative, now time.Time) bool { return r.RenewalAskedAt == nil && r.within(now) },
			func(tx *database.Tx, r *Representative) error { r.RenewalAskedAt = &tx.Now; return nil })
		changed += n
		if err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// forget keeps that there was a membership, its category and its figures; nothing
// that leads to the person.
func (s *Service) forget(ctx context.Context) (int, error) {
	return s.due(ctx, Forget, "forget_at <= ? AND erased_at IS NULL", []any{s.db.Now()},
		func(r Representative, now time.Time) bool {
			return r.ErasedAt == nil && r.ForgetAt != nil && !now.Before(*r.ForgetAt)
		},
		func(tx *database.Tx, r *Representative) error {
			r.ErasedAt, r.PublicName, r.NamePublic = &tx.Now, "", false
			err := tx.Where("organisation_id = ? AND representative_id = ?", r.Organisation, r.ID).Delete(&personRow{}).Error
			if err != nil {
				return err
			}
			// Reasons were written about a person and may name them.
			r.FirstNote, r.Reason, r.SuspendedFor, r.AppealAnswer = "", "", "", ""
			err = tx.Model(&Representative{}).Where("organisation_id = ? AND id = ?", r.Organisation, r.ID).
				Updates(map[string]any{"account_id": 0, "body_hash": []byte{}, "idempotency_key": endedKey(r.ID)}).Error
			if err != nil {
				return err
			}
			return tx.Model(&Event{}).Where("organisation_id = ? AND representative_id = ?", r.Organisation, r.ID).
				Update("note", "").Error
		})
}
