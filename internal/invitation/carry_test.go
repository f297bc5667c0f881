package invitation_test

import (
	"slices"
	"testing"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func TestWhoWasAskedComesAlongWithAnItemThatSlips(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		later, err := b.meetings.Prepare(ctx, b.secretary(), b.org.ID, b.call(func(in *meeting.In) {
			in.StartsAt, in.EndsAt, in.ForgetAt = ptr(in.StartsAt.Add(7*day)), ptr(in.EndsAt.Add(7*day)), ptr(in.ForgetAt.Add(7*day))
		}))
		must(t, err)
		_, err = b.meetings.Apply(ctx, b.secretary(), later.Slug, meeting.Submit, meeting.Note{})
		must(t, err)
		later, err = b.meetings.Apply(ctx, b.reviewer(), later.Slug, meeting.Approve, meeting.Note{})
		must(t, err)
		m, all := b.invited(4, 3, 1, nil)
		yes, silent, no := all[0], all[1], all[2]
		must(t, b.Accept(ctx, b.link(yes), invitation.Needs{Wheelchair: true}))
		must(t, b.Decline(ctx, b.link(no))) // the reserve moves up
		item, err := b.meetings.AddItem(ctx, b.secretary(), m.Slug, meeting.ItemIn{Title: "审议收费办法", Attended: true})
		must(t, err)
		b.deliver()
		old := b.link(silent)
		n, err := b.meetings.MoveItem(ctx, b.secretary(), m.Slug, item.ID, later.Slug, "材料没有准备好")
		if err != nil || n != 3 {
			t.Fatalf("%d went along: %v", n, err)
		}
		b.deliver()
		for _, a := range []meeting.Application{yes, silent, all[3]} {
			if got := b.letters(a); got[len(got)-1] != "carried" {
				t.Errorf("%s got %v", a.Label, got)
			}
		}
		if slices.Contains(b.letters(no), "carried") {
			t.Error("who had declined is asked again")
		}
		_, err = b.Guest(ctx, old)
		b.refused(err, fault.NotFound, "")
		g, err := b.Guest(ctx, b.link(yes))
		must(t, err)
		if g.Meeting.ID != later.ID || g.Invitation.Answer != invitation.Accepted || !g.Needs.Wheelchair {
			t.Errorf("who had accepted stands at %+v with %+v", g.Invitation, g.Needs)
		}
		must(t, b.Accept(ctx, b.link(silent), invitation.Needs{}))
		b.clock.Set(later.ClosesAt.Add(day))
		if _, err := b.Invite(ctx, b.secretary(), later.Slug); err != nil {
			t.Fatal(err)
		}
		b.deliver()
		if got := b.letters(yes); got[len(got)-1] != "carried" {
			t.Errorf("who came along is asked a second time: %v", got)
		}
		must(t, b.Decline(ctx, b.link(silent)))
	})
}

func TestWhoComesToTheOtherMeetingAnywayIsToldThatTheirItemWentThere(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		later, err := b.meetings.Prepare(ctx, b.secretary(), b.org.ID, b.call(func(in *meeting.In) {
			in.StartsAt, in.EndsAt = ptr(in.StartsAt.Add(2*day)), ptr(in.EndsAt.Add(2*day))
		}))
		must(t, err)
		_, err = b.meetings.Apply(ctx, b.secretary(), later.Slug, meeting.Submit, meeting.Note{})
		must(t, err)
		later, err = b.meetings.Apply(ctx, b.reviewer(), later.Slug, meeting.Approve, meeting.Note{})
		must(t, err)
		b.clock.Set(*later.OpensAt)
		_, _, err = b.meetings.Receive(ctx, actor.Public(), later.Slug, meeting.ApplicationIn{
			Key: "there", Category: "citizen", Sex: "female", Consent: true, Person: meeting.Person{Name: "王小0", Phone: "13800000000", Email: "wang0@example.test"},
		})
		must(t, err)
		b.clock.Set(began)
		m, all := b.invited(1, 1, 0, nil)
		item, err := b.meetings.AddItem(ctx, b.secretary(), m.Slug, meeting.ItemIn{Title: "审议收费办法", Attended: true})
		must(t, err)
		_, err = b.meetings.MoveItem(ctx, b.secretary(), m.Slug, item.ID, later.Slug, "材料没有准备好")
		must(t, err)
		b.deliver()
		if got := b.letters(all[0]); got[len(got)-1] != "slipped" {
			t.Errorf("%v", got)
		}
	})
}
