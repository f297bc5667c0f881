package account

import (
	"context"
	"strings"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Own is the account of the person who asks.
func (s *Service) Own(ctx context.Context, who actor.Actor) (Account, error) {
	if err := person(who); err != nil {
		return Account{}, err
	}
	var row accountRow
	err := s.db.Read(ctx).Where("id = ?", who.ID).Take(&row).Error
	return row.account(), database.Translate(err)
}

// Rename changes the own name, as colleagues see it. version 0 asks for none.
func (s *Service) Rename(ctx context.Context, who actor.Actor, name string, version int64) error {
	if err := person(who); err != nil {
		return err
	}
	name = strings.TrimSpace(name)
	var f fault.Fields
	checkName(&f, name)
	if err := f.Err(); err != nil {
		return err
	}
	defer s.forget()
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		row, err := lockAccount(tx, who.ID)
		if err != nil {
			return err
		}
		if version != 0 && version != row.Version {
			return fault.Stale()
		}
		if err := update(tx, row, map[string]any{"name": name}); err != nil {
			return err
		}
		// Names are personal data, which the trail does not hold.
		return audit.Record(tx, audit.Entry{Action: "rename", Object: "account", ObjectID: who.ID})
	})
}

// ChangePassword sets a new password for the person who asks and knows the
// present one. Every session ends, a new one begins: its token is returned.
// Guessing the present one is slowed down as at sign-in.
func (s *Service) ChangePassword(ctx context.Context, who actor.Actor, present, next, address string) (token string, err error) {
	if err := person(who); err != nil {
		return "", err
	}
	var f fault.Fields
	checkPassword(&f, "new_password", next, who.Email, who.Name)
	if err := f.Err(); err != nil {
		return "", err
	}
	try := s.attempt(who.Email, address)
	if err := s.begin(ctx, try); err != nil {
		return "", err
	}
	row, _, err := s.check(ctx, who.Email, present)
	if fault.Is(err, fault.Unauthenticated) || (err == nil && row.ID != who.ID) {
		s.noteRefusal(ctx, try, err)
		f.Add("password", "account.password_wrong")
		return "", f.Err()
	}
	if err != nil {
		return "", err
	}
	hash, err := s.hasher.hash(ctx, next)
	if err != nil {
		return "", err
	}
	defer s.forget()
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		if err := unchanged(tx, row); err != nil {
			return err
		}
		if err := succeeded(tx, try); err != nil {
			return err
		}
		if err := update(tx, row, map[string]any{"password_hash": hash}); err != nil {
			return err
		}
		if err := endSessions(tx, who.ID); err != nil {
			return err
		}
		if token, err = openSession(tx, who.ID); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "change_password", Object: "account", ObjectID: who.ID})
	})
	return token, err
}
