package referral_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/referral"
	"guangyi/internal/submission"
)

var ctx = context.Background()

func (st *stage) recipient(name string) referral.Recipient {
	st.t.Helper()
	r, err := st.ref.Keep(ctx, st.officer(), st.c.Slug, referral.Recipient{Name: name, Address: "云州市人民路1号", Phone: "0571-12345"})
	must(st.t, err)
	return r
}

func (st *stage) passed(in referral.In) referral.Referral {
	st.t.Helper()
	r, err := st.ref.Record(ctx, st.officer(), st.c.Slug, in)
	must(st.t, err)
	return r
}

func refused(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || (code != "" && f.Code != code) {
		t.Errorf("%v, want %v %s", err, kind, code)
	}
}

// A petition goes to the petition office within its time; its sender gets a letter
// and reads it on the receipt; what was sent stays as counted and as open as before.
func TestAPetitionIsPassedOnAndStaysCounted(t *testing.T) {
	each(t, func(st *stage) {
		to := st.recipient("云州市信访局")
		sent := st.send(st.in("同意第一条。", "我家拆迁款三年没有给，请管一管。"))
		figures := `SELECT submissions * 1000000 + comments * 1000 + gathered FROM consultation_counters WHERE consultation_id = ?`
		before, leaves := st.count(figures, st.c.ID), st.count("SELECT COUNT(*) FROM register_pending")
		st.clock.Set(st.clock.Now().Add(24 * time.Hour))
		r := st.passed(referral.In{Submission: sent.Submission, Kind: referral.Petition, Recipient: to.ID, Reason: "not_ours", Note: "请核处"})
		if got := r.PassDue.In(zone).Format(time.DateTime); r.State != referral.Passed || got != "2026-11-17 00:00:00" {
			st.t.Errorf("state %s, to be passed on before %s", r.State, got)
		}
		if r.Late() || r.Told != referral.ByMail || r.AnswerDue == nil {
			st.t.Errorf("%+v", r)
		}
		if got := st.count(figures, st.c.ID); got != before {
			st.t.Errorf("the figures were %d and are %d", before, got)
		}
		if got := st.count("SELECT COUNT(*) FROM register_pending"); got != leaves {
			st.t.Errorf("%d leaves, were %d", got, leaves)
		}
		tracked, err := st.subs.Track(ctx, sent.Number, sent.Secret)
		must(st.t, err)
		if len(tracked.Referrals) != 1 || tracked.Referrals[0].Recipient != "云州市信访局" || tracked.Referrals[0].Address != "云州市人民路1号" {
			st.t.Errorf("the sender reads %+v", tracked.Referrals)
		}
		if tracked.State != submission.Accepted || tracked.Parts[1].Gathered() {
			st.t.Errorf("state %s", tracked.State)
		}
		w, ok, err := st.ref.About(ctx, notice.Item{Topic: referral.TopicPassed, Scope: st.c.ID, Ref: r.ID})
		if err != nil || !ok || w.To != "p1@example.test" || w.Receipt != sent.Number {
			st.t.Errorf("letter to %q: %v %v", w.To, ok, err)
		}
		if st.count("SELECT COUNT(*) FROM outbox WHERE topic = 'referral.passed' AND ref = ?", r.ID) != 1 {
			st.t.Error("no letter waits")
		}
		r, err = st.ref.Note(ctx, st.officer(), st.c.Slug, r.ID, "已受理，编号 2026-77。", r.Version)
		must(st.t, err)
		tracked, err = st.subs.Track(ctx, sent.Number, sent.Secret)
		must(st.t, err)
		if r.State != referral.Answered || tracked.Referrals[0].Answer != "已受理，编号 2026-77。" {
			st.t.Errorf("answered: %+v", tracked.Referrals)
		}
		_, err = st.ref.Note(ctx, st.officer(), st.c.Slug, r.ID, "again", 0)
		refused(st.t, err, fault.Conflict, "referral.not_passed")
	})
}

// What is only recorded has its clock too, and stands on the page of the day until
// it is passed on; then again once the answer is overdue.
func TestWhatWaitsStandsOnThePageOfTheDay(t *testing.T) {
	each(t, func(st *stage) {
		to := st.recipient("云州市纪委监委")
		sent := st.send(st.in("举报某科长收钱。"))
		r := st.passed(referral.In{Submission: sent.Submission, Kind: referral.Accusation})
		waits := func(who actor.Actor) []referral.Waiting {
			w, err := st.ref.Waiting(ctx, who)
			must(st.t, err)
			return w
		}
		if w := waits(st.officer()); len(w) != 1 || w[0].ToPass != 1 || w[0].Overdue != 0 || !w[0].Due.Equal(*r.PassDue) || w[0].Slug != st.c.Slug {
			st.t.Fatalf("%+v", w)
		}
		if w := waits(st.as(2, actor.Reviewer)); len(w) != 0 {
			st.t.Errorf("a reviewer, who cannot act, is asked: %+v", w)
		}
		if tracked, err := st.subs.Track(ctx, sent.Number, sent.Secret); err != nil || len(tracked.Referrals) != 0 {
			st.t.Errorf("the sender reads %+v of what went nowhere yet (%v)", tracked.Referrals, err)
		}
		st.clock.Set(*r.PassDue)
		r, err := st.ref.PassOn(ctx, st.officer(), st.c.Slug, r.ID, referral.In{Recipient: to.ID, Reason: "supervision", Due: "2026-12-01", Version: r.Version})
		must(st.t, err)
		if !r.Late() || r.AnswerDue.In(zone).Format(time.DateTime) != "2026-12-02 00:00:00" || r.AnswerRule != "" {
			st.t.Errorf("late %v, answer by %s", r.Late(), r.AnswerDue.In(zone))
		}
		if w := waits(st.officer()); len(w) != 0 {
			st.t.Errorf("passed on: %+v", w)
		}
		st.clock.Set(*r.AnswerDue)
		if w := waits(st.officer()); len(w) != 1 || w[0].Overdue != 1 || !r.Overdue(*r.AnswerDue) {
			st.t.Errorf("overdue: %+v", w)
		}
		_, err = st.ref.TakeBack(ctx, st.officer(), st.c.Slug, r.ID, 0)
		refused(st.t, err, fault.Conflict, "referral.passed")
	})
}

// Somebody who left a telephone number gets a printed letter, noted when posted;
// somebody who left nothing reads it on the receipt.
func TestWordReachesWhoeverLeftWhatToReachThemBy(t *testing.T) {
	each(t, func(st *stage) {
		to := st.recipient("云州市信访局")
		in := st.in("请管一管。")
		in.Submitter.Email, in.Submitter.Phone = "", "13800138000"
		r := st.passed(referral.In{Submission: st.send(in).Submission, Kind: referral.Petition, Recipient: to.ID, Reason: "not_ours"})
		if r.Told != referral.Unposted || r.ToldAt != nil {
			st.t.Fatalf("told %q", r.Told)
		}
		r, err := st.ref.Posted(ctx, st.officer(), st.c.Slug, r.ID, r.Version)
		must(st.t, err)
		if r.Told != referral.ByPost || r.ToldAt == nil {
			st.t.Errorf("told %q", r.Told)
		}
		_, err = st.ref.Posted(ctx, st.officer(), st.c.Slug, r.ID, r.Version)
		refused(st.t, err, fault.Conflict, "referral.posted")
		none := st.in("也请管一管。")
		none.Submitter = submission.Submitter{Kind: "individual"}
		r = st.passed(referral.In{Submission: st.send(none).Submission, Kind: referral.Petition, Recipient: to.ID, Reason: "not_ours"})
		if r.Told != referral.OnPage {
			st.t.Errorf("told %q", r.Told)
		}
	})
}

func TestWhatCannotBePassedOn(t *testing.T) {
	each(t, func(st *stage) {
		to := st.recipient("云州市信访局")
		sent := st.send(st.in("请管一管。"))
		ok := referral.In{Submission: sent.Submission, Kind: referral.Petition, Recipient: to.ID, Reason: "not_ours"}
		for name, change := range map[string]func(*referral.In){
			"kind": func(in *referral.In) { in.Kind = "comment" }, "reason": func(in *referral.In) { in.Reason = "" },
			"recipient": func(in *referral.In) { in.Recipient = 1 }, "note": func(in *referral.In) { in.Reason = referral.Other },
			"due": func(in *referral.In) { in.Due = "2020-01-01" }, "long": func(in *referral.In) { in.Note = strings.Repeat("长", referral.MostNote+1) },
		} {
			in := ok
			change(&in)
			_, err := st.ref.Record(ctx, st.officer(), st.c.Slug, in)
			if refused(st.t, err, fault.Invalid, ""); st.t.Failed() {
				st.t.Fatal(name)
			}
		}
		gone := ok
		gone.Submission = 7
		_, err := st.ref.Record(ctx, st.officer(), st.c.Slug, gone)
		refused(st.t, err, fault.NotFound, "")
		_, err = st.ref.Record(ctx, st.as(2, actor.Reviewer), st.c.Slug, ok)
		refused(st.t, err, fault.Forbidden, "")
		r := st.passed(ok)
		_, err = st.ref.Record(ctx, st.officer(), st.c.Slug, ok)
		refused(st.t, err, fault.Conflict, "referral.already")
		_, err = st.ref.Note(ctx, st.officer(), st.c.Slug, r.ID, "答复", r.Version+1)
		refused(st.t, err, fault.Conflict, "")
		_, err = st.ref.Note(ctx, st.officer(), st.c.Slug, r.ID, " ", r.Version)
		refused(st.t, err, fault.Invalid, "")
		to.Active = false
		to, err = st.ref.Keep(ctx, st.officer(), st.c.Slug, to)
		must(st.t, err)
		ok.Kind = referral.Accusation
		_, err = st.ref.Record(ctx, st.officer(), st.c.Slug, ok)
		refused(st.t, err, fault.Invalid, "")
		if _, list, err := st.ref.List(ctx, st.officer(), st.c.Slug); err != nil || len(list) != 1 || list[0].Recipient != "云州市信访局" || list[0].Receipt != sent.Number {
			st.t.Errorf("%+v %v", list, err)
		}
	})
}
