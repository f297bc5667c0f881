package submission

import (
	"encoding/json"
	"slices"

	detect "guangyi/internal/personal"
)

// Masked stands in a public text for what was taken out of it, as it does in a
// published name (朱**).
const Masked = "***"

// Mask is a stretch of a text that the public does not read, in characters, and
// what stands there: a kind of package personal, or "words" that a person chose.
type Mask struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Kind  string `json:"kind"`
}

// Masks are those of a comment. Auto: no person has looked at them yet.
type Masks struct {
	Text     []Mask `json:"text,omitempty"`
	Proposed []Mask `json:"proposed,omitempty"`
	Auto     bool   `json:"auto,omitempty"`
}

// Any reports whether anything is masked.
func (m Masks) Any() bool { return len(m.Text)+len(m.Proposed) > 0 }

// Detected proposes masks for the personal data in a text and a proposed wording.
func Detected(text, proposed string) Masks {
	m := Masks{Text: detected(text), Proposed: detected(proposed)}
	m.Auto = m.Any()
	return m
}

func detected(text string) []Mask {
	var out []Mask
	for _, s := range detect.Find(text) {
		out = append(out, Mask{s.Start, s.End, string(s.Kind)})
	}
	return out
}

// apply gives what the public reads instead of a text; "" when nothing is masked.
func apply(text string, masks []Mask) string {
	if len(masks) == 0 {
		return ""
	}
	spans := make([]detect.Span, len(masks))
	for i, m := range masks {
		spans[i] = detect.Span{Start: m.Start, End: m.End}
	}
	return detect.Mask(text, spans, Masked)
}

// stored is how masks stand in their column: empty when there are none.
func (m Masks) stored() string {
	if !m.Any() {
		return ""
	}
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err) // numbers and words always have a JSON form
	}
	return string(raw)
}

// tidy puts masks in order, joins those that touch and drops what lies outside a
// text of so many characters.
func tidy(masks []Mask, length int) []Mask {
	in := slices.Clone(masks)
	slices.SortStableFunc(in, func(a, b Mask) int { return a.Start - b.Start })
	var out []Mask
	for _, m := range in {
		m.Start, m.End = max(m.Start, 0), min(m.End, length)
		if m.End <= m.Start {
			continue
		}
		if n := len(out); n > 0 && m.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, m.End)
			continue
		}
		out = append(out, m)
	}
	return out
}

// within gives the masks that lie in a span, counted from its start.
func within(masks []Mask, start, end int) []Mask {
	var out []Mask
	for _, m := range masks {
		if s, e := max(m.Start, start), min(m.End, end); s < e {
			out = append(out, Mask{s - start, e - start, m.Kind})
		}
	}
	return out
}

// MaskedAs reads the masks of a comment.
func (c Comment) MaskedAs() Masks {
	var m Masks
	if c.Masks != "" {
		_ = json.Unmarshal([]byte(c.Masks), &m) // written by stored
	}
	return m
}

// mask puts masks on a comment and works out what the public reads.
func (c *Comment) mask(m Masks) {
	m.Text, m.Proposed = tidy(m.Text, len([]rune(c.Text))), tidy(m.Proposed, len([]rune(c.ProposedText)))
	c.Masks, c.Redacted, c.RedactedProposed = m.stored(), apply(c.Text, m.Text), apply(c.ProposedText, m.Proposed)
}

// inherit gives a span what its part had: whether it is shown, and the masks that
// lie in it. The proposed wording goes with the first span.
func (c *Comment) inherit(of Comment, first bool) {
	m := of.MaskedAs()
	m.Text = within(m.Text, int(c.SpanStart), int(c.SpanEnd))
	if !first {
		m.Proposed = nil
	}
	c.mask(m)
}

// gatherUp gives a part back what its spans have become meanwhile: what was kept
// from the public in one of them does not come out when they are joined.
func (c *Comment) gatherUp(spans []Comment) {
	if len(spans) == 0 {
		return
	}
	c.Public, c.Waiting, c.Withheld = true, false, ""
	var m Masks
	for i, s := range spans {
		c.Public, c.Waiting = c.Public && s.Public, c.Waiting || s.Waiting
		if c.Withheld == "" {
			c.Withheld = s.Withheld
		}
		its := s.MaskedAs()
		for _, one := range its.Text {
			m.Text = append(m.Text, Mask{one.Start + int(s.SpanStart), one.End + int(s.SpanStart), one.Kind})
		}
		if i == 0 {
			m.Proposed = its.Proposed
		}
		m.Auto = m.Auto || its.Auto
	}
	c.mask(m)
}
