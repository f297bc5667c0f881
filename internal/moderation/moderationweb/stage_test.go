package moderationweb_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guangyi/internal/consultation/consultationtest"
	"guangyi/internal/platform/web/webtest"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/moderation"
	"guangyi/internal/moderation/moderationweb"
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
	"guangyi/internal/submission"
	"guangyi/views"
	"guangyi/views/assets"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const law = "试行办法（征求意见稿）\n\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见。\n"

// stage is a site with only these pages and one open consultation.
type stage struct {
	t      *testing.T
	db     *database.DB
	clock  *clock.Manual
	cons   *consultation.Service
	subs   *submission.Service
	mod    *moderation.Service
	orgs   *organisation.Service
	bundle *i18n.Bundle
	slug   string
	base   string
	people webtest.People
	sent   int
}

func each(t *testing.T, public string, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		at.Set(start)
		test(newStage(t, db, at, public))
	})
}

// shown runs what a browser shows once: it does not depend on the database.
func shown(t *testing.T, public string, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	test(newStage(t, databasetest.SQLite(t), at, public))
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual, public string) *stage {
	t.Helper()
	st := &stage{t: t, db: db, clock: at, people: webtest.People{}}
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	drafts := draft.New(db, gate)
	st.orgs = organisation.New(db, gate)
	st.cons = consultation.New(db, gate, drafts, st.orgs)
	st.subs = submission.New(db, gate, keys, st.cons, drafts)
	t.Cleanup(st.subs.Close)
	st.mod = moderation.New(moderation.Deps{DB: db, Gate: gate, Keys: keys, Consultations: st.cons, Submissions: st.subs})
	st.subs.HoldWith(st.mod)
	st.subs.RuleWith(st.mod)
	org, err := st.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN"})
	must(t, err)
	other, err := st.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "elsewhere", Name: "云州市财政局", Lang: "zh-CN"})
	must(t, err)
	for i, role := range []actor.Role{actor.Officer, actor.Reviewer, actor.Auditor, actor.Administrator} {
		for prefix, o := range map[string]organisation.Organisation{"": org, "other-": other} {
			st.people[prefix+string(role)] = actor.Actor{Kind: actor.Account, ID: int64(10+i) + o.ID, Name: "李" + string(role), Grants: []actor.Grant{
				{Organisation: o.ID, Role: role, OrganisationSlug: o.Slug, OrganisationName: o.Name},
			}}
		}
	}
	st.slug = consultationtest.Open(t, st.cons, consultationtest.Notice{Organisation: org.ID, Officer: st.people["officer"], Reviewer: st.people["reviewer"],
		Law: law, Public: public, Ends: start.Add(30 * 24 * time.Hour)}).Slug
	st.serve(keys, drafts)
	return st
}

// serve answers on a port; the session's cookie and the bearer token are the name.
func (st *stage) serve(keys *seal.Keys, drafts *draft.Service) {
	st.t.Helper()
	var err error
	st.bundle, err = i18n.Load(views.Locales, "locales", zone)
	must(st.t, err)
	set, err := assets.Open()
	must(st.t, err)
	l, base := webtest.Listen(st.t)
	st.base = base
	site := web.New(st.people.Options(web.Options{Bundle: st.bundle, Language: "zh-CN", Zone: zone, Clock: st.clock, Keys: keys, BaseURL: st.base,
		Site: visit.Site{Assets: set}}))
	site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	// What the receipt's own pages do: the browser has shown number and secret.
	site.Get("/kept/:number/:secret", func(c *web.Ctx) error {
		d := web.Drawer{Keys: keys, Cookie: submission.Drawer}
		if err := d.Keep(c, web.Kept{Number: c.Params("number"), Secret: c.Params("secret")}); err != nil {
			return err
		}
		return c.SendString("kept")
	}, web.Download)
	moderationweb.Mount(site, moderationweb.Services{
		Moderation: st.mod, Submissions: st.subs, Consultations: st.cons, Drafts: drafts, Organisations: st.orgs, Keys: keys,
	})
	webtest.Serve(st.t, site, l)
}

func (st *stage) send(texts ...string) submission.Receipt { return st.sendAs("", texts...) }

// sendAs sends one that is held for a reason, or not.
func (st *stage) sendAs(held string, texts ...string) submission.Receipt {
	st.t.Helper()
	st.sent++
	in := submission.In{
		Consultation: st.slug, Key: fmt.Sprint("key-", st.sent), Channel: submission.Web, Consent: true, Held: held,
		Submitter: submission.Submitter{Kind: "individual", Name: "王小明", Email: fmt.Sprintf("p%d@example.test", st.sent), PublishName: true},
	}
	for _, t := range texts {
		in.Comments = append(in.Comments, submission.Part{Provision: "art-1", Text: t})
	}
	r, err := st.subs.Receive(ctx, actor.Public(), in)
	must(st.t, err)
	return r
}

func (st *stage) public() []submission.PublicComment {
	st.t.Helper()
	c, err := st.cons.BySlug(ctx, st.slug)
	must(st.t, err)
	p, err := st.subs.PublicComments(ctx, c.ID, nil, 0, 100)
	must(st.t, err)
	return p.Comments
}

// ask calls the API as somebody ("" nobody) and gives status and answer.
func (st *stage) ask(method, path, who string, body any, headers ...string) (int, map[string]any) {
	st.t.Helper()
	return webtest.Ask(st.t, st.base, method, path, who, body, headers...)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
