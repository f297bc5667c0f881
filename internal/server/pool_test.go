package server_test

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/representative"
)

// A meeting that is open to the pool knows who serves, and the pool then knows who
// was asked and who came.
func TestAMeetingForThePoolKnowsItsRepresentatives(t *testing.T) {
	eachPlace(t, func(p *place) {
		ctx := context.Background()
		m := p.meetingOpen("own", func(in *meeting.In) { in.OpenTo = of(meeting.ToPool) })
		r := p.applicant("own", 7)
		in := meeting.ApplicationIn{Key: "pool", Consent: true, Sex: "female",
			Person: meeting.Person{Name: secretName, Phone: "139-0000-0007"}}
		_, _, err := p.services.Meetings.Receive(ctx, actor.Public(), m.Slug, in)
		if !fault.Is(err, fault.Forbidden) {
			t.Fatalf("before the admission: %v", err)
		}
		now := p.clock.Now()
		_, err = p.services.Representatives.Vet(ctx, p.acting("own", actor.Secretary), r.ID, true, "", 0)
		must(t, err)
		_, err = p.services.Representatives.Decide(ctx, p.acting("own", actor.Reviewer), r.ID, true,
			representative.Term{From: now, Until: now.Add(365 * 24 * time.Hour)}, "", 0)
		must(t, err)
		a, _, err := p.services.Meetings.Receive(ctx, actor.Public(), m.Slug, in)
		must(t, err)
		if a.Representative != r.ID {
			t.Errorf("the application is of the representative %d, not %d", a.Representative, r.ID)
		}
		for _, to := range []meeting.ApplicationState{meeting.Accepted, meeting.Attended} {
			must(t, p.services.DB.Write(ctx, p.acting("own", actor.Secretary), func(tx *database.Tx) error {
				locked, err := p.services.Meetings.Lock(tx, m.ID)
				if err != nil {
					return err
				}
				_, err = p.services.Meetings.Move(ctx, tx, &locked, a.ID, to, meeting.Change{})
				return err
			}))
		}
		got, err := p.services.Representatives.ByID(ctx, r.ID)
		must(t, err)
		if got.Invited != 1 || got.Came != 1 {
			t.Errorf("invited %d, came %d", got.Invited, got.Came)
		}
	})
}
