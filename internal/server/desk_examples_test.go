package server_test

import (
	"context"
	"fmt"

	"guangyi/internal/account"
	"guangyi/internal/desk"
	"guangyi/internal/platform/actor"
)

// clerk is an officer of the organisation who is not the one that the table asks as:
// what they type, the other may check.
func (p *place) clerk(org string) actor.Actor {
	p.t.Helper()
	name, o := org+" clerk", p.org(org)
	a, ok := p.people[name]
	if !ok {
		var err error
		a, err = p.services.Accounts.Add(context.Background(), actor.Console(), account.Details{
			Email: "clerk@" + org + ".example", Name: name, Role: actor.Officer, Password: password, Organisation: o.ID,
		})
		must(p.t, err)
		p.people[name] = a
	}
	return actorOf(a, o.ID, actor.Officer)
}

func (p *place) deskBatch(org, slug string) desk.Batch {
	p.t.Helper()
	b, err := p.services.Desk.Begin(context.Background(), p.clerk(org), slug, desk.Batch{Way: desk.Seminar, Day: p.deskDay(), Title: "早市商户专场"})
	must(p.t, err)
	return b
}

func (p *place) deskDay() string {
	return p.clock.Now().In(p.services.Desk.Zone()).Format("2006-01-02")
}

// deskEntry is a paper with a scan that waits for its check, or was taken at once.
func (p *place) deskEntry(org, slug string, waits bool) desk.Entry {
	p.t.Helper()
	ctx, clerk := context.Background(), p.clerk(org)
	b := p.deskBatch(org, slug)
	in := desk.In{Key: fmt.Sprintf("example-%d", b.ID), Distinct: true, Content: desk.Content{
		Sender: desk.Sender{Kind: "individual", Name: secretName, Phone: "13900139000", Address: "人民路100号"}, Signers: []string{secretName + "之妻"},
		Points: []desk.Point{{Text: secretComment, Proposed: "摊位费按面积收。"}}, ReceivedOn: p.deskDay(), Check: waits,
	}}
	e, err := p.services.Desk.Keep(ctx, clerk, slug, b.ID, in)
	must(p.t, err)
	_, err = p.services.Desk.AddScans(ctx, clerk, slug, e.ID, []desk.Scan{{Name: "信封.png", Data: []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")}})
	must(p.t, err)
	done, err := p.services.Desk.Finish(ctx, clerk, slug, b.ID, in)
	must(p.t, err)
	return done.Entry
}

// deskMaker tells how to make what a parameter of the entry desk names; nil for
// another room.
func (g *grid) deskMaker(room, name string) func() string {
	switch room + "/" + name {
	case "batches/batch":
		return func() string { return fmt.Sprint(g.deskBatch(g.owner, g.slug).ID) }
	case "entries/entry":
		return func() string { return fmt.Sprint(g.deskEntry(g.owner, g.slug, true).ID) }
	case "scans/scan":
		return func() string {
			return g.newest("SELECT MAX(file_id) FROM desk_files WHERE entry_id = " + g.fixed["entries/entry"])
		}
	}
	return nil
}

// deskNames adds entries in each state.
func (x *exhibition) deskNames() {
	x.t.Helper()
	ctx, slug, clerk := context.Background(), x.names["open"], x.clerk("own")
	waits, taken, gone := x.deskEntry("own", slug, true), x.deskEntry("own", slug, false), x.deskEntry("own", slug, true)
	x.names["entry-waits"], x.names["entry-taken"], x.names["entry-gone"] = fmt.Sprint(waits.ID), fmt.Sprint(taken.ID), fmt.Sprint(gone.ID)
	x.names["batch"] = fmt.Sprint(taken.BatchID)
	_, err := x.services.Desk.Discard(ctx, clerk, slug, gone.ID, "misdirected")
	must(x.t, err)
	_, err = x.services.Desk.Remark(ctx, clerk, slug, taken.ID, "第3行“百元”，原件是“佰元”")
	must(x.t, err)
	draft, err := x.services.Desk.Keep(ctx, clerk, slug, taken.BatchID, desk.In{Key: "example-draft", Content: desk.Content{Points: []desk.Point{{Provision: "3", Text: "只录了一半"}}}})
	must(x.t, err)
	x.names["entry-draft"] = fmt.Sprint(draft.ID)
}

// deskPages are the addresses of the pages of the entry desk.
func deskPages() map[string][]shown {
	const officer, room = actor.Officer, "/staff/consultations/:slug/desk"
	at := "/staff/consultations/{open}/desk"
	batch, entry := at+"/batches/{batch}", at+"/entries/"
	return map[string][]shown{
		"/staff/desk": {{"/staff/desk", officer, 0}, {"/staff/desk", actor.Reviewer, 0}, {"/staff/desk", actor.Administrator, 0}, {"/staff/desk", actor.Secretary, 403}},
		room: {
			{at, officer, 0}, {at + "?state=waiting", officer, 0}, {at, actor.Auditor, 0}, {at, actor.Secretary, 403},
			{"/staff/consultations/{closed}/desk", officer, 0}, {"/staff/consultations/{published}/desk", officer, 0}, {"/staff/consultations/{scheduled}/desk", actor.Reviewer, 0},
		},
		room + "/check":                {{at + "/check", officer, 0}},
		room + "/batches/:batch":       {{batch, officer, 0}, {batch + "?entry={entry-draft}", officer, 0}, {batch + "?done={entry-taken}", officer, 0}, {batch, actor.Reviewer, 403}},
		room + "/batches/:batch/slips": {{batch + "/slips", officer, 0}, {batch + "/slips?paper=58", officer, 0}},
		room + "/entries/:entry":       {{entry + "{entry-taken}", officer, 0}, {entry + "{entry-waits}", officer, 0}, {entry + "{entry-gone}", officer, 0}, {entry + "{entry-draft}", officer, 0}, {entry + "1", officer, 404}},
		room + "/entries/:entry/check": {{entry + "{entry-waits}/check", officer, 0}, {entry + "{entry-taken}/check", officer, 409}},
		room + "/entries/:entry/slip":  {{entry + "{entry-taken}/slip", officer, 0}, {entry + "{entry-waits}/slip", officer, 404}},
	}
}
