package moderation_test

import (
	"context"
	"strings"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/moderation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

var withhold = moderation.Decision{Act: moderation.Withhold, Reason: "third_person"}

func TestWhatIsWithheldLeavesAMarkAndStaysInEveryCount(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		first, second := st.send(st.in("张三打过我")), st.send(st.in("同意"))
		if s := st.decide(first, withhold); s.State != submission.Withheld {
			t.Errorf("its state is %s", s.State)
		}
		got := st.public()
		if len(got) != 2 || got[0].Text != "同意" || got[1].Text != "" || got[1].Withheld != "third_person" || got[1].PublicName != "" {
			t.Errorf("the public reads %+v", got)
		}
		_ = second
		if n := st.count("SELECT public FROM provision_counters WHERE consultation_id = ? AND provision = 'art-1'", st.c.ID); n != 2 {
			t.Errorf("the provision counts %d public comments, not 2", n)
		}
		if n := st.count("SELECT submissions FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 2 {
			t.Errorf("the consultation counts %d submissions, not 2", n)
		}
		if n := st.count("SELECT withheld FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 1 {
			t.Errorf("the consultation counts %d withheld ones, not 1", n)
		}
		tracked, err := st.subs.Track(context.Background(), first.Number, first.Secret)
		must(t, err)
		if tracked.State != submission.Withheld || tracked.Parts[0].Text != "张三打过我" || tracked.Parts[0].Withheld != "third_person" {
			t.Errorf("its sender reads %s %+v", tracked.State, tracked.Parts)
		}
	})
}

func TestEveryActCanBeTakenBackAndTheRegisterSaysSo(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		r := st.send(st.in("电话13800138000", "同意"))
		before := st.public()
		st.decide(r, withhold)
		s := st.decide(r, moderation.Decision{Act: moderation.TakeBack, Reason: "mistaken"})
		if s.State != submission.Accepted {
			t.Errorf("taken back it is %s", s.State)
		}
		after := st.public()
		for i := range before {
			if before[i].Text != after[i].Text || before[i].Masked != after[i].Masked {
				t.Errorf("before %+v, after %+v", before[i], after[i])
			}
		}
		var kinds []string
		must(t, st.db.Read(context.Background()).Raw("SELECT kind FROM register_pending WHERE kind <> 'submission' ORDER BY id").Scan(&kinds).Error)
		if strings.Join(kinds, " ") != "withholding release" {
			t.Errorf("the register holds %v", kinds)
		}
		_, err := st.mod.Decide(context.Background(), st.officer(), st.c.Slug, r.Submission, moderation.Decision{Act: moderation.TakeBack, Reason: "mistaken"})
		if f, ok := fault.As(err); !ok || f.Code != "moderation.nothing_to_take_back" {
			t.Errorf("a second time: %v", err)
		}
		if n := st.count("SELECT COUNT(*) FROM audit_entries WHERE consultation_id = ? AND action IN ('withhold', 'take_back')", st.c.ID); n != 2 {
			t.Errorf("the trail has %d rows, not 2", n)
		}
	})
}

func TestOneCommentOfSeveralIsWithheldAlone(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		r := st.send(st.in("甲", "乙"))
		tracked, err := st.subs.Track(context.Background(), r.Number, r.Secret)
		must(t, err)
		a, b := tracked.Parts[0].ID, tracked.Parts[1].ID
		st.decide(r, moderation.Decision{Act: moderation.Withhold, Reason: "abuse", Comment: a})
		s := st.decide(r, moderation.Decision{Act: moderation.Withhold, Reason: "secret", Comment: b})
		if s.Comments[0].Withheld != "abuse" || s.Comments[1].Withheld != "secret" {
			t.Errorf("%+v", s)
		}
		s = st.decide(r, moderation.Decision{Act: moderation.TakeBack, Reason: "objection"})
		if s.State != submission.Withheld || s.Comments[1].Withheld != "" {
			t.Errorf("one taken back: %+v", s)
		}
		var leaves []string
		must(t, st.db.Read(context.Background()).Raw("SELECT kind FROM register_pending WHERE kind <> 'submission' ORDER BY id").Scan(&leaves).Error)
		// The last leaf tells the state: what is still withheld stands behind the release.
		if got := strings.Join(leaves, " "); got != "withholding withholding release withholding" {
			t.Errorf("the register holds %s", got)
		}
	})
}

func TestShownAtOncePersonalDataIsMaskedUntilAPersonSaysOtherwise(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		r := st.send(st.in("请打１３８ ００１３ ８０００找我，身份证11010519491231002X"))
		got := st.public()
		if got[0].Text != "请打***找我，身份证***" || !got[0].Masked {
			t.Errorf("the public reads %q", got[0].Text)
		}
		st.decide(r, moderation.Decision{Act: moderation.Mask, Masks: map[int64]submission.Masks{got[0].ID: {Text: moderation.Occurring("请打１３８ ００１３ ８０００找我，身份证11010519491231002X", []string{"11010519491231002X"})}}})
		if got := st.public(); got[0].Text != "请打１３８ ００１３ ８０００找我，身份证***" {
			t.Errorf("with other masks the public reads %q", got[0].Text)
		}
		tracked, err := st.subs.Track(context.Background(), r.Number, r.Secret)
		must(t, err)
		if !strings.Contains(tracked.Parts[0].Text, "１３８") {
			t.Error("its sender does not read the original")
		}
		st.decide(r, moderation.Decision{Act: moderation.TakeBack, Reason: "corrected"})
		if got := st.public(); got[0].Text != "请打***找我，身份证***" {
			t.Errorf("taken back the public reads %q", got[0].Text)
		}
	})
}

func TestWhereItIsModeratedNothingIsPublicBeforeSomebodyDecides(t *testing.T) {
	each(t, consultation.PublicModerated, func(st *stage) {
		r := st.send(st.in("打13800138000找我"))
		if got := st.public(); len(got) != 0 {
			t.Errorf("the public reads %+v", got)
		}
		q, err := st.mod.Queue(context.Background(), st.officer(), st.c.Slug, moderation.PileWaiting, 0, 10)
		must(t, err)
		if len(q.Entries) != 1 || q.Entries[0].ID != r.Submission {
			t.Errorf("the queue holds %+v", q.Entries)
		}
		st.decide(r, moderation.Decision{Act: moderation.Show})
		if got := st.public(); len(got) != 1 || got[0].Text != "打***找我" {
			t.Errorf("shown in silence the public reads %+v", got)
		}
		st.decide(r, moderation.Decision{Act: moderation.TakeBack, Reason: "mistaken"})
		if got := st.public(); len(got) != 0 {
			t.Errorf("taken back the public reads %+v", got)
		}
		o, err := st.mod.Open(context.Background(), st.officer(), st.c.Slug, r.Submission)
		must(t, err)
		st.decide(r, moderation.Decision{Act: moderation.Show, Masks: map[int64]submission.Masks{o.Comments[0].ID: {}}})
		if got := st.public(); got[0].Text != "打13800138000找我" {
			t.Errorf("a person took the mask off, the public reads %q", got[0].Text)
		}
	})
}

func TestAStaleDecisionAndOneWithoutReasonAreRefused(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		r := st.send(st.in("甲"))
		ctx := context.Background()
		none := int64(0)
		for name, d := range map[string]moderation.Decision{
			"reason":          {Act: moderation.Withhold},
			"reason of other": {Act: moderation.Withhold, Reason: "mistaken"},
			"words":           {Act: moderation.Withhold, Reason: moderation.Other},
			"act":             {Act: "delete"},
			"sender's act":    {Act: moderation.Withdraw, Reason: "withdrawn"},
			"comment":         {Act: moderation.Show, Comment: 12},
			"long":            {Act: moderation.Withhold, Reason: "abuse", Words: strings.Repeat("长", moderation.MostWords+1)},
		} {
			if _, err := st.mod.Decide(ctx, st.officer(), st.c.Slug, r.Submission, d); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		d := withhold
		d.Seen = &none
		st.decide(r, d)
		_, err := st.mod.Decide(ctx, st.officer(), st.c.Slug, r.Submission, d)
		if f, ok := fault.As(err); !ok || f.Kind != fault.Conflict {
			t.Errorf("by somebody who has not read the last act: %v", err)
		}
		for who, kind := range map[actor.Role]fault.Kind{actor.Auditor: fault.Forbidden, actor.Signer: fault.Forbidden} {
			if _, err := st.mod.Decide(ctx, st.as(9, who), st.c.Slug, r.Submission, withhold); !fault.Is(err, kind) {
				t.Errorf("%s decides: %v", who, err)
			}
		}
	})
}

func TestASenderWithdrawsForGoodAndIsStillCounted(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		ctx := context.Background()
		r := st.send(st.in("我不想说了"))
		if _, err := st.mod.Withdraw(ctx, actor.Public(), r.Number, "wrong"); !fault.Is(err, fault.NotFound) {
			t.Errorf("with a wrong secret: %v", err)
		}
		tracked, err := st.mod.Withdraw(ctx, actor.Public(), r.Number, r.Secret)
		must(t, err)
		if tracked.State != submission.Withdrawn || tracked.Parts[0].Text != "我不想说了" {
			t.Errorf("its sender reads %s %q", tracked.State, tracked.Parts[0].Text)
		}
		if got := st.public(); len(got) != 1 || got[0].Text != "" || got[0].Withheld != submission.ByItsSender {
			t.Errorf("the public reads %+v", got)
		}
		if n := st.count("SELECT withdrawn FROM consultation_counters WHERE consultation_id = ?", st.c.ID); n != 1 {
			t.Errorf("%d are counted as withdrawn", n)
		}
		for name, act := range map[string]func() error{
			"again": func() error { _, err := st.mod.Withdraw(ctx, actor.Public(), r.Number, r.Secret); return err },
			"shown": func() error {
				_, err := st.mod.Decide(ctx, st.officer(), st.c.Slug, r.Submission, moderation.Decision{Act: moderation.Show})
				return err
			},
			"taken back": func() error {
				_, err := st.mod.Decide(ctx, st.officer(), st.c.Slug, r.Submission, moderation.Decision{Act: moderation.TakeBack, Reason: "mistaken"})
				return err
			},
		} {
			if err := act(); !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestASplitKeepsWhatIsKeptFromThePublic(t *testing.T) {
	each(t, consultation.PublicAtOnce, func(st *stage) {
		ctx := context.Background()
		r := st.send(st.in("打13800138000。同意。"))
		part := st.public()[0].ID
		spans, err := st.subs.Split(ctx, st.officer(), st.c.Slug, part, []submission.Span{{Start: 0, End: 13}, {Start: 13, End: 16}}, 0)
		must(t, err)
		if got := st.public(); len(got) != 2 || got[1].Text != "打***。" || got[0].Text != "同意。" {
			t.Errorf("split the public reads %+v", got)
		}
		st.decide(r, moderation.Decision{Act: moderation.Withhold, Reason: "abuse", Comment: spans[1].ID})
		_, err = st.subs.Join(ctx, st.officer(), st.c.Slug, part, 0)
		must(t, err)
		if got := st.public(); len(got) != 1 || got[0].Text != "" || got[0].Withheld != "abuse" {
			t.Errorf("joined the public reads %+v", got)
		}
		_, err = st.mod.Decide(ctx, st.officer(), st.c.Slug, r.Submission, moderation.Decision{Act: moderation.TakeBack, Reason: "mistaken"})
		if f, ok := fault.As(err); !ok || f.Code != "moderation.changed_since" {
			t.Errorf("an act on spans that are gone: %v", err)
		}
		st.decide(r, moderation.Decision{Act: moderation.Show})
		if got := st.public(); got[0].Text != "打***。同意。" {
			t.Errorf("shown again the public reads %q", got[0].Text)
		}
	})
}
