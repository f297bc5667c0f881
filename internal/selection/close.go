package selection

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/sortition"
)

// nonceBytes make the digest of a record impossible to guess.
const nonceBytes = 16

// Close freezes the pool after the deadline: who is in it, and who is not by
// which rule. Where seats are drawn the chances are then computed; where nothing
// is to be drawn, the list waits for another person. Afterwards nobody is vetted
// or nominated any more.
//
// Faults: Conflict selection.not_closed before the deadline, selection.stage when
// the pool is frozen already, selection.no_call for a meeting without a call.
func (s *Service) Close(ctx context.Context, who actor.Actor, slug string) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, PermissionRun, func(a *act) error {
		if a.Found {
			return a.at()
		}
		if err := mayFreeze(a.meeting, a); err != nil {
			return err
		}
		d, err := s.draft(a)
		if err != nil {
			return err
		}
		if err := s.freeze(a, d); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}

func mayFreeze(m meeting.Meeting, a *act) error {
	switch status := m.Status(a.tx.Now); {
	case m.Method == "":
		return fault.New(fault.Conflict, "selection.no_call")
	case status != meeting.Closed:
		return fault.New(fault.Conflict, "selection.not_closed", "status", string(status))
	}
	return nil
}

func (s *Service) draft(a *act) (draft, error) {
	applications, err := meeting.ApplicationsIn(a.tx, a.meeting.ID)
	if err != nil {
		return draft{}, err
	}
	invited, err := invitedBefore(a.tx, a.meeting)
	if err != nil {
		return draft{}, err
	}
	return draftOf(a.meeting, applications, invited), nil
}

func (s *Service) freeze(a *act, d draft) error {
	nonce := make([]byte, nonceBytes)
	if _, err := rand.Read(nonce); err != nil {
		return err
	}
	a.Selection = Selection{
		Meeting: a.meeting.ID, Organisation: a.meeting.Organisation, Method: a.meeting.Method, Stage: Computing,
		Seats: d.seats, People: d.pool, Excluded: len(d.people) - d.pool, Nonce: hex.EncodeToString(nonce),
		FrozenBy: a.tx.Actor.Key(), FrozenAt: a.tx.Now, Conflicts: []sortition.Conflict{},
	}
	if err := s.promised(a); err != nil {
		return err
	}
	if d.trivial {
		a.Stage, a.Trivial = Listed, d.drawn > 0
		d.takeAll()
	} else {
		a.Panels = a.meeting.Panels
	}
	a.Found = true
	if err := a.tx.Create(&a.Selection).Error; err != nil {
		return err
	}
	if len(d.people) > 0 {
		if err := a.tx.CreateInBatches(d.people, 200).Error; err != nil {
			return err
		}
	}
	if err := overfull(d); err != nil {
		return err
	}
	if !d.trivial {
		if err := enqueue(a.tx, a.meeting.ID, ChancesJob); err != nil {
			return err
		}
	}
	note := fmt.Sprintf("%d/%d", d.pool, len(d.people))
	return a.store(ClosedEvent, note, "")
}

// takeAll gives everybody in the draw a seat: there are enough.
func (d *draft) takeAll() {
	for i := range d.people {
		if d.inDraw(d.people[i]) {
			d.people[i].Place, d.people[i].Chance = Selected, billion
		}
	}
}

// overfull refuses a list with more people than seats, which only nomination can
// bring about.
func overfull(d draft) error {
	placed := map[string]int{}
	all := 0
	for _, p := range d.people {
		if p.Place == Selected && p.Rule == "" {
			placed[p.Category]++
			if p.Category != meeting.Observer {
				all++
			}
		}
	}
	for _, c := range d.meeting.AllCategories() {
		if d.meeting.MethodOf(c.Code) == meeting.ByNomination && c.Seats > 0 && placed[c.Code] > c.Seats {
			return fault.New(fault.Conflict, "selection.too_many", "category", c.Name, "nominated", placed[c.Code], "seats", c.Seats)
		}
	}
	if d.meeting.Seats > 0 && all+d.panel > d.meeting.Seats+d.meeting.Observers && !d.trivial || d.meeting.Seats > 0 && all > d.meeting.Seats {
		return fault.New(fault.Conflict, "selection.too_many", "category", "", "nominated", all, "seats", d.meeting.Seats)
	}
	return nil
}

// Confirm settles a list on which nothing was drawn; only somebody else than who
// froze it may.
func (s *Service) Confirm(ctx context.Context, who actor.Actor, slug string) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, PermissionConfirm, func(a *act) error {
		if err := a.at(Listed); err != nil {
			return err
		}
		if a.FrozenBy == a.tx.Actor.Key() {
			return fault.New(fault.Forbidden, "selection.own_work")
		}
		people, err := peopleIn(a.tx.DB, a.meeting.ID)
		if err != nil {
			return err
		}
		if err := s.settle(a, people); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}
