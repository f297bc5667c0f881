package submission

import (
	"fmt"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
)

// MostSpans is how many comments one part may be split into.
const MostSpans = 50

// Span is a piece of a part's text, from Start up to End, counted in characters
// (code points), and the provision that it speaks of ("": the draft as a whole).
type Span struct {
	Start, End int64
	Provision  string
}

// cover checks that spans are the whole of a text: in order, each beginning where
// the one before ended, the first at 0, the last ending with the text, and none
// without a visible sign. A gap is refused even when only white space lies in it:
// what staff mark must add up to what was sent.
func cover(text string, spans []Span) fault.Fields {
	var f fault.Fields
	switch {
	case len(spans) < 2:
		f.Add("spans", "submission.spans_few")
	case len(spans) > MostSpans:
		f.Add("spans", "submission.spans_many", "most", MostSpans)
	}
	if len(f) > 0 {
		return f
	}
	runes := []rune(text)
	at := int64(0)
	for i, s := range spans {
		field := fmt.Sprintf("spans[%d]", i)
		switch {
		case s.Start != at:
			f.Add(field+".start", "submission.span_start", "at", at)
		case s.End <= s.Start || s.End > int64(len(runes)):
			f.Add(field+".end", "submission.span_end", "most", len(runes))
		case Blank(string(runes[s.Start:s.End])):
			f.Add(field, "submission.span_blank")
		}
		if len(f) > 0 {
			return f // what follows would only repeat it
		}
		at = s.End
	}
	if at != int64(len(runes)) {
		f.Add(fmt.Sprintf("spans[%d].end", len(spans)-1), "submission.spans_cover", "most", len(runes))
	}
	return f
}

// cut gives the text of a span that cover found right.
func cut(text string, s Span) string {
	runes := []rune(text)
	return string(runes[s.Start:s.End])
}

// Sentences cuts a text into pieces that cover it, each ending with a sentence's
// end or a line's: where a split can be made without marking by hand.
func Sentences(text string) []Span {
	var out []Span
	start, at := int64(0), int64(0)
	ended := false // behind an end, its closing quotes and white space still belong to it
	for _, r := range text {
		if ended && !trails(r) {
			out = append(out, Span{Start: start, End: at})
			start, ended = at, false
		}
		ended = ended || ends(r)
		at++
	}
	if at > start {
		out = append(out, Span{Start: start, End: at})
	}
	return joinBlank(text, out)
}

// joinBlank joins a piece without a visible sign to its neighbour.
func joinBlank(text string, pieces []Span) []Span {
	runes := []rune(text)
	var out []Span
	for _, p := range pieces {
		if n := len(out); n > 0 && (Blank(string(runes[p.Start:p.End])) || Blank(string(runes[out[n-1].Start:out[n-1].End]))) {
			out[n-1].End = p.End
			continue
		}
		out = append(out, p)
	}
	return out
}

func ends(r rune) bool {
	switch r {
	case '。', '！', '？', '；', '!', '?', ';', '\n':
		return true
	}
	return false
}

func trails(r rune) bool {
	switch r {
	case '”', '’', '"', '\'', '」', '』', '）', ')', '】', '》':
		return true
	}
	return ends(r) || unseen(r)
}

// Length is a text's length in characters.
func Length(text string) int64 { return int64(utf8.RuneCountInString(text)) }
