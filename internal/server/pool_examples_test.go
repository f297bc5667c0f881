package server_test

import (
	"context"
	"fmt"

	"guangyi/internal/platform/actor"
	"guangyi/internal/representative"
)

// openPool lets an organisation take applications to its pool.
func (p *place) openPool(org string) {
	p.t.Helper()
	ctx, o := context.Background(), p.org(org)
	was, err := p.services.Representatives.PoolOf(ctx, o.ID)
	must(p.t, err)
	if was.Version > 0 {
		return
	}
	was.Open, was.Lang, was.Fields, was.Districts = true, "zh-CN", "养老", "城北区"
	_, err = p.services.Representatives.SetPool(ctx, actor.Console(), was, 0)
	must(p.t, err)
}

// applicant applies to the pool; n makes one person differ from another.
func (p *place) applicant(org string, n int) representative.Receipt {
	p.t.Helper()
	p.openPool(org)
	r, err := p.services.Representatives.Apply(context.Background(), actor.Public(), p.org(org).ID, representative.Application{
		Person:   representative.Person{Name: secretName, Phone: fmt.Sprintf("1390000%04d", n), About: secretComment},
		Category: "citizen", District: "城北区", Fields: []string{"养老"}, Conflict: "no", Consent: true, Lang: "zh-CN"})
	must(p.t, err)
	return r
}

// secretName is a name that no page shows unasked.
const secretName = "欧阳不可外传"

func (g *grid) newApplicant() string {
	g.t.Helper()
	g.made++
	return fmt.Sprint(g.applicant(g.owner, g.made).ID)
}

func (g *grid) newMembership() string {
	g.t.Helper()
	g.made++
	return g.applicant(g.owner, g.made).Reference
}

// poolPages are the addresses of the pool's pages.
func poolPages() map[string][]shown {
	const secretary = actor.Secretary
	return map[string][]shown{
		"/representatives":                     {{"/representatives", actor.Nobody, 0}, {"/representatives?organisation=own&category=citizen", actor.Nobody, 0}, {"/representatives?organisation=no-such", actor.Nobody, 404}},
		"/representatives/:slug/apply":         {{"/representatives/own/apply", actor.Nobody, 0}, {"/representatives/own/apply?category=expert", actor.Nobody, 0}, {"/representatives/no-such/apply", actor.Nobody, 404}},
		"/my/representative":                   {{"/my/representative", actor.Nobody, 0}, {"/my/representative", actor.Officer, 0}},
		"/my/representative/:reference":        {{"/my/representative/{membership}", actor.Nobody, 0}},
		"/my/representative/:reference/change": {{"/my/representative/{membership}/change", actor.Nobody, 0}},
		"/staff/representatives":               {{"/staff/representatives", secretary, 0}, {"/staff/representatives?state=due", actor.Reviewer, 0}},
		"/staff/representatives/pool":          {{"/staff/representatives/pool", secretary, 0}, {"/staff/representatives/pool", actor.Officer, 403}},
		"/staff/representatives/:id":           {{"/staff/representatives/{applicant}", secretary, 0}, {"/staff/representatives/{applicant}", actor.Auditor, 0}},
	}
}
