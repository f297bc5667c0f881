package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"guangyi/internal/account"
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// vowed is the undertaking of the examples' meeting.
const vowed = "会上没有公开的内容，在公布以前不向他人透露。"

// acting gives the person of a role as the domain knows them.
func (p *place) acting(org string, role actor.Role) actor.Actor {
	p.t.Helper()
	a, o := p.person(org, role), p.org(org)
	return actorOf(a, o.ID, role)
}

func actorOf(a account.Account, organisation int64, role actor.Role) actor.Actor {
	return actor.Actor{Kind: actor.Account, ID: a.ID, Name: a.Name, Grants: []actor.Grant{{Organisation: organisation, Role: role}}}
}

// meetingOpen is a published seminar whose seats go by order of arrival, open for
// applications from now on.
func (p *place) meetingOpen(org string, change func(*meeting.In)) meeting.Meeting {
	p.t.Helper()
	now, ctx := p.clock.Now(), context.Background()
	in := meeting.In{
		Title: of("养老服务收费座谈会"), Matter: of("养老服务收费公示办法（草案）"), Kind: of(meeting.Seminar), Contact: of("办公室 0571-1234 5688"),
		StartsAt: of(now.Add(30 * 24 * time.Hour)), EndsAt: of(now.Add(30*24*time.Hour + 2*time.Hour)), Place: of("云州市人民路100号"), Seats: of(500),
		Method: of(meeting.ByOrder), ClosesAt: of(now.Add(20 * 24 * time.Hour)), Privacy: of("只用于这次会议"), ForgetAt: of(now.Add(60 * 24 * time.Hour)),
		Undertaking: of(vowed), Access: of("有坡道和电梯"),
	}
	if change != nil {
		change(&in)
	}
	secretary, reviewer := p.acting(org, actor.Secretary), p.acting(org, actor.Reviewer)
	m, err := p.services.Meetings.Prepare(ctx, secretary, p.org(org).ID, in)
	must(p.t, err)
	_, err = p.services.Meetings.Apply(ctx, secretary, m.Slug, meeting.Submit, meeting.Note{})
	must(p.t, err)
	m, err = p.services.Meetings.Apply(ctx, reviewer, m.Slug, meeting.Approve, meeting.Note{})
	must(p.t, err)
	return m
}

func of[T any](v T) *T { return &v }

// guest applies to a meeting that is open; n makes one person differ from another.
func (p *place) guest(m meeting.Meeting, n int) meeting.Application {
	p.t.Helper()
	a, _, err := p.services.Meetings.Receive(context.Background(), actor.Public(), m.Slug, meeting.ApplicationIn{
		Key: fmt.Sprint("guest-", n), Sex: "female", Consent: true, Lang: "zh-CN",
		Person: meeting.Person{Name: secretName, Phone: fmt.Sprintf("1370000%04d", n), Email: fmt.Sprintf("guest%d@example.test", n)},
	})
	must(p.t, err)
	return a
}

// meetingInvited is meetingOpen with some guests who were asked, and one paper
// given out. Nobody can apply to it any more.
func (p *place) meetingInvited(org string, guests int) (m meeting.Meeting, all []meeting.Application) {
	p.t.Helper()
	m = p.meetingOpen(org, nil)
	for n := range guests {
		all = append(all, p.guest(m, n))
	}
	secretary := p.acting(org, actor.Secretary)
	_, err := p.services.Invitations.Invite(context.Background(), secretary, m.Slug)
	must(p.t, err)
	p.paper(org, m)
	must(p.t, p.services.Invitations.Release(context.Background(), secretary, m.Slug))
	return m, all
}

// paper lays a paper for staff only.
func (p *place) paper(org string, m meeting.Meeting) {
	p.t.Helper()
	must(p.t, p.services.Invitations.AddPaper(context.Background(), p.acting(org, actor.Secretary), m.Slug, invitation.NewPaper{
		Title: "送审稿", Item: "收费公示", Name: "draft.txt", Data: []byte("第一条 为了规范收费……\n"),
	}))
}

// personal is the token of a guest's link.
func (p *place) personal(a meeting.Application) string {
	p.t.Helper()
	path, ok, err := p.services.Invitations.LinkOf(context.Background(), a.Meeting, a.ID)
	must(p.t, err)
	if !ok {
		p.t.Fatalf("%s was not asked", a.Label)
	}
	return strings.TrimPrefix(path, "/i/")
}

// failedLetter leaves a letter of a meeting that could not be delivered.
func (p *place) failedLetter(m meeting.Meeting, a meeting.Application) {
	p.t.Helper()
	must(p.t, p.db().Upkeep(context.Background(), func(tx *database.Tx) error {
		id := tx.NextID()
		return errors.Join(
			tx.Exec(`INSERT INTO outbox (`+notice.Columns+`, organisation_id, attempts, failure) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 'no such mailbox')`,
				id, invitation.TopicInvited, m.ID, a.ID, tx.Now, tx.Now, m.Organisation).Error)
	}))
}

// invited is the grid's meeting, made at the first call.
func (g *grid) invited() meeting.Meeting {
	g.t.Helper()
	if g.meeting.ID == 0 {
		g.meeting, g.guests = g.meetingInvited(g.owner, 400)
	}
	return g.meeting
}

// newGuest is one whom no request has touched.
func (g *grid) newGuest() meeting.Application {
	g.t.Helper()
	g.invited()
	if len(g.guests) == 0 {
		g.t.Fatal("the grid's meeting has no guests left: make more of them")
	}
	a := g.guests[0]
	g.guests = g.guests[1:]
	return a
}

// invitationMaker tells how to make what a parameter of the rooms of invitations
// names; nil for another room.
func (g *grid) invitationMaker(room, name string) func() string {
	switch room + "/" + name {
	case "meetings/slug":
		return func() string { return g.invited().Slug }
	case "calendar/file":
		return func() string { return g.invited().Slug + ".ics" }
	case "i/token":
		return func() string { return g.personal(g.newGuest()) }
	case "invitations/id":
		return func() string { return fmt.Sprint(g.newGuest().ID) }
	case "papers/id":
		return func() string {
			g.paper(g.owner, g.invited())
			return g.newest("SELECT MAX(id) FROM papers")
		}
	case "deliveries/id":
		return func() string {
			g.failedLetter(g.invited(), g.newGuest())
			return g.newest("SELECT MAX(id) FROM outbox")
		}
	}
	return nil
}

// invitationNames adds what the examples of invitations name.
func (x *exhibition) invitationNames() {
	x.t.Helper()
	m, all := x.meetingInvited("own", 2)
	a, comes := all[0], all[1]
	x.failedLetter(m, a)
	x.names["meeting"], x.names["invited"], x.names["link"], x.names["coming"] = m.Slug, fmt.Sprint(a.ID), x.personal(a), x.personal(comes)
	must(x.t, x.services.Invitations.Accept(context.Background(), x.names["coming"], invitation.Needs{Wheelchair: true, Diet: "素食"}))
}

// invitationPages are the addresses of the pages of invitations.
func invitationPages() map[string][]shown {
	const secretary = actor.Secretary
	room := "/staff/meetings/{meeting}/invitations"
	return map[string][]shown{
		"/i/:token":                             {{"/i/{link}", actor.Nobody, 0}, {"/i/{coming}", actor.Nobody, 0}, {"/i/abcdefghijklmnopqrstuvwxyz", actor.Nobody, 404}},
		"/staff/meetings/:slug/invitations":     {{room, secretary, 0}, {room, actor.Officer, 0}, {room, actor.Reviewer, 403}},
		"/staff/meetings/:slug/invitations/:id": {{room + "/{invited}", secretary, 0}, {room + "/{invited}", actor.Auditor, 0}},
		"/staff/deliveries":                     {{"/staff/deliveries", secretary, 0}, {"/staff/deliveries", actor.Reviewer, 404}},
	}
}
