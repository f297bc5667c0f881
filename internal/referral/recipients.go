package referral

import (
	"context"
	"strings"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Recipients lists those of the consultation's organisation by name.
func (s *Service) Recipients(ctx context.Context, who actor.Actor, slug string) ([]Recipient, error) {
	c, err := s.Allow(ctx, who, slug, PermissionSee)
	if fault.Is(err, fault.Forbidden) {
		c, err = s.Allow(ctx, who, slug, PermissionRecipients)
	}
	if err != nil {
		return nil, err
	}
	var list []Recipient
	err = s.DB.Read(ctx).Where("organisation_id = ?", c.Organisation).Order("name, id").Find(&list).Error
	return list, err
}

func (r *Recipient) check() error {
	var f fault.Fields
	for _, one := range []struct {
		name string
		text *string
		most int
	}{{"name", &r.Name, MostName}, {"address", &r.Address, MostAddress}, {"phone", &r.Phone, MostPhone}} {
		*one.text = strings.TrimSpace(*one.text)
		if n := utf8.RuneCountInString(*one.text); n > one.most {
			f.Add(one.name, "referral.long", "most", one.most, "count", n-one.most)
		}
	}
	if r.Name == "" {
		f.Add("name", "referral.name")
	}
	if r.Address == "" {
		f.Add("address", "referral.address")
	}
	return f.Err()
}

// Keep adds a recipient (ID 0) or changes one; Version 0 is not checked. Faults:
// Invalid, NotFound, Stale.
func (s *Service) Keep(ctx context.Context, who actor.Actor, slug string, in Recipient) (Recipient, error) {
	err := s.DB.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.Submissions.Hold(tx, slug, PermissionRecipients)
		if err != nil {
			return err
		}
		if err := in.check(); err != nil {
			return err
		}
		in.OrganisationID = c.Organisation
		action := "change"
		if in.ID == 0 {
			action, in.ID, in.Version, in.Active = "add", tx.NextID(), 1, true
			err = tx.Create(&in).Error
		} else {
			err = change(tx, &in)
		}
		if err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: c.Organisation, Consultation: c.ID, Action: action, Object: "referral_recipient", ObjectID: in.ID,
			After: map[string]any{"name": in.Name, "active": in.Active}})
	})
	return in, err
}

func change(tx *database.Tx, in *Recipient) error {
	var was Recipient
	err := tx.Lock().Where("organisation_id = ? AND id = ?", in.OrganisationID, in.ID).Take(&was).Error
	if err != nil {
		return database.Translate(err)
	}
	if in.Version != 0 && in.Version != was.Version {
		return fault.Stale()
	}
	in.Version = was.Version + 1
	return tx.Model(&Recipient{}).Where("organisation_id = ? AND id = ?", in.OrganisationID, in.ID).Updates(map[string]any{
		"name": in.Name, "address": in.Address, "phone": in.Phone, "active": in.Active, "version": in.Version,
	}).Error
}
