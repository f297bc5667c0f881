package server_test

import (
	"context"
	"fmt"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
)

// meetingPrepared is a meeting in preparation.
func (p *place) meetingPrepared(org string) meeting.Meeting {
	p.t.Helper()
	now := p.clock.Now()
	m, err := p.services.Meetings.Prepare(context.Background(), p.acting(org, actor.Secretary), p.org(org).ID, meeting.In{
		Title: of("还在准备的局长办公会议"), Matter: of("摊位费规则"), Kind: of(meeting.Office),
		StartsAt: of(now.Add(40 * 24 * time.Hour)), EndsAt: of(now.Add(40*24*time.Hour + time.Hour)),
	})
	must(p.t, err)
	return m
}

func (p *place) agendaItem(org string, m meeting.Meeting) meeting.Item {
	p.t.Helper()
	item, err := p.services.Meetings.AddItem(context.Background(), p.acting(org, actor.Secretary), m.Slug, meeting.ItemIn{Title: "摊位费规则", Attended: true})
	must(p.t, err)
	return item
}

// meetingMaker tells how to make what a parameter of the rooms of meetings names;
// nil for another room.
func (g *grid) meetingMaker(room, name string) func() string {
	switch room + "/" + name {
	case "applications/id":
		return func() string { return fmt.Sprint(g.newGuest().ID) }
	case "applications/number", "applications/reference":
		return func() string { return g.newGuest().Reference }
	case "agenda/id":
		return func() string { return fmt.Sprint(g.agendaItem(g.owner, g.invited()).ID) }
	}
	return nil
}

// meetingNames adds what the examples of meetings name.
func (x *exhibition) meetingNames() {
	x.t.Helper()
	open := x.meetingOpen("own", nil)
	guest := x.guest(open, 801)
	x.agendaItem("own", open)
	x.names["call"], x.names["planned"], x.names["guest"], x.names["reference"] = open.Slug, x.meetingPrepared("own").Slug, fmt.Sprint(guest.ID), guest.Reference
}

// meetingPages are the addresses of the pages of meetings.
func meetingPages() map[string][]shown {
	const secretary, at = actor.Secretary, "/staff/meetings/{call}"
	return map[string][]shown{
		"/meetings":                                   {{"/meetings", actor.Nobody, 0}, {"/meetings?status=open&q=nothing", actor.Nobody, 0}},
		"/meetings/:slug":                             {{"/meetings/{call}", actor.Nobody, 0}, {"/meetings/{meeting}", actor.Nobody, 0}, {"/meetings/{chances}", actor.Nobody, 0}, {"/meetings/{held}", actor.Nobody, 0}, {"/meetings/{planned}", actor.Nobody, 404}},
		"/meetings/:slug/apply":                       {{"/meetings/{call}/apply", actor.Nobody, 0}, {"/meetings/{chances}/apply", actor.Nobody, 410}},
		"/applications":                               {{"/applications", actor.Nobody, 0}},
		"/applications/:number":                       {{"/applications/{reference}", actor.Nobody, 0}},
		"/applications/:number/change":                {{"/applications/{reference}/change", actor.Nobody, 0}},
		"/staff/meetings":                             {{"/staff/meetings", secretary, 0}, {"/staff/meetings", actor.Reviewer, 0}},
		"/staff/meetings/new":                         {{"/staff/meetings/new", secretary, 0}, {"/staff/meetings/new", actor.Officer, 403}},
		"/staff/meetings/:slug":                       {{at, secretary, 0}, {"/staff/meetings/{planned}", secretary, 0}, {"/staff/meetings/{held}", actor.Reviewer, 0}},
		"/staff/meetings/:slug/preview":               {{"/staff/meetings/{planned}/preview", secretary, 0}},
		"/staff/meetings/:slug/review":                {{"/staff/meetings/{planned}/review", actor.Reviewer, 0}},
		"/staff/meetings/:slug/edit":                  {{"/staff/meetings/{planned}/edit", secretary, 0}},
		"/staff/meetings/:slug/attachments":           {{at + "/attachments", secretary, 0}, {"/staff/meetings/{planned}/attachments", secretary, 0}},
		"/staff/meetings/:slug/agenda":                {{at + "/agenda", secretary, 0}},
		"/staff/meetings/:slug/applications":          {{at + "/applications", secretary, 0}, {"/staff/meetings/{planned}/applications", secretary, 0}},
		"/staff/meetings/:slug/applications/new":      {{at + "/applications/new", secretary, 0}},
		"/staff/meetings/:slug/applications/nominate": {{at + "/applications/nominate", secretary, 0}},
		"/staff/meetings/:slug/applications/:id":      {{at + "/applications/{guest}", secretary, 0}},
	}
}
