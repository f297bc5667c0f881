package personal

import (
	"unicode"
	"unicode/utf8"
)

// reading is a text whose characters stand one for one as the rules want them:
// full-width forms narrowed, every digit 0 to 9, every dash '-', every space ' '.
type reading struct {
	runes   []rune
	suspect bool // it holds a digit, a numeral or an @ at all
}

// unseen stands for characters of no width: people (and some programs) put them
// between the digits of a number.
const unseen = '\u200b'

func read(text string) reading {
	t := reading{runes: make([]rune, 0, utf8.RuneCountInString(text))}
	for _, r := range text {
		n := narrow(r)
		if n >= '0' && n <= '9' || n == '@' || numeral(n) >= 0 || n == '[' || n == '(' {
			t.suspect = true
		}
		t.runes = append(t.runes, n)
	}
	return t
}

// narrow gives the plain form of one character.
func narrow(r rune) rune {
	if r < 0x80 {
		if r == '\t' {
			return ' '
		}
		return r
	}
	switch {
	case usualHan(r):
		return r
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000' || r == '\u00a0' || r >= '\u2000' && r <= '\u200a' || r == '\u202f' || r == '\u205f':
		return ' '
	case r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff' || r == '\u00ad':
		return unseen
	case r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == '\ufe63' || r == '\ufe58' || r == '－':
		return '-'
	case r == '。' || r == '·' || r == '・':
		return r
	case unicode.Is(unicode.Nd, r):
		return digitOf(r)
	}
	return r
}

// digitOf narrows a decimal digit of any script: each script has its ten in a row,
// from zero on.
func digitOf(r rune) rune {
	n := rune(0)
	for n < 9 && unicode.Is(unicode.Nd, r-n-1) {
		n++
	}
	// Some blocks put several tens in a row; only whole tens stand before this one then.
	return '0' + n
}

// at gives a character, 0 outside the text.
func (t reading) at(i int) rune {
	if i < 0 || i >= len(t.runes) {
		return 0
	}
	return t.runes[i]
}

// before gives up to n characters that stand before a place, without white space.
func (t reading) before(i, n int) string {
	var out []rune
	for j := i - 1; j >= 0 && len(out) < n && t.runes[j] != '\n'; j-- {
		if t.runes[j] != ' ' && t.runes[j] != unseen {
			out = append(out, unicode.ToLower(t.runes[j]))
		}
	}
	for a, b := 0, len(out)-1; a < b; a, b = a+1, b-1 {
		out[a], out[b] = out[b], out[a]
	}
	return string(out)
}

func digit(r rune) bool  { return r >= '0' && r <= '9' }
func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func han(r rune) bool    { return usualHan(r) || unicode.Is(unicode.Han, r) }

// usualHan are nearly all Chinese characters that are written; they need no search
// in the tables of Unicode.
func usualHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

// numeral is the value of a Chinese digit as numbers are read aloud, -1 for any
// other character.
func numeral(r rune) int {
	switch r {
	case '〇', '零', '○':
		return 0
	case '一', '幺', '壹':
		return 1
	case '二', '贰':
		return 2
	case '三', '叁':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}
