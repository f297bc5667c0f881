package organisation

import (
	"context"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Add makes an organisation: the operator's act. Invalid names the fields,
// among them a slug that is taken.
func (s *Service) Add(ctx context.Context, who actor.Actor, in Details) (Organisation, error) {
	if err := s.gate.Require(who, mayAdd, 0); err != nil {
		return Organisation{}, err
	}
	in = in.tidy()
	if err := in.check(); err != nil {
		return Organisation{}, err
	}
	var made row
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		made = in.row(tx.NextID())
		made.CreatedAt = tx.Now
		if err := tx.Create(&made).Error; err != nil {
			return err
		}
		return changed(tx, audit.Entry{Action: "add", ObjectID: made.ID, After: made.organisation()})
	})
	if fault.Is(err, fault.Conflict) {
		var taken fault.Fields
		taken.Add("slug", "organisation.slug_taken", "slug", in.Slug)
		return Organisation{}, taken.Err()
	}
	if err != nil {
		return Organisation{}, err
	}
	s.watch.Forget()
	return made.organisation(), nil
}

// changed leaves the trail of a change and tells every cache of it.
func changed(tx *database.Tx, e audit.Entry) error {
	if err := tx.Revise(revision); err != nil {
		return err
	}
	e.Object, e.Organisation = "organisation", e.ObjectID
	return audit.Record(tx, e)
}
