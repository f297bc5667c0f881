package consultation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

func TestSubmitAsksForEachThingThatIsMissing(t *testing.T) {
	each(t, func(b *bureau) {
		c, err := b.ImportDraft(ctx, b.officer(), b.org.ID, draft.Source{Name: "x.txt", Text: text})
		if err != nil {
			b.t.Fatal(err)
		}
		_, err = b.Edit(ctx, b.officer(), c.Slug, consultation.Changes{Title: ptr(" "), Channels: &[]consultation.Channel{}}, 0)
		if err != nil {
			b.t.Fatal(err)
		}
		_, err = b.Apply(ctx, b.officer(), c.Slug, consultation.Submit, consultation.Note{})
		wantField(b.t, err, "title", "background", "explanation", "contact", "channels", "closes_at")

		past := b.clock.Now().Add(-time.Hour)
		if _, err = b.Edit(ctx, b.officer(), c.Slug, notice(past.Add(-time.Hour), past), 0); err != nil {
			b.t.Fatal(err)
		}
		_, err = b.Apply(ctx, b.officer(), c.Slug, consultation.Submit, consultation.Note{})
		wantField(b.t, err, "closes_at")
	})
}

func TestAPeriodIsKeptToTheInstant(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.Scheduled)
		cases := []struct {
			at   time.Time
			kind fault.Kind
			code string
		}{
			{c.OpensAt.Add(-time.Microsecond), fault.Conflict, "consultation.not_open"},
			{*c.OpensAt, 0, ""},
			{c.ClosesAt.Add(-time.Microsecond), 0, ""},
			{*c.ClosesAt, fault.Gone, "consultation.closed"},
			{c.ClosesAt.Add(time.Hour), fault.Gone, "consultation.closed"},
		}
		for _, x := range cases {
			_, err := b.Open(ctx, c.Slug, x.at)
			if x.kind == 0 && err != nil {
				b.t.Errorf("at %s: %v", x.at, err)
			}
			if x.kind != 0 {
				wantFault(b.t, err, x.kind, x.code)
			}
		}
	})
}

func TestAnOpeningThatHasPassedIsTheApproval(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.InReviewStatus)
		b.clock.Set(c.OpensAt.Add(time.Hour))
		c = b.apply(b.reviewer(), c.Slug, consultation.Approve, "")
		if c.Status(b.clock.Now()) != consultation.Open || !c.OpensAt.Equal(b.clock.Now()) {
			b.t.Errorf("%s, opened at %s; want open, at the approval %s", c.Status(b.clock.Now()), c.OpensAt, b.clock.Now())
		}
		d := b.at(consultation.InReviewStatus)
		b.clock.Set(d.ClosesAt.Add(time.Second))
		_, err := b.Apply(ctx, b.reviewer(), d.Slug, consultation.Approve, consultation.Note{})
		wantFault(b.t, err, fault.Conflict, "consultation.period_over")
	})
}

func TestExtensionAndWithdrawalTakeEffectAtOnce(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.Open)
		far := open(b.t, b.db, b.clock) // another process
		for _, s := range []*bureau{b, far} {
			if _, err := s.Open(ctx, c.Slug, b.clock.Now()); err != nil {
				b.t.Fatal(err)
			}
		}
		_, err := b.Apply(ctx, b.officer(), c.Slug, consultation.Extend, consultation.Note{ClosesAt: c.ClosesAt})
		wantField(b.t, err, "closes_at")
		_, err = b.Apply(ctx, b.officer(), c.Slug, consultation.Extend, consultation.Note{})
		wantField(b.t, err, "closes_at")
		longer := b.apply(b.officer(), c.Slug, consultation.Extend, "来信多")
		if !longer.FirstClosesAt.Equal(*c.ClosesAt) || !longer.ClosesAt.After(*c.ClosesAt) {
			b.t.Errorf("first end %s, end %s; was %s", longer.FirstClosesAt, longer.ClosesAt, c.ClosesAt)
		}
		if _, err := b.Open(ctx, c.Slug, c.ClosesAt.Add(time.Hour)); err != nil {
			b.t.Errorf("the extension is not in force here: %v", err)
		}
		b.apply(b.reviewer(), c.Slug, consultation.Withdraw, "上位法在修改")
		_, err = b.Open(ctx, c.Slug, b.clock.Now())
		wantFault(b.t, err, fault.Gone, "consultation.withdrawn")
		b.clock.Add(time.Second)
		_, err = far.Open(ctx, c.Slug, b.clock.Now())
		wantFault(b.t, err, fault.Gone, "consultation.withdrawn")
	})
}

func TestNobodySeesWhatIsNotApproved(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.InReviewStatus)
		_, err := b.BySlug(ctx, c.Slug)
		wantFault(b.t, err, fault.NotFound, "")
		_, err = b.Open(ctx, c.Slug, b.clock.Now())
		wantFault(b.t, err, fault.NotFound, "")
		for _, who := range []actor.Actor{actor.Public(), person(9, b.other, actor.Officer, actor.Signer)} {
			_, err = b.See(ctx, who, c.Slug)
			wantFault(b.t, err, fault.NotFound, "")
		}
		if p, err := b.List(ctx, consultation.Filter{}); err != nil || len(p.Items) != 0 {
			b.t.Errorf("the public list shows %d, error %v", len(p.Items), err)
		}
		if p, err := b.StaffList(ctx, person(9, b.other, actor.Officer), consultation.StaffFilter{}); err != nil || len(p.Items) != 0 {
			b.t.Errorf("another organisation's list shows %d, error %v", len(p.Items), err)
		}
		if p, err := b.StaffList(ctx, person(8, b.org, actor.Auditor), consultation.StaffFilter{Status: consultation.InReviewStatus}); err != nil || len(p.Items) != 1 {
			b.t.Errorf("the auditor sees %d, error %v", len(p.Items), err)
		}
	})
}

func TestANoticeIsFixedFromItsSubmission(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.InReviewStatus)
		_, err := b.Edit(ctx, b.officer(), c.Slug, consultation.Changes{Title: ptr("别的")}, 0)
		wantFault(b.t, err, fault.Conflict, "consultation.not_editable")
		_, err = b.ReplaceDraft(ctx, b.officer(), c.Slug, draft.Source{Text: "第一条 别的。"})
		wantFault(b.t, err, fault.Conflict, "consultation.not_editable")
		_, err = b.CorrectDraft(ctx, b.officer(), c.Slug, nil, 0)
		wantFault(b.t, err, fault.Conflict, "consultation.not_editable")
	})
}

func TestAnOlderNoticeDoesNotOverwriteANewerOne(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.prepared()
		if _, err := b.Edit(ctx, b.officer(), c.Slug, consultation.Changes{Title: ptr("甲")}, c.Version); err != nil {
			b.t.Fatal(err)
		}
		_, err := b.Edit(ctx, b.officer(), c.Slug, consultation.Changes{Title: ptr("乙")}, c.Version)
		wantFault(b.t, err, fault.Conflict, "stale")
		if got, _ := b.See(ctx, b.officer(), c.Slug); got.Title != "甲" {
			b.t.Errorf("the title is %q", got.Title)
		}
	})
}

func TestWhoeverWroteAWordOfItDoesNotApproveIt(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.prepared()
		both := person(7, b.org, actor.Officer, actor.Reviewer)
		if _, err := b.Edit(ctx, both, c.Slug, consultation.Changes{Ask: ptr("请说说看")}, 0); err != nil {
			b.t.Fatal(err)
		}
		b.apply(b.officer(), c.Slug, consultation.Submit, "")
		_, err := b.Apply(ctx, both, c.Slug, consultation.Approve, consultation.Note{})
		wantFault(b.t, err, fault.Forbidden, "consultation.own_work")
	})
}

func TestTheSignerMayHaveToDiffer(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.SummaryInReviewStatus)
		_, err := b.orgs.Edit(ctx, person(99, b.org, actor.Administrator), b.org.ID, organisation.Details{Name: b.org.Name, SignerDiffers: true}, 0)
		if err != nil {
			b.t.Fatal(err)
		}
		_, err = b.Apply(ctx, b.reviewer(), c.Slug, consultation.PublishSummary, consultation.Note{})
		wantFault(b.t, err, fault.Forbidden, "consultation.signer_differs")
		b.apply(b.signer(), c.Slug, consultation.PublishSummary, "")
	})
}

func TestReturningASummaryLeadsBackToDecided(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.SummaryInReviewStatus)
		_, err := b.Apply(ctx, b.reviewer(), c.Slug, consultation.Return, consultation.Note{Text: " "})
		wantField(b.t, err, "note")
		c = b.apply(b.reviewer(), c.Slug, consultation.Return, "第三条的理由太短")
		if c.State != consultation.Decided || c.Note != "第三条的理由太短" {
			b.t.Errorf("%s, note %q", c.State, c.Note)
		}
	})
}

func TestAGuardStopsAnEventAndItsConsequences(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.DecidedStatus)
		refuse := true
		happened := 0
		b.Guard(consultation.SubmitSummary, func(context.Context, *database.Tx, consultation.Consultation, consultation.Event) error {
			if refuse {
				return fault.New(fault.Conflict, "adoption.unbalanced")
			}
			return nil
		})
		b.Consequence(consultation.SubmitSummary, func(_ context.Context, _ *database.Tx, c consultation.Consultation, _ consultation.Event) error {
			if c.State != consultation.SummaryInReview {
				b.t.Errorf("the consequence saw %s", c.State)
			}
			happened++
			return nil
		})
		_, err := b.Apply(ctx, b.officer(), c.Slug, consultation.SubmitSummary, consultation.Note{})
		wantFault(b.t, err, fault.Conflict, "adoption.unbalanced")
		if now, _ := b.See(ctx, b.officer(), c.Slug); now.State != consultation.Decided || happened != 0 {
			b.t.Errorf("%s, %d consequences", now.State, happened)
		}
		refuse = false
		b.apply(b.officer(), c.Slug, consultation.SubmitSummary, "")
		if happened != 1 {
			b.t.Errorf("%d consequences", happened)
		}
	})
}

func TestTheClockRecordsEachMomentOnce(t *testing.T) {
	each(t, func(b *bureau) {
		c := b.at(consultation.Open)
		far := open(b.t, b.db, b.clock)
		total := 0
		for _, s := range []*bureau{b, far, b} {
			n, err := s.RecordMoments(ctx)
			if err != nil {
				b.t.Fatal(err)
			}
			total += n
		}
		b.clock.Add(11 * 24 * time.Hour)
		b.apply(b.officer(), c.Slug, consultation.Decide, "") // before the job came round
		if _, err := b.RecordMoments(ctx); err != nil {
			b.t.Fatal(err)
		}
		past, err := b.History(ctx, c.ID)
		if err != nil {
			b.t.Fatal(err)
		}
		var events []string
		for _, p := range past {
			events = append(events, string(p.Event))
		}
		if got := strings.Join(events, " "); got != "submit return submit approve opened closed decide" || total != 1 {
			b.t.Errorf("history %q, %d recorded by the job", got, total)
		}
		trail, err := audit.OfConsultation(ctx, b.db, c.ID, 0, 100)
		if err != nil {
			b.t.Fatal(err)
		}
		by := map[string]string{}
		for _, r := range trail {
			by[r.Action] = r.ActorKind
		}
		if by["opened"] != "clock" || by["closed"] != "clock" || by["decide"] != "account" || by["import"] != "account" {
			b.t.Errorf("trail: %v", by)
		}
	})
}
