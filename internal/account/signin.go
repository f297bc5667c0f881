package account

import (
	"context"
	"log/slog"

	"guangyi/internal/audit"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// SignIn gives the token of a new session. Every refusal is the same
// Unauthenticated fault, and takes the same work, whether the e-mail is unknown,
// the password wrong or the account disabled; TooMany says how long to wait.
// address is where the request comes from, for slowing down; it is not kept.
func (s *Service) SignIn(ctx context.Context, email, password, address string) (token string, err error) {
	email, _ = NormalEmail(email)
	try := s.attempt(email, address)
	if err := s.begin(ctx, try); err != nil {
		return "", err
	}
	row, fresh, err := s.check(ctx, email, password)
	if err != nil {
		s.noteRefusal(ctx, try, err)
		return "", err
	}
	err = s.db.Write(ctx, row.actor(), func(tx *database.Tx) error {
		if err := unchanged(tx, row); err != nil {
			return err
		}
		if err := succeeded(tx, try); err != nil {
			return err
		}
		if fresh != "" {
			if err := setHash(tx, row.ID, fresh); err != nil {
				return err
			}
		}
		if token, err = openSession(tx, row.ID); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "sign_in", Object: "account", ObjectID: row.ID})
	})
	return token, err
}

// check finds the account of an e-mail and password. fresh is a hash at the
// present cost when the stored one was made at another.
func (s *Service) check(ctx context.Context, email, password string) (row accountRow, fresh string, err error) {
	var rows []accountRow
	if err := s.db.Read(ctx).Where("email = ?", email).Limit(1).Find(&rows).Error; err != nil {
		return row, "", err
	}
	stored := s.hasher.dummy
	if len(rows) > 0 {
		row, stored = rows[0], rows[0].PasswordHash
	}
	match, stale, err := s.hasher.verify(ctx, password, stored)
	if err != nil {
		return row, "", err
	}
	if !match || len(rows) == 0 || row.DisabledAt != nil {
		return row, "", refused()
	}
	if stale {
		fresh, err = s.hasher.hash(ctx, password)
	}
	return row, fresh, err
}

func refused() error { return fault.New(fault.Unauthenticated, "account.sign_in_failed") }

// unchanged makes sure that the password which was checked still stands and that
// nobody disabled the account meanwhile.
func unchanged(tx *database.Tx, checked accountRow) error {
	var now accountRow
	if err := tx.Lock().Where("id = ?", checked.ID).Take(&now).Error; err != nil {
		return err
	}
	if now.PasswordHash != checked.PasswordHash || now.DisabledAt != nil {
		return refused()
	}
	return nil
}

func setHash(tx *database.Tx, id int64, hash string) error {
	return tx.Model(&accountRow{}).Where("id = ?", id).Updates(map[string]any{"password_hash": hash}).Error
}

// noteRefusal lets an operator see guessing in the log without naming anybody.
func (s *Service) noteRefusal(ctx context.Context, try attempt, err error) {
	if fault.Is(err, fault.Unauthenticated) {
		slog.InfoContext(ctx, "a sign-in was refused", "person", try.person[:12])
	}
}
