package survey_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

func TestAnAnswerIsReadAsClerksWriteIt(t *testing.T) {
	in := questions()
	in.Questions[1].Options[0].Label.Text = "便宜，实惠"
	for i := range in.Questions {
		for n := range in.Questions[i].Options {
			in.Questions[i].Options[n].Code = fmt.Sprintf("o%d", n+1)
		}
	}
	for _, x := range []struct {
		question int
		text     string
		want     survey.Answer
		ok       bool
	}{
		{0, "2", survey.Answer{Choices: []string{"o2"}}, true},
		{0, "２", survey.Answer{Choices: []string{"o2"}}, true},
		{0, "每 周", survey.Answer{Choices: []string{"o1"}}, true},
		{0, "weekly", survey.Answer{Choices: []string{"o1"}}, true},
		{0, "O3", survey.Answer{Choices: []string{"o3"}}, true},
		{0, "4", survey.Answer{}, false},
		{0, "从来不去", survey.Answer{}, false},
		{0, " ", survey.Answer{}, true},
		{1, "1 3", survey.Answer{Choices: []string{"o1", "o3"}}, true},
		{1, "1，3", survey.Answer{Choices: []string{"o1", "o3"}}, true},
		{1, "便宜，实惠；热闹", survey.Answer{Choices: []string{"o1", "o3"}}, true},
		{1, "新鲜、热闹", survey.Answer{Choices: []string{"o2", "o3"}}, true},
		{1, "新鲜；其他：顺路", survey.Answer{Choices: []string{"o2", "other"}, Other: "顺路"}, true},
		{1, "离家近，顺路", survey.Answer{Choices: []string{"other"}, Other: "离家近，顺路"}, true},
		{2, "4/5", survey.Answer{Choices: []string{"4"}}, true},
		{2, "5分", survey.Answer{Choices: []string{"5"}}, true},
		{2, "0", survey.Answer{}, false},
		{2, "6", survey.Answer{}, false},
		{3, "周末集市", survey.Answer{Text: "周末集市"}, true},
	} {
		got, ok := in.Questions[x.question].Read(x.text)
		if ok != x.ok || ok && !reflect.DeepEqual(got, x.want) {
			t.Errorf("question %d, %q: %+v, %v", x.question+1, x.text, got, ok)
		}
	}
}

func table(t *testing.T, name, text string) sheet.Reader {
	t.Helper()
	r, err := sheet.NewReader(strings.NewReader(text), name, sheet.Limits{})
	must(t, err)
	return r
}

// paper is a table as a clerk types it: right rows, a wrong choice, too many, none.
const paper = `编号,身份,日期,1、您多久去一次集市？,您为什么去？,Q3,q4,第5题
甲-1,个人,2026-11-01,每周,1 2,5,,摊位费太高
甲-2,企业,2026-11-01,2,其他：顺路,３,周末集市,
甲-3,个人,2026-11-01,从来不去,,,,
甲-4,个人,2026-11-01,1,1 2 3,,,
甲-5,外星人,2026-11-01,1,,,,
甲-6,个人,2027-11-01,1,,,,
`

func TestATableOfResponsesIsTakenInOnce(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		st.clock.Add(48 * time.Hour)
		bulk := survey.Bulk{Consultation: st.slug, Sum: strings.Repeat("ab", 32), DryRun: true}
		var found []string
		note := func(f survey.Finding) { found = append(found, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code)) }
		want := []string{"4:4 survey.answer_choice", "5:5 survey.answer_many", "6:2 submission.kind", "7:3 submission.received_at"}
		run := func() survey.Imported {
			t.Helper()
			found = nil
			report, err := st.s.Import(ctx, st.officer(), bulk, table(t, "x.csv", paper), note)
			must(t, err)
			return report
		}
		if r := run(); r != (survey.Imported{Rows: 6, Taken: 2, Refused: 4}) || !sameSet(found, want) {
			t.Errorf("tried: %+v, %v", r, found)
		}
		if n := st.count("SELECT count(*) FROM survey_responses") + st.count("SELECT count(*) FROM submissions"); n != 0 {
			t.Fatalf("a dry run left %d rows", n)
		}
		bulk.DryRun = false
		if r := run(); r != (survey.Imported{Rows: 6, Taken: 2, Refused: 4}) || !sameSet(found, want) {
			t.Errorf("taken: %+v, %v", r, found)
		}
		if r := run(); r != (survey.Imported{Rows: 6, Repeated: 2, Refused: 4}) {
			t.Errorf("again: %+v", r)
		}
		if n := st.count("SELECT count(*) FROM submissions WHERE entry = 'import' AND channel = 'survey'"); n != 2 {
			t.Errorf("%d are kept as imported", n)
		}
		var one struct{ ConsultationID, SubmissionID int64 }
		must(t, st.db.Read(ctx).Table("submission_origins").Where("number = '甲-2'").Take(&one).Error)
		o, err := st.subs.Opening(ctx, one.ConsultationID, one.SubmissionID)
		must(t, err)
		if !strings.Contains(string(o.Leaf), bulk.Sum) {
			t.Errorf("the leaf does not say which file it came from: %s", o.Leaf)
		}
		_, err = st.s.Import(ctx, st.officer(), bulk, table(t, "x.csv", "a,b\n1,2\n"), nil)
		refused(t, err, fault.Invalid)
		_, err = st.s.Import(ctx, st.as(2, actor.Reviewer), bulk, table(t, "x.csv", paper), nil)
		refused(t, err, fault.Forbidden)
	})
}

func sameSet(a, b []string) bool {
	seen := map[string]int{}
	for _, x := range a {
		seen[x]++
	}
	for _, x := range b {
		seen[x]--
	}
	for _, n := range seen {
		if n != 0 {
			return false
		}
	}
	return true
}

func TestAnExportNamesNobodyAndComesBackAsItIs(t *testing.T) {
	each(t, func(st *stage) {
		st.asked(questions())
		in := st.response("k1")
		in.Submitter = submission.Submitter{Kind: "expert", Name: "朱晓岚", Email: "zhu@mail.example", Phone: "13800000000", Region: "桃源区"}
		in.Answers["q2"] = survey.Answer{Choices: []string{"o1"}, Other: "顺路"}
		r := st.send(in)
		var csv bytes.Buffer
		must(t, st.s.Export(ctx, st.as(5, actor.Auditor), st.slug, &csv, sheet.CSV))
		for _, secret := range []string{"朱晓岚", "zhu@", "138000", "桃源", r.Number, r.Secret} {
			if strings.Contains(csv.String(), secret) {
				t.Errorf("the table holds %q", secret)
			}
		}
		for _, words := range []string{"q1 您多久去一次集市？", "每月", "便宜; other", "顺路", ",4,", "摊位费太高"} {
			if !strings.Contains(csv.String(), words) {
				t.Errorf("the table lacks %q: %s", words, csv.String())
			}
		}
		_, err := st.s.Import(ctx, st.officer(), survey.Bulk{Consultation: st.slug, Sum: strings.Repeat("cd", 32)}, table(t, "x.csv", csv.String()),
			func(f survey.Finding) { t.Errorf("its own export: %+v", f) })
		must(t, err)
		for _, one := range []string{"q1", "q2", "q3", "q5"} {
			if n := st.count("SELECT sum(responses) FROM survey_counters WHERE question = ? AND choice = ''", one); n != 2 {
				t.Errorf("%s: %d", one, n)
			}
		}
		if n := st.count("SELECT sum(responses) FROM survey_counters WHERE question = 'q2' AND choice = 'other'"); n != 2 {
			t.Errorf("other: %d", n)
		}
		must(t, exec(st, "UPDATE comments SET withheld = 'personal'"))
		for _, format := range []sheet.Format{sheet.CSV, sheet.XLSX, sheet.JSON} {
			var out bytes.Buffer
			must(t, st.s.Export(ctx, st.officer(), st.slug, &out, format))
			if strings.Contains(out.String(), "摊位费太高") || out.Len() == 0 {
				t.Errorf("%s shows withheld words", format)
			}
		}
		refused(t, st.s.Export(ctx, st.as(2, actor.Reviewer), st.slug, &csv, sheet.CSV), fault.Forbidden)
		refused(t, st.s.Export(ctx, actor.Public(), st.slug, &csv, sheet.CSV), fault.Unauthenticated)
	})
}

func exec(st *stage, query string) error {
	_, err := st.db.Writer().ExecContext(ctx, query)
	return err
}
