package sitting

import (
	"context"
	"slices"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// follow does what follows from an act outside the record, in its transaction.
func (s *Service) follow(ctx context.Context, tx *database.Tx, m *meeting.Meeting, a Act) error {
	switch a.Kind {
	case Call:
		return s.called(ctx, tx, m, a)
	case Sign:
		return s.confirmed(tx, *m, a)
	case Later:
		return s.ask(tx, *m, a)
	case Decide:
		return s.decided(tx, *m, a)
	case End:
		if err := s.attendance(ctx, tx, m); err != nil {
			return err
		}
		return s.hold(ctx, tx, m)
	}
	if m.State == meeting.Held {
		return s.attendance(ctx, tx, m)
	}
	return nil
}

// hold notes that the meeting took place, where its state allows it.
func (s *Service) hold(ctx context.Context, tx *database.Tx, m *meeting.Meeting) error {
	if m.State == meeting.Held {
		return nil
	}
	if _, ok := meeting.Allowed(m.Status(tx.Now), meeting.Hold); !ok {
		return nil
	}
	return s.meetings.Step(ctx, tx, m, meeting.Hold, meeting.Note{})
}

// decided keeps an item's result as the record has it, which may be that of a later
// act that came before this one.
func (s *Service) decided(tx *database.Tx, m meeting.Meeting, a Act) error {
	r, err := s.record(tx.DB, m.ID)
	if err != nil {
		return err
	}
	item, _ := ids.Parse(a.Item)
	holds := r.Items[a.Item]
	_, err = s.meetings.SetResult(tx, m, item, holds.Result, holds.Words)
	if fault.Is(err, fault.Conflict) {
		return nil // the item went to another meeting; the day's record holds
	}
	return err
}

// called gives a reserve its seat. When none is free, since the one who is missing
// has not given it back, the person is noted as there when the day ends.
func (s *Service) called(ctx context.Context, tx *database.Tx, m *meeting.Meeting, a Act) error {
	id, _ := ids.Parse(a.Seat)
	if gone, ok := ids.Parse(a.For); ok {
		err := s.move(ctx, tx, m, gone, meeting.Declined)
		if err != nil {
			return err
		}
	}
	return s.move(ctx, tx, m, id, meeting.Chosen)
}

// move brings an application on where the table of its states and the seats allow
// it, and leaves it where it is otherwise: the record of the day holds all the same.
func (s *Service) move(ctx context.Context, tx *database.Tx, m *meeting.Meeting, application int64, to meeting.ApplicationState) error {
	list, err := meeting.ApplicationsIn(tx, m.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(a meeting.Application) bool { return a.ID == application })
	if at < 0 || list[at].State == to || !meeting.MayMove(list[at].State, to) {
		return nil
	}
	_, err = s.meetings.Move(ctx, tx, m, application, to, meeting.Change{})
	if f, ok := fault.As(err); ok && f.Code == "meeting.full" {
		return nil // asked before anything was written
	}
	return err
}

// attendance brings applications to attended or absent, as the record has it. It
// runs at the end of the meeting and again with whatever arrives later.
func (s *Service) attendance(ctx context.Context, tx *database.Tx, m *meeting.Meeting) error {
	r, err := s.record(tx.DB, m.ID)
	if err != nil {
		return err
	}
	list, err := meeting.ApplicationsIn(tx, m.ID)
	if err != nil {
		return err
	}
	for _, a := range list {
		to := meeting.Absent
		p := r.Seats[ids.Format(a.ID)]
		if p != nil && p.Came() {
			to = meeting.Attended
		}
		if to == meeting.Absent && !a.State.Holds() || a.State == to || !meeting.MayMove(a.State, to) {
			continue
		}
		if _, err := s.meetings.Move(ctx, tx, m, a.ID, to, meeting.Change{}); err != nil {
			return err
		}
	}
	return nil
}
