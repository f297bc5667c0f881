package server_test

import (
	"context"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/platform/actor"
)

// availabilityNames lets the open consultation lose an hour, and a maintenance be
// announced.
func (x *exhibition) availabilityNames() {
	x.t.Helper()
	ctx, now := context.Background(), x.clock.Now()
	operator := x.acting("own", actor.Operator)
	operator.Grants = []actor.Grant{{Role: actor.Operator}}
	x.clock.Add(3 * time.Hour)
	_, err := x.services.Availability.Report(ctx, operator, availability.Outage{BeganAt: now.Add(time.Hour), EndedAt: now.Add(2 * time.Hour), Note: "专线中断"})
	must(x.t, err)
	_, err = x.services.Availability.Announce(ctx, operator, availability.Maintenance{
		BeginsAt: now.Add(48 * time.Hour), EndsAt: now.Add(49 * time.Hour), NoteZH: "更换磁盘，期间不能提交意见。", NoteEN: "New disks; no comments can be sent meanwhile.",
	})
	must(x.t, err)
	must(x.t, x.services.Availability.Beat(ctx))
	x.services.Challenges.Note("limited")
}

// availabilityPages are the addresses of the pages about outages.
func availabilityPages() map[string][]shown {
	return map[string][]shown{
		"/staff/availability":                     {{"/staff/availability", actor.Officer, 0}, {"/staff/availability", actor.Operator, 0}},
		"/staff/consultations/:slug/availability": {{"/staff/consultations/{open}/availability", actor.Officer, 0}, {"/staff/consultations/{published}/availability", actor.Reviewer, 0}},
		"/consultations/:slug/availability":       {{"/consultations/{open}/availability", actor.Nobody, 0}, {"/consultations/{published}/availability", actor.Nobody, 0}, {"/consultations/no-such/availability", actor.Nobody, 404}},
	}
}
