package surveyweb_test

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/platform/web/webtest"

	"github.com/a-h/templ"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/internal/survey/surveyweb"
	"guangyi/views"
	"guangyi/views/assets"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const law = "试行办法（征求意见稿）\n\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见。\n"

// desk is a site with only these pages and one open consultation.
type desk struct {
	t       *testing.T
	site    *web.Site
	clock   *clock.Manual
	cons    *consultation.Service
	subs    *submission.Service
	surveys *survey.Service
	log     *register.Service
	base    string
	slug    string
	people  webtest.People
}

func each(t *testing.T, test func(*desk)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) { test(open(t, db, at)) })
}

func open(t *testing.T, db *database.DB, at *clock.Manual) *desk {
	t.Helper()
	at.Set(start)
	d := &desk{t: t, clock: at, people: webtest.People{}}
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	d.cons = consultation.New(db, gate, drafts, orgs)
	d.subs = submission.New(db, gate, keys, d.cons, drafts)
	t.Cleanup(d.subs.Close)
	d.log, err = register.New(ctx, db, register.Options{Folder: t.TempDir(), Origin: "guangyi.test/log"})
	must(t, err)
	set, err := assets.Open()
	must(t, err)
	l, base := webtest.Listen(t)
	d.base = base
	d.site = web.New(d.people.Options(web.Options{
		Bundle: bundle, Language: "zh-CN", Zone: zone, Clock: at, Keys: keys, BaseURL: d.base,
		Site: visit.Site{Assets: set},
	}))
	d.surveys = survey.New(db, gate, d.cons, drafts, d.subs)
	surveyweb.Mount(d.site, surveyweb.Services{Surveys: d.surveys, Consultations: d.cons, Drafts: drafts, Organisations: orgs, Keys: keys})
	d.site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	d.site.Get("/receipts/:number", func(c *web.Ctx) error { // another capability's page
		return c.Render(200, templ.Raw(`<!doctype html><html lang="zh-CN"><title>x</title><main><h1>`+c.Params("number")+`</h1></main></html>`))
	})
	webtest.Serve(t, d.site, l)
	org, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局"})
	must(t, err)
	other, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局"})
	must(t, err)
	for i, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Auditor} {
		for name, id := range map[string]int64{"": org.ID, "other-": other.ID} {
			d.people[name+string(role)] = actor.Actor{Kind: actor.Account, ID: int64(10+i) + id, Name: string(role), Grants: []actor.Grant{{Organisation: id, Role: role}}}
		}
	}
	d.prepare(org.ID)
	return d
}

// prepare makes a notice with a question of every kind, not yet submitted.
func (d *desk) prepare(org int64) {
	officer := d.people["officer"]
	c, err := d.cons.ImportDraft(ctx, officer, org, draft.Source{Name: "x.txt", Text: law})
	must(d.t, err)
	text, public, end := "说明", consultation.PublicAtOnce, start.Add(30*24*time.Hour)
	_, err = d.cons.Edit(ctx, officer, c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &text, CommentsPublic: &public, ClosesAt: &end}, 0)
	must(d.t, err)
	d.slug = c.Slug
	_, err = d.surveys.Keep(ctx, officer, c.Slug, questionnaire(), 0)
	must(d.t, err)
}

func questionnaire() survey.In {
	w := func(zh, en string) survey.Words { return survey.Words{Text: zh, Other: en} }
	return survey.In{
		Title: w("您怎么看集思广益", "What you think"), Introduction: w("用来修改草案。", "It serves to change the draft."), Results: survey.Live,
		Questions: []survey.Question{
			{Kind: survey.Single, Label: w("您提过意见吗？", "Have you ever commented?"), Required: true, Provision: "art-2",
				Options: []survey.Option{{Label: w("提过", "Yes")}, {Label: w("没有", "No")}}},
			{Kind: survey.Several, Label: w("您怎样知道这次征集？", "How did you hear of it?"), Most: 2, Other: true,
				Options: []survey.Option{{Label: w("网站", "Web site")}, {Label: w("报纸", "Newspaper")}, {Label: w("朋友", "Friends")}}},
			{Kind: survey.Scale, Label: w("草案好懂吗？", "Is the draft easy to read?"), Points: 5, Low: w("难懂", "hard"), High: w("好懂", "easy")},
			{Kind: survey.Short, Label: w("用一句话说说您的看法", "Your view in a sentence")},
			{Kind: survey.Long, Label: w("还有什么意见？", "Anything else?"), Provision: "art-2"},
		},
	}
}

// publish brings the notice to the public.
func (d *desk) publish() {
	d.t.Helper()
	_, err := d.cons.Apply(ctx, d.people["officer"], d.slug, consultation.Submit, consultation.Note{})
	must(d.t, err)
	_, err = d.cons.Apply(ctx, d.people["reviewer"], d.slug, consultation.Approve, consultation.Note{})
	must(d.t, err)
}

// browser is somebody at these pages.
type browser struct {
	*webtest.Browser
	d *desk
}

type page = webtest.Page

func (d *desk) visitor() *browser { return d.signedIn("") }

func (d *desk) signedIn(who string) *browser { return &browser{webtest.SignedIn(d.t, d.site, who), d} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
