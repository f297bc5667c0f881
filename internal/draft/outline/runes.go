package outline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isBlank holds for white space and for the characters of no width that word
// processors leave behind.
func isBlank(r rune) bool {
	switch r {
	case ' ', '\t', '\u3000', '\u00a0', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u200e', '\u200f':
		return true
	}
	if r < 0x80 {
		return r == '\n' || r == '\r' || r == '\f' || r == '\v'
	}
	return unicode.IsSpace(r)
}

func trim(s string) string { return strings.TrimFunc(s, isBlank) }

func skipBlank(s string) string { return strings.TrimLeftFunc(s, isBlank) }

func isHan(r rune) bool {
	return r >= 0x3400 && r <= 0x9fff || r >= 0x20000 && r <= 0x323af || r == '〇'
}

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// cells is the width on a page: a Chinese character is two.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r == '\t':
			n += 4
		case r >= 0x1100 && (r < 0x2000 || r > 0x206f) || r == '“' || r == '”' || r == '‘' || r == '’' || r == '…' || r == '—':
			n += 2
		default:
			n++
		}
	}
	return n
}

// squash is s without white space, for comparing headings.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, s)
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, p := range suffixes {
		if strings.HasSuffix(s, p) {
			return true
		}
	}
	return false
}

// terminal says whether a line ends a sentence, so that what follows may begin
// a paragraph of its own. Closing quotes and brackets are looked through.
func terminal(s string) bool {
	s = strings.TrimRightFunc(dropNotes(s), func(r rune) bool { return strings.ContainsRune("”’」』）)】》〉\"'*_]", r) })
	return strings.ContainsRune("。；：！？…;:!?.．｡", lastRune(s)) && s != ""
}

// dropNotes takes the marks of footnotes, [1], off the end of a line.
func dropNotes(s string) string {
	for strings.HasSuffix(s, "]") {
		open := strings.LastIndexByte(s, '[')
		if open < 0 || len(s)-open > 6 {
			return s
		}
		inner := strings.TrimPrefix(s[open+1:len(s)-1], "^")
		if _, size := scanArabic(inner); size != len(inner) || size == 0 {
			return s
		}
		s = s[:open]
	}
	return s
}
