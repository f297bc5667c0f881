package outline

import (
	"strings"
	"unicode/utf8"
)

// layLabels decides for every line whether it begins a provision. Articles of
// Chinese documents were decided before, when the lines were cut.
func (d *document) layLabels() {
	if d.english {
		d.countUnits()
	}
	var before *line
	d.dotted = d.countDotted() >= 2
	d.lists, d.unitsSeen, d.letters = map[style]int{}, map[string]int{}, map[string]byte{}
	for i, l := range d.lines {
		if l.page {
			continue
		}
		if l.label.none() && !l.table {
			d.next = nil
			if i+1 < len(d.lines) {
				d.next = d.lines[i+1]
			}
			l.label = d.labelOf(before, l)
		}
		if next := i + 1; next == len(d.lines) || d.lines[next].gap || d.labelled(d.lines[next].text) {
			l.alone = true
		}
		if !d.english && l.label.none() {
			l.signed = isBareDate(l.text) || i+1 < len(d.lines) && isBareDate(d.lines[i+1].text) && !terminal(l.text) && len(l.text) < 120
		}
		if l.label.isUnit() {
			d.lists = map[style]int{}
			d.unitsSeen[l.label.word] = l.label.nums[0]
			d.chapters = max(d.chapters, chapterNumber(l.label))
		} else if l.label.isList() {
			d.lists[l.label.style] = l.label.nums[0]
		} else if i+1 < len(d.lines) && d.lines[i+1].label.kind == KindArticle {
			l.lone = d.isLostHeading(before, l)
		} else if i+1 < len(d.lines) && l.label.none() && l.gap && !scanAnnex(d.lines[i+1].text).none() {
			l.signed = l.signed || d.isLostHeading(before, l)
		}
		if l.label.kind == KindArticle {
			d.hasUnit = true
		}
		before = l
	}
}

// countDotted counts the lines numbered 4.1, 4.1.2.
func (d *document) countDotted() int {
	n := 0
	for _, l := range d.lines {
		if !l.table && scanList(l.text, d.english).style == dottedMany {
			n++
		}
	}
	return n
}

func chapterNumber(l label) int {
	if l.kind == KindChapter {
		return l.nums[0]
	}
	return 0
}

// isLostHeading holds for a short line without a full stop right before an
// article: the heading of a chapter that lost its number.
func (d *document) isLostHeading(before, l *line) bool {
	if d.english || l.table || l.level > 0 || l.quoted || utf8.RuneCountInString(l.text) > 25 || !isHeadingText(l.text) || unfinished(l.text) {
		return false
	}
	return before != nil && terminal(before.text) && (!before.label.isUnit() || before.label.kind == KindArticle)
}

func (d *document) countUnits() {
	for _, l := range d.lines {
		if !l.table {
			d.units.count(scanEnglish(l.text))
		}
	}
}

func (d *document) labelOf(before, l *line) label {
	if l.quoted && l.head {
		return label{}
	}
	goesOn := d.continues(before, l)
	if lab := scanUnit(l.text); lab.isUnit() && lab.kind != KindArticle && d.opensUnit(l, lab, goesOn) {
		return lab
	}
	if !goesOn || l.level > 0 || utf8.RuneCountInString(l.text) <= 6 {
		if lab := scanAnnex(l.text); !lab.none() && !d.english && (before == nil || l.gap || terminal(before.text) || len(before.text) < 36 || len(l.text) <= 18) {
			return lab
		}
	}
	if goesOn {
		return d.nextInList(before, l)
	}
	if d.english {
		if lab := scanEnglish(l.text); !lab.none() && d.mayBegin(before, l, lab) {
			return d.settleLetter(lab, l.text)
		}
	}
	if lab := scanList(l.text, d.english); !lab.none() {
		return lab
	}
	if l.level > 1 {
		return bareNumber(l.text)
	}
	if d.dotted || d.english && l.gap {
		if lab := d.plainNumber(l); !lab.none() {
			return lab
		}
	}
	return d.shiftedChapter(l)
}

// opensUnit says whether a line that reads 第N章 begins a chapter. Where the
// line before has no full stop it must be the first or the next one.
func (d *document) opensUnit(l *line, lab label, goesOn bool) bool {
	rest := l.text[lab.size:]
	if isCitation(rest) || !isHeadingText(rest) {
		return false
	}
	if !goesOn || l.level > 0 {
		return true
	}
	spaced := rest == "" || isBlank(firstRune(rest))
	return (lab.nums[0] == 1 || lab.nums[0] == d.unitsSeen[lab.word]+1) && (spaced || !d.layout.wrapped)
}

// nextInList lets an item begin where the line before has no full stop, if it
// is the next of an open list, or the first after a colon.
func (d *document) nextInList(before, l *line) label {
	lab := scanList(l.text, d.english)
	if lab.none() {
		return lab
	}
	if n, open := d.lists[lab.style]; open && lab.nums[0] == n+1 && lab.depth == 1 {
		return lab
	}
	if d.next != nil && !d.isFull(before, l) {
		if after := scanList(d.next.text, d.english); after.style == lab.style && after.nums[0] == lab.nums[0]+1 && lab.depth == 1 && !d.next.gap {
			return lab
		}
	}
	if over := chineseRank(before.label.style); lab.nums[0] == 1 && over > 0 && over < chineseRank(lab.style) && !d.isFull(before, l) {
		return lab
	}
	if lab.nums[0] == 1 && d.format == Markdown && (terminal(before.text) || l.bullet) {
		return lab
	}
	return label{}
}

// shiftedChapter reads the next chapter behind a word that a web page put
// before it: 折叠第二章….
func (d *document) shiftedChapter(l *line) label {
	at := strings.Index(l.text, "第")
	if at <= 0 || at > 24 || d.english || !l.head || !isHeadingText(l.text) {
		return label{}
	}
	lab := scanUnit(l.text[at:])
	if lab.kind != KindChapter || lab.nums[0] != d.chapters+1 || isCitation(l.text[at+lab.size:]) || hasAnySuffix(l.text[:at], "本法", "条例", "办法", "规定", "依照", "按照") {
		return label{}
	}
	lab.size += at
	return lab
}

// settleLetter reads the I of Attachment I as a letter where Attachment H came
// before.
func (d *document) settleLetter(lab label, text string) label {
	letter := text[:lab.size]
	letter = letter[strings.LastIndexAny(letter, " \u00a0")+1:]
	letter = strings.TrimRight(letter, ".:")
	if len(letter) == 1 && lab.alpha == "" && lab.depth == 1 && letter[0] >= 'A' && d.letters[lab.word]+1 == letter[0] {
		lab.alpha, lab.depth, lab.nums[0] = strings.ToLower(letter), 0, int(letter[0])
	}
	d.letters[lab.word] = 0
	if len(letter) == 1 {
		d.letters[lab.word] = letter[0]
	}
	return lab
}

// mayBegin guards against a line of English text that begins with a citation.
func (d *document) mayBegin(before, l *line, lab label) bool {
	if l.level > 0 || before == nil || l.gap || l.strong || terminal(before.text) || before.label.isUnit() {
		return true
	}
	rest := trim(l.text[lab.size:])
	return rest == "" || len(l.text) < 80 && !terminal(l.text)
}

// isHeadingText holds for the words of a heading: no sentence.
func isHeadingText(s string) bool {
	return utf8.RuneCountInString(s) <= 80 && !strings.ContainsAny(s, "。；;") && !terminal(s)
}

// bareNumber reads ## 三 and ## 1 Scope.
func bareNumber(s string) label {
	n, size := scanChinese(s, false)
	if size > 0 && n > 0 && size == len(s) {
		return label{style: bareHead, nums: [4]int{n}, depth: 1, size: size}
	}
	if n, size = scanArabic(s); size > 0 && n > 0 && n < 1000 && size < len(s) && isBlank(firstRune(s[size:])) {
		return label{style: arabicDot, nums: [4]int{n}, depth: 1, size: size}
	}
	return label{}
}

// plainNumber reads 3 Interpretation on a line of its own, where 2 came before.
func (d *document) plainNumber(l *line) label {
	lab := bareNumber(l.text)
	if lab.style != arabicDot || lab.nums[0] != d.lists[arabicDot]+1 {
		return label{}
	}
	rest := trim(l.text[lab.size:])
	if d.english && !englishHead(rest) || !d.english && (utf8.RuneCountInString(rest) > 30 || terminal(rest) || unfinished(rest)) {
		return label{}
	}
	return lab
}

// headingOf splits what follows a label into a heading and the text. A heading
// in brackets, 第一条（立法目的）…, is one also before text.
func (d *document) headingOf(rest string) (heading, text string) {
	for _, pair := range [][2]string{{"【", "】"}, {"（", "）"}, {"(", ")"}, {"［", "］"}, {"〔", "〕"}} {
		if !strings.HasPrefix(rest, pair[0]) {
			continue
		}
		end := strings.Index(rest, pair[1])
		if end < 0 || utf8.RuneCountInString(rest[:end]) > 30 || strings.ContainsAny(rest[:end], "。；：") || hasAnySuffix(rest[:end], "删除", "删去", "略", "废止", "保留") || !scanList(rest, false).none() {
			return "", rest
		}
		end += len(pair[1])
		return rest[:end], skipBlank(rest[end:])
	}
	return "", rest
}

// headLike says whether the words after a label read as a heading rather than
// as a sentence.
func (d *document) headLike(l *line, s string) bool {
	if s == "" {
		return false
	}
	if l.level > 0 || l.strong {
		return true
	}
	if !d.english {
		return utf8.RuneCountInString(s) <= 40 && !terminal(s) && !unfinished(s)
	}
	if l.label.word == "sec" && l.alone && len(s) < 120 && !strings.Contains(s, ". ") && !hasAnySuffix(s, ":", ";", ",") {
		return true
	}
	return englishHead(s) && (l.alone || !terminal(s) && (l.label.style == dottedMany || d.dotted && l.label.style == arabicDot))
}

// englishHead knows Definitions., SHORT TITLE., Rule making.
func englishHead(s string) bool {
	if len(s) > 120 || strings.ContainsAny(s, ";:?!") && s != strings.ToUpper(s) || strings.Contains(strings.TrimSuffix(s, "."), ". ") {
		return false
	}
	words := strings.Fields(s)
	capital := 0
	for _, w := range words {
		if c := w[0]; c >= 'A' && c <= 'Z' || len(w) < 4 || c > 0x7f {
			capital++
		}
	}
	first := firstRune(s)
	if first >= 'a' && first <= 'z' {
		return false
	}
	if !strings.HasSuffix(s, ".") {
		return len(words) <= 14
	}
	return len(words) <= 4 || capital*10 >= len(words)*9
}
