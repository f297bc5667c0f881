package sitting

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
)

const law = `养老服务收费公示办法

第一条 为了让老人明白花钱，制定本办法。

第六条 收费表写明项目、价格和计价单位。
`

// stage is a bureau on the day of a meeting with people who have a seat.
type stage struct {
	t      *testing.T
	db     *database.DB
	clock  *clock.Manual
	gate   *access.Gate
	keys   *seal.Keys
	orgs   *organisation.Service
	cons   *consultation.Service
	subs   *submission.Service
	meets  *meeting.Service
	drafts *draft.Service
	s      *Service
	org    organisation.Organisation
	m      meeting.Meeting
	seats  []string
	items  []string
}

func each(t *testing.T, test func(*stage)) {
	t.Helper()
	at := clock.At(start)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		at.Set(start)
		test(newStage(t, db, at, 3))
	})
}

func newStage(t *testing.T, db *database.DB, at *clock.Manual, people int) *stage {
	t.Helper()
	st := &stage{t: t, db: db, clock: at}
	var err error
	st.gate, err = access.New()
	must(t, err)
	st.keys, err = seal.Open(ctx, db, t.TempDir())
	must(t, err)
	st.orgs = organisation.New(db, st.gate)
	st.drafts = draft.New(db, st.gate)
	st.cons = consultation.New(db, st.gate, st.drafts, st.orgs)
	st.subs = submission.New(db, st.gate, st.keys, st.cons, st.drafts)
	t.Cleanup(st.subs.Close)
	st.meets = meeting.New(db, st.gate, st.keys, st.orgs, st.cons, st.drafts)
	st.s = New(db, st.gate, st.keys, st.meets, st.subs, st.drafts, st.meets)
	st.org, err = st.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: "bureau", Name: "云州市民政局", Lang: "zh-CN"})
	must(t, err)
	st.open(people)
	return st
}

func (st *stage) as(id int64, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: fmt.Sprint("人", id)}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: st.org.ID, Role: r, OrganisationSlug: st.org.Slug})
	}
	return a
}

func (st *stage) secretary() actor.Actor { return st.as(1, actor.Secretary) }
func (st *stage) reviewer() actor.Actor  { return st.as(2, actor.Reviewer) }
func (st *stage) officer() actor.Actor   { return st.as(3, actor.Officer) }

func ptr[T any](v T) *T { return &v }

// open brings a meeting to its day: a published draft, a call by order of arrival,
// people with seats, two agenda items.
func (st *stage) open(people int) {
	st.t.Helper()
	about := st.consult()
	now := st.clock.Now()
	m, err := st.meets.Prepare(ctx, st.secretary(), st.org.ID, meeting.In{
		Title: ptr("12月18日局长办公会议"), Matter: ptr("养老服务收费公示办法"), Kind: ptr(meeting.Seminar), Contact: ptr("办公室"), Method: ptr(meeting.ByOrder),
		StartsAt: ptr(now.Add(17 * 24 * time.Hour)), EndsAt: ptr(now.Add(17*24*time.Hour + 2*time.Hour)), Place: ptr("人民路100号"), Seats: ptr(people),
		Categories: &[]meeting.Category{{Code: "citizen", Name: "市民代表"}, {Code: "enterprise", Name: "企业代表"}}, Quotas: &[]meeting.Quota{}, Seed: &meeting.Seed{},
		OpensAt: ptr(now.Add(24 * time.Hour)), ClosesAt: ptr(now.Add(9 * 24 * time.Hour)), Privacy: ptr("只用于这次会议"), ForgetAt: ptr(now.Add(47 * 24 * time.Hour)),
		About: &about, MinutesEach: ptr(5),
	})
	must(st.t, err)
	m, err = st.meets.Apply(ctx, st.secretary(), m.Slug, meeting.Submit, meeting.Note{})
	must(st.t, err)
	m, err = st.meets.Apply(ctx, st.reviewer(), m.Slug, meeting.Approve, meeting.Note{})
	must(st.t, err)
	st.clock.Set(*m.OpensAt)
	names := []string{"陈阿玉", "罗建军", "马小梅", "沈国良", "赵一鸣", "刘洋", "钱文", "何思远"}
	for i := range people {
		a, _, err := st.meets.Receive(ctx, actor.Public(), m.Slug, meeting.ApplicationIn{
			Key: fmt.Sprint("key-", i), Category: []string{"citizen", "enterprise"}[i%2], Sex: "female", Consent: true,
			Person: meeting.Person{Name: names[i%len(names)], Phone: fmt.Sprintf("138%08d", i)},
		})
		must(st.t, err)
		st.seats = append(st.seats, ids.Format(a.ID))
	}
	st.agenda(m.ID)
	st.clock.Set(m.StartsAt.Add(4 * time.Hour)) // every act of the tests lies before
	st.m, err = st.meets.ByID(ctx, m.ID)
	must(st.t, err)
}

func (st *stage) consult() string {
	st.t.Helper()
	c, err := st.cons.ImportDraft(ctx, st.officer(), st.org.ID, draft.Source{Name: "办法.txt", Text: law})
	must(st.t, err)
	text, end, public := "为了老人", st.clock.Now().Add(30*24*time.Hour), "no"
	_, err = st.cons.Edit(ctx, st.officer(), c.Slug, consultation.Changes{Background: &text, Explanation: &text, Contact: &text, ClosesAt: &end, CommentsPublic: &public}, 0)
	must(st.t, err)
	_, err = st.cons.Apply(ctx, st.officer(), c.Slug, consultation.Submit, consultation.Note{})
	must(st.t, err)
	_, err = st.cons.Apply(ctx, st.reviewer(), c.Slug, consultation.Approve, consultation.Note{})
	must(st.t, err)
	return c.Slug
}

func (st *stage) count(query string, args ...any) (n int64) {
	st.t.Helper()
	must(st.t, st.db.Read(ctx).Raw(query, args...).Scan(&n).Error)
	return n
}

func (st *stage) take(acts ...Act) Taken {
	st.t.Helper()
	taken, err := st.s.Take(ctx, st.secretary(), st.m.Slug, time.Time{}, acts)
	must(st.t, err)
	return taken
}

func (st *stage) day() Day {
	st.t.Helper()
	d, err := st.s.Day(ctx, st.secretary(), st.m.Slug)
	must(st.t, err)
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (st *stage) agenda(id int64) {
	st.t.Helper()
	m, err := st.meets.ByID(ctx, id)
	must(st.t, err)
	for i, title := range []string{"十四五规划", "养老服务收费公示办法"} {
		x, err := st.meets.AddItem(ctx, st.secretary(), m.Slug, meeting.ItemIn{Title: title, Attended: i == 1})
		must(st.t, err)
		st.items = append(st.items, ids.Format(x.ID))
	}
}

// tellInto counts letters by topic.
func tellInto(told map[string]int) Told {
	return func(_ *database.Tx, _ meeting.Meeting, _ meeting.Application, topic string) error {
		told[topic]++
		return nil
	}
}

func (st *stage) insertFeedback() {
	st.t.Helper()
	must(st.t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Create(&feedbackRow{MeetingID: st.m.ID, ID: randomID(), Heard: 4, Prepared: 2, Again: 4}).Error
	}))
}
