// Package survey keeps the short questionnaire that a consultation may carry, and
// its responses. A response is one submission of the channel survey: what was
// chosen is counted here, what was written is a comment like any other. The
// questions are fixed with the notice's approval; the figures are counters that are
// moved in the transaction of each response.
package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/submission"
)

// What may be done to a questionnaire and its responses.
var (
	PermissionPrepare = access.Permission{Object: "survey", Action: "prepare"}
	PermissionEnter   = access.Permission{Object: "survey", Action: "enter"}
	PermissionSee     = access.Permission{Object: "survey", Action: "see"}
	PermissionExport  = access.Permission{Object: "survey", Action: "export"}
	PermissionAnswer  = access.Permission{Object: "survey", Action: "answer"}
)

// The limits of a questionnaire: texts in characters (code points).
const (
	MostQuestions = 30
	MostOptions   = 20
	LeastPoints   = 3
	MostPoints    = 10

	TitleLength  = 200
	IntroLength  = 2000
	LabelLength  = 300
	HintLength   = 500
	OptionLength = 200
	EndLength    = 60
	OtherLength  = 200 // what stands beside “other”
	ShortLength  = 500 // a short text; a long one may have submission.MostText
)

// Channel is the channel of every response.
const Channel = submission.Survey

// Kind is how a question is answered.
type Kind string

// The kinds of questions.
const (
	Single  Kind = "single"  // one of the options
	Several Kind = "several" // any of the options, at most Most
	Scale   Kind = "scale"   // a point from 1 to Points
	Short   Kind = "short"   // a line of text
	Long    Kind = "long"    // a text
)

// Kinds lists them in the order in which a form offers them.
var Kinds = []Kind{Single, Several, Scale, Short, Long}

// Choice reports a question that is answered from its options.
func (k Kind) Choice() bool { return k == Single || k == Several }

// Written reports a question whose answer is a comment.
func (k Kind) Written() bool { return k == Short || k == Long }

// Words are a label in the consultation's language and, where somebody wrote one,
// in the site's other language.
type Words struct {
	Text  string `json:"text"`
	Other string `json:"other,omitempty"`
}

// In gives the words for a reader of a language, and the language they are in.
// lang is the consultation's.
func (w Words) In(reader, lang string) (text, of string) {
	if reader == lang || w.Other == "" {
		return w.Text, lang
	}
	return w.Other, reader
}

// OtherCode is the code of the option that takes a text of its own.
const OtherCode = "other"

// Option is one choice of a question.
type Option struct {
	Code  string `json:"code"`
	Label Words  `json:"label"`
}

// Question is one question. Code is its public name and never changes.
type Question struct {
	Code      string   `json:"code"`
	Kind      Kind     `json:"kind"`
	Label     Words    `json:"label"`
	Hint      Words    `json:"hint"`
	Required  bool     `json:"required"`
	Provision string   `json:"provision"` // key in the first draft; "" the draft as a whole
	Options   []Option `json:"options,omitempty"`
	Other     bool     `json:"with_other,omitempty"` // one may also choose “other” and say what
	Most      int      `json:"most,omitempty"`       // several: how many may be chosen; 0: any number
	Points    int      `json:"points,omitempty"`     // scale: 3 to 10
	Low       Words    `json:"low,omitzero"`         // scale: what 1 means
	High      Words    `json:"high,omitzero"`        // scale: what the last point means
}

// Codes lists what can be chosen, in order; none for a written question.
func (q Question) Codes() []string {
	var out []string
	if q.Kind == Scale {
		for n := 1; n <= q.Points; n++ {
			out = append(out, fmt.Sprint(n))
		}
	}
	for _, o := range q.Options {
		out = append(out, o.Code)
	}
	if q.Kind.Choice() && q.Other {
		out = append(out, OtherCode)
	}
	return out
}

// Option finds an option of the question by its code; “other” is none of them.
func (q Question) Option(code string) (Option, bool) {
	i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Code == code })
	if i < 0 {
		return Option{}, false
	}
	return q.Options[i], true
}

// When the public sees the figures.
const (
	AtEnd = "end"  // once nothing is taken any more
	Live  = "live" // totals while it runs, broken down at the end
)

// Survey is the questionnaire of one consultation.
type Survey struct {
	Consultation int64 `gorm:"column:consultation_id;primaryKey;autoIncrement:false"`
	Title        Words `gorm:"-"`
	Introduction Words `gorm:"-"`
	Results      string
	Questions    []Question `gorm:"serializer:json"`
	CreatedAt    time.Time
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
	Version      int64

	TitleText         string `gorm:"column:title"`
	TitleOther        string
	IntroductionText  string `gorm:"column:introduction"`
	IntroductionOther string
}

// TableName names the table for gorm.
func (Survey) TableName() string { return "surveys" }

func (s *Survey) pack() {
	s.TitleText, s.TitleOther = s.Title.Text, s.Title.Other
	s.IntroductionText, s.IntroductionOther = s.Introduction.Text, s.Introduction.Other
}

func (s *Survey) unpack() {
	s.Title = Words{s.TitleText, s.TitleOther}
	s.Introduction = Words{s.IntroductionText, s.IntroductionOther}
	s.CreatedAt, s.UpdatedAt = s.CreatedAt.UTC(), s.UpdatedAt.UTC()
}

// Question finds a question by its code.
func (s Survey) Question(code string) (Question, bool) {
	i := slices.IndexFunc(s.Questions, func(q Question) bool { return q.Code == code })
	if i < 0 {
		return Question{}, false
	}
	return s.Questions[i], true
}

// Shown reports whether the public may see the figures of a consultation at an
// instant, and Broken whether they are broken down by then: while responses come
// in, two looks at a breakdown would tell what one person chose.
func (s Survey) Shown(c consultation.Consultation, now time.Time) bool {
	return c.Public() && (Over(c, now) || s.Results == Live && c.Status(now) == consultation.Open)
}

// Over reports that the public can answer no more.
func Over(c consultation.Consultation, now time.Time) bool {
	switch c.Status(now) {
	case consultation.PreparedStatus, consultation.InReviewStatus, consultation.ReturnedStatus, consultation.Scheduled, consultation.Open:
		return false
	}
	return true
}

// plain squeezes white space and case away, for comparing words.
func plain(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(text), ""))
}
