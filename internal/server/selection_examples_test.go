package server_test

import (
	"context"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// meetingDrawn is a meeting whose chances are public and whose seed is to come.
func (p *place) meetingDrawn(org string) meeting.Meeting {
	p.t.Helper()
	now, ctx := p.clock.Now(), context.Background()
	m := p.meetingOpen(org, func(in *meeting.In) {
		in.Title, in.Kind, in.Method, in.Seats, in.Panels = of("审议养老服务收费公示办法"), of(meeting.Office), of(meeting.ByDraw), of(2), of(100)
		in.Categories = &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 2}}
		in.Quotas = &[]meeting.Quota{{Category: "sex", Feature: "female", Min: 1, Max: 2}}
		in.Seed = &meeting.Seed{Source: "lottery", Name: "福彩3D", Reference: "2026333", KnownAt: now.Add(25 * 24 * time.Hour)}
	})
	for n := range 7 {
		in := meeting.ApplicationIn{
			Category: "citizen", Sex: []string{"female", "male"}[n%2], Consent: true, Lang: "zh-CN",
			Person: meeting.Person{Name: secretName, Phone: "1360000000" + string(rune('0'+n))},
		}
		_, _, err := p.services.Meetings.Receive(ctx, actor.Public(), m.Slug, in)
		must(p.t, err)
	}
	must(p.t, p.db().Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Model(&meeting.Meeting{}).Where("id = ?", m.ID).Update("closes_at", tx.Now).Error
	}))
	secretary := p.acting(org, actor.Secretary)
	_, err := p.services.Selections.Close(ctx, secretary, m.Slug)
	must(p.t, err)
	_, err = p.services.Selections.Work(ctx)
	must(p.t, err)
	_, err = p.services.Selections.Publish(ctx, secretary, m.Slug)
	must(p.t, err)
	return m
}

// selectionNames adds what the examples of selections name.
func (x *exhibition) selectionNames() {
	x.t.Helper()
	x.names["chances"] = x.meetingDrawn("own").Slug
}

// selectionPages are the addresses of the pages of selections.
func selectionPages() map[string][]shown {
	const secretary = actor.Secretary
	return map[string][]shown{
		"/meetings/:slug/draw":            {{"/meetings/{chances}/draw", actor.Nobody, 0}, {"/meetings/{meeting}/draw", actor.Nobody, 0}, {"/meetings/no-such/draw", actor.Nobody, 404}},
		"/meetings/:slug/draw/full":       {{"/meetings/{chances}/draw/full", actor.Nobody, 0}, {"/meetings/{meeting}/draw/full", actor.Nobody, 404}},
		"/staff/meetings/:slug/selection": {{"/staff/meetings/{chances}/selection", secretary, 0}, {"/staff/meetings/{meeting}/selection", actor.Reviewer, 0}, {"/staff/meetings/no-such/selection", secretary, 404}},
	}
}
