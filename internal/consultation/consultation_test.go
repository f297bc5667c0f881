package consultation_test

import (
	"context"
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
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
)

const text = "试行办法\n\n第一章 总则\n第一条 为了集思广益，制定本办法。\n第二条 任何人可以提出意见：\n（一）书面；\n（二）口头。\n意见不限篇幅。\n"

// bureau is an organisation with its people, on a clock that stands.
type bureau struct {
	*consultation.Service
	t      *testing.T
	db     *database.DB
	clock  *clock.Manual
	drafts *draft.Service
	orgs   *organisation.Service
	org    organisation.Organisation
	other  organisation.Organisation
}

func open(t *testing.T, db *database.DB, c *clock.Manual) *bureau {
	t.Helper()
	gate, err := access.New()
	if err != nil {
		t.Fatal(err)
	}
	b := &bureau{t: t, db: db, clock: c, drafts: draft.New(db, gate), orgs: organisation.New(db, gate)}
	b.Service = consultation.New(db, gate, b.drafts, b.orgs)
	return b
}

// each runs a test on both databases with two organisations.
func each(t *testing.T, test func(*bureau)) {
	t.Helper()
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			c := clock.At(start)
			db, err := database.Open(ctx, databasetest.Target(t, dialect), database.Options{Clock: c})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			b := open(t, db, c)
			b.org, b.other = b.organisation("bureau"), b.organisation("elsewhere")
			test(b)
		})
	}
}

func (b *bureau) organisation(slug string) organisation.Organisation {
	b.t.Helper()
	o, err := b.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: slug, Name: slug})
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

// person has roles in an organisation.
func person(id int64, o organisation.Organisation, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id, Name: "人" + string(rune('0'+id%10))}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: o.ID, Role: r, OrganisationSlug: o.Slug})
	}
	return a
}

func (b *bureau) officer() actor.Actor  { return person(1, b.org, actor.Officer) }
func (b *bureau) reviewer() actor.Actor { return person(2, b.org, actor.Reviewer) }
func (b *bureau) signer() actor.Actor   { return person(3, b.org, actor.Signer) }

func ptr[T any](v T) *T { return &v }

// notice is all that submit demands.
func notice(opens, closes time.Time) consultation.Changes {
	return consultation.Changes{
		Title: ptr("试行办法"), Background: ptr("背景"), Explanation: ptr("说明"), Contact: ptr("法规处"),
		Channels: &[]consultation.Channel{{Channel: "web"}, {Channel: "letter", Detail: "人民路100号"}}, OpensAt: &opens, ClosesAt: &closes,
	}
}

// prepared is a consultation that can be submitted: it opens in a day, for ten.
func (b *bureau) prepared() consultation.Consultation {
	b.t.Helper()
	c, err := b.ImportDraft(ctx, b.officer(), b.org.ID, draft.Source{Name: "a.txt", Text: text})
	if err != nil {
		b.t.Fatal(err)
	}
	now := b.clock.Now()
	c, err = b.Edit(ctx, b.officer(), c.Slug, notice(now.Add(24*time.Hour), now.Add(11*24*time.Hour)), c.Version)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bureau) apply(who actor.Actor, slug string, e consultation.Event, note string) consultation.Consultation {
	b.t.Helper()
	n := consultation.Note{Text: note}
	if e == consultation.Extend {
		c, err := b.See(ctx, who, slug)
		if err != nil {
			b.t.Fatal(err)
		}
		n.ClosesAt = ptr(c.ClosesAt.Add(24 * time.Hour))
	}
	c, err := b.Apply(ctx, who, slug, e, n)
	if err != nil {
		b.t.Fatalf("%s: %v", e, err)
	}
	return c
}

// at brings a new consultation into a status; the clock moves when it must.
func (b *bureau) at(status consultation.Status) consultation.Consultation {
	b.t.Helper()
	c := b.prepared()
	steps := []struct {
		reaches consultation.Status
		do      func()
	}{
		{consultation.InReviewStatus, func() { b.apply(b.officer(), c.Slug, consultation.Submit, "") }},
		{consultation.ReturnedStatus, func() { b.apply(b.reviewer(), c.Slug, consultation.Return, "缺依据") }},
		{"", func() { b.apply(b.officer(), c.Slug, consultation.Submit, "") }},
		{consultation.Scheduled, func() { b.apply(b.reviewer(), c.Slug, consultation.Approve, "") }},
		{consultation.Open, func() { b.clock.Add(24 * time.Hour) }},
		{consultation.Closed, func() { b.clock.Add(10 * 24 * time.Hour) }},
		{consultation.DecidedStatus, func() { b.apply(b.officer(), c.Slug, consultation.Decide, "") }},
		{consultation.SummaryInReviewStatus, func() { b.apply(b.officer(), c.Slug, consultation.SubmitSummary, "") }},
		{consultation.PublishedStatus, func() { b.apply(b.signer(), c.Slug, consultation.PublishSummary, "") }},
		{consultation.ArchivedStatus, func() { b.apply(b.officer(), c.Slug, consultation.Archive, "") }},
	}
	if status == consultation.WithdrawnStatus {
		steps = append(steps[:4:4], struct {
			reaches consultation.Status
			do      func()
		}{status, func() { b.apply(b.reviewer(), c.Slug, consultation.Withdraw, "上位法在修改") }})
	}
	for _, s := range steps {
		if status == consultation.PreparedStatus {
			break
		}
		s.do()
		if s.reaches == status {
			break
		}
	}
	got, err := b.See(ctx, b.officer(), c.Slug)
	if err != nil {
		b.t.Fatal(err)
	}
	if s := got.Status(b.clock.Now()); s != status {
		b.t.Fatalf("reached %s, want %s", s, status)
	}
	return got
}

func wantFault(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || code != "" && f.Code != code {
		t.Errorf("got %v, want kind %d code %s", err, kind, code)
	}
}

func wantField(t *testing.T, err error, names ...string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid {
		t.Fatalf("got %v, want faults of the fields %v", err, names)
	}
	var got []string
	for _, x := range f.Fields {
		got = append(got, x.Name)
	}
	if len(got) != len(names) {
		t.Fatalf("fields %v, want %v", got, names)
	}
	for i := range names {
		if got[i] != names[i] {
			t.Fatalf("fields %v, want %v", got, names)
		}
	}
}
