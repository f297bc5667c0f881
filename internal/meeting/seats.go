package meeting

import (
	"context"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// weigh is what an application counts for in its parts, n times (-1: taken away).
func (a Application) weigh(n int) Count {
	var c Count
	if a.State != Withdrawn {
		c.Applied = n
	}
	if a.State.Holds() {
		c.Seated = n * a.Party
	}
	if a.State == Waiting {
		c.Waiting = n * a.Party
	}
	return c
}

// fits reports whether there is a place for an application: in its session, its
// category, the meeting, and on its side of a hearing, where for and against have
// each half of the seats at most.
func (m Meeting) fits(a Application) bool {
	if x, ok := m.Session(a.Session); ok && m.Counts[SessionPart(x.ID)].Seated+a.Party > x.Capacity {
		return false
	}
	if c, ok := m.Category(a.Category); ok && c.Seats > 0 && m.Counts[c.Code].Seated+a.Party > c.Seats {
		return false
	}
	if (a.Side == "for" || a.Side == "against") && m.Seats > 0 && m.Counts[SidePart(a.Side)].Seated+a.Party > (m.Seats+1)/2 {
		return false
	}
	return m.fitsWhole(a)
}

// fitsWhole asks for a seat in the meeting as a whole; observers have their own.
func (m Meeting) fitsWhole(a Application) bool {
	if a.Category == Observer {
		return m.Counts[Observer].Seated+a.Party <= m.Observers
	}
	return m.Seats == 0 || m.Counts[""].Seated-m.Counts[Observer].Seated+a.Party <= m.Seats
}

// Left is how many persons still find a place in a part: a session, a category or
// the whole ("")—limited is false where there is no limit.
func (m Meeting) Left(part string) (left int, limited bool) {
	c := m.Counts[part]
	if part == "" {
		return max(m.Seats-c.Seated+m.Counts[Observer].Seated, 0), m.Seats > 0
	}
	if x, ok := m.Category(part); ok {
		return max(x.Seats-c.Seated, 0), x.Seats > 0
	}
	for _, x := range m.Sessions {
		if SessionPart(x.ID) == part {
			return max(x.Capacity-c.Seated, 0), true
		}
	}
	return 0, false
}

// Change goes with a move of an application.
type Change struct {
	Reason string // shown to the applicant
	Rank   int    // among reserves, from 1
}

// Move brings an application into another state, by the one table in states.go,
// inside the caller's transaction: it keeps the figures, writes the trail, tells
// watchers, and gives a seat that became free to the first who waits and fits.
// m is locked (see Lock); its Counts are kept.
//
// Faults: NotFound; Conflict meeting.application_state for what the table does not
// know; Conflict meeting.full when no seat of the meeting is free (never for
// Attended: who is there is there).
func (s *Service) Move(ctx context.Context, tx *database.Tx, m *Meeting, application int64, to ApplicationState, c Change) (Application, error) {
	a, err := lockApplication(tx, m.ID, application)
	if err != nil {
		return a, err
	}
	return s.move(ctx, tx, m, a, to, c)
}

func (s *Service) move(ctx context.Context, tx *database.Tx, m *Meeting, a Application, to ApplicationState, c Change) (Application, error) {
	from := a.State
	if !MayMove(from, to) {
		return a, fault.New(fault.Conflict, "meeting.application_state", "from", string(from), "to", string(to))
	}
	if to.Holds() && !from.Holds() && to != Attended && !m.fitsWhole(a) {
		return a, fault.New(fault.Conflict, "meeting.full")
	}
	before := a.weigh(-1)
	a.State, a.UpdatedAt = to, tx.Now
	a.Version++
	if c.Reason != "" || to == Refused || from == Refused {
		a.Reason = c.Reason
	}
	if a.Rank = c.Rank; to != Reserve {
		a.Rank = 0
	}
	err := tx.Model(&Application{}).Where("meeting_id = ? AND id = ?", m.ID, a.ID).
		Select("state", "updated_at", "version", "reason", "rank").Updates(&a).Error
	if err != nil {
		return a, err
	}
	if err := count(tx, m, a, sum(before, a.weigh(1))); err != nil {
		return a, err
	}
	if to == Withdrawn {
		if err := freePerson(tx, m.ID, a.ID); err != nil {
			return a, err
		}
	}
	after := map[string]any{"state": to}
	if a.Rank > 0 {
		after["rank"] = a.Rank
	}
	if err := recordApplication(tx, *m, a, "move", map[string]any{"state": from}, after); err != nil {
		return a, err
	}
	if err := s.watched(ctx, tx, *m, a, from); err != nil {
		return a, err
	}
	if from.Holds() && !to.Holds() || from == Waiting && to != Seated {
		return a, s.promote(ctx, tx, m)
	}
	return a, nil
}

func sum(a, b Count) Count {
	return Count{a.Applied + b.Applied, a.Seated + b.Seated, a.Waiting + b.Waiting}
}

// freePerson lets somebody who withdrew apply again.
func freePerson(tx *database.Tx, meeting, application int64) error {
	return tx.Model(&applicant{}).Where("meeting_id = ? AND application_id = ?", meeting, application).
		Updates(map[string]any{"person_index": nil, "id_index": nil}).Error
}

// promoted bounds how far down a waiting list one look goes.
const promoted = 1000

// promote gives free seats to those who wait, in the order in which they came,
// until the meeting begins. Who brings more than there is room for is passed over
// and stays first.
func (s *Service) promote(ctx context.Context, tx *database.Tx, m *Meeting) error {
	if m.Counts[""].Waiting == 0 || !tx.Now.Before(m.StartsAt) || m.State == Cancelled {
		return nil
	}
	var waiting []Application
	err := tx.Where("meeting_id = ? AND state = ?", m.ID, Waiting).Order("number").Limit(promoted).Find(&waiting).Error
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if !m.fits(a) {
			continue
		}
		if _, err := s.move(ctx, tx, m, a.utc(), Seated, Change{}); err != nil {
			return err
		}
	}
	return nil
}
