package selection

import (
	"slices"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/database"
	"guangyi/internal/sortition"
)

// Next names who is asked when a seat of the draw is free: whoever keeps the
// quotas best by sortition.Replacement, of the reserves, unless somebody else in
// the pool keeps them better. gone are applications that give their seat back in this
// same change and still stand as holding it. ok is false when no seat is free or
// nobody is left: so no more people are asked than there are seats, whatever
// arrives at once, as long as every caller holds the meeting's lock (see
// meeting.Service.Lock) and moves the named one to meeting.Chosen in that change.
//
// Seats by order of arrival are passed on by the meeting itself; nominated ones
// need a nomination.
func (s *Service) Next(tx *database.Tx, m *meeting.Meeting, gone []int64) (application int64, ok bool, err error) {
	sel, found, err := find(tx.DB, m.ID)
	if err != nil || !found || sel.Stage != Drawn || !sel.Draws() {
		return 0, false, err
	}
	r, err := sel.full()
	if err != nil {
		return 0, false, err
	}
	people, err := peopleIn(tx.DB, m.ID)
	if err != nil {
		return 0, false, err
	}
	applications, err := meeting.ApplicationsIn(tx, m.ID)
	if err != nil {
		return 0, false, err
	}
	v := seats(people, applications, gone)
	pool := r.Pool()
	best, missed := sortition.Replacement(pool, v.panel, v.gone, v.reserves, sel.Seed)
	if best == "" || missed > 0 {
		other, violation := sortition.Replacement(pool, v.panel, v.gone, v.others, sel.Seed)
		if best == "" || other != "" && violation < missed {
			best = other
		}
	}
	return v.of[best], best != "", nil
}

// table says who sits, who left and who may still be asked, by label.
type table struct {
	panel, gone, reserves, others []string
	of                            map[string]int64
}

// seats reads the table from the applications as they stand now.
func seats(people []Person, applications []meeting.Application, gone []int64) table {
	t := table{of: map[string]int64{}}
	now := map[int64]meeting.Application{}
	for _, a := range applications {
		now[a.ID] = a
	}
	var left []meeting.Application
	for _, p := range people {
		a := now[p.Application]
		t.of[p.Label] = p.Application
		switch leaves := slices.Contains(gone, a.ID); {
		case p.Rule != "":
		case a.State.Holds() && !leaves:
			t.panel = append(t.panel, p.Label)
		case leaves, a.State == meeting.Declined, a.State == meeting.Lapsed, p.Place == Selected:
			t.panel = append(t.panel, p.Label)
			left = append(left, a)
		case a.State == meeting.Reserve:
			t.reserves = append(t.reserves, p.Label)
		case a.State == meeting.NotSelected && !a.Erased:
			t.others = append(t.others, p.Label)
		}
	}
	slices.SortStableFunc(left, func(a, b meeting.Application) int {
		if c := a.UpdatedAt.Compare(b.UpdatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.Label, b.Label)
	})
	for _, a := range left {
		t.gone = append(t.gone, a.Label)
	}
	return t
}
