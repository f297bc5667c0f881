package moderation_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guangyi/internal/consultation/consultationtest"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/moderation"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

const law = `办法

第一条 为了规范集市，制定本办法。

第二条 本办法所称集市，是指周末开放的市场。

第三条 摊位费由区里定。
`

// stage is a bureau with one open consultation.
type stage struct {
	t     testing.TB
	db    *database.DB
	clock *clock.Manual
	cons  *consultation.Service
	subs  *submission.Service
	mod   *moderation.Service
	org   int64
	c     consultation.Consultation
	sent  int
}

func each(t *testing.T, public string, test func(*stage)) {
	t.Helper()
	at := clock.At(time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) { test(newStage(t, db, at, public)) })
}

func newStage(t testing.TB, db *database.DB, at *clock.Manual, public string) *stage {
	t.Helper()
	ctx := context.Background()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	cons := consultation.New(db, gate, drafts, orgs)
	subs := submission.New(db, gate, keys, cons, drafts)
	t.Cleanup(subs.Close)
	mod := moderation.New(moderation.Deps{DB: db, Gate: gate, Keys: keys, Consultations: cons, Submissions: subs})
	subs.HoldWith(mod)
	org, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN"})
	must(t, err)
	st := &stage{t: t, db: db, clock: at, cons: cons, subs: subs, mod: mod, org: org.ID}
	st.c = st.open(public)
	return st
}

func (st *stage) open(public string) consultation.Consultation {
	st.t.Helper()
	return consultationtest.Open(st.t, st.cons, consultationtest.Notice{Organisation: st.org, Officer: st.as(1, actor.Officer), Reviewer: st.as(2, actor.Reviewer),
		Law: law, Public: public, Ends: st.clock.Now().Add(30 * 24 * time.Hour)})
}

func (st *stage) as(id int64, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: fmt.Sprintf("person %d", id)}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: st.org, Role: r})
	}
	return a
}

func (st *stage) officer() actor.Actor { return st.as(1, actor.Officer) }

func (st *stage) in(texts ...string) submission.In {
	st.sent++
	in := submission.In{
		Consultation: st.c.Slug, Key: fmt.Sprint("key-", st.sent), Channel: submission.Web, Consent: true,
		Submitter: submission.Submitter{Kind: "individual", Name: "王小明", Email: fmt.Sprintf("p%d@example.test", st.sent), PublishName: true},
	}
	for _, t := range texts {
		in.Comments = append(in.Comments, submission.Part{Provision: "art-1", Text: t})
	}
	return in
}

func (st *stage) send(in submission.In) submission.Receipt {
	st.t.Helper()
	r, err := st.subs.Receive(context.Background(), actor.Public(), in)
	must(st.t, err)
	return r
}

func (st *stage) decide(r submission.Receipt, d moderation.Decision) submission.Standing {
	st.t.Helper()
	s, err := st.mod.Decide(context.Background(), st.officer(), st.c.Slug, r.Submission, d)
	must(st.t, err)
	return s
}

// public is what everybody reads.
func (st *stage) public() []submission.PublicComment {
	st.t.Helper()
	p, err := st.subs.PublicComments(context.Background(), st.c.ID, nil, 0, 1000)
	must(st.t, err)
	return p.Comments
}

func (st *stage) count(sql string, args ...any) int {
	st.t.Helper()
	var n int
	must(st.t, st.db.Read(context.Background()).Raw(sql, args...).Scan(&n).Error)
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
