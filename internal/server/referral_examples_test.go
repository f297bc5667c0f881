package server_test

import (
	"context"
	"fmt"

	"guangyi/internal/platform/actor"
	"guangyi/internal/referral"
)

// recipient is somebody to whom an organisation passes on.
func (p *place) recipient(org, slug string) referral.Recipient {
	p.t.Helper()
	r, err := p.services.Referrals.Keep(context.Background(), p.acting(org, actor.Officer), slug, referral.Recipient{
		Name: "云州市信访局", Address: "云州市人民路1号", Phone: "0571-12345",
	})
	must(p.t, err)
	return r
}

// referral is a petition in a submission; passed: it went out already.
func (p *place) referral(org, slug string, submission int64, passed bool) referral.Referral {
	p.t.Helper()
	in := referral.In{Submission: submission, Kind: referral.Petition}
	if passed {
		in.Recipient, in.Reason, in.Note = p.recipient(org, slug).ID, "not_ours", "请核处"
	}
	r, err := p.services.Referrals.Record(context.Background(), p.acting(org, actor.Officer), slug, in)
	must(p.t, err)
	return r
}

// referralMaker tells how to make what a parameter of the room of referrals names;
// nil for another room.
func (g *grid) referralMaker(room, name string) func() string {
	if room+"/"+name != "referrals/id" {
		return nil
	}
	return func() string {
		id, err := parseID(g.newSubmission())
		must(g.t, err)
		return fmt.Sprint(g.referral(g.owner, g.slug, id, true).ID)
	}
}

// referralNames adds a petition that waits, one that went out and one answered.
func (x *exhibition) referralNames() {
	x.t.Helper()
	slug := x.names["open"]
	make := func(key string, passed bool) referral.Referral {
		id, err := parseID(x.read(slug, key, "请管一管我家的拆迁款。"))
		must(x.t, err)
		x.names["petition"] = fmt.Sprint(id)
		return x.referral("own", slug, id, passed)
	}
	waits, out, done := make("petition-1", false), make("petition-2", true), make("petition-3", true)
	_, err := x.services.Referrals.Note(context.Background(), x.acting("own", actor.Officer), slug, done.ID, "已受理，编号 2026-77。", 0)
	must(x.t, err)
	x.names["referral-waits"], x.names["referral-out"], x.names["referral-done"] = fmt.Sprint(waits.ID), fmt.Sprint(out.ID), fmt.Sprint(done.ID)
}

// referralPages are the addresses of the pages of what is passed on.
func referralPages() map[string][]shown {
	const officer, room = actor.Officer, "/staff/consultations/:slug/referrals"
	at := "/staff/consultations/{open}/referrals"
	return map[string][]shown{
		room:                 {{at, officer, 0}, {at, actor.Auditor, 0}, {at, actor.Secretary, 403}, {"/staff/consultations/{withheld}/referrals", officer, 0}},
		room + "/new":        {{at + "/new?submission={petition}", officer, 0}, {at + "/new?submission={petition}", actor.Reviewer, 403}, {at + "/new", officer, 404}},
		room + "/recipients": {{at + "/recipients", officer, 0}, {at + "/recipients", actor.Reviewer, 403}},
		room + "/:id":        {{at + "/{referral-waits}", officer, 0}, {at + "/{referral-out}", officer, 0}, {at + "/{referral-done}", actor.Auditor, 0}},
		room + "/:id/letter": {{at + "/{referral-out}/letter", officer, 0}, {at + "/{referral-done}/letter?to=recipient", officer, 0}, {at + "/{referral-waits}/letter", officer, 404}},
	}
}
