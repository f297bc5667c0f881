package desk

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	start = time.Date(2026, 11, 2, 9, 0, 0, 0, zone)
	end   = time.Date(2026, 12, 3, 0, 0, 0, 0, zone) // 24:00 of 2 December
)

const law = `养老服务收费公示办法（征求意见稿）

第一条 为了让老人明白花钱，制定本办法。

第八条 收费表写明项目、价格和计价单位。
`

// stage is a bureau with one open consultation and two officers.
type stage struct {
	t     *testing.T
	db    *database.DB
	clock *clock.Manual
	cons  *consultation.Service
	subs  *submission.Service
	s     *Service
	org   organisation.Organisation
	c     consultation.Consultation
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) { test(newStage(t, db, at)) })
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	at.Set(start)
	st := &stage{t: t, db: db, clock: at}
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	st.cons = consultation.New(db, gate, drafts, orgs)
	st.subs = submission.New(db, gate, keys, st.cons, drafts)
	t.Cleanup(st.subs.Close)
	files, err := attachment.New(db, gate, t.TempDir())
	must(t, err)
	st.subs.ClaimWith(files)
	st.s = New(db, gate, keys, orgs, st.cons, drafts, st.subs, files, zone)
	st.cons.Guard(consultation.SubmitSummary, st.s.Check)
	st.org, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市民政局", Lang: "zh-CN"})
	must(t, err)
	st.open()
	return st
}

func (st *stage) as(id int64, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: fmt.Sprint("人", id)}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: st.org.ID, Role: r, OrganisationSlug: st.org.Slug})
	}
	return a
}

func (st *stage) clerk() actor.Actor    { return st.as(1, actor.Officer) }
func (st *stage) second() actor.Actor   { return st.as(2, actor.Officer) }
func (st *stage) reviewer() actor.Actor { return st.as(3, actor.Reviewer) }
func (st *stage) admin() actor.Actor    { return st.as(4, actor.Administrator) }

func (st *stage) open() {
	st.t.Helper()
	c, err := st.cons.ImportDraft(ctx, st.clerk(), st.org.ID, draft.Source{Name: "办法.txt", Text: law})
	must(st.t, err)
	text, public, ends := "为了老人", "no", end
	_, err = st.cons.Edit(ctx, st.clerk(), c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &text, ClosesAt: &ends, CommentsPublic: &public}, 0)
	must(st.t, err)
	_, err = st.cons.Apply(ctx, st.clerk(), c.Slug, consultation.Submit, consultation.Note{})
	must(st.t, err)
	st.c, err = st.cons.Apply(ctx, st.reviewer(), c.Slug, consultation.Approve, consultation.Note{})
	must(st.t, err)
	st.clock.Set(start.Add(time.Hour))
}

// batch begins a sitting over what came on the day.
func (st *stage) batch(w Way) Batch {
	st.t.Helper()
	b, err := st.s.Begin(ctx, st.clerk(), st.c.Slug, Batch{Way: w, Day: st.today(), Title: "第一场座谈会"})
	must(st.t, err)
	return b
}

func (st *stage) today() string { return st.clock.Now().In(zone).Format(dayForm) }

// letter is what a clerk types of one letter.
func (st *stage) letter(name, text string) Content {
	return Content{Sender: Sender{Kind: "individual", Name: name, Phone: "138 0013 " + fmt.Sprint(1000+len(name)*7%9000)},
		Points: []Point{{Provision: "8", Text: text}}, ReceivedOn: st.today()}
}

func (st *stage) count(query string, args ...any) (n int64) {
	st.t.Helper()
	must(st.t, st.db.Read(ctx).Raw(query, args...).Scan(&n).Error)
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
