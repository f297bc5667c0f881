package account

import (
	"context"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Disable ends an account's sessions and tokens and lets nobody sign in by it;
// nothing that the person did is touched. version 0 asks for none.
func (s *Service) Disable(ctx context.Context, who actor.Actor, organisation, account, version int64) error {
	return s.govern(ctx, who, organisation, account, version, "disable", func(tx *database.Tx, row accountRow, grants []grantRow) error {
		for _, g := range grants {
			if g.Role != actor.Administrator {
				continue
			}
			if err := keepsAdministrator(tx, g.OrganisationID, account); err != nil {
				return err
			}
		}
		return update(tx, row, map[string]any{"disabled_at": tx.Now})
	})
}

// Enable lets a disabled account sign in again.
func (s *Service) Enable(ctx context.Context, who actor.Actor, organisation, account, version int64) error {
	return s.govern(ctx, who, organisation, account, version, "enable", func(tx *database.Tx, row accountRow, _ []grantRow) error {
		return update(tx, row, map[string]any{"disabled_at": nil})
	})
}

// Reset makes a new password for a person who has forgotten theirs, to be shown
// once and changed by them.
func (s *Service) Reset(ctx context.Context, who actor.Actor, organisation, account, version int64) (Account, error) {
	if err := s.require(who, mayDisable, organisation); err != nil {
		return Account{}, err // before any work is done for a stranger
	}
	generated := Generate()
	hash, err := s.hasher.hash(ctx, generated)
	if err != nil {
		return Account{}, err
	}
	var after Account
	err = s.govern(ctx, who, organisation, account, version, "reset", func(tx *database.Tx, row accountRow, _ []grantRow) error {
		after = row.account()
		return update(tx, row, map[string]any{"password_hash": hash})
	})
	after.Generated = generated
	if err != nil {
		return Account{}, err
	}
	return after, nil
}

// govern runs a change of a whole account. It is for those who may do it
// everywhere the account holds a role: else an administrator of one organisation
// could take over, or shut out, somebody of another (Forbidden). An account
// without a role in the organisation is NotFound.
func (s *Service) govern(ctx context.Context, who actor.Actor, organisation, account, version int64, action string,
	change func(*database.Tx, accountRow, []grantRow) error) error {
	if err := s.require(who, mayDisable, organisation); err != nil {
		return err
	}
	defer s.forget()
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		row, err := lockAccount(tx, account)
		if err != nil {
			return err
		}
		var grants []grantRow
		if err := tx.Where("account_id = ?", account).Order("organisation_id").Find(&grants).Error; err != nil {
			return err
		}
		if err := s.governs(who, organisation, grants); err != nil {
			return err
		}
		if version != 0 && version != row.Version {
			return fault.Stale()
		}
		if err := change(tx, row, grants); err != nil {
			return err
		}
		if err := endSessions(tx, account); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: organisation, Action: action, Object: "account", ObjectID: account})
	})
}

func (s *Service) governs(who actor.Actor, organisation int64, grants []grantRow) error {
	here := false
	for _, g := range grants {
		here = here || g.OrganisationID == organisation
	}
	if !here {
		return fault.Missing()
	}
	for _, g := range grants {
		if s.require(who, mayDisable, g.OrganisationID) != nil {
			return fault.New(fault.Forbidden, "account.elsewhere")
		}
	}
	return nil
}

func update(tx *database.Tx, row accountRow, values map[string]any) error {
	values["version"] = row.Version + 1
	return tx.Model(&accountRow{}).Where("id = ?", row.ID).Updates(values).Error
}
