package draft

import (
	"strconv"
	"strings"

	"guangyi/internal/draft/outline"
)

// keyWords begin the keys of each kind. Articles are counted through the whole
// document; all else within what it stands under.
var keyWords = map[outline.Kind]string{
	outline.KindTitle: "title", outline.KindToc: "toc", outline.KindPart: "part", outline.KindBook: "book", outline.KindSubpart: "subpart",
	outline.KindChapter: "ch", outline.KindSection: "sec", outline.KindArticle: "art", outline.KindParagraph: "p", outline.KindItem: "i",
	outline.KindSubitem: "s", outline.KindHeading: "h", outline.KindText: "t", outline.KindAnnex: "annex",
}

// withKeys gives every row without a key one that nobody has.
func withKeys(rows []Row) []Row {
	taken := make(map[string]bool, len(rows))
	for _, r := range rows {
		taken[r.Key] = true
	}
	for i := range rows {
		if rows[i].Key == "" {
			rows[i].Key = makeKey(rows, i, taken)
			taken[rows[i].Key] = true
		}
	}
	return rows
}

// makeKey builds a key from the row's kind and number, never from its words.
func makeKey(rows []Row, i int, taken map[string]bool) string {
	r := rows[i]
	word := keyWords[r.Kind]
	if word == "" {
		word = "x"
	}
	prefix := word + "-"
	if r.Kind != outline.KindArticle && r.Parent != "" {
		prefix = r.Parent + "-" + word
	}
	if n := numberKey(r.Number); n != "" && !taken[prefix+n] {
		return prefix + n
	}
	n := 0
	for _, other := range rows[:i+1] {
		if other.Kind == r.Kind && other.Parent == r.Parent {
			n++
		}
	}
	for taken[prefix+strconv.Itoa(n)] {
		n++
	}
	return prefix + strconv.Itoa(n)
}

// numberKey reads a label's number: 第一百二十条之一 is 120-1, （二） is 2, 4.1 is 4-1.
func numberKey(label string) string {
	var out []string
	for _, piece := range strings.FieldsFunc(label, func(c rune) bool { return !numeral(c) }) {
		if n, ok := value(piece); ok {
			out = append(out, strconv.Itoa(n))
		}
	}
	return strings.Join(out, "-")
}

const (
	chineseDigits = "零一二三四五六七八九"
	otherZeros    = "〇○"
)

func numeral(c rune) bool {
	return c >= '0' && c <= '9' || strings.ContainsRune(chineseDigits+otherZeros+"十百千两", c)
}

// value reads digits or Chinese numerals below 10,000.
func value(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n >= 0
	}
	total, digit := 0, 0
	for _, c := range s {
		switch {
		case c == '十', c == '百', c == '千':
			total += max(digit, 1) * map[rune]int{'十': 10, '百': 100, '千': 1000}[c]
			digit = 0
		case c == '两':
			digit = 2
		case strings.ContainsRune(otherZeros, c):
			digit = 0
		case strings.ContainsRune(chineseDigits, c):
			digit = strings.Index(chineseDigits, string(c)) / len("零")
		default:
			return 0, false
		}
	}
	return total + digit, s != ""
}
