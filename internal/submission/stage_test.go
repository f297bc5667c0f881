package submission

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guangyi/internal/consultation/consultationtest"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/seal"
)

const law = `办法

第一条 为了规范集市，制定本办法。

第二条 本办法所称集市，是指周末开放的市场。

第三条 摊位费由区里定。
`

var begin = time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC)

// stage is a bureau with one open consultation that shows comments at once.
type stage struct {
	t     testing.TB
	db    *database.DB
	clock *clock.Manual
	cons  *consultation.Service
	s     *Service
	org   int64
	c     consultation.Consultation
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(begin)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		test(newStage(t, db, at))
	})
}

func newStage(t testing.TB, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(context.Background(), db, t.TempDir())
	must(t, err)
	orgs := organisation.New(db, gate)
	drafts := draft.New(db, gate)
	cons := consultation.New(db, gate, drafts, orgs)
	st := &stage{t: t, db: db, clock: at, cons: cons, s: New(db, gate, keys, cons, drafts)}
	t.Cleanup(st.s.Close)
	org, err := orgs.Add(context.Background(), actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN"})
	must(t, err)
	st.org = org.ID
	st.c = st.open(consultation.PublicAtOnce)
	return st
}

// open brings a new consultation of thirty days to the public.
func (st *stage) open(public string, demands ...string) consultation.Consultation {
	st.t.Helper()
	return consultationtest.Open(st.t, st.cons, consultationtest.Notice{Organisation: st.org, Officer: st.as(1, actor.Officer), Reviewer: st.as(2, actor.Reviewer),
		Law: law, Public: public, Demands: demands, Ends: st.clock.Now().Add(30 * 24 * time.Hour)})
}

// as is a person with roles in the bureau; the number tells people apart.
func (st *stage) as(id int64, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: fmt.Sprintf("person %d", id)}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: st.org, Role: r})
	}
	return a
}

func (st *stage) officer() actor.Actor { return st.as(1, actor.Officer) }

// in is a submission that is right, with these texts on article 1.
func (st *stage) in(key string, texts ...string) In {
	in := In{Consultation: st.c.Slug, Key: key, Channel: API, Submitter: Submitter{Kind: "individual"}, Consent: true}
	for _, text := range texts {
		in.Comments = append(in.Comments, Part{Provision: "art-1", Text: text})
	}
	return in
}

// send takes one submission in, which must succeed.
func (st *stage) send(in In) Receipt {
	st.t.Helper()
	r, err := st.s.Receive(context.Background(), actor.Public(), in)
	must(st.t, err)
	return r
}

func (st *stage) count(sql string, args ...any) int64 {
	st.t.Helper()
	var n int64
	must(st.t, st.db.Read(context.Background()).Raw(sql, args...).Scan(&n).Error)
	return n
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
