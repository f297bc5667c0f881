package outline

import (
	"strings"
	"unicode/utf8"
)

// style is how the labels of a list are written.
type style uint8

const (
	noStyle    style = iota
	cnComma          // 一、
	cnParen          // （一）
	arabicDot        // 1.  1、  １．
	arabicPar        // (1) （1） 1) 1）
	circled          // ①
	lowerPar         // (a) a)
	upperPar         // (A)
	lowerDot         // a.
	upperDot         // A.
	romanPar         // (i)
	romanDot         // I.  i.
	dottedMany       // 4.1  4.1.2
	bareHead         // a lone number as a Markdown heading: ## 三
	markedItem       // E1.  1A.
)

// chineseRank orders the styles of a Chinese outline from large to small; 0 for
// the others, which nest in the order in which they appear.
func chineseRank(s style) int {
	switch s {
	case cnComma, bareHead:
		return 1
	case cnParen:
		return 2
	case arabicDot:
		return 3
	case arabicPar:
		return 4
	case circled:
		return 5
	}
	return 0
}

// scanList reads the label of a list item at the start of s. Letters that may
// be Roman numerals come as letters; the reader of the list decides.
func scanList(s string, english bool) label {
	r, w := utf8.DecodeRuneInString(s)
	switch {
	case r == '(' || r == '（':
		return scanParen(s, w)
	case r >= '①' && r <= '⑳':
		return label{style: circled, nums: [4]int{int(r-'①') + 1}, depth: 1, size: w}
	case r >= '⑴' && r <= '⒇':
		return label{style: arabicPar, nums: [4]int{int(r-'⑴') + 1}, depth: 1, size: w}
	case r >= '⒈' && r <= '⒛':
		return label{style: arabicDot, nums: [4]int{int(r-'⒈') + 1}, depth: 1, size: w}
	}
	if n, size := scanChinese(s, false); size > 0 && n > 0 && size <= 15 {
		rest := skipBlank(s[size:])
		for _, mark := range []string{"、", "．", "."} {
			if strings.HasPrefix(rest, mark) && !citesList(rest[len(mark):]) {
				return label{style: cnComma, nums: [4]int{n}, depth: 1, size: len(s) - len(rest) + len(mark)}
			}
		}
		return label{}
	}
	if n, size := scanArabic(s); size > 0 {
		return scanArabicLabel(s, n, size)
	}
	if english {
		return scanLetterDot(s)
	}
	return label{}
}

// citesList holds for what follows 一、 in 一、二项 or （一） in （一）项.
func citesList(rest string) bool {
	rest = skipBlank(rest)
	if hasAnyPrefix(rest, "项", "款", "，", "至", "或（", "和（", "或第", "和第", "目规定", "目的规定", "；（") {
		return true
	}
	if after, ok := strings.CutPrefix(rest, "、"); ok {
		_, size := scanNumber(after, false)
		return size > 0 || hasAnyPrefix(after, "（", "(", "第")
	}
	if _, size := scanChinese(rest, false); size > 0 {
		return hasAnyPrefix(skipBlank(rest[size:]), "、", "项", "款", "两项", "）项", "种", "类")
	}
	return false
}

// scanParen reads （一） (1) (a) (A) (iv). w is the width of the bracket.
func scanParen(s string, w int) label {
	inner := skipBlank(s[w:])
	close := func(n int) int { // bytes up to and with the closing bracket
		rest := skipBlank(inner[n:])
		r, cw := utf8.DecodeRuneInString(rest)
		if r != ')' && r != '）' {
			return 0
		}
		return len(s) - len(rest) + cw
	}
	if n, size := scanChinese(inner, true); size > 0 && n > 0 {
		if end := close(size); end > 0 && !citesList(s[end:]) {
			return label{style: cnParen, nums: [4]int{n}, depth: 1, size: end}
		}
		return label{}
	}
	if n, size := scanArabic(inner); size > 0 && n > 0 && n < 1000 {
		if end := close(size); end > 0 && !citesList(s[end:]) {
			return label{style: arabicPar, nums: [4]int{n}, depth: 1, size: end}
		}
		return label{}
	}
	size := letters(inner)
	if size == 0 || size > 5 {
		return label{}
	}
	if end := close(size); end > 0 {
		return letterLabel(inner[:size], lowerPar, upperPar, romanPar, end)
	}
	return label{}
}

func letters(s string) int {
	n := 0
	for n < len(s) && n < 8 && (s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z') {
		n++
	}
	return n
}

// letterLabel makes a label of letters that are a letter or a Roman numeral.
func letterLabel(text string, lower, upper, roman style, size int) label {
	l := label{alpha: strings.ToLower(text), size: size, depth: 1}
	if n := romanOf(text); n > 0 && len(text) > 1 {
		l.style, l.nums[0] = roman, n
		return l
	}
	if n := letterOf(text); n > 0 {
		l.style, l.nums[0] = lower, n
		if text[0] < 'a' {
			l.style = upper
		}
		return l
	}
	if n := romanOf(text); n > 0 {
		l.style, l.nums[0] = roman, n
		return l
	}
	return label{}
}

// scanArabicLabel reads 1. 1、 1) 4.1 4.1.2 after the first number n.
func scanArabicLabel(s string, n, size int) label {
	rest := s[size:]
	r, w := utf8.DecodeRuneInString(rest)
	after := rest[w:]
	switch {
	case (r == '、' || r == '．') && n > 0 && n < 1000:
		if d, _, ok := digitOf(firstRune(after)); ok && d >= 0 || citesList(after) {
			return label{}
		}
		return label{style: arabicDot, nums: [4]int{n}, depth: 1, size: size + w}
	case (r == ')' || r == '）') && n > 0 && n < 1000:
		return label{style: arabicPar, nums: [4]int{n}, depth: 1, size: size + w}
	case r != '.':
		return label{}
	}
	l := label{style: arabicDot, nums: [4]int{n}, depth: 1, size: size + 1}
	for l.depth < len(l.nums) {
		m, digits := scanArabic(after)
		if digits == 0 {
			break
		}
		l.nums[l.depth] = m
		l.depth++
		l.size += digits
		after = after[digits:]
		if !strings.HasPrefix(after, ".") {
			break
		}
		if _, more := scanArabic(after[1:]); more == 0 {
			if next := firstRune(after[1:]); next == utf8.RuneError || isBlank(next) {
				l.size++
				after = after[1:]
			}
			break
		}
		l.size++
		after = after[1:]
	}
	next := firstRune(after)
	switch {
	case n == 0 || n >= 1000, l.depth == len(l.nums) && next == '.':
		return label{}
	case l.depth == 1:
		return l
	case after != "" && !isBlank(next) && !isHan(next):
		return label{} // 3.5%, 1.2m
	case isHan(next) && strings.ContainsRune("万亿元米个倍度吨年月日分公平千百克升", next):
		return label{}
	}
	l.style = dottedMany
	return l
}

// scanLetterDot reads A. a. I. iv. a) and marks such as E1. in English text.
func scanLetterDot(s string) label {
	size := letters(s)
	if size == 0 || size > 5 || size >= len(s) {
		return label{}
	}
	switch c := s[size]; {
	case c == '.' || c == ')':
		if next := s[size+1:]; next != "" && !isBlank(firstRune(next)) {
			return label{} // U.S.C., e.g.
		}
		lower, upper, roman := lowerDot, upperDot, romanDot
		if c == ')' {
			lower, upper, roman = lowerPar, upperPar, romanPar
		}
		l := letterLabel(s[:size], lower, upper, roman, size+1)
		if size > 1 && l.style != roman {
			return label{}
		}
		return l
	case c >= '0' && c <= '9' && size == 1 && s[0] <= 'Z':
		n, digits := scanArabic(s[1:])
		if digits == 0 || digits > 2 || len(s) < size+digits+2 || s[size+digits] != '.' || !isBlank(firstRune(s[size+digits+1:])) {
			return label{}
		}
		return label{style: markedItem, alpha: strings.ToLower(s[:1+digits]), nums: [4]int{int(s[0]), n}, depth: 2, size: size + digits + 1}
	}
	return label{}
}
