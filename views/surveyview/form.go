// Package surveyview draws a questionnaire: to answer, to write, to enter from
// paper, and its figures.
package surveyview

import (
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// Form is a questionnaire with what was typed so far: all of it is in its fields,
// so that nothing depends on a session.
type Form struct {
	C       consultation.Consultation
	V       survey.Survey
	Tree    *draft.Tree
	Key     string // made when the form is first shown: makes a double click one response
	Answers survey.Answers
	Sender  submission.Submitter
	Consent bool
	Again   bool // the key was used for another content
	Proof   challenge.Form
	Faults  []Fault
	Preview bool // staff look at it before anybody answers
}

func (f Form) work(p layouts.Page) components.Proof {
	return components.Proof{Answer: f.Proof.Answer, Worker: p.Assets.URL("work.js"), Last: true}
}

// Fault is a fault of one field, worded. Name is its path: answers.q1.
type Fault struct{ Name, Message string }

// Address is where the form is sent: an absolute path.
func (f Form) Address() string { return Address(f.C.Slug) }

// Address is the page of a consultation's survey.
func Address(slug string) string { return "/consultations/" + slug + "/survey" }

func (f Form) draftKey() string { return "survey-" + f.C.Slug }

// Title is the questionnaire's own, or the usual word.
func (f Form) Title(l *i18n.Locale) string {
	text, _ := f.V.Title.In(l.Tag(), f.C.Lang)
	if text == "" {
		return l.T("survey.title")
	}
	return text
}

func (f Form) titleLang(l *i18n.Locale) string {
	text, lang := f.V.Title.In(l.Tag(), f.C.Lang)
	if text == "" {
		return l.Tag()
	}
	return lang
}

func (f Form) caption(l *i18n.Locale) string {
	title := strings.ReplaceAll(f.C.Title, "\u200b", "")
	if f.C.ClosesAt == nil {
		return title
	}
	return title + l.T("submission.form.until", "at", l.Deadline(*f.C.ClosesAt))
}

// lead says how much there is to do.
func (f Form) lead(l *i18n.Locale) string {
	required := 0
	for _, q := range f.V.Questions {
		if q.Required {
			required++
		}
	}
	return l.T("survey.form.lead", "count", len(f.V.Questions), "required", required)
}

func (f Form) fault(name string) string {
	for _, x := range f.Faults {
		if x.Name == name {
			return x.Message
		}
	}
	return ""
}

// field is the name of a question's control, and its id.
func field(code string) string { return "a-" + code }

// otherField is that of what “other” is.
func otherField(code string) string { return "o-" + code }

// FieldNames are the names under which a form sends the answer to a question and
// what “other” is.
func FieldNames(code string) (answer, other string) { return field(code), otherField(code) }

// fieldID is the id of the control that a fault's path leads to.
func (f Form) fieldID(name string) string {
	if code, ok := strings.CutPrefix(name, "answers."); ok {
		if code, other := strings.CutSuffix(code, ".other"); other {
			return otherField(code)
		}
		return field(code)
	}
	if _, line, ok := strings.Cut(name, "submitter."); ok {
		return line
	}
	if name == "consent" {
		return name
	}
	if len(f.V.Questions) > 0 {
		return field(f.V.Questions[0].Code)
	}
	return "main"
}

func (f Form) summary(l *i18n.Locale) []components.FieldError {
	out := make([]components.FieldError, 0, len(f.Faults))
	for _, x := range f.Faults {
		message := x.Message
		if n := f.number(x.Name); n > 0 {
			message = l.T("survey.form.question", "number", n) + l.T("submission.form.colon") + message
		}
		out = append(out, components.FieldError{ID: f.fieldID(x.Name), Message: message})
	}
	return out
}

// number is the place of the question of a fault, from 1; 0 when it is of none.
func (f Form) number(name string) int {
	code, ok := strings.CutPrefix(name, "answers.")
	if !ok {
		return 0
	}
	code = strings.TrimSuffix(code, ".other")
	return 1 + slices.IndexFunc(f.V.Questions, func(q survey.Question) bool { return q.Code == code })
}

// lang is the language of a question's label for this reader.
func (f Form) lang(l *i18n.Locale, q survey.Question) string {
	_, lang := q.Label.In(l.Tag(), f.C.Lang)
	return lang
}

func (f Form) in(l *i18n.Locale, w survey.Words) string {
	text, _ := w.In(l.Tag(), f.C.Lang)
	return text
}

// control is what the controls of a question share. An optional one says so.
func (f Form) control(l *i18n.Locale, i int) components.Field {
	q := f.V.Questions[i]
	x := components.Field{
		ID: field(q.Code), Name: field(q.Code), Label: strconv.Itoa(i+1) + numberMark(l) + f.in(l, q.Label), Heading: true,
		Hint: f.hint(l, q), Error: f.fault("answers." + q.Code), Optional: !q.Required,
	}
	if i == 0 && x.Error == "" {
		x.Error = f.fault("answers")
	}
	return x
}

func numberMark(l *i18n.Locale) string {
	if l.Tag() == "en" {
		return ". "
	}
	return "．"
}

func (f Form) hint(l *i18n.Locale, q survey.Question) string {
	var parts []string
	switch {
	case q.Kind == survey.Several && q.Most > 0:
		parts = append(parts, l.T("survey.form.most", "most", q.Most))
	case q.Kind == survey.Several:
		parts = append(parts, l.T("survey.form.any"))
	}
	if h := f.in(l, q.Hint); h != "" {
		parts = append(parts, h)
	}
	return strings.Join(parts, l.T("survey.form.stop"))
}

// choices are the options of a question; an optional choice of one can be taken
// back.
func (f Form) choices(l *i18n.Locale, i int) components.Choices {
	q := f.V.Questions[i]
	a := f.Answers[q.Code]
	c := components.Choices{Field: f.control(l, i)}
	add := func(value, text string) {
		c.Options = append(c.Options, components.Option{Value: value, Text: text, Chosen: slices.Contains(a.Choices, value)})
	}
	for _, code := range q.Codes() {
		add(code, f.word(l, q, code))
	}
	if q.Other {
		c.Options[len(c.Options)-1].Reveals = "reveal-" + q.Code
	}
	if q.Kind != survey.Several && !q.Required {
		add("", l.T("survey.form.none"))
	}
	c.Inline = q.Kind == survey.Scale
	return c
}

// word is an option in words; the ends of a scale say what they mean.
func (f Form) word(l *i18n.Locale, q survey.Question, code string) string {
	return Word(l, f.C.Lang, q, code)
}

// Word writes a choice of a question for a reader. lang is the consultation's.
func Word(l *i18n.Locale, lang string, q survey.Question, code string) string {
	if o, ok := q.Option(code); ok {
		text, _ := o.Label.In(l.Tag(), lang)
		return text
	}
	in := func(w survey.Words) string {
		text, _ := w.In(l.Tag(), lang)
		return text
	}
	switch {
	case code == survey.OtherCode:
		return l.T("survey.other")
	case code == survey.Rest:
		return l.T("survey.rest")
	case q.Kind == survey.Scale && code == "1":
		return code + " " + in(q.Low)
	case q.Kind == survey.Scale && code == strconv.Itoa(q.Points):
		return code + " " + in(q.High)
	}
	return code
}

func (f Form) otherInput(l *i18n.Locale, q survey.Question) components.Field {
	return components.Field{
		ID: otherField(q.Code), Name: otherField(q.Code), Label: l.T("survey.form.other"), Hint: l.T("survey.form.other.hint"),
		Value: f.Answers[q.Code].Other, Error: f.fault("answers." + q.Code + ".other"), Spellcheck: true,
	}
}

func (f Form) line(l *i18n.Locale, i int) components.Field {
	x := f.control(l, i)
	x.Value, x.Spellcheck = f.Answers[f.V.Questions[i].Code].Text, true
	return x
}

func (f Form) area(l *i18n.Locale, i int) components.Area {
	return components.Area{Field: f.line(l, i), Rows: 4, Limit: submission.MostText}
}

// words is the text of the provision that a question speaks of.
func (f Form) words(q survey.Question) (text, lang string) {
	p, ok := f.Tree.Get(q.Provision)
	if !ok || q.Provision == "" {
		return "", ""
	}
	return f.Tree.Words(p.Key), p.Lang
}

// Told writes all answers in words, to be kept when they could not be sent.
func (f Form) Told(l *i18n.Locale) string {
	var b strings.Builder
	for i, q := range f.V.Questions {
		a, ok := f.Answers[q.Code]
		if !ok {
			continue
		}
		var said []string
		for _, c := range a.Choices {
			if c != "" {
				said = append(said, f.word(l, q, c))
			}
		}
		for _, t := range []string{a.Other, a.Text} {
			if !submission.Blank(t) {
				said = append(said, t)
			}
		}
		if len(said) > 0 {
			b.WriteString(strconv.Itoa(i+1) + numberMark(l) + f.in(l, q.Label) + "\n" + strings.Join(said, "\n") + "\n\n")
		}
	}
	return strings.TrimSpace(b.String())
}
