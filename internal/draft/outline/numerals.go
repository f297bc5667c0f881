package outline

import (
	"strings"
	"unicode/utf8"
)

// maxNumber bounds every number that is read from a label.
const maxNumber = 99999

// digitOf is the value of a decimal digit: ASCII, full width, or Chinese.
func digitOf(r rune) (n int, chinese, ok bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), false, true
	case r >= '０' && r <= '９':
		return int(r - '０'), false, true
	}
	if i := strings.IndexRune("〇一二三四五六七八九", r); i >= 0 {
		return i / 3, true, true
	}
	switch r {
	case '零', '○', 'Ｏ', '◯':
		return 0, true, true
	case '两':
		return 2, true, true
	}
	return 0, false, false
}

func unitOf(r rune) int {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '廿':
		return 20
	case '卅':
		return 30
	}
	return 0
}

// scanNumber reads a number, Arabic or Chinese, at the start of s, with white
// space between its digits if loose (第 一 百 条). It gives the value and the
// length in bytes without trailing white space; length 0 means there is none.
func scanNumber(s string, loose bool) (value, size int) {
	total, digits, pending, units := 0, 0, 0, false
	for i := 0; i < len(s); {
		r, w := utf8.DecodeRuneInString(s[i:])
		if loose && size > 0 && isBlank(r) {
			i += w
			continue
		}
		if n, _, ok := digitOf(r); ok {
			if pending = pending*10 + n; pending > maxNumber {
				return 0, 0
			}
			digits++
		} else if u := unitOf(r); u > 0 {
			if u == 20 || u == 30 {
				total, pending = total+u, 0
			} else if digits == 0 {
				total += u
			} else {
				total += pending * u
			}
			digits, pending, units = 0, 0, true
		} else {
			break
		}
		if total > maxNumber {
			return 0, 0
		}
		i += w
		size = i
	}
	if !units && digits == 0 {
		return 0, 0
	}
	return total + pending, size
}

// scanChinese reads a number of Chinese numerals only.
func scanChinese(s string, loose bool) (value, size int) {
	r, _ := utf8.DecodeRuneInString(s)
	if _, chinese, ok := digitOf(r); (ok && chinese) || unitOf(r) > 0 {
		return scanNumber(s, loose)
	}
	return 0, 0
}

// scanArabic reads a number of ASCII or full-width digits, four at most.
func scanArabic(s string) (value, size int) {
	for i, r := range s {
		n, chinese, ok := digitOf(r)
		if !ok || chinese {
			break
		}
		if value = value*10 + n; value > 9999 {
			return 0, 0
		}
		size = i + utf8.RuneLen(r)
	}
	return value, size
}

// romanOf reads a Roman numeral of one case, 1 to 399; 0 means it is none.
func romanOf(s string) int {
	if s == "" || len(s) > 12 {
		return 0
	}
	lower := strings.ToLower(s)
	if lower != s && strings.ToUpper(s) != s {
		return 0
	}
	value := func(c byte) int {
		switch c {
		case 'i':
			return 1
		case 'v':
			return 5
		case 'x':
			return 10
		case 'l':
			return 50
		case 'c':
			return 100
		}
		return 0
	}
	total := 0
	for i := 0; i < len(lower); i++ {
		n := value(lower[i])
		if n == 0 {
			return 0
		}
		if i+1 < len(lower) && value(lower[i+1]) > n {
			n = -n
		}
		total += n
	}
	if total < 1 || roman(total) != lower {
		return 0
	}
	return total
}

func roman(n int) string {
	var b strings.Builder
	for _, step := range []struct {
		n int
		s string
	}{{100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for n >= step.n {
			b.WriteString(step.s)
			n -= step.n
		}
	}
	return b.String()
}

// letterOf is the place of a label's letters: a is 1, z 26, aa 27, bb 28.
func letterOf(s string) int {
	if s == "" || len(s) > 3 {
		return 0
	}
	lower := strings.ToLower(s)
	if c := lower[0]; c < 'a' || c > 'z' || strings.Trim(lower, string(c)) != "" {
		return 0
	}
	return (len(s)-1)*26 + int(lower[0]-'a') + 1
}
