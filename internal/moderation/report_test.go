package moderation_test

import (
	"context"
	"strings"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

func (st *stage) report(in moderation.NewReport) moderation.Report {
	st.t.Helper()
	if in.Contact.Name == "" {
		in.Contact = moderation.Contact{Name: "王小明", Email: "wang@example.test"}
	}
	in.Lang = "zh-CN"
	r, err := st.mod.ReportNotMe(context.Background(), actor.Public(), st.c.Slug, in)
	must(st.t, err)
	return r
}

func TestWhoseNameWasUsedReportsItAndIsTold(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		ctx := context.Background()
		sent := st.send(st.in("把早市搬走，一天也不要留"))
		r := st.report(moderation.NewReport{Quoted: "把早市搬走"})
		if r.SubmissionID != 0 || !r.DueAt.Equal(st.clock.Now().Add(moderation.Within)) {
			t.Errorf("%+v", r)
		}
		found, err := st.mod.Quoting(ctx, st.c.ID, r.Quoted)
		must(t, err)
		if len(found) != 1 || found[0] != sent.Number {
			t.Errorf("the words are found in %v", found)
		}
		for name, in := range map[string]moderation.Settlement{
			"no words":          {Uphold: true, Receipt: sent.Number},
			"no such receipt":   {Uphold: true, Receipt: "2026-0000-0000", Outcome: "属实"},
			"which one is open": {Uphold: true, Outcome: "属实"},
		} {
			if err := st.mod.Settle(ctx, st.officer(), st.c.Slug, r.ID, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		in := moderation.Settlement{Uphold: true, Receipt: sent.Number, Outcome: "已经核对，不是您提的。", Version: r.Version}
		must(t, st.mod.Settle(ctx, st.officer(), st.c.Slug, r.ID, in))
		if err := st.mod.Settle(ctx, st.officer(), st.c.Slug, r.ID, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("settled twice: %v", err)
		}
		if got := st.public(); len(got) != 1 || got[0].Withheld != moderation.NotAuthor || got[0].Text != "" || got[0].PublicName != "" {
			t.Errorf("the public reads %+v", got)
		}
		if n := st.count("SELECT comments FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 1 {
			t.Errorf("%d comments are counted", n)
		}
		var topics []string
		must(t, st.db.Read(ctx).Raw("SELECT topic FROM outbox WHERE ref = ? ORDER BY id", r.ID).Scan(&topics).Error)
		if strings.Join(topics, " ") != moderation.TopicReported+" "+moderation.TopicOutcome {
			t.Errorf("the letters are %v", topics)
		}
		about, _, ok, err := st.mod.About(ctx, st.c.ID, r.ID)
		if err != nil || !ok || about.State != moderation.ReportUpheld || about.Contact.Email != "wang@example.test" || about.Told != notice.Mail {
			t.Errorf("the letter knows %+v %v %v", about, ok, err)
		}
	})
}

func TestARejectedReportChangesNothingAndIsToldByTelephone(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		ctx := context.Background()
		sent := st.send(st.in("同意"))
		r := st.report(moderation.NewReport{Receipt: sent.Number, Contact: moderation.Contact{Name: "王小明", Phone: "13800138000"}})
		if r.SubmissionID != sent.Submission {
			t.Errorf("it is about submission %d", r.SubmissionID)
		}
		must(t, st.mod.Settle(ctx, st.officer(), st.c.Slug, r.ID, moderation.Settlement{Outcome: "同名的另一位市民提出。"}))
		if got := st.public(); got[0].Text != "同意" {
			t.Errorf("the public reads %+v", got)
		}
		if n := st.count("SELECT COUNT(*) FROM outbox WHERE ref = ? AND way = 'phone' AND topic = ?", r.ID, moderation.TopicOutcome); n != 1 {
			t.Errorf("%d calls are to be made", n)
		}
	})
}

func TestAReportIsKeptSealedAndReadByTheOfficerOnly(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		ctx := context.Background()
		r := st.report(moderation.NewReport{Quoted: "不是我写的这几句话"})
		if strings.Contains(string(r.Sealed), "wang") || strings.Contains(string(r.Sealed), "王小明") {
			t.Error("the contact stands in the row")
		}
		if n := st.count("SELECT COUNT(*) FROM audit_entries WHERE after LIKE '%wang%' OR after LIKE '%王小明%'"); n != 0 {
			t.Error("the contact stands in the trail")
		}
		if _, _, err := st.mod.Reports(ctx, st.as(5, actor.Reviewer), st.c.Slug); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a reviewer reads it: %v", err)
		}
		if _, _, err := st.mod.Reports(ctx, st.as(6), st.c.Slug); !fault.Is(err, fault.NotFound) {
			t.Errorf("a stranger reads it: %v", err)
		}
		_, list, err := st.mod.Reports(ctx, st.officer(), st.c.Slug)
		if err != nil || len(list) != 1 || list[0].Contact.Name != "王小明" {
			t.Errorf("the officer reads %+v %v", list, err)
		}
		st.clock.Add(moderation.Within)
		if !list[0].Overdue(st.clock.Now()) {
			t.Error("after its day it is not overdue")
		}
		due, err := st.mod.Today(ctx, st.officer(), []int64{st.org})
		if err != nil || len(due) != 1 || due[0].Overdue != 1 {
			t.Errorf("the first page of staff says %+v %v", due, err)
		}
	})
}

func TestAReportNeedsWhichAndWho(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		good := moderation.Contact{Name: "王小明", Email: "wang@example.test"}
		for name, in := range map[string]moderation.NewReport{
			"which":   {Contact: good},
			"name":    {Quoted: "几句话", Contact: moderation.Contact{Email: "wang@example.test"}},
			"contact": {Quoted: "几句话", Contact: moderation.Contact{Name: "王小明"}},
			"email":   {Quoted: "几句话", Contact: moderation.Contact{Name: "王小明", Email: "wang"}},
			"long":    {Quoted: strings.Repeat("长", moderation.MostQuoted+1), Contact: good},
			"phone":   {Quoted: "几句话", Contact: moderation.Contact{Name: "王小明", Phone: strings.Repeat("1", submission.MostPhone+1)}},
		} {
			if _, err := st.mod.ReportNotMe(context.Background(), actor.Public(), st.c.Slug, in); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
