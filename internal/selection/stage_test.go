package selection_test

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
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/selection"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
)

const day = 24 * time.Hour

// bureau draws lots, on a clock that stands.
type bureau struct {
	*selection.Service
	t        *testing.T
	db       *database.DB
	clock    *clock.Manual
	meetings *meeting.Service
	org      organisation.Organisation
	other    organisation.Organisation
	secrets  map[int64]string
}

func each(t *testing.T, test func(*testing.T, *bureau)) {
	t.Helper()
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { test(t, open(t, dialect)) })
	}
}

func open(t *testing.T, dialect database.Dialect) *bureau {
	t.Helper()
	c := clock.At(start)
	db, err := database.Open(ctx, databasetest.Target(t, dialect), database.Options{Clock: c})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	gate, err := access.New()
	must(t, err)
	keys, err := seal.Open(ctx, db, t.TempDir())
	must(t, err)
	orgs, drafts := organisation.New(db, gate), draft.New(db, gate)
	b := &bureau{t: t, db: db, clock: c, secrets: map[int64]string{}}
	b.meetings = meeting.New(db, gate, keys, orgs, consultation.New(db, gate, drafts, orgs), drafts)
	b.Service = selection.New(db, gate, b.meetings)
	for slug, to := range map[string]*organisation.Organisation{"bureau": &b.org, "elsewhere": &b.other} {
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
func (b *bureau) second() actor.Actor    { return person(5, b.org, actor.Secretary) }
func (b *bureau) reviewer() actor.Actor  { return person(2, b.org, actor.Reviewer) }
func (b *bureau) auditor() actor.Actor   { return person(4, b.org, actor.Auditor) }

var districts = []string{"城北区", "城南区", "城东区", "开发区"}

// call is that of picture 11: eight seats, three women at least, no district
// with more than three.
func (b *bureau) call() meeting.In {
	now := b.clock.Now()
	quotas := []meeting.Quota{{Category: "sex", Feature: "female", Min: 3, Max: 8}}
	for _, d := range districts {
		quotas = append(quotas, meeting.Quota{Category: "district", Feature: d, Min: 0, Max: 3})
	}
	return meeting.In{
		Title: ptr("请您列席：审议养老服务收费公示办法"), Matter: ptr("养老服务收费公示办法"), Kind: ptr(meeting.Office), Contact: ptr("办公室"),
		StartsAt: ptr(now.Add(17 * day)), EndsAt: ptr(now.Add(17*day + 2*time.Hour)), Place: ptr("人民路100号"), Seats: ptr(8),
		Categories: &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 3}, {Code: "enterprise", Name: "企业代表", Seats: 3}, {Code: "expert", Name: "专家学者", Seats: 2}},
		Quotas:     &quotas, Districts: &districts, Method: ptr(meeting.ByDraw),
		OpensAt: ptr(now.Add(day)), ClosesAt: ptr(now.Add(9 * day)), Privacy: ptr("只用于这次会议"), ForgetAt: ptr(now.Add(47 * day)),
		Seed: &meeting.Seed{Source: "lottery", Name: "福彩3D", Reference: "2026331", KnownAt: now.Add(10*day + 12*time.Hour)},
	}
}

func (b *bureau) opened(in meeting.In) meeting.Meeting {
	b.t.Helper()
	m, err := b.meetings.Prepare(ctx, b.secretary(), b.org.ID, in)
	must(b.t, err)
	_, err = b.meetings.Apply(ctx, b.secretary(), m.Slug, meeting.Submit, meeting.Note{})
	must(b.t, err)
	m, err = b.meetings.Apply(ctx, b.reviewer(), m.Slug, meeting.Approve, meeting.Note{})
	must(b.t, err)
	b.clock.Set(*m.OpensAt)
	return m
}

// applicant is the n-th person.
func applicant(n int, category, sex string) meeting.ApplicationIn {
	return meeting.ApplicationIn{
		Key: fmt.Sprint("key-", n), Category: category, Sex: sex, District: districts[n%len(districts)], Consent: true,
		Person: meeting.Person{Name: fmt.Sprint("申请人", n), Phone: fmt.Sprintf("138%08d", n)},
	}
}

func (b *bureau) apply(m meeting.Meeting, in meeting.ApplicationIn) meeting.Application {
	b.t.Helper()
	a, secret, err := b.meetings.Receive(ctx, actor.Public(), m.Slug, in)
	must(b.t, err)
	b.secrets[a.ID] = secret
	return a
}

// thirty apply as in picture 11: 14 citizens, 10 enterprises (2 women), 6 experts
// (2 women); 9 women in all.
func (b *bureau) thirty(m meeting.Meeting) []meeting.Application {
	b.t.Helper()
	var out []meeting.Application
	for _, group := range []struct {
		category   string
		women, men int
	}{{"citizen", 5, 9}, {"enterprise", 2, 8}, {"expert", 2, 4}} {
		for i := range group.women + group.men {
			sex := "male"
			if i < group.women {
				sex = "female"
			}
			out = append(out, b.apply(m, applicant(len(out), group.category, sex)))
		}
	}
	return out
}

func (b *bureau) refused(err error, kind fault.Kind, code string) {
	b.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || code != "" && f.Code != code && (len(f.Fields) == 0 || f.Fields[0].Code != code) {
		b.t.Fatalf("%v, want %v %s", err, kind, code)
	}
}

// computed brings a meeting to the end of its computation.
func (b *bureau) computed(m meeting.Meeting) selection.Selection {
	b.t.Helper()
	b.clock.Set(*m.ClosesAt)
	_, err := b.Close(ctx, b.secretary(), m.Slug)
	must(b.t, err)
	return b.worked(m)
}

func (b *bureau) worked(m meeting.Meeting) selection.Selection {
	b.t.Helper()
	for {
		again, err := b.Work(ctx)
		must(b.t, err)
		if !again {
			break
		}
	}
	sel, ok, err := b.Of(ctx, m.ID)
	must(b.t, err)
	if !ok {
		b.t.Fatal("no selection")
	}
	return sel
}

// drawn brings a meeting to its result, with the seed.
func (b *bureau) drawn(m meeting.Meeting, seed string) selection.Selection {
	b.t.Helper()
	if sel := b.computed(m); sel.Stage != selection.Computed {
		b.t.Fatalf("the stage is %s, %+v", sel.Stage, sel.Conflicts)
	}
	_, err := b.Publish(ctx, b.secretary(), m.Slug)
	must(b.t, err)
	b.clock.Set(m.Seed.KnownAt)
	_, err = b.EnterSeed(ctx, b.secretary(), m.Slug, seed)
	must(b.t, err)
	sel, err := b.ConfirmSeed(ctx, b.second(), m.Slug, seed)
	must(b.t, err)
	return sel
}

func (b *bureau) states(m meeting.Meeting) map[meeting.ApplicationState]int {
	b.t.Helper()
	all, err := b.meetings.Applications(ctx, m.ID)
	must(b.t, err)
	out := map[meeting.ApplicationState]int{}
	for _, a := range all {
		out[a.State]++
	}
	return out
}
