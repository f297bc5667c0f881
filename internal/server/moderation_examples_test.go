package server_test

import (
	"context"
	"fmt"

	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
)

// notMine reports that something in a consultation is not the reporter's.
func (p *place) notMine(slug string) moderation.Report {
	p.t.Helper()
	r, err := p.services.Moderation.ReportNotMe(context.Background(), actor.Public(), slug, moderation.NewReport{
		Quoted: "这几句话不是我写的，却用了我的名字", Lang: "zh-CN",
		Contact: moderation.Contact{Name: secretName, Email: "named@example.test", Phone: "13800138000"},
	})
	must(p.t, err)
	return r
}

// moderationMaker tells how to make what a parameter of the rooms of moderation
// names; nil for another room.
func (g *grid) moderationMaker(room, name string) func() string {
	switch room + "/" + name {
	case "moderation/id":
		return g.newSubmission
	case "reports/id":
		return func() string { return fmt.Sprint(g.notMine(g.slug).ID) }
	}
	return nil
}

// moderationNames adds a submission that is held, one withheld, one masked, and a
// report.
func (x *exhibition) moderationNames() {
	x.t.Helper()
	ctx, officer := context.Background(), x.acting("own", actor.Officer)
	slug := x.names["open"]
	x.notMine(slug)
	x.names["masked"] = x.read(slug, "masked", "请打13800138000，或者写信到wang@example.com，住上海市黄浦区南京西路1266号3栋502室。")
	x.names["withheld-one"] = x.read(slug, "kept", "隔壁张三家的狗总是叫。")
	id, err := parseID(x.names["withheld-one"])
	must(x.t, err)
	_, err = x.services.Moderation.Decide(ctx, officer, slug, id, moderation.Decision{Act: moderation.Withhold, Reason: "third_person", Words: "请不要写邻居的姓名"})
	must(x.t, err)
	must(x.t, x.services.Moderation.SetRules(ctx, officer, 0, slug, &moderation.Rules{Words: []string{"等人先看"}}, 0))
	x.names["held-one"] = x.read(slug, "held", "这一件要等人先看。")
}

// read sends one and gives its id.
func (x *exhibition) read(slug, key, text string) string {
	x.t.Helper()
	r := x.send(slug, key, letter(text))
	var id int64
	must(x.t, x.db().Read(context.Background()).Raw("SELECT id FROM submissions WHERE receipt = ?", r.Number).Scan(&id).Error)
	return fmt.Sprint(id)
}

func parseID(text string) (id int64, err error) {
	_, err = fmt.Sscan(text, &id)
	return id, err
}

// moderationPages are the addresses of the pages of moderation.
func moderationPages() map[string][]shown {
	const officer, room = actor.Officer, "/staff/consultations/:slug/moderation"
	at := "/staff/consultations/{open}/moderation"
	return map[string][]shown{
		"/consultations/:slug/not-me": {{"/consultations/{open}/not-me", actor.Nobody, 0}},
		"/receipts/:number/withdraw":  {{"/receipts/{receipt}/withdraw", actor.Nobody, 0}},
		room: {
			{at, officer, 0}, {at + "?pile=withheld", officer, 0}, {at + "?pile=masked&pane=text", officer, 0}, {at + "?pile=shown&pane=gather", actor.Reviewer, 0},
			{"/staff/consultations/{withheld}/moderation", officer, 0}, {at, actor.Auditor, 0}, {at, actor.Secretary, 403},
		},
		room + "/:id":     {{at + "/{masked}?pile=masked", officer, 0}, {at + "/{withheld-one}?pile=withheld", officer, 0}, {at + "/{held-one}", actor.Auditor, 0}},
		room + "/rules":   {{at + "/rules", officer, 0}, {at + "/rules", actor.Reviewer, 403}},
		room + "/reports": {{at + "/reports", officer, 0}, {"/staff/consultations/{withheld}/moderation/reports", officer, 0}, {at + "/reports", actor.Auditor, 403}},
	}
}
