package account

import (
	"context"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Acting is a person with the roles held now, for work that goes on after the
// request in which it was asked for. NotFound when the account is closed or gone.
func (s *Service) Acting(ctx context.Context, id int64) (actor.Actor, error) {
	var rows []grantedRow
	err := s.db.Read(ctx).Raw("SELECT "+grantedColumns+" FROM accounts a LEFT JOIN grants g ON g.account_id = a.id"+
		" LEFT JOIN organisations o ON o.id = g.organisation_id WHERE a.id = ? AND a.disabled_at IS NULL"+
		" ORDER BY g.organisation_id, g.role", id).Scan(&rows).Error
	if err != nil {
		return actor.Actor{}, err
	}
	if len(rows) == 0 {
		return actor.Actor{}, fault.Missing()
	}
	who := actor.Actor{Kind: actor.Account, ID: rows[0].ID, Name: rows[0].Name, Email: rows[0].Email}
	for _, r := range rows {
		if g, ok := r.grant(); ok {
			who.Grants = append(who.Grants, g)
		}
	}
	return who, nil
}
