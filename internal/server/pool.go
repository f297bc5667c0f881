package server

import (
	"context"
	"slices"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/representative"
)

// pool puts the standing representatives into the meetings' form.
type pool struct{ *representative.Service }

// Member tells whether who applies is a serving representative.
func (p pool) Member(ctx context.Context, organisation, account int64, x meeting.Person) (int64, bool, error) {
	r, ok, err := p.Find(ctx, organisation, account, x.Phone, x.Email)
	return r.ID, ok, err
}

// Details are what a serving representative, signed in, has registered: the form
// of an application begins with them.
func (p pool) Details(ctx context.Context, who actor.Actor, organisation int64) (x meeting.Person, category string, ok bool, err error) {
	r, ok, err := p.Find(ctx, organisation, who.ID, "", "")
	if err != nil || !ok {
		return x, "", false, err
	}
	mine, err := p.OfAccount(ctx, who)
	for _, m := range mine {
		if m.ID == r.ID {
			y := m.Person
			x = meeting.Person{Name: y.Name, Phone: y.Phone, Email: y.Email, Unit: y.Unit, Post: y.Post, Profession: y.Profession}
			return x, r.Category, true, err
		}
	}
	return x, "", false, err
}

// askedStates are those of somebody who was asked to come to a meeting.
var askedStates = []meeting.ApplicationState{
	meeting.Chosen, meeting.Accepted, meeting.Declined, meeting.Lapsed, meeting.Attended, meeting.Absent,
}

// count keeps how often a representative was asked to a meeting and came, in the
// transaction that moves the application.
func (p pool) count(_ context.Context, tx *database.Tx, m meeting.Meeting, a meeting.Application, _ meeting.ApplicationState) error {
	switch {
	case a.Representative == 0:
		return nil
	case a.State == meeting.Attended:
		return p.Came(tx, a.Representative, m.ID)
	case slices.Contains(askedStates, a.State):
		return p.Invited(tx, a.Representative, m.ID)
	}
	return nil
}

// usePool lets meetings know the standing representatives, and these their meetings.
func (s *Services) usePool() {
	s.Meetings.UsePool(pool{s.Representatives})
	s.Meetings.Watch(pool{s.Representatives}.count)
}

// poolEvery is how often terms, renewals and promises to forget are looked at.
const poolEvery = time.Minute

// keepPool does what falls due in the pools until the context ends.
func (s *Services) keepPool(ctx context.Context) {
	tick := time.NewTicker(poolEvery)
	defer tick.Stop()
	for {
		for changed := 1; changed > 0 && ctx.Err() == nil; {
			var err error
			if changed, err = s.Representatives.Run(ctx); err != nil && ctx.Err() == nil {
				s.Log.Error("the pools of representatives were not kept", "error", err)
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
