package outline

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Lost compares an outline with its source. It gives "" when number, heading
// and text of all rows in order, with the lines left out in their places, are
// the source's characters, white space and Markdown marks aside; else the first
// difference, in words for the officer who has to look.
func Lost(source string, o Outline) string {
	want := squeezeSource(strings.ToValidUTF8(source, "\ufffd"))
	var got strings.Builder
	left := o.LeftOut
	for _, p := range o.Provisions {
		for len(left) > 0 && left[0].Line < p.Line {
			got.WriteString(squeezeLeft(left[0]))
			left = left[1:]
		}
		got.WriteString(squeeze(p.Number))
		got.WriteString(squeeze(p.Heading))
		got.WriteString(squeeze(p.Text))
	}
	for _, l := range left {
		got.WriteString(squeezeLeft(l))
	}
	return difference(want, got.String())
}

func difference(want, got string) string {
	if want == got {
		return ""
	}
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	for at > 0 && (at < len(want) && !utf8.RuneStart(want[at]) || at < len(got) && !utf8.RuneStart(got[at])) {
		at--
	}
	return fmt.Sprintf("after %q the source has %q, the outline %q", lastOf(want[:at]), firstOf(want[at:]), firstOf(got[at:]))
}

func firstOf(s string) string {
	n := 0
	for i := range s {
		if n++; n > 20 {
			return s[:i]
		}
	}
	return s
}

func lastOf(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[len(s)-60:], "")
	}
	return s
}

// squeezeLeft squeezes a line that was left out. Comments are kept as they stood
// in the source, tags and all.
func squeezeLeft(l LeftOut) string {
	if l.Why == WhyComment {
		return squeeze(dropTags(l.Text))
	}
	return squeeze(l.Text)
}

// squeezeSource is squeeze without the lines that only draw and without tags,
// which every line loses when it is read.
func squeezeSource(source string) string {
	var b strings.Builder
	for _, s := range splitLines(source) {
		if s = trim(s); !isRule(s) {
			b.WriteString(squeeze(dropTags(s)))
		}
	}
	return b.String()
}

// marks are the characters of Markdown. Between two texts that both lost them
// nothing else can hide.
const marks = "#*_>`\\-+~="

// squeeze takes white space and marks out of s.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) || r == '\u0085' || strings.ContainsRune(marks, r) {
			return -1
		}
		return r
	}, s)
}
