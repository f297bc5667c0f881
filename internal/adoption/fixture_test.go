package adoption

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
)

// stage is a bureau with a closed consultation on five articles, to which people
// can write.
type stage struct {
	t      *testing.T
	db     *database.DB
	clock  *clock.Manual
	orgs   *organisation.Service
	cons   *consultation.Service
	s      *Service
	org    int64
	c      consultation.Consultation
	people int
}

const law = `办法

第一条 为了规范集市，制定本办法。

第二条 本办法所称集市，是指周末开放的市场。

第三条 摊位费由区里定。

第四条 违反本办法的，罚款五百元。

第五条 本办法自公布之日起施行。
`

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC))
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		test(newStage(t, db, at))
	})
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	orgs := organisation.New(db, gate)
	drafts := draft.New(db, gate)
	cons := consultation.New(db, gate, drafts, orgs)
	st := &stage{t: t, db: db, clock: at, orgs: orgs, cons: cons, s: New(db, gate, cons, drafts)}
	cons.Guard(consultation.SubmitSummary, st.s.Check)
	cons.Guard(consultation.PublishSummary, st.s.Check)
	cons.Consequence(consultation.PublishSummary, st.s.Sign)
	org, err := orgs.Add(context.Background(), actor.Console(), organisation.Details{Slug: fmt.Sprintf("bureau-%d", time.Now().UnixNano()), Name: "云州市市场监督管理局", Lang: "zh-CN"})
	must(t, err)
	st.org = org.ID
	st.c = st.open()
	return st
}

// open brings a new consultation to the public and past its end.
func (st *stage) open() consultation.Consultation {
	st.t.Helper()
	ctx := context.Background()
	officer, reviewer := st.as(1, actor.Officer), st.as(2, actor.Reviewer)
	c, err := st.cons.ImportDraft(ctx, officer, st.org, draft.Source{Name: "办法.txt", Text: law})
	must(st.t, err)
	text, end := "为了赶集的人", st.clock.Now().Add(30*24*time.Hour)
	c, err = st.cons.Edit(ctx, officer, c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &text, ClosesAt: &end}, 0)
	must(st.t, err)
	for _, step := range []struct {
		who   actor.Actor
		event consultation.Event
	}{{officer, consultation.Submit}, {reviewer, consultation.Approve}} {
		c, err = st.cons.Apply(ctx, step.who, c.Slug, step.event, consultation.Note{})
		must(st.t, err)
	}
	return c
}

// as is a person with roles in the bureau; the number tells people apart.
func (st *stage) as(id int64, roles ...actor.Role) actor.Actor {
	return st.in(st.org, id, roles...)
}

func (st *stage) in(org, id int64, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: fmt.Sprintf("person %d", id)}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: org, Role: r})
	}
	return a
}

func (st *stage) officer() actor.Actor  { return st.as(1, actor.Officer) }
func (st *stage) reviewer() actor.Actor { return st.as(2, actor.Reviewer) }

// letter stores a submission of a person with comments and gives their ids.
func (st *stage) letter(person int64, channel string, texts ...string) []int64 {
	st.t.Helper()
	return st.letterTo(st.c.ID, person, channel, texts...)
}

func (st *stage) letterTo(id, person int64, channel string, texts ...string) []int64 {
	st.t.Helper()
	ctx := context.Background()
	sub, err := st.db.NextID(ctx)
	must(st.t, err)
	st.people++
	g := st.db.Upkeep(ctx, func(tx *database.Tx) error {
		run := func(sql string, args ...any) {
			if err := tx.Exec(sql, args...).Error; err != nil {
				st.t.Fatal(err)
			}
		}
		run(`INSERT INTO submissions (consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, person, state,
			idempotency_key, body_hash, salt, leaf_hash, received_at, entry, late) VALUES (?,?,?,?,?,1,'individual',?,'accepted',?,?,?,?,?,?,?)`,
			id, sub, fmt.Sprint("R", sub), channel, "zh-CN", person, fmt.Sprint(sub), []byte{1}, []byte{1}, leafHash(st.people), tx.Now,
			map[bool]string{true: "sender", false: "clerk"}[channel == "web"], !tx.Now.Before(*st.c.ClosesAt))
		run(`UPDATE consultation_counters SET submissions = submissions + 1, comments = comments + ? WHERE consultation_id = ?`, len(texts), id)
		run(`INSERT INTO channel_counters (consultation_id, channel, submissions) VALUES (?,?,1)
			ON CONFLICT (consultation_id, channel) DO UPDATE SET submissions = channel_counters.submissions + 1`, id, channel)
		return nil
	})
	must(st.t, g)
	ids := make([]int64, len(texts))
	for i, text := range texts {
		ids[i], err = st.db.NextID(ctx)
		must(st.t, err)
		must(st.t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
			return tx.Exec(`INSERT INTO comments (consultation_id, id, submission_id, position, provision, aimed_at, text, lang, draft_version,
				channel, submitter_kind, public, received_at) VALUES (?,?,?,?,'art-3','art-3',?,'zh-CN',1,?,'individual',?,?)`,
				id, ids[i], sub, i+1, text, channel, true, tx.Now).Error
		}))
	}
	return ids
}

// leafHash is that of the nth submission; later ones sort first.
func leafHash(n int) []byte { return bytes.Repeat([]byte{byte(255 - n)}, 32) }

// exec changes rows behind the services' back, to see that the balance notices.
func (st *stage) exec(sql string, args ...any) {
	st.t.Helper()
	must(st.t, st.db.Upkeep(context.Background(), func(tx *database.Tx) error { return tx.Exec(sql, args...).Error }))
}

// gather makes a suggestion as the officer.
func (st *stage) gather(text string, comments ...int64) Suggestion {
	st.t.Helper()
	of, err := st.s.Gather(context.Background(), st.officer(), st.c.Slug, In{Text: text, Comments: comments})
	must(st.t, err)
	return of
}

// settle takes a suggestion to agreed.
func (st *stage) settle(of Suggestion, d Disposition) {
	st.t.Helper()
	ctx := context.Background()
	_, err := st.s.Dispose(ctx, st.officer(), of.ID, d, 0)
	must(st.t, err)
	_, err = st.s.Apply(ctx, st.officer(), of.ID, Submit, "", 0)
	must(st.t, err)
	_, err = st.s.Apply(ctx, st.reviewer(), of.ID, Agree, "", 0)
	must(st.t, err)
}

func (st *stage) step(who actor.Actor, event consultation.Event) error {
	_, err := st.cons.Apply(context.Background(), who, st.c.Slug, event, consultation.Note{Text: "why"})
	return err
}

func (st *stage) close() { st.clock.Add(31 * 24 * time.Hour) }

func (st *stage) figures() Figures {
	st.t.Helper()
	f, err := count(st.db.Read(context.Background()), st.c.ID)
	must(st.t, err)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
