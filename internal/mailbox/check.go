package mailbox

import (
	"context"
	"errors"

	"guangyi/internal/mailbox/imapbox"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// Check tests the stored settings of a mailbox and notes the outcome, so that
// whoever set it up sees at once what is wrong. The mailbox is tried again by
// itself either way.
func (s *Service) Check(ctx context.Context, who actor.Actor, id int64) (Found, error) {
	a, err := s.permitted(ctx, who, id, 0)
	if err != nil {
		return Found{}, err
	}
	found, err := s.Test(ctx, who, id, AccountIn{
		Address: a.Address, Host: a.Host, Port: a.Port, Security: a.Security, Username: a.Username, Folder: a.Folder,
	})
	var trouble *imapbox.Trouble
	if err != nil && !errors.As(err, &trouble) {
		return found, err
	}
	values := map[string]any{"failure": "", "failure_detail": "", "failing_since": nil, "failures": 0}
	noted := s.db.Upkeep(ctx, func(tx *database.Tx) error {
		if trouble != nil {
			values["failure"], values["failure_detail"] = string(trouble.Code), trouble.Detail
			if a.FailingSince == nil {
				values["failing_since"] = tx.Now
			} else {
				delete(values, "failing_since")
			}
			delete(values, "failures")
		} else {
			values["next_at"] = tx.Now
		}
		return tx.Model(&accountRow{}).Where("id = ? AND version = ?", a.ID, a.Version).Updates(values).Error
	})
	return found, errors.Join(err, noted)
}
