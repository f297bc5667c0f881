package survey_test

import (
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
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

const law = `办法

第一条 为了规范集市，制定本办法。

第二条 本办法所称集市，是指周末开放的市场。

第三条 摊位费由区里定。
`

var (
	ctx   = context.Background()
	begin = time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC)
)

// stage is a bureau with one consultation in preparation.
type stage struct {
	t     testing.TB
	db    *database.DB
	clock *clock.Manual
	cons  *consultation.Service
	subs  *submission.Service
	s     *survey.Service
	org   int64
	slug  string
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(begin)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		at.Set(begin)
		test(newStage(t, db, at))
	})
}

func newStage(t testing.TB, db *database.DB, at *clock.Manual) *stage {
	t.Helper()
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs := organisation.New(db, gate)
	drafts := draft.New(db, gate)
	st := &stage{t: t, db: db, clock: at, cons: consultation.New(db, gate, drafts, orgs)}
	st.subs = submission.New(db, gate, keys, st.cons, drafts)
	st.s = survey.New(db, gate, st.cons, drafts, st.subs)
	for _, e := range []consultation.Event{consultation.Submit, consultation.Approve} {
		st.cons.Guard(e, st.s.Check)
	}
	t.Cleanup(st.subs.Close)
	org, err := orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市市场监督管理局", Lang: "zh-CN"})
	must(t, err)
	st.org = org.ID
	c, err := st.cons.ImportDraft(ctx, st.officer(), st.org, draft.Source{Name: "办法.txt", Text: law})
	must(t, err)
	text, public, end := "为了赶集的人", consultation.PublicAtOnce, st.clock.Now().Add(30*24*time.Hour)
	_, err = st.cons.Edit(ctx, st.officer(), c.Slug, consultation.Changes{
		Background: &text, Explanation: &text, Contact: &text, ClosesAt: &end, CommentsPublic: &public,
	}, 0)
	must(t, err)
	st.slug = c.Slug
	return st
}

// questions is a questionnaire with a question of every kind.
func questions() survey.In {
	w := func(zh, en string) survey.Words { return survey.Words{Text: zh, Other: en} }
	return survey.In{
		Title: w("赶集的人怎么看", "What visitors think"),
		Questions: []survey.Question{
			{Kind: survey.Single, Label: w("您多久去一次集市？", "How often do you go?"), Required: true, Provision: "art-2",
				Options: []survey.Option{{Label: w("每周", "Weekly")}, {Label: w("每月", "Monthly")}, {Label: w("很少", "Rarely")}}},
			{Kind: survey.Several, Label: w("您为什么去？", "Why?"), Most: 2, Other: true,
				Options: []survey.Option{{Label: w("便宜", "Cheap")}, {Label: w("新鲜", "Fresh")}, {Label: w("热闹", "Lively")}}},
			{Kind: survey.Scale, Label: w("您对摊位费满意吗？", ""), Points: 5, Low: w("很不满意", ""), High: w("很满意", ""), Provision: "art-3"},
			{Kind: survey.Short, Label: w("集市应当叫什么？", "")},
			{Kind: survey.Long, Label: w("您对摊位费有什么意见？", ""), Provision: "art-3"},
		},
	}
}

// asked writes the questions and brings the notice to the public.
func (st *stage) asked(in survey.In) survey.Survey {
	st.t.Helper()
	_, err := st.s.Keep(ctx, st.officer(), st.slug, in, 0)
	must(st.t, err)
	st.approve()
	c, err := st.cons.BySlug(ctx, st.slug)
	must(st.t, err)
	v, err := st.s.Of(ctx, c.ID)
	must(st.t, err)
	return v
}

func (st *stage) approve() {
	st.t.Helper()
	st.apply(st.officer(), consultation.Submit)
	st.apply(st.as(2, actor.Reviewer), consultation.Approve)
}

func (st *stage) apply(who actor.Actor, e consultation.Event) {
	st.t.Helper()
	_, err := st.cons.Apply(ctx, who, st.slug, e, consultation.Note{Text: "说明"})
	must(st.t, err)
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

// response is one that is right.
func (st *stage) response(key string) survey.Response {
	return survey.Response{
		Consultation: st.slug, Key: key, Way: survey.ByWeb, Consent: true, Submitter: submission.Submitter{Kind: "individual"},
		Answers: survey.Answers{
			"q1": {Choices: []string{"o2"}},
			"q2": {Choices: []string{"o3", "o1"}},
			"q3": {Choices: []string{"4"}},
			"q5": {Text: "摊位费太高，请降低。"},
		},
	}
}

func (st *stage) send(in survey.Response) submission.Receipt {
	st.t.Helper()
	r, err := st.s.Receive(ctx, actor.Public(), in)
	must(st.t, err)
	return r
}

func (st *stage) count(sql string, args ...any) int64 {
	st.t.Helper()
	var n int64
	must(st.t, st.db.Read(ctx).Raw(sql, args...).Scan(&n).Error)
	return n
}

// refused is the fault of an error, with the fields that it names.
func refused(t testing.TB, err error, kind fault.Kind) map[string]string {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind {
		t.Fatalf("not the fault that was wanted: %v", err)
	}
	out := map[string]string{"": f.Code}
	for _, x := range f.Fields {
		out[x.Name] = x.Code
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
