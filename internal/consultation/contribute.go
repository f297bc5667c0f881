package consultation

import (
	"context"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// Contribute lets a higher capability change what belongs to a notice, such as its
// questionnaire, while no other change touches it. Whoever does is a contributor:
// approving it is then their own work. change must leave an audit row.
func (s *Service) Contribute(ctx context.Context, who actor.Actor, slug string, change func(*database.Tx, Consultation) error) error {
	return s.change(ctx, who, slug, func(tx *database.Tx, c *Consultation) error {
		if err := change(tx, *c); err != nil {
			return err
		}
		c.contribute(who.Key(), tx.Now)
		return tx.Model(&Consultation{}).Where("id = ?", c.ID).Select("contributors", "updated_at").Updates(c).Error
	})
}
