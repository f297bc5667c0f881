package server_test

import (
	"context"
	"fmt"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/ids"
	"guangyi/internal/sitting"
)

// heldDay is a meeting that took place, with what hangs on its day.
type heldDay struct {
	meeting              meeting.Meeting
	turn, sign, feedback string
	file                 string
}

// meetingHeld is a meeting at which one person spoke and confirmed, another spoke and
// has a link to confirm by, and a file lies with the words.
func (p *place) meetingHeld(org string) heldDay {
	p.t.Helper()
	ctx, secretary := context.Background(), p.acting(org, actor.Secretary)
	m := p.meetingOpen(org, func(in *meeting.In) { in.Title, in.MinutesEach = of("公布了情况的座谈会"), of(5) })
	one, two := ids.Format(p.guest(m, 901).ID), ids.Format(p.guest(m, 902).ID)
	x, err := p.services.Meetings.AddItem(ctx, secretary, m.Slug, meeting.ItemIn{Title: "养老服务收费公示办法", Attended: true})
	must(p.t, err)
	must(p.t, p.db().Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Model(&meeting.Meeting{}).Where("id = ?", m.ID).Update("closes_at", tx.Now).Error
	}))
	item, now := ids.Format(x.ID), p.clock.Now()
	words := []sitting.Point{{Text: "收费表挂在大厅，字要大。"}, {Text: "押金什么时候退，办法里没有写。"}}
	n := 0
	note := func(kind sitting.Kind, set sitting.Act) sitting.Act {
		n++
		set.ID, set.Kind, set.At, set.Device = fmt.Sprintf("example-%04d", n), kind, now.Add(time.Duration(n-60)*time.Second), "tablet"
		return set
	}
	spoken := func(seat, turn string) []sitting.Act {
		of := sitting.Act{Seat: seat, Item: item, Entry: turn}
		said := of
		said.Points = words
		return []sitting.Act{note(sitting.CheckIn, sitting.Act{Seat: seat}), note(sitting.Start, of), note(sitting.Words, said), note(sitting.Stop, of)}
	}
	acts := append(spoken(one, "turn-0001"), note(sitting.Sign, sitting.Act{Seat: one, Item: item, Entry: "turn-0001", Points: words, Way: sitting.OnSpot}))
	acts = append(acts, spoken(two, "turn-0002")...)
	acts = append(acts, note(sitting.Later, sitting.Act{Seat: two, Item: item, Entry: "turn-0002"}),
		note(sitting.Decide, sitting.Act{Item: item, Result: meeting.ResultChanged, Text: "改第六条后通过"}))
	taken, err := p.services.Sittings.Take(ctx, secretary, m.Slug, time.Time{}, acts)
	must(p.t, err)
	if len(taken.Refused) > 0 {
		p.t.Fatal(taken.Refused)
	}
	must(p.t, p.services.Sittings.Attach(ctx, secretary, m.Slug, sitting.Act{ID: "example-file", At: now, Seat: two, Item: item, Entry: "turn-0002"},
		sitting.File{Name: "发言.pdf", MediaType: "application/pdf", Data: []byte("%PDF-1.7\n")}))
	_, err = p.services.Sittings.Take(ctx, secretary, m.Slug, time.Time{}, []sitting.Act{note(sitting.End, sitting.Act{})})
	must(p.t, err)
	must(p.t, p.services.Sittings.SaveMinutes(ctx, secretary, m.Slug, "议定：修改第六条。", "政府信息公开条例第二十条", 0))
	must(p.t, p.services.Sittings.AgreeMinutes(ctx, p.acting(org, actor.Reviewer), m.Slug))
	must(p.t, p.services.Sittings.SubmitAccount(ctx, secretary, m.Slug))
	must(p.t, p.services.Sittings.PublishAccount(ctx, p.acting(org, actor.Reviewer), m.Slug))
	d, err := p.services.Sittings.Day(ctx, secretary, m.Slug)
	must(p.t, err)
	return heldDay{meeting: d.Meeting, turn: "turn-0002", sign: p.sittingLink(m.ID, two, sitting.ToSign), feedback: p.sittingLink(m.ID, one, sitting.ToFeedback),
		file: d.Record.Turns["turn-0002"].File}
}

// sittingLink is the token of somebody's link.
func (p *place) sittingLink(m int64, seat, purpose string) string {
	p.t.Helper()
	id, _ := ids.Parse(seat)
	tokens, err := p.services.Sittings.Tokens(context.Background(), m, id, purpose)
	must(p.t, err)
	if len(tokens) == 0 {
		p.t.Fatalf("no link to %s", purpose)
	}
	return tokens[0]
}

// sittingMaker tells how to make what a parameter of the rooms of a day names; nil
// for another room.
func (g *grid) sittingMaker(room, name string) func() string {
	switch room + "/" + name {
	case "s/token":
		return func() string { return g.meetingHeld(g.owner).sign }
	case "f/token":
		return func() string { return g.meetingHeld(g.owner).feedback }
	case "file/id":
		return func() string { return "1" }
	case "print/what":
		return func() string { return "sheet" }
	case "report/year":
		return func() string { return "2026" }
	}
	return nil
}

// sittingNames adds what the examples of a day name.
func (x *exhibition) sittingNames() {
	x.t.Helper()
	held := x.meetingHeld("own")
	x.names["held"], x.names["statement"], x.names["opinion"] = held.meeting.Slug, held.sign, held.feedback
	x.names["turn"] = held.turn
	x.names["year"] = fmt.Sprint(held.meeting.StartsAt.Year())
}

// sittingPages are the addresses of the pages of a day and after it.
func sittingPages() map[string][]shown {
	const secretary, at = actor.Secretary, "/staff/meetings/{held}"
	return map[string][]shown{
		"/staff/meetings/:slug/day":             {{at + "/day", secretary, 0}, {at + "/day?entry={turn}", secretary, 0}, {at + "/day", actor.Reviewer, 0}, {"/staff/meetings/{meeting}/day", secretary, 0}},
		"/staff/meetings/:slug/day/print/:what": {{at + "/day/print/sheet", secretary, 0}, {at + "/day/print/forms", secretary, 0}, {at + "/day/print/badges", secretary, 0}, {at + "/day/print/other", secretary, 404}},
		"/staff/meetings/:slug/day/paper":       {{at + "/day/paper", secretary, 0}},
		"/staff/meetings/:slug/account":         {{at + "/account", secretary, 0}, {"/staff/meetings/{meeting}/account", actor.Reviewer, 0}},
		"/staff/meetings/:slug/minutes":         {{at + "/minutes", secretary, 0}, {at + "/minutes", actor.Reviewer, 0}},
		"/meetings/:slug/account":               {{"/meetings/{held}/account", actor.Nobody, 0}, {"/meetings/{meeting}/account", actor.Nobody, 404}},
		"/meetings/:slug/minutes":               {{"/meetings/{held}/minutes", actor.Nobody, 0}, {"/meetings/{meeting}/minutes", actor.Nobody, 404}},
		"/meetings/report/:year":                {{"/meetings/report/{year}", actor.Nobody, 0}, {"/meetings/report/2001", actor.Nobody, 0}, {"/meetings/report/never", actor.Nobody, 404}},
		"/s/:token":                             {{"/s/{statement}", actor.Nobody, 0}, {"/s/nothing", actor.Nobody, 404}},
		"/f/:token":                             {{"/f/{opinion}", actor.Nobody, 0}, {"/f/nothing", actor.Nobody, 404}},
	}
}
