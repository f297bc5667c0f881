package survey

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"guangyi/internal/submission"
)

// Read reads an answer as a clerk or a table writes it. Choices are named by their
// place from 1 (“other” is the last one), their code or their words, in either
// language; several stand apart by ; ； | 、 , ， or a space. A scale's point is its
// number. Where the question takes another answer, words that name no option are
// it. ok is false when the text names nothing that could be chosen.
func (q Question) Read(text string) (a Answer, ok bool) {
	switch {
	case submission.Blank(text):
		return Answer{}, true
	case q.Kind.Written():
		return Answer{Text: text}, true
	case q.Kind == Scale:
		return q.readPoint(text)
	case q.Kind == Single:
		return q.readOne(strings.TrimSpace(text))
	}
	return q.readSeveral(text)
}

// readPoint takes 4, ４, 4/5 and 4分.
func (q Question) readPoint(text string) (Answer, bool) {
	t := strings.TrimSuffix(strings.TrimSpace(width.Narrow.String(text)), "分")
	t, _, _ = strings.Cut(t, "/")
	n, err := strconv.Atoi(strings.TrimSpace(t))
	if err != nil || n < 1 || n > q.Points {
		return Answer{}, false
	}
	return Answer{Choices: []string{strconv.Itoa(n)}}, true
}

func (q Question) readOne(text string) (Answer, bool) {
	if code, ok := q.named(text); ok {
		return Answer{Choices: []string{code}}, true
	}
	return q.readOther(text)
}

// readOther takes words as the answer “other”, without the word itself before them.
func (q Question) readOther(text string) (Answer, bool) {
	if !q.Other {
		return Answer{}, false
	}
	for _, lead := range []string{"其他：", "其他:", "other:", "Other:", OtherCode + " "} {
		if rest, ok := strings.CutPrefix(text, lead); ok {
			text = rest
			break
		}
	}
	return Answer{Choices: []string{OtherCode}, Other: strings.TrimSpace(text)}, true
}

// named finds a choice by its place, code or words.
func (q Question) named(text string) (string, bool) {
	codes := q.Codes()
	if n, err := strconv.Atoi(strings.TrimSpace(width.Narrow.String(text))); err == nil {
		if n < 1 || n > len(codes) {
			return "", false
		}
		return codes[n-1], true
	}
	for _, o := range q.Options {
		if w := plain(text); w == plain(o.Label.Text) || o.Label.Other != "" && w == plain(o.Label.Other) {
			return o.Code, true
		}
	}
	code := strings.ToLower(strings.TrimSpace(text))
	if slices.Contains(codes, code) {
		return code, true
	}
	if w := plain(text); q.Other && (w == "其他" || w == OtherCode) {
		return OtherCode, true
	}
	return "", false
}

// strong and weak marks stand between several choices: words of options hold
// commas and spaces, so those part only what is no option as a whole.
const (
	strongMarks = ";；|｜\n"
	weakMarks   = ",，、 \t\u3000"
)

func (q Question) readSeveral(text string) (Answer, bool) {
	var a Answer
	var rest []string
	take := func(t string) bool {
		code, ok := q.named(t)
		if ok {
			a.Choices = append(a.Choices, code)
		}
		return ok
	}
	for _, t := range split(text, strongMarks) {
		if take(t) {
			continue
		}
		pieces, all := split(t, weakMarks), true
		for _, p := range pieces {
			_, ok := q.named(p)
			all = all && ok
		}
		if all && len(pieces) > 1 {
			for _, p := range pieces {
				take(p)
			}
			continue
		}
		rest = append(rest, t)
	}
	if len(rest) == 0 {
		return a, true
	}
	other, ok := q.readOther(strings.Join(rest, "；"))
	return Answer{Choices: append(a.Choices, other.Choices...), Other: other.Other}, ok
}

func split(text, marks string) []string {
	var out []string
	for _, t := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(marks, r) }) {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}
