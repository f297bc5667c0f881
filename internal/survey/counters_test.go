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
