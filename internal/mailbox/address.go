package mailbox

import (
	"context"
	"strings"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// mostGiven bounds the addresses that staff give to one consultation.
const mostGiven = 10

// addresses lists those by which a consultation is reached, given ones first, and
// the mailboxes of its organisation.
func (s *Service) addresses(ctx context.Context, c consultation.Consultation) (out []Address, accounts []Account, err error) {
	var given []addressRow
	if err = s.db.Read(ctx).Where("consultation_id = ?", c.ID).Order("created_at, address").Find(&given).Error; err != nil {
		return nil, nil, err
	}
	for _, a := range given {
		out = append(out, Address{a.Address, a.AccountID, true})
	}
	var rows []accountRow
	if err = s.db.Read(ctx).Where("organisation_id = ?", c.Organisation).Order("id").Find(&rows).Error; err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		accounts = append(accounts, r.account())
		if r.Active && !c.Unlisted {
			out = append(out, Address{AddressOf(r.Address, c.Slug), r.ID, false})
		}
	}
	return out, accounts, nil
}

// AddressesOf lists what the public can write to about a consultation, the address
// that staff gave it first; of several that follow from mailboxes only one.
func (s *Service) AddressesOf(ctx context.Context, c consultation.Consultation) (out []string, err error) {
	all, accounts, err := s.addresses(ctx, c)
	asked := map[int64]bool{}
	for _, a := range accounts {
		asked[a.ID] = a.Active
	}
	for _, a := range all {
		if asked[a.Account] && (a.Given || len(out) == 0) {
			out = append(out, a.Address)
		}
	}
	return out, err
}

// GiveAddress lets an address stand for a consultation: the mailbox's own, or an
// alias that leads there. Faults: Invalid address; those of access.
func (s *Service) GiveAddress(ctx context.Context, who actor.Actor, slug string, account int64, address string) error {
	c, err := s.staff(ctx, who, slug, PermissionDecide)
	if err != nil {
		return err
	}
	box, err := s.account(ctx, account)
	if err != nil || box.OrganisationID != c.Organisation {
		return fault.Fields{{Name: "account", Code: "mailbox.account"}}.Err()
	}
	if address = strings.ToLower(strings.TrimSpace(address)); address == "" {
		address = box.Address
	}
	if !writable(address) {
		return fault.Fields{{Name: "address", Code: "mailbox.address"}}.Err()
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		var n int64
		if err := tx.Model(&addressRow{}).Where("consultation_id = ?", c.ID).Count(&n).Error; err != nil {
			return err
		}
		if n >= mostGiven {
			return fault.Fields{{Name: "address", Code: "mailbox.addresses_many"}}.Err()
		}
		r := addressRow{Address: address, OrganisationID: c.Organisation, AccountID: account, ConsultationID: c.ID, CreatedAt: tx.Now}
		if err := tx.Create(&r).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: c.Organisation, Consultation: c.ID, Action: "give_address", Object: "mailbox", ObjectID: account,
			After: map[string]any{"address": address}})
	})
	if database.IsDuplicate(err) {
		return fault.Fields{{Name: "address", Code: "mailbox.address_taken"}}.Err()
	}
	return err
}

// TakeAddress lets an address stand for a consultation no longer.
func (s *Service) TakeAddress(ctx context.Context, who actor.Actor, slug, address string) error {
	c, err := s.staff(ctx, who, slug, PermissionDecide)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		res := tx.Where("address = ? AND consultation_id = ?", strings.ToLower(address), c.ID).Delete(&addressRow{})
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return fault.Missing()
		}
		return audit.Record(tx, audit.Entry{Organisation: c.Organisation, Consultation: c.ID, Action: "take_address", Object: "mailbox", ObjectID: c.ID,
			After: map[string]any{"address": address}})
	})
}
