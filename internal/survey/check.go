package survey

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// tidy brings the words of a questionnaire into their form.
func (s *Survey) tidy() {
	s.Title.tidy()
	s.Introduction.tidy()
	for i := range s.Questions {
		q := &s.Questions[i]
		for _, w := range []*Words{&q.Label, &q.Hint, &q.Low, &q.High} {
			w.tidy()
		}
		for n := range q.Options {
			q.Options[n].Label.tidy()
		}
		q.keepOwn()
	}
}

func (w *Words) tidy() {
	w.Text, w.Other = strings.TrimSpace(w.Text), strings.TrimSpace(w.Other)
}

// keepOwn drops what a question of its kind does not have.
func (q *Question) keepOwn() {
	if !q.Kind.Choice() {
		q.Options, q.Other = nil, false
	}
	if q.Kind != Several {
		q.Most = 0
	}
	if q.Kind != Scale {
		q.Points, q.Low, q.High = 0, Words{}, Words{}
	}
}

// check finds what is wrong with a questionnaire. Field names are paths of the
// API's body.
func (s Survey) check(tree *draft.Tree) error {
	var f fault.Fields
	s.Title.check(&f, "title", TitleLength)
	s.Introduction.check(&f, "introduction", IntroLength)
	if s.Results != AtEnd && s.Results != Live {
		f.Add("results", "survey.results")
	}
	if len(s.Questions) > MostQuestions {
		f.Add("questions", "survey.questions_many", "most", MostQuestions)
	}
	seen := map[string]bool{}
	for i, q := range s.Questions {
		if i == MostQuestions {
			break
		}
		at := fmt.Sprintf("questions[%d].", i)
		if seen[q.Code] || !isCode(q.Code) {
			f.Add(at+"code", "survey.code")
		}
		seen[q.Code] = true
		q.check(&f, at)
		if _, ok := tree.Get(q.Provision); !ok && q.Provision != "" {
			f.Add(at+"provision", "submission.provision")
		}
	}
	return f.Err()
}

func (q Question) check(f *fault.Fields, at string) {
	if !slices.Contains(Kinds, q.Kind) {
		f.Add(at+"kind", "survey.kind")
	}
	if submission.Blank(q.Label.Text) {
		f.Add(at+"label", "survey.label_empty")
	}
	q.Label.check(f, at+"label", LabelLength)
	q.Hint.check(f, at+"hint", HintLength)
	switch q.Kind {
	case Single, Several:
		q.checkOptions(f, at)
	case Scale:
		if q.Points < LeastPoints || q.Points > MostPoints {
			f.Add(at+"points", "survey.points", "least", LeastPoints, "most", MostPoints)
		}
		for name, w := range map[string]Words{"low": q.Low, "high": q.High} {
			if submission.Blank(w.Text) {
				f.Add(at+name, "survey.end_empty")
			}
			w.check(f, at+name, EndLength)
		}
	}
}

func (q Question) checkOptions(f *fault.Fields, at string) {
	n := len(q.Codes())
	switch {
	case n < 2:
		f.Add(at+"options", "survey.options_few")
	case len(q.Options) > MostOptions:
		f.Add(at+"options", "survey.options_many", "most", MostOptions)
	}
	codes, words := map[string]bool{OtherCode: true}, map[string]bool{}
	for i, o := range q.Options {
		if i == MostOptions {
			break
		}
		where := fmt.Sprintf("%soptions[%d]", at, i)
		if codes[o.Code] || !isCode(o.Code) {
			f.Add(where, "survey.code")
		}
		if w := plain(o.Label.Text); words[w] {
			f.Add(where, "survey.option_twice", "text", o.Label.Text)
		} else if submission.Blank(o.Label.Text) {
			f.Add(where, "survey.option_empty")
		}
		codes[o.Code], words[plain(o.Label.Text)] = true, true
		o.Label.check(f, where, OptionLength)
	}
	if q.Most < 0 || q.Most == 1 || q.Most > n {
		f.Add(at+"most", "survey.most", "most", n)
	}
}

// check bounds words in both languages.
func (w Words) check(f *fault.Fields, name string, most int) {
	for _, x := range []struct{ at, text string }{{name, w.Text}, {name + "_other", w.Other}} {
		switch n := utf8.RuneCountInString(x.text); {
		case !utf8.ValidString(x.text) || strings.IndexByte(x.text, 0) >= 0:
			f.Add(x.at, "unreadable_text")
		case n > most:
			f.Add(x.at, "survey.too_long", "most", most, "count", n-most)
		}
	}
}

// isCode holds for what may name a question or an option: it stands in columns of
// tables and in addresses.
func isCode(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }) < 0
}
