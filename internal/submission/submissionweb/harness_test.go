package submissionweb_test

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/consultation/consultationtest"
	"guangyi/internal/platform/web/webtest"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
	"guangyi/internal/submission"
	"guangyi/internal/submission/submissionweb"
	"guangyi/views"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const law = "试行办法（征求意见稿）\n\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见。\n"

// desk is a site with only these pages and one open consultation.
type desk struct {
	t      *testing.T
	site   *web.Site
	clock  *clock.Manual
	cons   *consultation.Service
	subs   *submission.Service
	files  *attachment.Service
	log    *register.Service
	slug   string
	people webtest.People
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
	d.site = web.New(d.people.Options(web.Options{
		Bundle: bundle, Language: "zh-CN", Zone: zone, Clock: at, Keys: keys, BaseURL: "http://guangyi.test",
		Site: visit.Site{Assets: webtest.Assets{}},
	}))
	d.files, err = attachment.New(db, gate, t.TempDir())
	must(t, err)
	d.subs.ClaimWith(d.files)
	submissionweb.Mount(d.site, submissionweb.Services{Files: d.files, Submissions: d.subs, Consultations: d.cons, Drafts: drafts, Organisations: orgs, Keys: keys, Register: d.log})
	d.site.Finish()
	org, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局"})
	must(t, err)
	other, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局"})
	must(t, err)
	for i, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Auditor} {
		for name, id := range map[string]int64{"": org.ID, "other-": other.ID} {
			d.people[name+string(role)] = actor.Actor{Kind: actor.Account, ID: int64(10+i) + id, Name: string(role), Grants: []actor.Grant{{Organisation: id, Role: role}}}
		}
	}
	d.slug = consultationtest.Open(t, d.cons, consultationtest.Notice{Organisation: org.ID, Officer: d.people["officer"], Reviewer: d.people["reviewer"],
		Law: law, Public: consultation.PublicAtOnce, Ends: start.Add(30 * 24 * time.Hour)}).Slug
	return d
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
