package sheet

import (
	"strings"
	"unicode"
)

// Guard makes a cell of a CSV file harmless to spreadsheets, which would run
// it as a formula: where the text begins, after white space, with = + - or @
// (full width too), or a tab or carriage return stands in that white space, an
// apostrophe goes in front. Any other text is returned as it is.
func Guard(text string) string {
	for _, r := range text {
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '\t', '\r':
			return "'" + text
		}
		if !unicode.IsSpace(r) && !invisible(r) {
			return text
		}
	}
	return text
}

// invisible characters are stripped or passed over by some spreadsheets.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r)
}

// Printable replaces the characters that XML 1.0 cannot hold by U+FFFD.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000:
			return r
		}
		return '\ufffd'
	}, text)
}
