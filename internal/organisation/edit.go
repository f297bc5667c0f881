package organisation

import (
	"context"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Edit changes what an organisation says of itself: its administrators' act. The
// slug and the language stay. version is the one that was read; 0 asks for none,
// an older one is refused as Stale.
func (s *Service) Edit(ctx context.Context, who actor.Actor, id int64, in Details, version int64) (Organisation, error) {
	if err := s.gate.Require(who, mayEdit, id); err != nil {
		return Organisation{}, err
	}
	in = in.tidy()
	var f fault.Fields
	in.checkShown(&f)
	if err := f.Err(); err != nil {
		return Organisation{}, err
	}
	var after row
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		var before row
		if err := tx.Lock().Where("id = ?", id).Take(&before).Error; err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return fault.Stale()
		}
		after = before
		after.Name, after.Seal, after.Accent, after.Contact = in.Name, in.Seal, in.Accent, in.Contact
		after.SiteCode, after.SignerDiffers, after.Version = in.SiteCode, in.SignerDiffers, before.Version+1
		err := tx.Model(&row{}).Where("id = ?", id).Updates(map[string]any{
			"name": after.Name, "seal": after.Seal, "accent": after.Accent, "contact": after.Contact,
			"site_code": after.SiteCode, "signer_differs": after.SignerDiffers, "version": after.Version,
		}).Error
		if err != nil {
			return err
		}
		return changed(tx, audit.Entry{
			Action: "edit", ObjectID: id, Before: before.organisation(), After: after.organisation(),
		})
	})
	if err != nil {
		return Organisation{}, err
	}
	s.watch.Forget()
	return after.organisation(), nil
}

// Editable finds the organisation of a settings page for somebody who may change
// it; the refusals are those of Edit.
func (s *Service) Editable(ctx context.Context, who actor.Actor, slug string) (Organisation, error) {
	o, err := s.BySlug(ctx, slug)
	if err != nil {
		return Organisation{}, err
	}
	if err := s.gate.Require(who, mayEdit, o.ID); err != nil {
		return Organisation{}, err
	}
	return o, nil
}
