// Package personal finds personal data in what people write: e-mail addresses,
// telephone numbers, Chinese identity numbers, bank cards and postal addresses.
// It is pure: it knows nothing of who wrote a text or who may read it.
//
// A find is a proposal. The rules are strict where a number could be something
// else (an article, a document, a date, a sum of money), because a person reads
// the proposals and a false one costs trust; what has no form of its own (names,
// a house described in words) is left to that person.
package personal

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what was found.
type Kind string

// The kinds of finds.
const (
	Email    Kind = "email"
	Phone    Kind = "phone"    // mobile or fixed line
	Identity Kind = "identity" // a Chinese identity number
	Card     Kind = "card"     // a bank card
	Address  Kind = "address"
)

// Kinds lists them in the order in which pages name them.
var Kinds = []Kind{Email, Phone, Identity, Card, Address}

// Span is the part [Start, End) of a text, in code points.
type Span struct {
	Start, End int
	Kind       Kind
}

// Find gives what is personal in a text, in order, without overlaps: where two
// rules claim the same place, the stricter one has it.
func Find(text string) []Span {
	t := read(text)
	if !t.suspect {
		return nil
	}
	var all []Span
	all = append(all, t.emails()...)
	all = append(all, t.numbers()...)
	all = append(all, t.spoken()...)
	all = append(all, t.chineseAddresses()...)
	all = append(all, t.englishAddresses()...)
	return settle(all)
}

// rank orders the rules by strictness: an identity number carries a check digit
// and a date, an address neither.
var rank = map[Kind]int{Identity: 0, Email: 1, Card: 2, Phone: 3, Address: 4}

// settle keeps of overlapping spans the stricter one. An address that lies around
// a number keeps the place whole: its number was no telephone.
func settle(all []Span) []Span {
	slices.SortStableFunc(all, func(a, b Span) int {
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	var kept []Span
	for _, s := range all {
		if !slices.ContainsFunc(kept, func(k Span) bool { return s.Start < k.End && k.Start < s.End }) {
			kept = append(kept, s)
		}
	}
	slices.SortFunc(kept, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	return kept
}

// Mask replaces each span by the mark. Spans are in order, do not overlap and lie
// within the text; parts of one that do not are left out.
func Mask(text string, spans []Span, mark string) string {
	runes := []rune(text)
	var b strings.Builder
	at := 0
	for _, s := range spans {
		start, end := min(max(s.Start, at), len(runes)), min(s.End, len(runes))
		if end <= start {
			continue
		}
		b.WriteString(string(runes[at:start]))
		b.WriteString(mark)
		at = end
	}
	b.WriteString(string(runes[at:]))
	return b.String()
}
