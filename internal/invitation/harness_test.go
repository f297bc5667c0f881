package invitation_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/procedure"
	"guangyi/policies"
)

var (
	ctx   = context.Background()
	began = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
)

const (
	day   = 24 * time.Hour
	vowed = "我承诺：会议材料和会上讨论的内容，在公布以前不向他人透露。"
)

// bureau is a body that calls a meeting, on a clock that the test sets.
type bureau struct {
	*invitation.Service
	t         *testing.T
	db        *database.DB
	clock     *clock.Manual
	meetings  *meeting.Service
	notices   *notice.Service
	post      *post
	org       organisation.Organisation
	elsewhere organisation.Organisation

	phoneOnly bool // applicants leave no e-mail address
}

// post keeps all letters that were handed to it, by topic.
type post struct {
	mu   sync.Mutex
	sent []notice.Letter
	no   error
}

func (p *post) Send(_ context.Context, l notice.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.no != nil {
		return p.no
	}
	p.sent = append(p.sent, l)
	return nil
}

// words puts what a letter is about where a test finds it.
type words struct{ b *bureau }

func (w words) Letter(ctx context.Context, i notice.Item) (notice.Letter, bool, error) {
	about, ok, err := w.b.About(ctx, i)
	if err != nil || !ok {
		return notice.Letter{}, false, err
	}
	return notice.Letter{To: about.To, Subject: i.Topic, Text: about.Token}, true, nil
}

// line is the reserves in their order.
type line struct{}

func (line) Next(tx *database.Tx, m *meeting.Meeting, _ []int64) (int64, bool, error) {
	list, err := meeting.ApplicationsIn(tx, m.ID, meeting.Reserve)
	if err != nil || len(list) == 0 {
		return 0, false, err
	}
	slices.SortFunc(list, func(a, b meeting.Application) int { return a.Rank - b.Rank })
	return list[0].ID, true, nil
}

func each(t *testing.T, test func(*testing.T, *bureau)) {
	t.Helper()
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { test(t, open(t, dialect)) })
	}
}

func open(t *testing.T, dialect database.Dialect) *bureau {
	t.Helper()
	c := clock.At(began)
	db, err := database.Open(ctx, databasetest.Target(t, dialect), database.Options{Clock: c})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	files, err := attachment.New(db, gate, t.TempDir())
	must(t, err)
	profiles, err := procedure.Load(policies.Procedures, time.FixedZone("Shanghai", 8*3600))
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	b := &bureau{t: t, db: db, clock: c, post: &post{}}
	b.meetings = meeting.New(db, gate, keys, orgs, consultation.New(db, gate, drafts, orgs), drafts)
	b.Service = invitation.New(invitation.Deps{
		DB: db, Gate: gate, Keys: keys, Meetings: b.meetings, Reserves: line{}, Files: files, Profiles: profiles, Log: slog.New(slog.DiscardHandler),
	})
	b.notices = notice.New(db, words{b}, notice.Posts{Mail: b.post}, slog.New(slog.DiscardHandler))
	b.Notify(b.notices)
	for slug, to := range map[string]*organisation.Organisation{"bureau": &b.org, "elsewhere": &b.elsewhere} {
		*to, err = orgs.Add(ctx, actor.Console(), organisation.Details{Slug: slug, Name: slug})
		must(t, err)
	}
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func ptr[T any](v T) *T { return &v }

func person(id int64, o organisation.Organisation, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: fmt.Sprint("人", id)}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: o.ID, Role: r, OrganisationSlug: o.Slug})
	}
	return a
}

func (b *bureau) secretary() actor.Actor { return person(1, b.org, actor.Secretary) }
func (b *bureau) reviewer() actor.Actor  { return person(2, b.org, actor.Reviewer) }

func (b *bureau) call(change func(*meeting.In)) meeting.In {
	now := b.clock.Now()
	in := meeting.In{
		Title: ptr("请您列席：审议养老服务收费公示办法"), Matter: ptr("养老服务收费公示办法"), Kind: ptr(meeting.Office), Contact: ptr("办公室"),
		StartsAt: ptr(now.Add(27 * day)), EndsAt: ptr(now.Add(27*day + 2*time.Hour)), Place: ptr("人民路100号"), Seats: ptr(3),
		Categories: &[]meeting.Category{{Code: "citizen", Name: "市民代表"}}, OpensAt: ptr(now.Add(day)), ClosesAt: ptr(now.Add(9 * day)),
		Privacy: ptr("只用于这次会议"), ForgetAt: ptr(now.Add(30 * day)), AnswerBy: ptr(now.Add(20 * day)), Undertaking: ptr(vowed),
		Seed: &meeting.Seed{Source: "lottery", Name: "福彩3D", Reference: "2026333", KnownAt: now.Add(10 * day)},
	}
	if change != nil {
		change(&in)
	}
	return in
}

// selected is a meeting for which n applied; the first places hold a place, the
// next reserves wait in their order, the others were not selected.
func (b *bureau) selected(n, places, reserves int, change func(*meeting.In)) (meeting.Meeting, []meeting.Application) {
	b.t.Helper()
	m, err := b.meetings.Prepare(ctx, b.secretary(), b.org.ID, b.call(change))
	must(b.t, err)
	_, err = b.meetings.Apply(ctx, b.secretary(), m.Slug, meeting.Submit, meeting.Note{})
	must(b.t, err)
	m, err = b.meetings.Apply(ctx, b.reviewer(), m.Slug, meeting.Approve, meeting.Note{})
	must(b.t, err)
	b.clock.Set(*m.OpensAt)
	var all []meeting.Application
	for i := range n {
		email := fmt.Sprintf("wang%d@example.test", i)
		if b.phoneOnly {
			email = ""
		}
		a, _, err := b.meetings.Receive(ctx, actor.Public(), m.Slug, meeting.ApplicationIn{
			Key: fmt.Sprint("key-", i), Category: "citizen", Sex: "female", Consent: true, Lang: "zh-CN",
			Person: meeting.Person{Name: fmt.Sprint("王小", i), Phone: fmt.Sprintf("138%08d", i), Email: email},
		})
		must(b.t, err)
		all = append(all, a)
	}
	b.clock.Set(m.ClosesAt.Add(day))
	must(b.t, b.db.Write(ctx, b.secretary(), func(tx *database.Tx) error {
		m, err = b.meetings.Lock(tx, m.ID)
		must(b.t, err)
		must(b.t, b.meetings.Step(ctx, tx, &m, meeting.Select, meeting.Note{}))
		for i, a := range all {
			to, rank := meeting.NotSelected, 0
			switch {
			case i < places:
				to = meeting.Chosen
			case i < places+reserves:
				to, rank = meeting.Reserve, i-places+1
			}
			_, err := b.meetings.Move(ctx, tx, &m, a.ID, to, meeting.Change{Rank: rank})
			must(b.t, err)
		}
		return nil
	}))
	return m, all
}

// invited is selected, and everybody was asked and has the letter.
func (b *bureau) invited(n, places, reserves int, change func(*meeting.In)) (meeting.Meeting, []meeting.Application) {
	b.t.Helper()
	m, all := b.selected(n, places, reserves, change)
	if asked, err := b.Invite(ctx, b.secretary(), m.Slug); err != nil || asked != places {
		b.t.Fatalf("%d were asked: %v", asked, err)
	}
	b.deliver()
	return m, all
}

func (b *bureau) deliver() {
	b.t.Helper()
	_, err := b.notices.Deliver(ctx)
	must(b.t, err)
}

// letters lists the topics of what somebody got, in order.
func (b *bureau) letters(a meeting.Application) (topics []string) {
	for _, l := range b.post.sent {
		if l.To == fmt.Sprintf("wang%d@example.test", a.Number-1) {
			topics = append(topics, strings.TrimPrefix(l.Subject, "meeting."))
		}
	}
	return topics
}

// link is the one in the newest letter that somebody got.
func (b *bureau) link(a meeting.Application) string {
	b.t.Helper()
	for _, l := range slices.Backward(b.post.sent) {
		if l.To == fmt.Sprintf("wang%d@example.test", a.Number-1) && l.Text != "" {
			return l.Text
		}
	}
	b.t.Fatalf("%s has no link", a.Label)
	return ""
}

func (b *bureau) state(a meeting.Application) meeting.ApplicationState {
	b.t.Helper()
	now, err := b.meetings.ApplicationByID(ctx, a.Meeting, a.ID)
	must(b.t, err)
	return now.State
}

func (b *bureau) refused(err error, kind fault.Kind, code string) {
	b.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || code != "" && f.Code != code {
		b.t.Fatalf("%v, want %v %s", err, kind, code)
	}
}

func (b *bureau) count(query string, args ...any) (n int64) {
	b.t.Helper()
	must(b.t, b.db.Read(ctx).Raw(query, args...).Scan(&n).Error)
	return n
}

func (b *bureau) holding(m meeting.Meeting) int64 {
	return b.count("SELECT COUNT(*) FROM applications WHERE meeting_id = ? AND state IN ('selected', 'accepted')", m.ID)
}

// move brings an application into another state as another capability does.
func (b *bureau) move(m meeting.Meeting, a meeting.Application, to meeting.ApplicationState) error {
	return b.db.Write(ctx, b.secretary(), func(tx *database.Tx) error {
		m, err := b.meetings.Lock(tx, m.ID)
		if err != nil {
			return err
		}
		_, err = b.meetings.Move(ctx, tx, &m, a.ID, to, meeting.Change{})
		return err
	})
}
