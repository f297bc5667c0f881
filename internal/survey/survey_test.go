package survey_test

import (
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

func TestAResponseIsOneSubmissionAndItsWordsAreComments(t *testing.T) {
	each(t, func(st *stage) {
		v := st.asked(questions())
		r := st.send(st.response("k1"))
		got, err := st.subs.Track(ctx, r.Number, r.Secret)
		must(t, err)
		if len(got.Parts) != 1 || got.Parts[0].AimedAt != "art-3" || got.Parts[0].Text != "摊位费太高，请降低。" || got.Submission.Channel != "survey" {
			t.Fatalf("stored %+v", got)
		}
		o, err := st.subs.Opening(ctx, got.Consultation.ID, r.Submission)
		must(t, err)
		content := string(o.Content)
		for _, words := range []string{`"channel":"survey"`, `1 q1 您多久去一次集市？`, `o2 每月`, `o1 便宜\no3 热闹`, `4/5`, `comment 1`} {
			if !strings.Contains(content, words) {
				t.Errorf("the content lacks %s: %s", words, content)
			}
		}
		if !strings.Contains(string(o.Leaf), `"entered":"sender"`) {
			t.Errorf("the leaf: %s", o.Leaf)
		}
		if len(v.Questions) != 5 || v.Questions[4].Code != "q5" {
			t.Fatalf("asked %+v", v.Questions)
		}
		if n := st.count("SELECT comments FROM consultation_counters"); n != 1 {
			t.Errorf("%d comments", n)
		}
		if n := st.count("SELECT submissions FROM channel_counters WHERE channel = 'survey'"); n != 1 {
			t.Errorf("%d submissions of the channel", n)
		}
	})
}

func TestAResponseOfChoicesOnlyHasNoComment(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		in := st.response("k1")
		delete(in.Answers, "q5")
		r := st.send(in)
		if r.Number == "" || st.count("SELECT count(*) FROM comments") != 0 || st.count("SELECT submissions FROM consultation_counters") != 1 {
			t.Error("choices became a comment, or the submission is not counted")
		}
		if st.count("SELECT count(*) FROM register_pending WHERE ref = ?", r.Submission) != 1 {
			t.Error("there is no leaf")
		}
	})
}

func TestTheSameFormSentTwiceCountsOnce(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		first := st.send(st.response("k1"))
		second := st.send(st.response("k1"))
		if first.Number != second.Number || first.Secret != second.Secret || !second.Repeated {
			t.Fatalf("%+v, %+v", first, second)
		}
		if n := st.count("SELECT responses FROM survey_counters WHERE question = '' AND choice = ''"); n != 1 {
			t.Errorf("counted %d times", n)
		}
		other := st.response("k1")
		other.Answers["q1"] = survey.Answer{Choices: []string{"o1"}}
		_, err := st.s.Receive(ctx, actor.Public(), other)
		if got := refused(t, err, fault.Conflict); got[""] != "submission.key_reused" {
			t.Error(got)
		}
		st.clock.Add(31 * 24 * time.Hour)
		if late := st.send(st.response("k1")); late.Number != first.Number {
			t.Error("what was accepted has no receipt after the end")
		}
		_, err = st.s.Receive(ctx, actor.Public(), st.response("k2"))
		if got := refused(t, err, fault.Gone); got[""] != "consultation.closed" {
			t.Error(got)
		}
		if n := st.count("SELECT count(*) FROM survey_responses"); n != 1 {
			t.Errorf("%d responses are stored", n)
		}
	})
}

func TestWhatIsWrongWithAResponseIsNamed(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		for name, x := range map[string]struct {
			change func(*survey.Response)
			field  string
			code   string
		}{
			"a required question left out": {func(r *survey.Response) { delete(r.Answers, "q1") }, "answers.q1", "survey.answer_required"},
			"nothing at all":               {func(r *survey.Response) { r.Answers = survey.Answers{} }, "answers", "survey.answer_none"},
			"a choice that there is not":   {func(r *survey.Response) { r.Answers["q1"] = survey.Answer{Choices: []string{"o9"}} }, "answers.q1", "survey.answer_choice"},
			"two where one is asked":       {func(r *survey.Response) { r.Answers["q1"] = survey.Answer{Choices: []string{"o1", "o2"}} }, "answers.q1", "survey.answer_one"},
			"more than may be chosen":      {func(r *survey.Response) { r.Answers["q2"] = survey.Answer{Choices: []string{"o1", "o2", "o3"}} }, "answers.q2", "survey.answer_many"},
			"other without what":           {func(r *survey.Response) { r.Answers["q2"] = survey.Answer{Choices: []string{"other"}} }, "answers.q2.other", "survey.other_empty"},
			"other too long":               {func(r *survey.Response) { r.Answers["q2"] = survey.Answer{Other: strings.Repeat("长", 201)} }, "answers.q2.other", "survey.too_long"},
			"a point off the scale":        {func(r *survey.Response) { r.Answers["q3"] = survey.Answer{Choices: []string{"6"}} }, "answers.q3", "survey.answer_choice"},
			"a short text too long":        {func(r *survey.Response) { r.Answers["q4"] = survey.Answer{Text: strings.Repeat("长", 501)} }, "answers.q4", "survey.too_long"},
			"a text to a choice":           {func(r *survey.Response) { r.Answers["q1"] = survey.Answer{Choices: []string{"o1"}, Text: "x"} }, "answers.q1", "survey.answer_no_text"},
			"a choice to a text":           {func(r *survey.Response) { r.Answers["q4"] = survey.Answer{Choices: []string{"o1"}} }, "answers.q4", "survey.answer_only_text"},
			"a question that there is not": {func(r *survey.Response) { r.Answers["q9"] = survey.Answer{Text: "x"} }, "answers.q9", "survey.question_unknown"},
			"no consent":                   {func(r *survey.Response) { r.Consent = false }, "consent", "submission.consent"},
			"no kind":                      {func(r *survey.Response) { r.Submitter.Kind = "" }, "submitter.kind", "submission.kind"},
			"a NUL":                        {func(r *survey.Response) { r.Answers["q4"] = survey.Answer{Text: "a\x00b"} }, "answers.q4", "unreadable_text"},
		} {
			in := st.response("k-" + name)
			x.change(&in)
			_, err := st.s.Receive(ctx, actor.Public(), in)
			if got := refused(t, err, fault.Invalid); got[x.field] != x.code {
				t.Errorf("%s: %v", name, got)
			}
		}
		if n := st.count("SELECT count(*) FROM survey_responses") + st.count("SELECT count(*) FROM survey_counters"); n != 0 {
			t.Errorf("%d rows of refused responses", n)
		}
	})
}

func TestWhoSaysWhatOtherIsHasChosenIt(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		in := st.response("k1")
		in.Answers["q2"] = survey.Answer{Choices: []string{"o1"}, Other: " 顺路 "}
		st.send(in)
		if n := st.count("SELECT responses FROM survey_counters WHERE question = 'q2' AND choice = 'other'"); n != 1 {
			t.Errorf("other was counted %d times", n)
		}
	})
}

func TestQuestionsAreFixedFromTheNoticesSubmissionOn(t *testing.T) {
	each(t, func(st *stage) {
		kept, err := st.s.Keep(ctx, st.officer(), st.slug, questions(), 0)
		must(t, err)
		in := questions()
		in.Questions = kept.Questions
		in.Questions[0].Label.Text = "您多久赶一次集？"
		again, err := st.s.Keep(ctx, st.officer(), st.slug, in, kept.Version)
		must(t, err)
		if again.Questions[0].Code != kept.Questions[0].Code || again.Questions[0].Options[1].Code != "o2" || again.Version != kept.Version+1 {
			t.Errorf("codes moved: %+v", again.Questions[0])
		}
		_, err = st.s.Keep(ctx, st.officer(), st.slug, in, kept.Version)
		refused(t, err, fault.Conflict)
		st.apply(st.officer(), consultation.Submit)
		_, err = st.s.Keep(ctx, st.officer(), st.slug, in, 0)
		if got := refused(t, err, fault.Conflict); got[""] != "survey.fixed" {
			t.Error(got)
		}
		st.apply(st.as(2, actor.Reviewer), consultation.Return)
		_, err = st.s.Keep(ctx, st.as(3, actor.Officer), st.slug, in, 0)
		must(t, err)
		st.apply(st.officer(), consultation.Submit)
		both := st.as(3, actor.Officer, actor.Reviewer)
		_, err = st.cons.Apply(ctx, both, st.slug, consultation.Approve, consultation.Note{})
		refused(t, err, fault.Forbidden) // who wrote a question does not approve it
		st.apply(st.as(2, actor.Reviewer), consultation.Approve)
		_, err = st.s.Keep(ctx, st.officer(), st.slug, in, 0)
		refused(t, err, fault.Conflict)
		for _, who := range []actor.Actor{st.as(5, actor.Auditor), st.as(2, actor.Reviewer)} {
			_, err = st.s.Keep(ctx, who, st.slug, in, 0)
			refused(t, err, fault.Forbidden)
		}
		_, err = st.s.Keep(ctx, actor.Public(), st.slug, in, 0)
		refused(t, err, fault.Unauthenticated)
	})
}

func TestAQuestionAboutAProvisionThatWentKeepsTheNoticeBack(t *testing.T) {
	each(t, func(st *stage) {
		in := questions()
		in.Questions[0].Provision = "art-99"
		_, err := st.s.Keep(ctx, st.officer(), st.slug, in, 0)
		if got := refused(t, err, fault.Invalid); got["questions[0].provision"] == "" {
			t.Error(got)
		}
		_, err = st.s.Keep(ctx, st.officer(), st.slug, questions(), 0)
		must(t, err)
		_, err = st.db.Writer().ExecContext(ctx, "UPDATE provisions SET key = 'art-30' WHERE key = 'art-3'")
		must(t, err)
		_, err = st.cons.Apply(ctx, st.officer(), st.slug, consultation.Submit, consultation.Note{})
		if got := refused(t, err, fault.Conflict); got[""] != "survey.provision_gone" {
			t.Error(got)
		}
	})
}

func TestWhatIsWrongWithAQuestionnaireIsNamed(t *testing.T) {
	each(t, func(st *stage) {
		for name, x := range map[string]struct {
			change func(*survey.In)
			field  string
		}{
			"one option":        {func(in *survey.In) { in.Questions[0].Options = in.Questions[0].Options[:1] }, "questions[0].options"},
			"the same twice":    {func(in *survey.In) { in.Questions[0].Options[1].Label.Text = "每 周" }, "questions[0].options[1]"},
			"too many options":  {func(in *survey.In) { in.Questions[0].Options = make([]survey.Option, 21) }, "questions[0].options"},
			"no label":          {func(in *survey.In) { in.Questions[1].Label.Text = " \u3000" }, "questions[1].label"},
			"no such kind":      {func(in *survey.In) { in.Questions[1].Kind = "matrix" }, "questions[1].kind"},
			"two points":        {func(in *survey.In) { in.Questions[2].Points = 2 }, "questions[2].points"},
			"eleven points":     {func(in *survey.In) { in.Questions[2].Points = 11 }, "questions[2].points"},
			"an end not named":  {func(in *survey.In) { in.Questions[2].Low.Text = "" }, "questions[2].low"},
			"at most too many":  {func(in *survey.In) { in.Questions[1].Most = 5 }, "questions[1].most"},
			"31 questions":      {func(in *survey.In) { in.Questions = append(in.Questions, make([]survey.Question, 26)...) }, "questions"},
			"a label too long":  {func(in *survey.In) { in.Questions[0].Label.Other = strings.Repeat("x", 301) }, "questions[0].label_other"},
			"a code twice":      {func(in *survey.In) { in.Questions[0].Code, in.Questions[1].Code = "q1", "q1" }, "questions[1].code"},
			"a code of markup":  {func(in *survey.In) { in.Questions[0].Code = `"><b>` }, "questions[0].code"},
			"no way of showing": {func(in *survey.In) { in.Results = "never" }, "results"},
		} {
			in := questions()
			x.change(&in)
			_, err := st.s.Keep(ctx, st.officer(), st.slug, in, 0)
			if got := refused(t, err, fault.Invalid); got[x.field] == "" {
				t.Errorf("%s: %v", name, got)
			}
		}
	})
}

func TestResultsAreForThePublicWhenTheNoticeSaysSo(t *testing.T) {
	for _, show := range []string{survey.AtEnd, survey.Live} {
		each(t, func(st *stage) {
			in := questions()
			in.Results = show
			st.asked(in)
			st.send(st.response("k1"))
			r, err := st.s.Results(ctx, st.slug)
			if show == survey.AtEnd {
				if got := refused(t, err, fault.Conflict); got[""] != "survey.results_later" {
					t.Error(got)
				}
			} else if err != nil || !r.Partial || r.Responses != 1 || r.ByKind != nil {
				t.Errorf("live: %+v, %v", r, err)
			}
			staff, err := st.s.StaffResults(ctx, st.as(5, actor.Auditor), st.slug)
			if err != nil || staff.Responses != 1 {
				t.Errorf("staff: %+v, %v", staff, err)
			}
			_, err = st.s.StaffResults(ctx, actor.Public(), st.slug)
			refused(t, err, fault.Unauthenticated)
			st.clock.Add(31 * 24 * time.Hour)
			r, err = st.s.Results(ctx, st.slug)
			if err != nil || r.Partial || r.Questions[2].Mean != 4 || r.Questions[1].Answered != 1 {
				t.Errorf("at the end: %+v, %v", r, err)
			}
		})
	}
}

func TestNoCellOfABreakdownIsSmall(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		send := func(kind submission.Kind, choice string, n int) {
			for range n {
				in := st.response("")
				in.Submitter.Kind, in.Answers = kind, survey.Answers{"q1": {Choices: []string{choice}}}
				st.send(in)
			}
		}
		send("individual", "o1", 9)
		send("individual", "o2", 8)
		send("individual", "o3", 7)
		send("enterprise", "o1", 6)
		send("enterprise", "o2", 5)
		send("enterprise", "o3", 2)
		send("deputy", "o3", 1)
		st.clock.Add(31 * 24 * time.Hour)
		r, err := st.s.Results(ctx, st.slug)
		must(t, err)
		for _, g := range r.ByKind {
			if g.Count < survey.LeastCell || g.Code == "deputy" {
				t.Errorf("a kind of %d stands alone: %v", g.Count, g.Code)
			}
		}
		b := r.Questions[0].Breakdown
		if b == nil || len(b.Groups) != 2 {
			t.Fatalf("broken down: %+v", b)
		}
		for _, row := range b.Rows {
			for _, n := range row.Counts {
				if n < survey.LeastCell {
					t.Errorf("a cell of %d: %+v", n, b)
				}
			}
			if row.Code == "o3" {
				t.Errorf("a small row stands alone: %+v", b)
			}
		}
		for i, want := range []int{15, 13, 10} {
			if r.Questions[0].Tallies[i].Count != want {
				t.Errorf("totals %+v", r.Questions[0].Tallies)
			}
		}
	})
}
