package sitting

import (
	"context"
	"slices"

	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/submission"
)

// Seat is somebody who is expected, or may be called.
type Seat struct {
	ID       string
	Label    string
	Name     string // empty once it was erased
	Category string
	Side     string
	Code     string // for the check-in
	State    meeting.ApplicationState
	Rank     int // of a reserve
	Needs    string
	Items    []int64
}

// Day is all that the secretary's screen shows.
type Day struct {
	Meeting    meeting.Meeting
	Items      []meeting.Item
	Seats      []Seat // expected, in the order of their labels
	Reserves   []Seat // the next first
	Record     *Record
	Provisions []draft.Provision // that a statement may aim at
	Statements []Statement
	Refused    int // acts that do not count
}

// Expected reports a state in which somebody is awaited on the day.
func expected(s meeting.ApplicationState) bool { return s.Holds() }

// Day gives the whole day to staff who may see it.
func (s *Service) Day(ctx context.Context, who actor.Actor, slug string) (Day, error) {
	m, err := s.staff(ctx, who, slug, PermissionSee)
	if err != nil {
		return Day{}, err
	}
	if err := s.prepareOwnIf(ctx, who, &m); err != nil {
		return Day{}, err
	}
	return s.day(ctx, m)
}

// prepareOwnIf makes the own consultation when whoever looks may also record, so
// that the provisions are there before the network goes.
func (s *Service) prepareOwnIf(ctx context.Context, who actor.Actor, m *meeting.Meeting) error {
	if !s.gate.May(who, PermissionRecord, m.Organisation) || m.Consultation != 0 {
		return nil
	}
	if err := s.prepareOwn(ctx, who, *m); err != nil {
		return err
	}
	again, err := s.meetings.ByID(ctx, m.ID)
	if err == nil {
		*m = again
	}
	return err
}

func (s *Service) day(ctx context.Context, m meeting.Meeting) (Day, error) {
	d := Day{Meeting: m}
	g := s.db.Read(ctx)
	var err error
	if d.Record, err = s.record(g, m.ID); err != nil {
		return d, err
	}
	if d.Items, err = s.meetings.Items(ctx, m.ID); err != nil {
		return d, err
	}
	if err := s.people(ctx, &d); err != nil {
		return d, err
	}
	if err := g.Where("meeting_id = ?", m.ID).Order("signed_at, receipt").Find(&d.Statements).Error; err != nil {
		return d, err
	}
	var refused int64
	if err := g.Model(&actRow{}).Where("meeting_id = ? AND refused <> ''", m.ID).Count(&refused).Error; err != nil {
		return d, err
	}
	d.Refused = int(refused)
	if m.Consultation != 0 {
		d.Provisions, err = s.drafts.Provisions(ctx, m.Consultation, draft.First)
	}
	return d, err
}

func (s *Service) item(ctx context.Context, meetingID int64, id string) (meeting.Item, error) {
	list, err := s.meetings.Items(ctx, meetingID)
	if err != nil {
		return meeting.Item{}, err
	}
	n, _ := ids.Parse(id)
	at := slices.IndexFunc(list, func(i meeting.Item) bool { return i.ID == n })
	if at < 0 {
		return meeting.Item{}, fault.Missing()
	}
	return list[at], nil
}

// people lists who is expected and who may be called.
func (s *Service) people(ctx context.Context, d *Day) error {
	list, err := s.meetings.Applications(ctx, d.Meeting.ID)
	if err != nil {
		return err
	}
	for _, a := range list {
		id := ids.Format(a.ID)
		p := d.Record.Seats[id]
		seen := p != nil && (p.Came() || p.Called || p.State == Excused)
		if !expected(a.State) && !seen && a.State != meeting.Reserve {
			continue
		}
		person, err := s.meetings.Person(ctx, a)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		seat := Seat{ID: id, Label: a.Label, Name: person.Name, Category: a.Category, Side: a.Side, Code: s.meetings.CheckInCode(a.ID),
			State: a.State, Rank: a.Rank, Needs: person.Needs, Items: a.Items}
		if expected(a.State) || seen {
			d.Seats = append(d.Seats, seat)
			continue
		}
		d.Reserves = append(d.Reserves, seat)
	}
	slices.SortStableFunc(d.Reserves, func(a, b Seat) int { return a.Rank - b.Rank })
	return s.nextFirst(ctx, d)
}

// nextFirst asks which reserve the quotas call for first.
func (s *Service) nextFirst(ctx context.Context, d *Day) error {
	if s.reserves == nil || len(d.Reserves) < 2 {
		return nil
	}
	var gone []int64
	for _, seat := range d.Seats {
		p := d.Record.Seats[seat.ID]
		if p != nil && (p.State == Excused || p.State == Left) {
			n, _ := ids.Parse(seat.ID)
			gone = append(gone, n)
		}
	}
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		id, ok, err := s.reserves.Next(ctx, tx, &d.Meeting, gone)
		if err != nil || !ok {
			return err
		}
		at := slices.IndexFunc(d.Reserves, func(r Seat) bool { return r.ID == ids.Format(id) })
		if at > 0 {
			first := d.Reserves[at]
			d.Reserves = slices.Insert(slices.Delete(d.Reserves, at, at+1), 0, first)
		}
		return nil
	})
}

// Seat finds somebody by the seat's name.
func (d Day) Seat(id string) (Seat, bool) {
	for _, list := range [][]Seat{d.Seats, d.Reserves} {
		if at := slices.IndexFunc(list, func(s Seat) bool { return s.ID == id }); at >= 0 {
			return list[at], true
		}
	}
	return Seat{}, false
}

// Presence gives where somebody is; never nil.
func (d Day) Presence(seat string) *Presence {
	if p := d.Record.Seats[seat]; p != nil {
		return p
	}
	return &Presence{State: Expected}
}

// Came counts who is or was there, of how many who are expected.
func (d Day) Came() (came, of int) {
	for _, s := range d.Seats {
		if d.Presence(s.ID).Came() {
			came++
		}
	}
	return came, len(d.Seats)
}

// Late reports a check-in after the meeting began.
func (d Day) Late(p *Presence) bool {
	begun := d.Record.Begun
	if begun.IsZero() {
		begun = d.Meeting.StartsAt
	}
	return !p.At.IsZero() && p.At.After(begun)
}

// SeatOf finds whose check-in code was typed, among those who are expected. A code
// that is nobody's is Invalid sitting.code_unknown.
func (s *Service) SeatOf(ctx context.Context, who actor.Actor, slug, typed string) (string, error) {
	d, err := s.Day(ctx, who, slug)
	if err != nil {
		return "", err
	}
	for _, seat := range slices.Concat(d.Seats, d.Reserves) {
		if submission.SameSecret(seat.Code, typed) {
			return seat.ID, nil
		}
	}
	return "", fault.Fields{{Name: "code", Code: "sitting.code_unknown"}}.Err()
}
