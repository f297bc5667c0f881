package sitting

import (
	"strings"
	"testing"

	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

func (st *stage) refused(err error, kind fault.Kind, code string) {
	st.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || code != "" && f.Code != code {
		st.t.Fatalf("%v, want %v %s", err, kind, code)
	}
}

// answered gathers every point said, adopts it and publishes the answers.
func (st *stage) answered() {
	st.t.Helper()
	a := adoption.New(st.db, st.gate, st.cons, st.drafts)
	st.s.AnswerWith(a)
	for _, e := range []consultation.Event{consultation.SubmitSummary, consultation.PublishSummary} {
		st.cons.Guard(e, a.Check)
	}
	st.cons.Consequence(consultation.PublishSummary, a.Sign)
	st.cons.Consequence(consultation.PublishSummary, st.s.AnswersPublished)
	own, err := st.cons.ByID(ctx, st.day().Meeting.Consultation)
	must(st.t, err)
	var comments []int64
	must(st.t, st.db.Read(ctx).Raw("SELECT id FROM comments WHERE consultation_id = ? ORDER BY id", own.ID).Scan(&comments).Error)
	g, err := a.Gather(ctx, st.officer(), own.Slug, adoption.In{Text: "写清楚收费", Comments: comments})
	must(st.t, err)
	_, err = a.Dispose(ctx, st.officer(), g.ID, adoption.Disposition{Code: "not_adopted", Reason: "另有规定，不再重复写。"}, 0)
	must(st.t, err)
	_, err = a.Apply(ctx, st.officer(), g.ID, adoption.Submit, "", 0)
	must(st.t, err)
	_, err = a.Apply(ctx, st.reviewer(), g.ID, adoption.Agree, "", 0)
	must(st.t, err)
	for _, e := range []consultation.Event{consultation.Decide, consultation.SubmitSummary} {
		_, err := st.cons.Apply(ctx, st.officer(), own.Slug, e, consultation.Note{})
		must(st.t, err)
	}
	_, err = st.cons.Apply(ctx, st.reviewer(), own.Slug, consultation.PublishSummary, consultation.Note{})
	must(st.t, err)
}

// From the record to the published account, its answers, and who is told.
func TestTheAccountIsDraftedReviewedPublishedAndAnswered(t *testing.T) {
	each(t, func(st *stage) {
		told := map[string]int{}
		st.s.Tell(tellInto(told))
		st.play(0)
		m, a, err := st.s.Account(ctx, st.secretary(), st.m.Slug)
		must(t, err)
		if a.Came != 2 || a.Expected != 3 || len(a.Items) != 1 || len(a.Items[0].Statements) != 3 || a.Items[0].Result != meeting.ResultChanged {
			t.Fatalf("%+v", a)
		}
		for _, name := range []string{"陈阿玉", "罗建军"} {
			if strings.Contains(strings.Join(a.Participants, " "), name) {
				t.Errorf("%s did not consent and is named", name)
			}
		}
		held := a.Items[0].Statements[2].Key
		st.refused(st.s.SaveAccount(ctx, st.secretary(), m.Slug, "会议情况", map[string]string{held: " "}, 0), fault.Invalid, "")
		must(t, st.s.SaveAccount(ctx, st.secretary(), m.Slug, "会议情况", map[string]string{held: "涉及个人信息"}, 0))
		_, _, err = st.s.PublicAccount(ctx, m.Slug)
		st.refused(err, fault.NotFound, "")
		must(t, st.s.SubmitAccount(ctx, st.secretary(), m.Slug))
		taken := st.take(act(999, CheckIn, 0, of(st.seats[2], "", "")))
		if len(taken.Refused) != 1 || taken.Refused[0].Code != "sitting.account_fixed" {
			t.Errorf("an act counts while the account is in review: %+v", taken)
		}
		st.refused(st.s.PublishAccount(ctx, st.secretary(), m.Slug), fault.Forbidden, "")
		both := st.as(1, "secretary", "reviewer")
		st.refused(st.s.PublishAccount(ctx, both, m.Slug), fault.Forbidden, "meeting.own_work")
		must(t, st.s.PublishAccount(ctx, st.reviewer(), m.Slug))
		_, public, err := st.s.PublicAccount(ctx, m.Slug)
		must(t, err)
		x := public.Items[0].Statements
		if public.Hidden != 1 || len(x[2].Points) != 0 || x[2].Reason != "涉及个人信息" || x[0].Answers[0].Answer != nil {
			t.Errorf("%+v", x)
		}
		if told[TopicAccount] != 2 {
			t.Errorf("told %v, want two who came", told)
		}
		st.answered()
		_, public, err = st.s.PublicAccount(ctx, m.Slug)
		must(t, err)
		if ans := public.Items[0].Statements[0].Answers; len(ans) != 2 || ans[0].Answer == nil || ans[0].Answer.Disposition != "not_adopted" {
			t.Errorf("the answers are %+v", ans)
		}
		if told[TopicAnswer] != 2 {
			t.Errorf("told %v of their answers, want each of two speakers once", told)
		}
		year, err := st.s.Year(ctx, st.org.ID, st.m.StartsAt.Year(), st.m.StartsAt.Location())
		must(t, err)
		if year.Meetings != 1 || year.Invited != 3 || year.Came != 2 || year.Statements != 3 || year.Dispositions["not_adopted"] != 1 {
			t.Errorf("%+v", year)
		}
		if len(year.ByCategory) != 1 || year.ByCategory[0].Name != "" {
			t.Errorf("groups of fewer than five are shown: %+v", year.ByCategory)
		}
	})
}

func TestMinutesStayInternalWithoutABasisThatAnotherPersonAgreedTo(t *testing.T) {
	each(t, func(st *stage) {
		must(t, st.s.SaveMinutes(ctx, st.secretary(), st.m.Slug, "会议议定：修改第六条。", "", 0))
		hidden := func() {
			t.Helper()
			_, err := st.s.PublicMinutes(ctx, st.m.Slug)
			st.refused(err, fault.NotFound, "")
		}
		hidden()
		st.refused(st.s.AgreeMinutes(ctx, st.reviewer(), st.m.Slug), fault.Conflict, "sitting.no_basis")
		must(t, st.s.SaveMinutes(ctx, st.secretary(), st.m.Slug, "会议议定：修改第六条。", "政府信息公开条例第二十条", 0))
		hidden()
		st.refused(st.s.AgreeMinutes(ctx, st.as(1, "reviewer"), st.m.Slug), fault.Forbidden, "meeting.own_work")
		must(t, st.s.AgreeMinutes(ctx, st.reviewer(), st.m.Slug))
		out, err := st.s.PublicMinutes(ctx, st.m.Slug)
		must(t, err)
		if out.Text != "会议议定：修改第六条。" {
			t.Errorf("%+v", out)
		}
		must(t, st.s.SaveMinutes(ctx, st.secretary(), st.m.Slug, "改过", "政府信息公开条例第二十条", 0))
		hidden()
		if n := st.count("SELECT COUNT(*) FROM sitting_minutes WHERE CAST(sealed AS text) LIKE '%第六条%'"); n != 0 {
			t.Error("the minutes lie open")
		}
	})
}

func TestFeedbackIsGivenOnceAndNotBrokenDownForAFew(t *testing.T) {
	each(t, func(st *stage) {
		st.play(0)
		must(t, st.s.SubmitAccount(ctx, st.secretary(), st.m.Slug))
		must(t, st.s.PublishAccount(ctx, st.reviewer(), st.m.Slug))
		seat, _ := ids.Parse(st.seats[0])
		tokens, err := st.s.Tokens(ctx, st.m.ID, seat, ToFeedback)
		must(t, err)
		if len(tokens) != 1 {
			t.Fatalf("%d links", len(tokens))
		}
		st.refused(st.s.GiveFeedback(ctx, tokens[0], Opinion{4, 0, 5}), fault.Invalid, "")
		must(t, st.s.GiveFeedback(ctx, tokens[0], Opinion{4, 3, 4}))
		st.refused(st.s.GiveFeedback(ctx, tokens[0], Opinion{1, 1, 1}), fault.Conflict, "sitting.feedback_given")
		f, err := st.s.Feedback(ctx, st.m.ID)
		must(t, err)
		if f.Answers != 1 || f.Asked != 2 || len(f.Counts) != 0 {
			t.Errorf("%+v", f)
		}
		for range 4 {
			st.insertFeedback()
		}
		if f, _ = st.s.Feedback(ctx, st.m.ID); f.Answers != 5 || f.Counts["heard"][3] != 5 {
			t.Errorf("%+v", f)
		}
	})
}

// A speaker who confirms after the account was published is heard and answered all
// the same, and the account says so.
func TestAStatementConfirmedLateStandsInTheAccount(t *testing.T) {
	each(t, func(st *stage) {
		turn := of(st.seats[0], st.items[1], "turn-0001")
		st.take(act(1, CheckIn, 0, of(st.seats[0], "", "")), act(2, Words, 1, turn, saying("押金七天内退")), act(3, Later, 2, turn), act(4, End, 3))
		must(t, st.s.SubmitAccount(ctx, st.secretary(), st.m.Slug))
		must(t, st.s.PublishAccount(ctx, st.reviewer(), st.m.Slug))
		seat, _ := ids.Parse(st.seats[0])
		tokens, err := st.s.Tokens(ctx, st.m.ID, seat, ToSign)
		must(t, err)
		for range 2 {
			must(t, st.s.Confirm(ctx, tokens[0], nil))
		}
		_, a, err := st.s.PublicAccount(ctx, st.m.Slug)
		must(t, err)
		x := a.Items[0].Statements
		if len(x) != 1 || !x[0].Late || x[0].Answers[0].Text != "押金七天内退" {
			t.Errorf("%+v", x)
		}
	})
}
