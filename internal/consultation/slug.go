package consultation

import (
	"encoding/base32"
	"encoding/binary"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const longestSlug = 60

// reserved are words of addresses below /consultations and /staff/consultations.
var reserved = []string{"new"}

// slugOf makes an address of a title that is written in Latin letters; an empty
// one of any other, where a stray abbreviation would say nothing.
func slugOf(title string) string {
	var b strings.Builder
	letters, ascii := 0, 0
	gap := false
	for _, c := range strings.ToLower(title) {
		if unicode.IsLetter(c) {
			letters++
		}
		if c < utf8.RuneSelf && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
			if c >= 'a' {
				ascii++
			}
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(c)
			continue
		}
		gap = c != '\'' && c != '’' || gap
	}
	if ascii < 3 || ascii*2 < letters {
		return ""
	}
	slug := cutSlug(b.String())
	if slices.Contains(reserved, slug) {
		return ""
	}
	return slug
}

// cutSlug shortens at a word's end.
func cutSlug(s string) string {
	if len(s) <= longestSlug {
		return s
	}
	s = s[:longestSlug]
	if i := strings.LastIndexByte(s, '-'); i > longestSlug/2 {
		s = s[:i]
	}
	return strings.Trim(s, "-")
}

var letters32 = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// shortID writes an identifier in 13 letters.
func shortID(id int64) string {
	return letters32.EncodeToString(binary.BigEndian.AppendUint64(nil, uint64(id)))
}

// slugFor is unique, because it holds the identifier where the title alone does
// not do: taken tells whether somebody has it.
func slugFor(title string, id int64, taken func(string) (bool, error)) (string, error) {
	base := slugOf(title)
	if base == "" {
		return "c-" + strings.TrimLeft(shortID(id), "a"), nil
	}
	held, err := taken(base)
	if err != nil || !held {
		return base, err
	}
	return base + "-" + strings.TrimLeft(shortID(id), "a"), nil
}
