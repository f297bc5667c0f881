package meeting_test

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
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
)

// bureau is an organisation with its people, on a clock that stands.
type bureau struct {
	*meeting.Service
	t             *testing.T
	db            *database.DB
	clock         *clock.Manual
	orgs          *organisation.Service
	consultations *consultation.Service
	drafts        *draft.Service
	org           organisation.Organisation
	other         organisation.Organisation
}

// each runs a test on both databases with two organisations.
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
	b := &bureau{t: t, db: db, clock: c, orgs: organisation.New(db, gate), drafts: draft.New(db, gate)}
	b.consultations = consultation.New(db, gate, b.drafts, b.orgs)
	b.Service = meeting.New(db, gate, keys, b.orgs, b.consultations, b.drafts)
	for slug, to := range map[string]*organisation.Organisation{"bureau": &b.org, "elsewhere": &b.other} {
		*to, err = b.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: slug, Name: slug})
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

// call is all that submit demands of a call whose seats go by draw.
func (b *bureau) call() meeting.In {
	now := b.clock.Now()
	return meeting.In{
		Title: ptr("请您列席：审议养老服务收费公示办法"), Matter: ptr("养老服务收费公示办法"), Kind: ptr(meeting.Office), Contact: ptr("办公室"),
		StartsAt: ptr(now.Add(17 * day)), EndsAt: ptr(now.Add(17*day + 2*time.Hour)), Place: ptr("人民路100号"), Seats: ptr(8),
		Categories: &[]meeting.Category{{Code: "citizen", Name: "市民代表", Seats: 3}, {Code: "enterprise", Name: "企业代表", Seats: 3}, {Code: "expert", Name: "专家学者", Seats: 2}},
		Quotas:     &[]meeting.Quota{{Category: "sex", Feature: "female", Min: 3, Max: 8}},
		OpensAt:    ptr(now.Add(day)), ClosesAt: ptr(now.Add(9 * day)), Privacy: ptr("只用于这次会议"), ForgetAt: ptr(now.Add(47 * day)),
		Seed: &meeting.Seed{Source: "lottery", Name: "福彩3D", Reference: "2026333", KnownAt: now.Add(10 * day)},
	}
}

type ctxType = context.Context

const day = 24 * time.Hour

// published makes, submits and approves a call.
func (b *bureau) published(in meeting.In) meeting.Meeting {
	b.t.Helper()
	m, err := b.Prepare(ctx, b.secretary(), b.org.ID, in)
	must(b.t, err)
	m, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Submit, meeting.Note{})
	must(b.t, err)
	m, err = b.Apply(ctx, b.reviewer(), m.Slug, meeting.Approve, meeting.Note{})
	must(b.t, err)
	return m
}

// opened is a published call at its opening.
func (b *bureau) opened(in meeting.In) meeting.Meeting {
	b.t.Helper()
	m := b.published(in)
	b.clock.Set(*m.OpensAt)
	return m
}

// byOrder is a call whose seats go by order of arrival.
func (b *bureau) byOrder(seats int) meeting.In {
	in := b.call()
	in.Kind, in.Method, in.Seats = ptr(meeting.Seminar), ptr(meeting.ByOrder), ptr(seats)
	in.Categories, in.Quotas, in.Seed = &[]meeting.Category{}, &[]meeting.Quota{}, &meeting.Seed{}
	return in
}

// applicant is the n-th person, as the form sends them.
func applicant(n int, category string) meeting.ApplicationIn {
	return meeting.ApplicationIn{
		Key: fmt.Sprint("key-", n), Category: category, Sex: []string{"female", "male"}[n%2], Consent: true,
		Person: meeting.Person{Name: fmt.Sprint("申请人", n), Phone: fmt.Sprintf("138%08d", n)},
	}
}

func (b *bureau) apply(m meeting.Meeting, in meeting.ApplicationIn) meeting.Application {
	b.t.Helper()
	a, _, err := b.Receive(ctx, actor.Public(), m.Slug, in)
	must(b.t, err)
	return a
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

func TestACallGoesFromPreparationToTheMeetingAndIsHiddenUntilApproval(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m, err := b.Prepare(ctx, b.secretary(), b.org.ID, b.call())
		must(t, err)
		_, err = b.BySlug(ctx, m.Slug)
		b.refused(err, fault.NotFound, "")
		_, err = b.Staff(ctx, person(9, b.other, actor.Secretary), m.Slug)
		b.refused(err, fault.NotFound, "")
		_, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Submit, meeting.Note{})
		must(t, err)
		both := person(1, b.org, actor.Secretary, actor.Reviewer)
		_, err = b.Apply(ctx, both, m.Slug, meeting.Approve, meeting.Note{})
		b.refused(err, fault.Forbidden, "meeting.own_work")
		_, err = b.Apply(ctx, b.reviewer(), m.Slug, meeting.Return, meeting.Note{})
		b.refused(err, fault.Invalid, "")
		_, err = b.Apply(ctx, b.reviewer(), m.Slug, meeting.Return, meeting.Note{Text: "请写明地点"})
		must(t, err)
		_, err = b.Edit(ctx, b.secretary(), m.Slug, meeting.In{Place: ptr("人民路100号3楼")}, 0)
		must(t, err)
		_, err = b.Apply(ctx, b.secretary(), m.Slug, meeting.Submit, meeting.Note{})
		must(t, err)
		m, err = b.Apply(ctx, b.reviewer(), m.Slug, meeting.Approve, meeting.Note{})
		must(t, err)
		if s, ok := m.PublicStatus(b.clock.Now()); !ok || s != meeting.PublicAnnounced || m.RulesDigest == "" {
			t.Fatalf("status %s, digest %q", s, m.RulesDigest)
		}
		_, err = b.Edit(ctx, b.secretary(), m.Slug, meeting.In{Seats: ptr(9)}, 0)
		b.refused(err, fault.Conflict, "meeting.rules_fixed")
		_, err = b.Edit(ctx, b.secretary(), m.Slug, meeting.In{Contact: ptr("办公室 吴先生")}, 0)
		must(t, err)
		found, err := b.BySlug(ctx, m.Slug)
		must(t, err)
		if found.RulesDigest != m.RulesDigest || found.OrganisationSlug != "bureau" || len(found.Categories) != 3 || found.Seed.Reference != "2026333" {
			t.Errorf("stored %+v", found)
		}
		if n := b.count("SELECT count(*) FROM audit_entries WHERE object = 'meeting' AND object_id = ?", m.ID); n != 7 {
			t.Errorf("%d audit rows", n)
		}
	})
}

func TestOneApplicationAPersonAndTheSameKeyGivesTheSameAnswerAlsoLater(t *testing.T) {
	each(t, func(t *testing.T, b *bureau) {
		m := b.published(b.call())
		_, _, err := b.Receive(ctx, actor.Public(), m.Slug, applicant(1, "citizen"))
		b.refused(err, fault.Conflict, "meeting.not_open")
		b.clock.Set(*m.OpensAt)
		first, secret, err := b.Receive(ctx, actor.Public(), m.Slug, applicant(1, "citizen"))
		must(t, err)
		if first.Label != "市民01" || first.Number != 1 || first.State != meeting.Applied {
			t.Errorf("received %+v", first)
		}
		again := applicant(1, "citizen")
		again.Key, again.Person.Phone = "another", "+86 138-0000 0001"
		_, _, err = b.Receive(ctx, actor.Public(), m.Slug, again)
		b.refused(err, fault.Conflict, "meeting.applied_already")
		b.clock.Set(*m.ClosesAt)
		same, secret2, err := b.Receive(ctx, actor.Public(), m.Slug, applicant(1, "citizen"))
		must(t, err)
		if same.ID != first.ID || secret2 != secret {
			t.Errorf("the key gave %+v", same)
		}
		_, _, err = b.Receive(ctx, actor.Public(), m.Slug, applicant(2, "citizen"))
		b.refused(err, fault.Gone, "meeting.closed")
		own, err := b.Mine(ctx, first.Reference, secret)
		must(t, err)
		if own.Person.Name != "申请人1" || own.Meeting.Slug != m.Slug {
			t.Errorf("mine %+v", own)
		}
		_, err = b.Mine(ctx, first.Reference, "00000-00000")
		b.refused(err, fault.NotFound, "")
	})
}
