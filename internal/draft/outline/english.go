package outline

import "strings"

// englishWords maps the first word of an English label to a kind and a stem.
var englishWords = map[string]struct {
	kind Kind
	stem string
}{
	"book": {KindBook, "book"}, "volume": {KindBook, "book"},
	"title": {KindPart, "title"}, "part": {KindPart, "part"}, "division": {KindPart, "div"},
	"subtitle": {KindSubpart, "subtitle"}, "subpart": {KindSubpart, "subpart"},
	"chapter": {KindChapter, "ch"}, "subchapter": {KindChapter, "subch"},
	"section": {KindSection, "sec"}, "sec": {KindSection, "sec"}, "§": {KindSection, "sec"}, "§§": {KindSection, "sec"},
	"article": {KindArticle, "art"}, "art": {KindArticle, "art"}, "rule": {KindArticle, "rule"},
	"regulation": {KindArticle, "reg"}, "clause": {KindArticle, "cl"},
	"annex": {KindAnnex, "annex"}, "appendix": {KindAnnex, "app"}, "attachment": {KindAnnex, "att"},
	"schedule": {KindAnnex, "sched"}, "exhibit": {KindAnnex, "exh"},
}

// scanEnglish reads Section 4.1, § 553., SEC. 2., Article V, Part A: at the
// start of s. Full stops and colons that close the label belong to it.
func scanEnglish(s string) label {
	word, rest := s, ""
	if strings.HasPrefix(s, "§") {
		word = "§"
		if strings.HasPrefix(s, "§§") {
			word = "§§"
		}
		rest = s[len(word):]
	} else {
		n := 0
		for n < len(s) && n < 12 && isWord(rune(s[n])) && (s[n] < '0' || s[n] > '9') {
			n++
		}
		if n == 0 || s[0] >= 'a' {
			return label{}
		}
		word, rest = s[:n], s[n:]
		if strings.EqualFold(word, "sec") || strings.EqualFold(word, "art") {
			var ok bool
			if rest, ok = strings.CutPrefix(rest, "."); !ok {
				return label{}
			}
		}
	}
	unit, known := englishWords[strings.ToLower(word)]
	if !known {
		return label{}
	}
	number := skipBlank(rest)
	if number == rest && !strings.HasPrefix(word, "§") && number != "" {
		return label{}
	}
	l := label{kind: unit.kind, word: unit.stem}
	size := l.scanEnglishNumber(number)
	if size == 0 {
		if unit.kind != KindAnnex || skipBlank(rest) != "" && !hasAnyPrefix(skipBlank(rest), ":", ".", "—", "–") {
			return label{}
		}
		number = rest
	}
	rest = number[size:]
	if strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, ":") {
		rest = rest[1:]
	} else if next := firstRune(rest); rest != "" && !isBlank(next) && !strings.ContainsRune("—–-([", next) {
		return label{}
	}
	if words, ok := strings.CutPrefix(rest, ", "); ok && len(s) < 100 && !terminal(s) && firstRune(words) >= 'A' && firstRune(words) <= 'Z' {
		rest = rest[1:] // Article 52, Criminal penalties
	}
	if citesEnglish(rest) {
		return label{}
	}
	l.size = len(s) - len(rest)
	return l
}

// scanEnglishNumber reads 4, 4.1, 12A, IV, B and gives its length in bytes.
func (l *label) scanEnglishNumber(s string) int {
	if n, size := scanArabic(s); size > 0 {
		l.nums[0], l.depth = n, 1
		for l.depth < len(l.nums) && size < len(s) && (s[size] == '.' || s[size] == '-') {
			m, digits := scanArabic(s[size+1:])
			if digits == 0 {
				break
			}
			l.nums[l.depth] = m
			l.depth++
			size += 1 + digits
		}
		if n := letters(s[size:]); n == 1 || n == 2 && s[size] == s[size+1] {
			l.alpha = strings.ToLower(s[size : size+n])
			size += n
		}
		return size
	}
	size := letters(s)
	if size == 0 {
		return 0
	}
	if n := romanOf(s[:size]); n > 0 && (size > 1 || s[0] == 'I' || s[0] == 'V' || s[0] == 'X') {
		l.nums[0], l.depth = n, 1
		return size
	}
	if size == 1 && s[0] <= 'Z' {
		l.alpha = strings.ToLower(s[:1])
		l.nums[0], l.depth = int(s[0]), 0
		return size
	}
	return 0
}

// englishCitations follow a number that is spoken of: Section 4 of this Act.
var englishCitations = []string{
	"of ", "and ", "or ", "to ", "shall ", "is ", "are ", "was ", "were ", "has ", "have ", "may ", "must ", "in ", "by ",
	"applies", "apply", "does ", "provides", "requires", "through ", "as ", "for ", "that ", "which ", "under ", "on ", "above", "below", "sets ", "with ", "also ",
}

func citesEnglish(rest string) bool {
	after := skipBlank(rest)
	if strings.HasPrefix(rest, "(") {
		return false
	}
	return hasAnyPrefix(after, ",", ";", ")", "’", "'") || hasAnyPrefix(after, englishCitations...)
}

// englishUnits is the order in which this document nests its units.
type englishUnits struct{ parts, chapters, sections, articles int }

func (u *englishUnits) count(l label) {
	switch l.word {
	case "part":
		u.parts++
	case "ch":
		u.chapters++
	case "sec":
		u.sections++
	case "art":
		u.articles++
	}
}

// rank is the height of a unit: the smaller, the further out. Chinese units
// have fixed heights; of English part and chapter, article and section the rarer
// is the outer.
func (u englishUnits) rank(l label) float64 {
	switch l.word {
	case "annex", "app", "att", "sched", "exh":
		return 1
	case "book":
		return 2
	case "title":
		return 2.5
	case "subtitle", "div":
		return 2.7
	case "part":
		if u.chapters > 0 && u.parts > u.chapters {
			return 4.2
		}
		return 3
	case "subpart":
		if u.chapters > 0 && u.parts > u.chapters {
			return 4.4
		}
		return 3.5
	case "ch":
		return 4
	case "subch":
		return 4.1
	case "s":
		return 5
	case "sec":
		if u.articles > u.sections {
			return 5
		}
		return 6.5
	}
	return 6
}

// leaf says whether a unit takes text of its own, as an article does.
func (u englishUnits) leaf(l label) bool {
	switch l.kind {
	case KindArticle:
		return l.word != "art" || u.articles >= u.sections
	case KindSection:
		return l.word == "sec" && u.articles <= u.sections
	}
	return false
}
