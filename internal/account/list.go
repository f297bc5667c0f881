package account

import (
	"context"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Listed is an account as its organisation sees it.
type Listed struct {
	Account
	Roles []actor.Role // in the organisation asked for, sorted
}

// List gives the accounts that hold a role in an organisation (0: the site), in
// the order in which they were made, after the one with the id after; at most
// limit. For administrators and operators.
func (s *Service) List(ctx context.Context, who actor.Actor, organisation, after int64, limit int) ([]Listed, error) {
	if err := s.require(who, mayList, organisation); err != nil {
		return nil, err
	}
	var rows []accountRow
	err := s.db.Read(ctx).Table("accounts").
		Where("id > ? AND EXISTS (SELECT 1 FROM grants g WHERE g.account_id = accounts.id AND g.organisation_id = ?)", after, organisation).
		Order("id").Limit(limit).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]int64, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	var grants []grantRow
	err = s.db.Read(ctx).Where("account_id IN ? AND organisation_id = ?", ids, organisation).Order("role").Find(&grants).Error
	if err != nil {
		return nil, err
	}
	roles := map[int64][]actor.Role{}
	for _, g := range grants {
		roles[g.AccountID] = append(roles[g.AccountID], g.Role)
	}
	out := make([]Listed, 0, len(rows))
	for _, r := range rows {
		out = append(out, Listed{Account: r.account(), Roles: roles[r.ID]})
	}
	return out, nil
}

// One is a single account as its organisation sees it; NotFound when it holds no
// role there.
func (s *Service) One(ctx context.Context, who actor.Actor, organisation, id int64) (Listed, error) {
	found, err := s.List(ctx, who, organisation, id-1, 1)
	if err != nil {
		return Listed{}, err
	}
	if len(found) == 0 || found[0].ID != id {
		return Listed{}, fault.Missing()
	}
	return found[0], nil
}

// Rooms tells in which organisations a person manages accounts: the ids, or all
// of the site for operators.
func (s *Service) Rooms(who actor.Actor) (ids []int64, all bool) {
	if s.gate.May(who, mayList, 0) {
		return nil, true
	}
	for _, id := range who.Organisations() {
		if s.gate.May(who, mayList, id) {
			ids = append(ids, id)
		}
	}
	return ids, false
}
