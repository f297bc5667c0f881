package account

import (
	"context"
	"slices"

	"gorm.io/gorm/clause"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Grant gives a role. Nobody grants beyond where they may: an administrator
// within the own organisation, an operator anywhere. The person signs in anew.
// A role that is held already is no error and changes nothing.
func (s *Service) Grant(ctx context.Context, who actor.Actor, account, organisation int64, role actor.Role) error {
	if err := s.require(who, mayGrant, organisation); err != nil {
		return err
	}
	var f fault.Fields
	if err := s.checkRole(ctx, &f, role, organisation); err != nil {
		return err
	}
	if err := f.Err(); err != nil {
		return err
	}
	var held []grantRow
	err := s.db.Read(ctx).Where("account_id = ? AND organisation_id = ? AND role = ?", account, organisation, role).Find(&held).Error
	if err != nil || len(held) > 0 {
		return err
	}
	defer s.forget()
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		if _, err := lockAccount(tx, account); err != nil {
			return err
		}
		if err := grant(tx, account, organisation, role); err != nil {
			return err
		}
		return endSessions(tx, account)
	})
}

// Revoke takes a role away; an organisation keeps one administrator (Conflict).
// The person signs in anew.
func (s *Service) Revoke(ctx context.Context, who actor.Actor, account, organisation int64, role actor.Role) error {
	if err := s.require(who, mayGrant, organisation); err != nil {
		return err
	}
	defer s.forget()
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		if role == actor.Administrator {
			if err := keepsAdministrator(tx, organisation, account); err != nil {
				return err
			}
		}
		gone := tx.Where("account_id = ? AND organisation_id = ? AND role = ?", account, organisation, role).Delete(&grantRow{})
		if gone.Error != nil {
			return gone.Error
		}
		if gone.RowsAffected == 0 {
			return fault.Missing()
		}
		if err := endSessions(tx, account); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Organisation: organisation, Action: "revoke", Object: "account", ObjectID: account,
			Before: map[string]any{"role": role},
		})
	})
}

func grant(tx *database.Tx, account, organisation int64, role actor.Role) error {
	row := grantRow{AccountID: account, OrganisationID: organisation, Role: role, CreatedAt: tx.Now}
	if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: organisation, Action: "grant", Object: "account", ObjectID: account,
		After: map[string]any{"role": role},
	})
}

// checkRole notes a role that does not exist or does not belong there; the error
// is for an organisation that does not exist.
func (s *Service) checkRole(ctx context.Context, f *fault.Fields, role actor.Role, organisation int64) error {
	if organisation != 0 {
		if _, err := s.orgs.ByID(ctx, organisation); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(actor.Roles, role):
		f.Add("role", "account.role")
	case role == actor.Operator && organisation != 0:
		f.Add("role", "account.role_site")
	case role != actor.Operator && role != actor.Member && organisation == 0:
		f.Add("role", "account.role_organisation")
	}
	return nil
}

// keepsAdministrator refuses to leave an organisation without an administrator
// who can sign in. The rows stay locked, so that two administrators cannot
// remove each other.
func keepsAdministrator(tx *database.Tx, organisation, leaving int64) error {
	var ids []int64
	err := tx.Lock().Table("grants").Where("organisation_id = ? AND role = ?", organisation, actor.Administrator).
		Order("account_id").Pluck("account_id", &ids).Error
	if err != nil || !slices.Contains(ids, leaving) {
		return err
	}
	var others int64
	err = tx.Table("accounts").Where("id IN ? AND id <> ? AND disabled_at IS NULL", ids, leaving).Count(&others).Error
	if err == nil && others == 0 {
		return fault.New(fault.Conflict, "account.last_administrator")
	}
	return err
}

func lockAccount(tx *database.Tx, id int64) (accountRow, error) {
	var row accountRow
	return row, tx.Lock().Where("id = ?", id).Take(&row).Error
}
