package survey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Answer is what a response says to one question.
type Answer struct {
	Choices []string // codes; a scale's point as a number
	Other   string   // what “other” is
	Text    string   // of a written question
}

func (a Answer) empty() bool {
	return len(a.Choices) == 0 && submission.Blank(a.Other) && submission.Blank(a.Text)
}

// stored is an answer as it is kept: the words of a written question are a comment
// of the submission, named by its position from 0.
type stored struct {
	Question string   `json:"question"`
	Choices  []string `json:"choices,omitempty"`
	Other    string   `json:"other,omitempty"`
	Comment  *int     `json:"comment,omitempty"`
}

// Answers are those of one response, by the code of the question.
type Answers map[string]Answer

// tidy brings answers into their form: choices in the order of the questionnaire
// and each once; who says what “other” is and chooses nothing else has chosen it.
func (a Answers) tidy(v Survey) Answers {
	out := make(Answers, len(a))
	for code, x := range a {
		x.Other = strings.TrimSpace(x.Other)
		if submission.Blank(x.Other) {
			x.Other = ""
		}
		if submission.Blank(x.Text) {
			x.Text = ""
		}
		if q, ok := v.Question(code); ok {
			x = x.ordered(q)
		}
		if !x.empty() {
			out[code] = x
		}
	}
	return out
}

func (a Answer) ordered(q Question) Answer {
	codes := q.Codes()
	rank := func(code string) int {
		if i := slices.Index(codes, code); i >= 0 {
			return i
		}
		return len(codes)
	}
	a.Choices = slices.DeleteFunc(slices.Clone(a.Choices), func(c string) bool { return c == "" })
	slices.SortStableFunc(a.Choices, func(x, y string) int { return rank(x) - rank(y) })
	a.Choices = slices.Compact(a.Choices)
	if a.Other != "" && q.Other && (q.Kind == Several || len(a.Choices) == 0) && !slices.Contains(a.Choices, OtherCode) {
		a.Choices = append(a.Choices, OtherCode)
	}
	return a
}

// checkAnswers finds what is wrong with answers. Field names are answers.CODE.
func (v Survey) checkAnswers(a Answers) fault.Fields {
	var f fault.Fields
	for code := range a {
		if _, ok := v.Question(code); !ok {
			f.Add("answers."+code, "survey.question_unknown")
		}
	}
	if len(a) == 0 {
		f.Add("answers", "survey.answer_none")
	}
	for _, q := range v.Questions {
		q.checkAnswer(a[q.Code], &f)
	}
	return f
}

func (q Question) checkAnswer(a Answer, f *fault.Fields) {
	at := "answers." + q.Code
	if a.empty() {
		if q.Required {
			f.Add(at, "survey.answer_required")
		}
		return
	}
	if q.Kind.Written() {
		q.checkText(a, at, f)
		return
	}
	q.checkChoices(a, at, f)
	q.checkOther(a, at, f)
	if a.Text != "" {
		f.Add(at, "survey.answer_no_text")
	}
}

func (q Question) checkText(a Answer, at string, f *fault.Fields) {
	most := submission.MostText
	if q.Kind == Short {
		most = ShortLength
	}
	switch n := utf8.RuneCountInString(a.Text); {
	case len(a.Choices) > 0 || a.Other != "" || a.Text == "":
		f.Add(at, "survey.answer_only_text")
	case !readable(a.Text):
		f.Add(at, "unreadable_text")
	case n > most:
		f.Add(at, "survey.too_long", "most", most, "count", n-most)
	}
}

func (q Question) checkChoices(a Answer, at string, f *fault.Fields) {
	codes := q.Codes()
	for _, c := range a.Choices {
		if !slices.Contains(codes, c) {
			f.Add(at, "survey.answer_choice")
			return
		}
	}
	switch n := len(a.Choices); {
	case n > 1 && q.Kind != Several:
		f.Add(at, "survey.answer_one")
	case q.Most > 0 && n > q.Most:
		f.Add(at, "survey.answer_many", "most", q.Most, "count", n)
	}
}

func (q Question) checkOther(a Answer, at string, f *fault.Fields) {
	chosen := slices.Contains(a.Choices, OtherCode)
	switch n := utf8.RuneCountInString(a.Other); {
	case !readable(a.Other):
		f.Add(at+".other", "unreadable_text")
	case chosen && a.Other == "":
		f.Add(at+".other", "survey.other_empty")
	case !chosen && a.Other != "":
		f.Add(at+".other", "survey.other_unchosen")
	case n > OtherLength:
		f.Add(at+".other", "survey.too_long", "most", OtherLength, "count", n-OtherLength)
	}
}

func readable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// read splits answers into what is counted, what is committed to and what is a
// comment, all in the order of the questions.
func (v Survey) read(a Answers) (kept []stored, told []submission.SurveyAnswer, parts []submission.Part) {
	for i, q := range v.Questions {
		x, ok := a[q.Code]
		if !ok {
			continue
		}
		k := stored{Question: q.Code, Choices: x.Choices, Other: x.Other}
		if q.Kind.Written() {
			n := len(parts)
			k.Comment = &n
			parts = append(parts, submission.Part{Provision: q.Provision, Text: x.Text})
		}
		kept = append(kept, k)
		told = append(told, submission.SurveyAnswer{Question: fmt.Sprintf("%d %s %s", i+1, q.Code, q.Label.Text), Answer: q.tell(k)})
	}
	return kept, told, parts
}

// tell writes an answer as the leaf commits to it: a line a choice, its code and
// its words; a written one names the comment that it became, from 1.
func (q Question) tell(k stored) string {
	if k.Comment != nil {
		return "comment " + strconv.Itoa(*k.Comment+1)
	}
	lines := make([]string, len(k.Choices))
	for i, c := range k.Choices {
		o, _ := q.Option(c)
		switch {
		case q.Kind == Scale:
			lines[i] = c + "/" + strconv.Itoa(q.Points)
		case c == OtherCode:
			lines[i] = OtherCode + " " + k.Other
		default:
			lines[i] = c + " " + o.Label.Text
		}
	}
	return strings.Join(lines, "\n")
}
