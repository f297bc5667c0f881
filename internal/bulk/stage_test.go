package bulk_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/account"
	"guangyi/internal/bulk"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

var (
	ctx   = context.Background()
	zone  = time.FixedZone("China", 8*3600)
	begin = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
)

const law = "试行办法（征求意见稿）\n\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见。\n"

// people are the accounts of a test with the roles that they hold now.
type people map[int64]actor.Actor

// Acting gives one of them.
func (p people) Acting(_ context.Context, id int64) (actor.Actor, error) {
	who, ok := p[id]
	if !ok {
		return who, fault.Missing()
	}
	return who, nil
}

var _ bulk.People = (*account.Service)(nil)

type stage struct {
	t       *testing.T
	db      *database.DB
	clock   *clock.Manual
	s       *bulk.Service
	subs    *submission.Service
	cons    *consultation.Service
	org     int64
	slug    string
	people  people
	officer actor.Actor
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(begin)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		at.Set(begin)
		test(newStage(t, db, at))
	})
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	st := &stage{t: t, db: db, clock: at, people: people{}}
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	st.cons = consultation.New(db, gate, drafts, orgs)
	st.subs = submission.New(db, gate, keys, st.cons, drafts)
	t.Cleanup(st.subs.Close)
	org, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局"})
	must(t, err)
	st.org = org.ID
	st.officer = st.as(1, actor.Officer)
	st.s = bulk.New(bulk.Deps{DB: db, Keys: keys, Consultations: st.cons, Submissions: st.subs, People: st.people,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	c, err := st.cons.ImportDraft(ctx, st.officer, org.ID, draft.Source{Name: "x.txt", Text: law})
	must(t, err)
	st.slug = c.Slug
	st.exec("UPDATE consultations SET state = 'approved', opens_at = ?, closes_at = ? WHERE id = ?", begin.Add(-time.Hour), begin.AddDate(0, 1, 0), c.ID)
	return st
}

func (st *stage) as(id int64, role actor.Role) actor.Actor {
	who := actor.Actor{Kind: actor.Account, ID: id, Name: "甲", Grants: []actor.Grant{{Organisation: st.org, Role: role}}}
	st.people[id] = who
	return who
}

func (st *stage) exec(sql string, args ...any) {
	st.t.Helper()
	must(st.t, st.db.Upkeep(ctx, func(tx *database.Tx) error { return tx.Exec(sql, args...).Error }))
}

func (st *stage) count(sql string) (n int) {
	st.t.Helper()
	must(st.t, st.db.Reader().QueryRow(sql).Scan(&n))
	return n
}

func (st *stage) submissions() int {
	st.t.Helper()
	return st.count("SELECT COUNT(*) FROM submissions")
}

func (st *stage) upload(name, table string) bulk.Job {
	st.t.Helper()
	j, err := st.s.Upload(ctx, st.officer, st.slug, name, []byte(table))
	must(st.t, err)
	return j
}

// confirm takes the proposal, and tries the table.
func (st *stage) confirm(j bulk.Job, channel string) bulk.Job {
	st.t.Helper()
	p, err := st.s.Propose(ctx, j)
	must(st.t, err)
	id, err := st.s.Confirm(ctx, st.officer, st.slug, j.ID, channel, p.Columns)
	must(st.t, err)
	return st.work(id)
}

func (st *stage) work(id int64) bulk.Job {
	st.t.Helper()
	for more := true; more; {
		var err error
		more, err = st.s.Work(ctx)
		must(st.t, err)
	}
	return st.one(id)
}

func (st *stage) one(id int64) bulk.Job {
	st.t.Helper()
	_, j, err := st.s.One(ctx, st.officer, st.slug, id)
	must(st.t, err)
	return j
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
