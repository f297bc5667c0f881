package meeting

import (
	"context"
	"slices"
	"strings"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Slip is the event that history keeps when an item goes to another meeting.
const Slip Event = "slip"

// MoveItem moves an item that slipped to another meeting of the same organisation
// that is still to come, and carries along, in the same transaction, whoever was
// to come for it: each gets an application there in the same state (a person who
// applied there already keeps that one), and Carried here unless another item
// keeps them. Watchers see each of them. It returns how many went along.
func (s *Service) MoveItem(ctx context.Context, who actor.Actor, slug string, item int64, target, note string) (int, error) {
	note = strings.TrimSpace(note)
	went := 0
	err := s.change(ctx, who, slug, func(tx *database.Tx, m *Meeting) error {
		if err := s.gate.Require(who, MoveDate.Permission(), m.Organisation); err != nil {
			return err
		}
		if err := checkReason(note); err != nil {
			return err
		}
		to, err := s.carryTarget(tx, *m, target)
		if err != nil {
			return err
		}
		x, err := planned(tx, m.ID, item, 0)
		if err != nil {
			return err
		}
		stays, err := s.slip(tx, *m, to, x, note)
		if err != nil {
			return err
		}
		if went, err = s.carryAll(ctx, tx, m, &to, item, stays); err != nil {
			return err
		}
		detail := map[string]any{"item": x.Title, "from": m.Slug, "to": to.Slug, "carried": went}
		if err := remember(tx, *m, *m, Slip, note, detail); err != nil {
			return err
		}
		return remember(tx, to, to, Slip, note, detail)
	})
	return went, err
}

// carryTarget locks the other meeting.
func (s *Service) carryTarget(tx *database.Tx, m Meeting, target string) (Meeting, error) {
	unfit := fault.Fields{{Name: "meeting", Code: "meeting.carry_target"}}.Err()
	if target == m.Slug {
		return Meeting{}, unfit
	}
	to, err := lock(tx, "slug = ?", target)
	if fault.Is(err, fault.NotFound) || err == nil && to.Organisation != m.Organisation {
		return to, unfit
	}
	if err != nil {
		return to, err
	}
	switch to.Status(tx.Now) {
	case Due, HeldStatus, AccountInReviewStatus, AccountPublishedStatus, CancelledStatus:
		return to, unfit
	}
	if to.StartsAt.Before(tx.Now) {
		return to, unfit
	}
	return to, nil
}

// slip puts the item onto the other agenda; stays tells whether this meeting has
// others for which representatives come.
func (s *Service) slip(tx *database.Tx, m, to Meeting, x Item, note string) (stays []int64, err error) {
	there, err := ItemsIn(tx, to.ID)
	if err != nil {
		return nil, err
	}
	next := x
	next.Meeting, next.ID, next.Position, next.MovedFrom, next.Version = to.ID, tx.NextID(), len(there)+1, m.ID, 1
	if err := tx.Create(&next).Error; err != nil {
		return nil, err
	}
	x.State, x.MovedTo, x.Note = ItemMoved, to.ID, note
	x.Version++
	if err := saveItem(tx, x); err != nil {
		return nil, err
	}
	here, err := ItemsIn(tx, m.ID)
	for _, other := range here {
		if other.ID != x.ID && other.State != ItemMoved && other.Attended {
			stays = append(stays, other.ID)
		}
	}
	return stays, err
}

func (s *Service) carryAll(ctx context.Context, tx *database.Tx, m, to *Meeting, item int64, stays []int64) (int, error) {
	all, err := ApplicationsIn(tx, m.ID, Seated, Chosen, Accepted)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, a := range all {
		if len(a.Items) > 0 && !slices.Contains(a.Items, item) {
			continue
		}
		if err := s.carry(ctx, tx, m, to, a); err != nil {
			return n, err
		}
		n++
		if keeps(a, item, stays) {
			continue
		}
		if _, err := s.move(ctx, tx, m, a, Carried, Change{}); err != nil {
			return n, err
		}
	}
	return n, nil
}

// keeps reports whether somebody still comes here for another item.
func keeps(a Application, item int64, stays []int64) bool {
	if len(a.Items) == 0 {
		return len(stays) > 0
	}
	return slices.ContainsFunc(stays, func(id int64) bool { return id != item && slices.Contains(a.Items, id) })
}

// carry makes the application in the other meeting. A published number of seats
// there is no bar: the seats come along with the item.
func (s *Service) carry(ctx context.Context, tx *database.Tx, m, to *Meeting, a Application) error {
	p, err := s.PersonIn(tx, a)
	if err != nil {
		return err
	}
	next := a
	next.Meeting, next.ID, next.CarriedFrom, next.CarriedTo = to.ID, tx.NextID(), a.ID, 0
	next.Items, next.Session, next.Rank = []int64{}, 0, 0
	next.IdempotencyKey = "\x01carried/" + a.Reference
	next.Household, next.Unit = s.group(to.ID, "household", p.Address), s.group(to.ID, "unit", p.Unit)
	next.UpdatedAt, next.Version = tx.Now, 1
	sealed, err := s.sealPerson(to.ID, next.ID, p)
	if err != nil {
		return err
	}
	if err := oneEach(tx, to.ID, 0, sealed); fault.Is(err, fault.Conflict) {
		return nil // they come to that meeting anyway
	} else if err != nil {
		return err
	}
	if err := s.name(tx, *to, &next); err != nil {
		return err
	}
	if err := tx.Create(&next).Error; err != nil {
		return err
	}
	if !a.Erased {
		if err := tx.Create(&sealed).Error; err != nil {
			return err
		}
	}
	if err := count(tx, to, next, next.weigh(1)); err != nil {
		return err
	}
	err = tx.Model(&Application{}).Where("meeting_id = ? AND id = ?", m.ID, a.ID).Update("carried_to", next.ID).Error
	if err != nil {
		return err
	}
	if err := recordApplication(tx, *to, next, "carry", nil, map[string]any{"from": m.Slug, "state": next.State}); err != nil {
		return err
	}
	return s.watched(ctx, tx, *to, next, "")
}
