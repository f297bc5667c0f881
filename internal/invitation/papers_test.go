package invitation_test

import (
	"io"
	"strings"
	"testing"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func paper(item string) invitation.NewPaper {
	return invitation.NewPaper{Title: "送审稿", Item: item, Name: "draft.md", Data: []byte("# 送审稿\n\n第一条 为了……\n")}
}

// given is a meeting whose first invited person has accepted, with one paper given out.
func (b *bureau) given(change func(*meeting.In)) (meeting.Meeting, []meeting.Application, int64) {
	b.t.Helper()
	m, all := b.invited(3, 2, 0, change)
	must(b.t, b.Accept(ctx, b.link(all[0]), invitation.Needs{}))
	must(b.t, b.AddPaper(ctx, b.secretary(), m.Slug, paper("养老服务收费公示办法")))
	must(b.t, b.Release(ctx, b.secretary(), m.Slug))
	b.deliver()
	room, err := b.Room(ctx, b.secretary(), m.Slug)
	must(b.t, err)
	return m, all, room.Papers[0].ID
}

func TestPapersOpenOnlyAfterTheUndertakingAndWhoReadIsSeen(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all, id := b.given(nil)
		link := b.link(all[0])
		_, _, err := b.OpenPaper(ctx, link, id)
		b.refused(err, fault.NotFound, "")
		b.refused(b.Undertake(ctx, link, invitation.UndertakingHash("别的文字")), fault.Conflict, "invitation.undertaking_changed")
		b.refused(b.Undertake(ctx, b.link(all[1]), invitation.UndertakingHash(vowed)), fault.Conflict, "invitation.accept_first")
		must(t, b.Undertake(ctx, link, invitation.UndertakingHash(vowed)))
		for range 2 {
			_, f, err := b.OpenPaper(ctx, link, id)
			must(t, err)
			raw, err := io.ReadAll(f)
			must(t, err)
			f.Close()
			if !strings.Contains(string(raw), "第一条") {
				t.Errorf("the paper is %q", raw)
			}
		}
		g, err := b.Guest(ctx, link)
		must(t, err)
		if !g.MayRead || g.Unread() != 0 || g.Read[id].Times != 2 {
			t.Errorf("%v unread, read %+v", g.Unread(), g.Read)
		}
		room, err := b.Room(ctx, b.secretary(), m.Slug)
		must(t, err)
		if room.Papers[0].Read != 1 || room.People[0].Read != 1 || room.People[1].Read != 0 {
			t.Errorf("staff see that %d read it", room.Papers[0].Read)
		}
		if text := b.text("SELECT text FROM undertakings WHERE meeting_id = ? AND hash = ?", m.ID, g.Invitation.UndertakingHash); text != vowed {
			t.Errorf("what was agreed to is %q", text)
		}
		_, _, err = b.OpenPaper(ctx, b.link(all[1]), id)
		b.refused(err, fault.NotFound, "")
		must(t, b.Decline(ctx, link))
		_, _, err = b.OpenPaper(ctx, link, id)
		b.refused(err, fault.NotFound, "")
	})
}

func TestPapersOfAHearingOnAMajorDecisionReachPeopleSevenDaysBefore(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		hearing := func(in *meeting.In) {
			in.Kind, in.Procedure, in.Rules = ptr(meeting.Hearing), ptr("cn"), ptr("major")
		}
		m, _ := b.invited(2, 2, 0, hearing)
		must(t, b.AddPaper(ctx, b.secretary(), m.Slug, paper("")))
		b.clock.Set(m.StartsAt.Add(-6 * day))
		b.refused(b.Release(ctx, b.secretary(), m.Slug), fault.Invalid, "")
		if room, err := b.Room(ctx, b.secretary(), m.Slug); err != nil || len(room.Findings) == 0 || !strings.Contains(room.Findings[0].Rule.Citation.Zh, "第十六条") {
			t.Errorf("the page does not say why: %+v, %v", room.Findings, err)
		}
		b.clock.Set(m.StartsAt.Add(-8 * day))
		must(t, b.Release(ctx, b.secretary(), m.Slug))
	})
}

func TestAPaperIsForStaffUntilItIsGivenOutAndThenStays(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, all := b.invited(1, 1, 0, func(in *meeting.In) { in.Undertaking = ptr("") })
		link := b.link(all[0])
		must(t, b.Accept(ctx, link, invitation.Needs{}))
		b.refused(b.Release(ctx, b.secretary(), m.Slug), fault.Conflict, "invitation.no_papers")
		must(t, b.AddPaper(ctx, b.secretary(), m.Slug, paper("一")))
		must(t, b.AddPaper(ctx, b.secretary(), m.Slug, paper("二")))
		room, err := b.Room(ctx, b.secretary(), m.Slug)
		must(t, err)
		first, second := room.Papers[0].ID, room.Papers[1].ID
		_, _, err = b.OpenPaper(ctx, link, first)
		b.refused(err, fault.NotFound, "")
		_, _, err = b.StaffPaper(ctx, person(7, b.elsewhere, actor.Secretary), m.Slug, first)
		b.refused(err, fault.NotFound, "")
		must(t, b.RemovePaper(ctx, b.secretary(), m.Slug, second))
		must(t, b.Release(ctx, b.secretary(), m.Slug))
		b.refused(b.RemovePaper(ctx, b.secretary(), m.Slug, first), fault.Conflict, "invitation.paper_released")
		_, f, err := b.OpenPaper(ctx, link, first) // no undertaking is asked for
		must(t, err)
		f.Close()
	})
}
