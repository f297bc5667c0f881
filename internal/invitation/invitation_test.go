package invitation_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func TestEverybodyIsAskedInOneActAndTheOthersAreTold(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.selected(6, 2, 2, nil)
		for who, kind := range map[*actor.Actor]fault.Kind{
			ptr(actor.Public()): fault.Unauthenticated, ptr(b.reviewer()): fault.Forbidden, ptr(person(7, b.elsewhere, actor.Secretary)): fault.NotFound,
		} {
			_, err := b.Invite(ctx, *who, m.Slug)
			b.refused(err, kind, "")
		}
		_, err := b.Invite(ctx, b.secretary(), m.Slug)
		must(t, err)
		b.deliver()
		for i, want := range [][]string{{"invited"}, {"invited"}, {"reserve"}, {"reserve"}, {"not_selected"}, {"not_selected"}} {
			if diff := cmp.Diff(want, b.letters(all[i])); diff != "" {
				t.Errorf("%s got (-want +got):\n%s", all[i].Label, diff)
			}
		}
		_, err = b.Invite(ctx, b.secretary(), m.Slug)
		b.refused(err, fault.Conflict, "")
	})
}

func TestAnAcceptanceIsOneStepAndMayChange(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(3, 2, 1, nil)
		link := b.link(all[0])
		if _, err := b.Guest(ctx, link); err != nil || b.state(all[0]) != meeting.Chosen {
			t.Fatalf("looking is answering: %s, %v", b.state(all[0]), err)
		}
		must(t, b.Accept(ctx, link, invitation.Needs{Wheelchair: true, Diet: " 清真 "}))
		must(t, b.Accept(ctx, link, invitation.Needs{Wheelchair: true, Diet: "清真", Language: "维吾尔语"}))
		if b.state(all[0]) != meeting.Accepted {
			t.Errorf("the state is %s", b.state(all[0]))
		}
		b.deliver()
		if diff := cmp.Diff([]string{"invited", "confirmed"}, b.letters(all[0])); diff != "" {
			t.Error(diff)
		}
		room, err := b.Room(ctx, b.secretary(), m.Slug)
		must(t, err)
		want := invitation.Sum{Count: map[string]int{"wheelchair": 1}, Written: []invitation.Note{
			{Label: all[0].Label, Name: "language", Text: "维吾尔语"}, {Label: all[0].Label, Name: "diet", Text: "清真"},
		}}
		if diff := cmp.Diff(want, room.Sum); diff != "" {
			t.Error(diff)
		}
		must(t, b.Decline(ctx, link)) // late withdrawal
		must(t, b.Decline(ctx, link))
		if b.state(all[0]) != meeting.Declined || b.state(all[2]) != meeting.Chosen || b.holding(m) != 2 {
			t.Errorf("after a withdrawal: %s, the reserve %s", b.state(all[0]), b.state(all[2]))
		}
		if n := b.count("SELECT COUNT(*) FROM invitations WHERE sealed_needs IS NOT NULL"); n != 0 {
			t.Error("the needs of somebody who does not come are kept")
		}
		b.deliver()
		if diff := cmp.Diff([]string{"reserve", "called"}, b.letters(all[2])); diff != "" {
			t.Error(diff)
		}
		b.refused(b.Accept(ctx, link, invitation.Needs{}), fault.Conflict, "invitation.full")
		b.refused(b.Accept(ctx, b.link(all[2]), invitation.Needs{Other: string(make([]rune, invitation.NeedLength+1))}), fault.Invalid, "")
	})
}

func TestSilenceCallsTheNextByItselfOnceHoweverManyLook(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(7, 3, 3, nil)
		must(t, b.Accept(ctx, b.link(all[0]), invitation.Needs{}))
		b.clock.Set(m.AnswerBy.Add(-time.Hour))
		moments := func() {
			t.Helper()
			var nodes sync.WaitGroup
			for range 3 {
				nodes.Add(1)
				go func() {
					defer nodes.Done()
					if err := b.Moments(ctx); err != nil {
						t.Error(err)
					}
				}()
			}
			nodes.Wait()
			b.deliver()
		}
		moments()
		if diff := cmp.Diff([]string{"invited", "ask_again"}, b.letters(all[1])); diff != "" {
			t.Error(diff)
		}
		b.clock.Set(*m.AnswerBy)
		moments()
		for i, want := range []meeting.ApplicationState{meeting.Accepted, meeting.Lapsed, meeting.Lapsed, meeting.Chosen, meeting.Chosen, meeting.Reserve, meeting.NotSelected} {
			if got := b.state(all[i]); got != want {
				t.Errorf("%s is %s, not %s", all[i].Label, got, want)
			}
		}
		if diff := cmp.Diff([]string{"invited", "ask_again", "lapsed"}, b.letters(all[1])); diff != "" {
			t.Error(diff)
		}
		b.refused(b.Accept(ctx, b.link(all[1]), invitation.Needs{}), fault.Conflict, "invitation.full")
		must(t, b.Decline(ctx, b.link(all[3])))
		must(t, b.Decline(ctx, b.link(all[4])))
		if b.state(all[5]) != meeting.Chosen {
			t.Error("the last reserve was not called")
		}
		must(t, b.Accept(ctx, b.link(all[1]), invitation.Needs{})) // there is a place again
		if b.state(all[1]) != meeting.Accepted || b.holding(m) != 3 {
			t.Errorf("%s, %d places held", b.state(all[1]), b.holding(m))
		}
	})
}

func TestNoMorePlacesAreHeldThanThereAreWhenEverythingComesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(30, 8, 20, func(in *meeting.In) { in.Seats = ptr(8) })
		links := map[int]string{}
		for i := range 8 {
			links[i] = b.link(all[i])
		}
		b.clock.Set(*m.AnswerBy)
		var at sync.WaitGroup
		do := func(f func() error) {
			at.Add(1)
			go func() {
				defer at.Done()
				err := f()
				if fl, ok := fault.As(err); err != nil && (!ok || fl.Kind != fault.Conflict) {
					t.Error(err)
				}
			}()
		}
		for i := range 8 {
			do(func() error { return b.Accept(ctx, links[i], invitation.Needs{}) })
			do(func() error { return b.Decline(ctx, links[i]) })
			do(func() error { return b.Accept(ctx, links[i], invitation.Needs{Sign: true}) })
			do(func() error { return b.Moments(ctx) })
		}
		at.Wait()
		b.deliver()
		if n := b.holding(m); n != 8 {
			t.Errorf("%d places are held, there are 8", n)
		}
		if n := b.count("SELECT COUNT(*) FROM invitations i JOIN applications a ON a.meeting_id = i.meeting_id AND a.id = i.application_id WHERE (i.answer = 'accepted') <> (a.state = 'accepted')"); n != 0 {
			t.Errorf("%d answers do not agree with the places", n)
		}
	})
}

func TestALinkEndsWithTheMeetingAndIsDeadOnceReplaced(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(2, 2, 0, nil)
		old := b.link(all[0])
		if n := b.count("SELECT COUNT(*) FROM invitations WHERE CAST(token_hash AS text) LIKE ? OR CAST(sealed_token AS text) LIKE ?", "%"+old+"%", "%"+old+"%"); n != 0 {
			t.Error("the link lies open in the database")
		}
		must(t, b.AskAgain(ctx, b.secretary(), m.Slug, all[0].ID))
		b.deliver()
		fresh := b.link(all[0])
		_, err := b.Guest(ctx, old)
		b.refused(err, fault.NotFound, "")
		b.refused(b.Accept(ctx, old, invitation.Needs{}), fault.NotFound, "")
		must(t, b.Accept(ctx, fresh, invitation.Needs{}))
		b.clock.Set(m.EndsAt)
		_, err = b.Guest(ctx, fresh)
		b.refused(err, fault.Gone, "invitation.over")
		b.refused(b.Decline(ctx, fresh), fault.Gone, "invitation.over")
	})
}

func TestStaffEnterWhatWasSaidOnTheTelephone(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.selected(2, 2, 0, nil)
		_, err := b.Invite(ctx, b.secretary(), m.Slug)
		must(t, err)
		b.refused(b.AnswerFor(ctx, b.reviewer(), m.Slug, all[0].ID, true, invitation.Needs{}), fault.Forbidden, "")
		must(t, b.AnswerFor(ctx, b.secretary(), m.Slug, all[0].ID, true, invitation.Needs{Companion: true}))
		must(t, b.AnswerFor(ctx, b.secretary(), m.Slug, all[1].ID, false, invitation.Needs{}))
		if b.state(all[0]) != meeting.Accepted || b.state(all[1]) != meeting.Declined {
			t.Errorf("%s, %s", b.state(all[0]), b.state(all[1]))
		}
		room, err := b.Room(ctx, b.secretary(), m.Slug)
		must(t, err)
		if room.People[0].Invitation.AnsweredBy != b.secretary().Key() {
			t.Errorf("answered by %s", room.People[0].Invitation.AnsweredBy)
		}
	})
}

func TestSomebodyWithATelephoneOnlyIsCalledByStaff(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		b.phoneOnly = true
		m, all := b.selected(1, 1, 0, nil)
		_, err := b.Invite(ctx, b.secretary(), m.Slug)
		must(t, err)
		room, err := b.Room(ctx, b.secretary(), m.Slug)
		must(t, err)
		if got := room.People[0].Delivered(); got != notice.ToCall || len(room.Failed()) != 1 {
			t.Errorf("the person is %s", got)
		}
		must(t, b.Telephoned(ctx, b.secretary(), m.Slug, all[0].ID))
		room, err = b.Room(ctx, b.secretary(), m.Slug)
		must(t, err)
		if got := room.People[0].Delivered(); got != notice.Called {
			t.Errorf("after the call: %s", got)
		}
	})
}

func TestAFailedLetterIsOnTheStaffsPageUntilItGoesOut(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.selected(1, 1, 0, nil)
		b.post.no = &notice.Refused{Reason: "no such mailbox"}
		_, err := b.Invite(ctx, b.secretary(), m.Slug)
		must(t, err)
		b.deliver()
		failed, _, err := b.Failures(ctx, b.secretary())
		if err != nil || len(failed) != 1 || failed[0].Label != all[0].Label || failed[0].Slug != m.Slug || failed[0].Failure != "no such mailbox" {
			t.Fatalf("%+v, %v", failed, err)
		}
		if other, _, _ := b.Failures(ctx, person(7, b.elsewhere, actor.Secretary)); len(other) != 0 {
			t.Error("another bureau sees it")
		}
		b.refused(b.TryAgain(ctx, person(7, b.elsewhere, actor.Secretary), failed[0].ID), fault.NotFound, "")
		b.post.no = nil
		must(t, b.TryAgain(ctx, b.secretary(), failed[0].ID))
		b.deliver()
		if failed, _, err = b.Failures(ctx, b.secretary()); len(failed) != 0 || err != nil {
			t.Errorf("%+v, %v", failed, err)
		}
	})
}

func TestEverybodyIsToldOfAnotherDateAndOfTheEnd(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(5, 2, 1, nil)
		must(t, b.Accept(ctx, b.link(all[0]), invitation.Needs{}))
		_, err := b.meetings.Apply(ctx, b.secretary(), m.Slug, meeting.MoveDate, meeting.Note{Text: "会议室维修", StartsAt: ptr(m.StartsAt.Add(2 * day))})
		must(t, err)
		b.deliver()
		if b.state(all[0]) != meeting.Accepted || !slices.Contains(b.letters(all[0]), "moved") || !slices.Contains(b.letters(all[1]), "moved") || !slices.Contains(b.letters(all[2]), "moved") {
			t.Errorf("%v %v %v", b.letters(all[0]), b.letters(all[1]), b.letters(all[2]))
		}
		if slices.Contains(b.letters(all[4]), "moved") {
			t.Error("somebody who was not selected is bothered")
		}
		link := b.link(all[1])
		_, err = b.meetings.Apply(ctx, b.reviewer(), m.Slug, meeting.Cancel, meeting.Note{Text: "事项撤回"})
		must(t, err)
		b.deliver()
		if got := b.letters(all[1]); got[len(got)-1] != "cancelled" {
			t.Errorf("%v", got)
		}
		_, err = b.Guest(ctx, link)
		b.refused(err, fault.NotFound, "")
	})
}

func TestThoseWhoComeAreRemindedOnce(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(2, 2, 0, nil)
		must(t, b.Accept(ctx, b.link(all[0]), invitation.Needs{}))
		must(t, b.Accept(ctx, b.link(all[1]), invitation.Needs{}))
		must(t, b.Decline(ctx, b.link(all[1])))
		for _, before := range []time.Duration{3 * day, 2 * day, day, time.Hour} {
			b.clock.Set(m.StartsAt.Add(-before))
			must(t, b.Moments(ctx))
			b.deliver()
		}
		if diff := cmp.Diff([]string{"invited", "confirmed", "reminder"}, b.letters(all[0])); diff != "" {
			t.Error(diff)
		}
		if slices.Contains(b.letters(all[1]), "reminder") {
			t.Error("somebody who does not come is reminded")
		}
	})
}

func TestWhoWithdrawsByTheApplicationGivesThePlaceOn(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(3, 2, 1, nil)
		link := b.link(all[0])
		must(t, b.move(m, all[0], meeting.Withdrawn))
		if b.state(all[2]) != meeting.Chosen || b.holding(m) != 2 {
			t.Errorf("the reserve is %s", b.state(all[2]))
		}
		_, err := b.Guest(ctx, link)
		b.refused(err, fault.NotFound, "")
	})
}
