package outline

import (
	"sort"
	"strings"
)

// layout is what the lengths of the lines say about how the text was cut.
type layout struct {
	wrapped  bool // sentences run over line ends, as PDF and mail cut them
	runes    bool // lines were cut by number of characters, not by width
	full     int  // a line of at least this measure was cut because it was full
	max      int  // the longest line that was cut
	airy     bool // blank lines stand inside sentences too
	indented bool // paragraphs begin with white space and cut lines do not
}

// measure finds out whether and at what width the source was cut.
func (d *document) measure() {
	var cells_, runes_ []int
	airy, flush, indentedStarts, starts := 0, 0, 0, 0
	for i := 1; i < len(d.lines); i++ {
		a, b := d.lines[i-1], d.lines[i]
		if a.table || b.table || a.level > 0 || b.level > 0 || b.bullet {
			continue
		}
		if terminal(a.text) || d.labelled(b.text) {
			starts++
			if b.indent >= 2 {
				indentedStarts++
			}
			continue
		}
		if len(a.text) < 24 || isHeadingLine(a.text) {
			continue
		}
		cells_ = append(cells_, cells(a.raw))
		runes_ = append(runes_, len([]rune(a.raw)))
		if b.gap {
			airy++
		}
		if b.indent < 2 {
			flush++
		}
	}
	n := len(cells_)
	if n < 3 || n*20 < len(d.lines) {
		return
	}
	byCells, byRunes := tight(cells_), tight(runes_)
	l := &d.layout
	if l.max, l.full = byCells.max, byCells.low; byRunes.share > byCells.share {
		l.runes, l.max, l.full = true, byRunes.max, byRunes.low
	}
	near := max(byCells.near, byRunes.near)
	l.wrapped = near*10 >= n*6 && byCells.max <= 260
	l.airy = l.wrapped && airy*2 > n
	l.indented = l.wrapped && flush*10 >= n*8 && indentedStarts*2 >= starts && starts > 0
}

type spread struct{ max, low, near, share int }

// tight says how closely the measures of cut lines lie to their maximum: share
// is the number of lines exactly there, near those within a tenth, low the
// measure that nineteen in twenty reach, but not less than a seventh below.
func tight(measures []int) spread {
	sort.Ints(measures)
	s := spread{max: measures[len(measures)-1-len(measures)/50]}
	for _, m := range measures {
		if m >= s.max-1 && m <= s.max {
			s.share++
		}
		if m*10 >= s.max*8 {
			s.near++
		}
	}
	s.low = max(measures[len(measures)/20], s.max*6/7)
	return s
}

// isFull says whether a line ends where the page did.
func (d *document) isFull(a, b *line) bool {
	l := d.layout
	if !l.wrapped || a.raw == "" {
		return false
	}
	m := cells(a.raw)
	if l.runes {
		m = len([]rune(a.raw))
	}
	if d.english {
		return m+1+firstWord(b.text) > l.max
	}
	return m >= l.full
}

func firstWord(s string) int {
	for i, r := range s {
		if isBlank(r) {
			return i
		}
	}
	return len(s)
}

// isHeadingLine holds for lines that end without a full stop by nature.
func isHeadingLine(s string) bool {
	l := scanUnit(s)
	return l.isUnit() && l.kind != KindArticle || isLoneHead(s) || !scanAnnex(s).none()
}

// labelled says whether a line could begin a provision.
func (d *document) labelled(s string) bool {
	return !scanUnit(s).none() || !scanList(s, d.english).none() || !scanAnnex(s).none() || d.english && !scanEnglish(s).none()
}

// unfinished holds where the last character promises more.
func unfinished(s string) bool {
	switch lastRune(s) {
	case '，', ',', '、', '（', '《', '〈', '“', '‘', '—', '和', '或', '与', '及', '的', '－', '·':
		return true
	}
	return false
}

// continues says whether line b goes on with the sentence of line a, so that it
// is neither a paragraph of its own nor the start of a provision.
func (d *document) continues(a, b *line) bool {
	switch {
	case a == nil, !b.head, b.barred, a.role != body, a.table, b.table, a.level > 0, b.level > 0, b.bullet:
		return false
	case a.label.isUnit() && a.label.kind != KindArticle && !d.units.leaf(a.label), isHeadingLine(a.text):
		return false
	case strings.ContainsRune("，。；、）”’》〉：！？,;)", firstRune(b.text)):
		return true
	case b.lone, isDateNote(a.text) && !openBrackets(a.text) && (b.gap || isDateNote(b.text) || d.labelled(b.text)):
		return false
	case a.strong && !b.strong, a.label.kind == KindArticle && d.onlyHeading(a):
		return false
	}
	gap := b.gap && !d.layout.airy
	indent := d.layout.indented && b.indent >= 2
	if terminal(a.text) {
		switch {
		case d.english && d.format == Markdown:
			return !gap
		case gap, indent:
			return false
		case !d.isFull(a, b), opensWithUnit(b.text) && headingFollows(b.text):
			return false
		}
		return d.layout.indented || !beginsParagraph(b.text)
	}
	if d.english {
		return d.englishContinues(a, b, gap)
	}
	switch {
	case indent:
		return false
	case unfinished(a.text), !gap && beginsWithCitation(b.text):
		return true
	case gap:
		return false
	case d.layout.wrapped:
		return d.isFull(a, b) || cells(a.text) >= 24
	}
	return len(a.text) >= 36 || a.label.kind == KindArticle && len(a.text) > a.label.size
}

// beginsWithCitation holds for 第三条规定的…, 第二款… at the start of a line.
func beginsWithCitation(s string) bool {
	if startsWithClause(s) {
		return true
	}
	lab := scanUnit(s)
	return lab.kind == KindArticle && lab.size < len(s) && isCitation(s[lab.size:])
}

func (d *document) englishContinues(a, b *line, gap bool) bool {
	first := firstRune(b.text)
	switch {
	case !gap && hangs(a.text):
		return true
	case gap:
		return lastRune(a.text) == ',' && first >= 'a' && first <= 'z'
	case d.format == Markdown:
		return true
	case d.layout.wrapped:
		return d.isFull(a, b) || first >= 'a' && first <= 'z'
	}
	return first >= 'a' && first <= 'z' || len(a.text) > 60
}

// beginsParagraph knows the openings of a 款 that no sentence has in mid
// paragraph.
func beginsParagraph(s string) bool {
	return hasAnyPrefix(s, "前款", "前两款", "前三款", "前二款", "本法所称", "本条例所称", "本办法所称", "本规定所称", "本条所称", "本细则所称", "有下列情形", "有前款", "违反本", "违反前款")
}

// markQuotes finds text in quotation marks, also over several lines: where an
// amending act quotes paragraphs, each opens with a mark and only the last one
// closes. A mark that never closes quotes nothing beyond its line.
func (d *document) markQuotes() {
	const reach = 400 // lines
	openLine, openAt := -1, 0
	for i, l := range d.lines {
		for at, r := range l.text {
			switch r {
			case '“', '「':
				if openLine < 0 || at > 0 || i-openLine > reach {
					openLine, openAt = i, at
				}
			case '”', '」':
				if openLine >= 0 {
					d.addQuote(openLine, openAt, i, at)
				}
				openLine = -1
			}
		}
	}
}

func (d *document) addQuote(fromLine, from, toLine, to int) {
	for i := fromLine; i <= toLine; i++ {
		l := d.lines[i]
		q := span{-1, len(l.text) + 1}
		if i == fromLine {
			q.from = from
		}
		if i == toLine {
			q.to = to
		}
		l.quotes = append(l.quotes, q)
		if q.from < 0 {
			l.quoted = true
		}
	}
}

// hangs holds where the last word of English text needs another.
func hangs(s string) bool {
	return hasAnySuffix(s, " of", " and", " or", " the", " to", " in", " by", " section", " Section", " with", " for", " a", " an", " under", " that", " article", " Article", ",")
}

// onlyHeading holds for 第三条（职责） with nothing after it.
func (d *document) onlyHeading(l *line) bool {
	heading, text := d.headingOf(skipBlank(l.text[l.label.size:]))
	return heading != "" && text == "" && !d.english
}

// isPageNumber knows — 12 —, - 12 - and 第 12 页 共 30 页.
func isPageNumber(s string) bool {
	if len(s) > 60 {
		return false
	}
	s = squash(s)
	inner := strings.Trim(s, "-—–－·")
	if _, size := scanArabic(inner); size > 0 && size == len(inner) {
		return len(s)-len(inner) > 1 && !isWord(firstRune(s)) && !isWord(lastRune(s))
	}
	rest, ok := strings.CutPrefix(s, "第")
	_, size := scanArabic(rest)
	return ok && size > 0 && hasAnyPrefix(rest[size:], "页", "頁") && strings.Trim(rest[size:], "页頁共,，/（）() 0123456789") == ""
}
