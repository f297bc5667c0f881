package sitting

import (
	"context"
	"slices"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// Refusal says why an act does not count. It is stored all the same.
type Refusal struct {
	ID   string
	Code string // below "error."
}

// Taken is what became of a list of acts: every one is stored or refused.
type Taken struct {
	Stored  []string
	Refused []Refusal
}

// clockSlack is how far a device's clock may be off before its times are corrected.
const clockSlack = 5 * time.Second

// Take stores acts in their order, each in a transaction of its own with what
// follows from it. An act that is known already is stored once and answers as it
// did. now is what the device's clock showed when it sent them; zero: right.
//
// Faults: those of Staff; Invalid when a list is too long. A fault of the database
// ends it: what is not in the answer may be sent again.
func (s *Service) Take(ctx context.Context, who actor.Actor, slug string, now time.Time, acts []Act) (Taken, error) {
	m, err := s.staff(ctx, who, slug, PermissionRecord)
	if err != nil {
		return Taken{}, err
	}
	if len(acts) > MostActs {
		return Taken{}, fault.Fields{{Name: "acts", Code: "sitting.acts_many", Args: []any{"most", MostActs}}}.Err()
	}
	if err := s.prepareOwn(ctx, who, m); err != nil {
		return Taken{}, err
	}
	return s.takeAll(ctx, who, m, now, acts)
}

func (s *Service) takeAll(ctx context.Context, who actor.Actor, m meeting.Meeting, now time.Time, acts []Act) (Taken, error) {
	out := Taken{Stored: []string{}, Refused: []Refusal{}}
	names := make([]string, len(acts))
	for i, a := range acts {
		names[i] = a.ID
	}
	before, err := known(s.db.Read(ctx), m.ID, names)
	if err != nil {
		return out, err
	}
	off := time.Duration(0)
	if received := s.db.Now(); !now.IsZero() && (received.Sub(now) > clockSlack || now.Sub(received) > clockSlack) {
		off = received.Sub(now)
	}
	for _, a := range acts {
		code, stored := before[a.ID]
		if !stored {
			if code, err = s.take(ctx, who, m.ID, a, off); err != nil {
				return out, err
			}
			before[a.ID] = code
		}
		out.add(a.ID, code)
	}
	return out, nil
}

func (t *Taken) add(id, code string) {
	if code == "" {
		t.Stored = append(t.Stored, id)
		return
	}
	t.Refused = append(t.Refused, Refusal{id, code})
}

// take stores one act; code says why it does not count.
func (s *Service) take(ctx context.Context, who actor.Actor, meetingID int64, a Act, off time.Duration) (code string, err error) {
	if f := a.check(); len(f) > 0 && !plainID(a.ID) {
		return f[0].Code, nil // without a name it cannot be kept; no device of ours sends one
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		m, err := s.meetings.Lock(tx, meetingID)
		if err != nil {
			return err
		}
		code, err = s.admit(tx, m, &a, off)
		if err != nil {
			return err
		}
		told := a.At.Add(-off)
		if err := s.insert(tx, m.ID, a, told, code); err != nil {
			return err
		}
		if err := s.trail(tx, m, a, code); err != nil || code != "" {
			return err
		}
		return s.follow(ctx, tx, &m, a)
	})
	if fault.Is(err, fault.Conflict) {
		// It may have come by two ways at once, or before.
		if there, fail := known(s.db.Read(ctx), meetingID, []string{a.ID}); fail == nil {
			if was, ok := there[a.ID]; ok {
				return was, nil
			}
		}
	}
	return code, err
}

// admit asks whether the act can count, and corrects its time.
func (s *Service) admit(tx *database.Tx, m meeting.Meeting, a *Act, off time.Duration) (code string, err error) {
	a.At = a.At.Add(off).UTC().Truncate(time.Millisecond)
	if f := a.check(); len(f) > 0 {
		if a.At.IsZero() || a.At.Year() < 2000 || a.At.Year() > 9000 {
			a.At = tx.Now // a column must hold something
		}
		return f[0].Code, nil
	}
	if a.At.After(tx.Now) {
		a.At = tx.Now.Truncate(time.Millisecond)
	}
	switch m.State {
	case meeting.Prepared, meeting.InReview, meeting.Returned, meeting.Cancelled:
		return "sitting.not_now", nil
	case meeting.AccountInReview, meeting.AccountPublished:
		if a.Kind != Sign || a.Way != ByLink { // a speaker may confirm later; the account then names it as such
			return "sitting.account_fixed", nil
		}
	}
	return s.refers(tx, m, *a)
}

// refers looks whether seats and items are this meeting's.
func (s *Service) refers(tx *database.Tx, m meeting.Meeting, a Act) (code string, err error) {
	seats := slices.Clone(a.Seats)
	for _, seat := range []string{a.Seat, a.For} {
		if seat != "" {
			seats = append(seats, seat)
		}
	}
	slices.Sort(seats)
	if seats = slices.Compact(seats); len(seats) > 0 {
		var n int64
		err := tx.Table("applications").Where("meeting_id = ? AND id IN ?", m.ID, numbers(seats)).Count(&n).Error
		if err != nil || int(n) != len(seats) {
			return "sitting.act_seat", err
		}
	}
	if a.Item != "" {
		var n int64
		err := tx.Table("agenda_items").Where("meeting_id = ? AND id IN ?", m.ID, numbers([]string{a.Item})).Count(&n).Error
		if err != nil || n != 1 {
			return "sitting.act_item", err
		}
	}
	return "", nil
}

func numbers(texts []string) []int64 {
	out := make([]int64, 0, len(texts))
	for _, t := range texts {
		n, _ := ids.Parse(t)
		out = append(out, n)
	}
	return out
}

// trail leaves the line of the audit: who noted what, without any words.
func (s *Service) trail(tx *database.Tx, m meeting.Meeting, a Act, refused string) error {
	after := map[string]any{"act": a.ID, "at": a.At}
	for key, value := range map[string]string{"seat": a.Seat, "item": a.Item, "turn": a.Entry, "result": a.Result, "way": a.Way, "refused": refused} {
		if value != "" {
			after[key] = value
		}
	}
	action := string(a.Kind)
	if !slices.Contains(Kinds, a.Kind) {
		action = "unknown_act"
	}
	return audit.Record(tx, audit.Entry{Organisation: m.Organisation, Action: action, Object: "sitting", ObjectID: m.ID, After: after})
}
