package demo

import (
	"fmt"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

// poll is the questionnaire of a notice and how many answered it. Every seventh of
// them also wrote something: the words in turn.
type poll struct {
	Title     survey.Words
	Intro     survey.Words
	Questions []survey.Question
	Responses int
	Regions   []string
	Words     []string
}

// ask writes the questions while the notice is prepared.
func (f *filling) ask(n *notice, officer actor.Actor) error {
	if n.Survey == nil || f.Surveys == nil {
		return nil
	}
	_, err := f.Surveys.Keep(f.ctx, officer, n.slug, survey.In{
		Title: n.Survey.Title, Introduction: n.Survey.Intro, Results: survey.Live, Questions: n.Survey.Questions,
	}, 0)
	return err
}

// answered are the steps in which people answer: evenly over the days since the
// opening, by day.
func (n *notice) answered(today time.Time) []step {
	if n.Survey == nil || n.Opens == nil {
		return nil
	}
	var out []step
	for i := range n.Survey.Responses {
		at := day(today, *n.Opens+1+i*(-*n.Opens-2)/n.Survey.Responses).Add(8*time.Hour + time.Duration(i*37%720)*time.Minute)
		out = append(out, step{at, n.file, fmt.Sprintf("response %d", i+1), func(f *filling) error { return f.respond(n, i) }})
	}
	return out
}

// respond is the i-th response: the earlier of two options is chosen more often.
func (f *filling) respond(n *notice, i int) error {
	if f.Surveys == nil {
		return nil
	}
	v := n.Survey
	in := survey.Response{
		Consultation: n.slug, Key: fmt.Sprint("demo-", i), Way: survey.ByWeb, Consent: true, Answers: survey.Answers{},
		Submitter: submission.Submitter{Kind: "individual", Region: v.Regions[i%len(v.Regions)]},
	}
	if i%4 == 3 {
		in.Submitter.Kind = "enterprise"
	}
	for k, q := range v.Questions {
		code := fmt.Sprintf("q%d", k+1)
		at := (i*7 + i/5 + k*5) % 11
		switch {
		case q.Kind.Written() && i%7 == 0:
			in.Answers[code] = survey.Answer{Text: v.Words[i/7%len(v.Words)]}
		case q.Kind == survey.Scale:
			in.Answers[code] = survey.Answer{Choices: []string{fmt.Sprint(1 + at*q.Points/11)}}
		case q.Kind.Choice():
			in.Answers[code] = survey.Answer{Choices: []string{fmt.Sprintf("o%d", 1+at*at*len(q.Options)/121)}}
		}
	}
	_, err := f.Surveys.Receive(f.ctx, actor.Public(), in)
	return err
}
