package survey_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

// TestCountersAreWhatACountWouldFind: after any sequence of responses, right and
// wrong, repeated, on paper and by the form, each counter is what counting the
// stored responses gives, and the responses are the submissions of the channel.
func TestCountersAreWhatACountWouldFind(t *testing.T) {
	at := clock.At(begin)
	databasetest.EachWith(t, database.Options{Clock: at}, func(t *testing.T, db *database.DB) {
		at.Set(begin)
		st := newStage(t, db, at)
		v := st.asked(questions())
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(1, 8).Draw(r, "responses") {
				n++
				in := random(r, v, st.slug, fmt.Sprintf("k%d", rapid.IntRange(n/2, n).Draw(r, "key")))
				var err error
				if in.Way == survey.ByClerk {
					_, err = st.s.EnterPaper(ctx, st.officer(), in)
				} else {
					_, err = st.s.Receive(ctx, actor.Public(), in)
				}
				if f, ok := fault.As(err); err != nil && (!ok || f.Kind != fault.Invalid && f.Code != "submission.key_reused") {
					r.Fatal(err)
				}
			}
			if counted, recounted := counters(r, db), recount(r, db); !slices.Equal(counted, recounted) {
				r.Fatalf("counted\n%v\nthere are\n%v", counted, recounted)
			}
			if a, b := st.count("SELECT count(*) FROM survey_responses"), st.count("SELECT count(*) FROM submissions WHERE channel = 'survey'"); a != b {
				r.Fatalf("%d responses, %d submissions", a, b)
			}
			if a, b := st.count("SELECT comments FROM consultation_counters"), st.count("SELECT count(*) FROM comments"); a != b {
				r.Fatalf("%d comments counted, %d there", a, b)
			}
		})
	})
}

// random is a response that is often wrong in some way.
func random(r *rapid.T, v survey.Survey, slug, key string) survey.Response {
	in := survey.Response{
		Consultation: slug, Key: key, Consent: true, Answers: survey.Answers{},
		Way:       rapid.SampledFrom([]survey.Way{survey.ByWeb, survey.ByAPI, survey.ByClerk}).Draw(r, "way"),
		Submitter: submission.Submitter{Kind: rapid.SampledFrom(submission.Kinds).Draw(r, "kind")},
	}
	for _, q := range v.Questions {
		if rapid.IntRange(0, 3).Draw(r, "skip") == 0 {
			continue
		}
		var a survey.Answer
		if q.Kind.Written() {
			a.Text = rapid.SampledFrom([]string{"", " ", "好", "第一行\n第二行"}).Draw(r, "text")
		} else {
			codes := append(q.Codes(), "o9")
			a.Choices = rapid.SliceOfN(rapid.SampledFrom(codes), 0, 3).Draw(r, "choices")
			a.Other = rapid.SampledFrom([]string{"", "", "别的"}).Draw(r, "other")
		}
		in.Answers[q.Code] = a
	}
	return in
}

type failing interface{ Fatal(...any) }

func counters(t failing, db *database.DB) []string {
	return lines(t, db, "SELECT question, choice, way, submitter_kind, responses FROM survey_counters", func(scan func(...any) error) ([]string, error) {
		var q, c, w, k string
		var n int
		err := scan(&q, &c, &w, &k, &n)
		return []string{fmt.Sprintf("%s|%s|%s|%s=%d", q, c, w, k, n)}, err
	})
}

func recount(t failing, db *database.DB) []string {
	sums := map[string]int{}
	lines(t, db, "SELECT way, submitter_kind, answers FROM survey_responses", func(scan func(...any) error) ([]string, error) {
		var w, k, raw string
		if err := scan(&w, &k, &raw); err != nil {
			return nil, err
		}
		var answers []struct {
			Question string   `json:"question"`
			Choices  []string `json:"choices"`
		}
		if err := json.Unmarshal([]byte(raw), &answers); err != nil {
			return nil, err
		}
		sums["||"+w+"|"+k]++
		for _, a := range answers {
			sums[a.Question+"||"+w+"|"+k]++
			for _, c := range a.Choices {
				sums[a.Question+"|"+c+"|"+w+"|"+k]++
			}
		}
		return nil, nil
	})
	var out []string
	for at, n := range sums {
		out = append(out, fmt.Sprintf("%s=%d", at, n))
	}
	slices.Sort(out)
	return out
}

func lines(t failing, db *database.DB, query string, read func(func(...any) error) ([]string, error)) []string {
	rows, err := db.Reader().QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		more, err := read(rows.Scan)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, more...)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestPaperThatWasPostedInTimeIsEnteredAfterTheEnd(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		st.clock.Add(31 * 24 * time.Hour)
		posted := st.clock.Now().Add(-3 * 24 * time.Hour)
		in := st.response("p1")
		in.Origin.PostedOn = &posted
		r, err := st.s.EnterPaper(ctx, st.officer(), in)
		must(t, err)
		if n := st.count("SELECT count(*) FROM submissions WHERE id = ? AND entry = 'after' AND NOT late", r.Submission); n != 1 {
			t.Error("it is not kept as entered after the end and posted in time")
		}
		_, err = st.s.EnterPaper(ctx, st.as(5, actor.Auditor), st.response("p2"))
		refused(t, err, fault.Forbidden)
	})
}

// Many answer at once, some of them twice: no counter loses one, and none waits for
// another for ever.
func TestManyAnswerAtOnce(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		const people = 24
		errs := make(chan error, 2*people)
		for i := range people {
			for range 2 {
				go func() {
					in := st.response(fmt.Sprint("k", i))
					in.Submitter.Kind = submission.Kinds[i%len(submission.Kinds)]
					_, err := st.s.Receive(ctx, actor.Public(), in)
					errs <- err
				}()
			}
		}
		for range 2 * people {
			must(t, <-errs)
		}
		r, err := st.s.StaffResults(ctx, st.officer(), st.slug)
		must(t, err)
		if r.Responses != people || r.Questions[0].Answered != people || r.Questions[4].Answered != people {
			t.Errorf("%d people answered, counted %+v", people, r)
		}
		if counted, recounted := counters(t, st.db), recount(t, st.db); !slices.Equal(counted, recounted) {
			t.Errorf("counted\n%v\nthere are\n%v", counted, recounted)
		}
		if n := st.count("SELECT submissions FROM consultation_counters"); n != people {
			t.Errorf("%d submissions", n)
		}
	})
}

func TestWhatIsTakenBackStaysCountedAndIsMarked(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		for i := range 4 {
			in := st.response(fmt.Sprint("k", i))
			if i == 3 {
				in.Held = submission.HeldTrap
			}
			st.send(in)
		}
		ordinary := submission.In{
			Consultation: st.slug, Channel: submission.API, Submitter: submission.Submitter{Kind: "individual"}, Consent: true,
			Comments: []submission.Part{{Text: "另一份意见"}},
		}
		_, err := st.subs.Receive(ctx, actor.Public(), ordinary)
		must(t, err)
		must(t, exec(st, "UPDATE submissions SET state = 'withdrawn' WHERE id = (SELECT min(submission_id) FROM survey_responses)"))
		must(t, exec(st, "UPDATE submissions SET state = 'withdrawn' WHERE channel = 'api'")) // no response
		must(t, exec(st, "UPDATE comments SET withheld = 'personal' WHERE channel = 'api' OR submission_id = (SELECT max(submission_id) FROM survey_responses)"))
		r, err := st.s.StaffResults(ctx, st.officer(), st.slug)
		must(t, err)
		if r.Responses != 4 || r.Questions[2].Answered != 4 || r.Withdrawn != 1 || r.Withheld != 1 || r.Held != 1 {
			t.Errorf("%d responses, %d withdrawn, %d withheld, %d held", r.Responses, r.Withdrawn, r.Withheld, r.Held)
		}
	})
}
