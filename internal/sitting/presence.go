package sitting

import "slices"

func (r *Record) seat(id string) *Presence {
	p := r.Seats[id]
	if p == nil {
		p = &Presence{State: Expected}
		r.Seats[id] = p
	}
	return p
}

// Here reports whether the person is in the building: inside or out for an item.
func (p *Presence) Here() bool { return p.State == Inside || p.State == Outside }

// Came reports whether the person was there at any time of the day.
func (p *Presence) Came() bool { return p.Here() || p.State == Left && !p.At.IsZero() }

// checkIn: the first check-in stands; a body in the room outweighs a notice.
func (r *Record) checkIn(a Act) {
	p := r.seat(a.Seat)
	if p.Here() {
		if p.arrived != a.Device {
			r.note(Conflict{Kind: "twice_in", Seat: a.Seat, Stands: a.ID, Aside: a.ID})
		}
		return
	}
	if p.At.IsZero() {
		p.At, p.Way = a.At, a.Way
	}
	p.State, p.Note, p.arrived = Inside, "", a.Device
}

func (r *Record) excuse(a Act) {
	p := r.seat(a.Seat)
	if p.Here() {
		r.note(Conflict{Kind: "excused_while_in", Seat: a.Seat, Stands: a.ID, Aside: a.ID})
		return
	}
	p.State, p.Note = Excused, a.Text
}

func (r *Record) clear(a Act) {
	p := r.seat(a.Seat)
	*p = Presence{State: Expected, Called: p.Called, For: p.For}
}

func (r *Record) leave(a Act) {
	p := r.seat(a.Seat)
	p.State, p.LeftAt = Left, a.At
}

// call asks a reserve in. Two for one seat both stay on the record: somebody did
// come. Staff see it and say who sits where.
func (r *Record) call(a Act) {
	p := r.seat(a.Seat)
	if p.Called {
		return
	}
	if a.For != "" {
		for id, other := range r.Seats {
			if id != a.Seat && other.Called && other.For == a.For {
				r.note(Conflict{Kind: "two_reserves", Seat: a.Seat, Stands: a.ID, Aside: a.ID})
				break
			}
		}
	}
	p.Called, p.For = true, a.For
}

func (r *Record) out(a Act) {
	if p := r.seat(a.Seat); p.State == Inside {
		p.move(a, true)
	}
}

func (r *Record) back(a Act) {
	if p := r.seat(a.Seat); p.State == Outside {
		p.move(a, false)
	}
}

func (p *Presence) move(a Act, out bool) {
	p.State = Inside
	if out {
		p.State = Outside
	}
	p.Moves = append(p.Moves, Move{Item: a.Item, Out: out, At: a.At})
}

func (r *Record) clearRoom(a Act) { r.all(a, Inside, true) }

func (r *Record) returnAll(a Act) { r.all(a, Outside, false) }

func (r *Record) all(a Act, from Here, out bool) {
	for id, p := range r.Seats {
		if p.State == from && (len(a.Seats) == 0 || slices.Contains(a.Seats, id)) {
			p.move(a, out)
		}
	}
}

// InRoom counts who is in the room now.
func (r *Record) InRoom() (n int) {
	for _, p := range r.Seats {
		if p.State == Inside {
			n++
		}
	}
	return n
}
