package outline

import (
	"sort"
	"strings"
)

// cut makes a line of its own of every chapter, article and item that begins in
// mid-line, as in texts whose line ends were lost.
func (d *document) cut() {
	if d.english {
		return
	}
	starts := map[int][]int{}
	for i, l := range d.lines {
		if at := d.chapterStarts(l); len(at) > 0 {
			starts[i] = at
		}
	}
	articles := map[int][]int{}
	labels := map[[2]int]label{}
	for _, c := range d.chooseArticles(starts) {
		articles[c.line] = append(articles[c.line], c.at)
		labels[[2]int{c.line, c.at}] = c.label
		d.hasUnit = true
	}
	out := make([]*line, 0, len(d.lines))
	expected := map[style]int{}
	var before *line
	for i, l := range d.lines {
		places := append(append([]int{}, starts[i]...), articles[i]...)
		sort.Ints(places)
		runOn := len(articles[i]) > 1
		for _, piece := range l.pieces(places) {
			piece.line.label = labels[[2]int{i, piece.at}]
			if !d.continues(before, piece.line) {
				clear(expected)
			}
			out = append(out, d.cutParagraphs(piece.line, i, expected, runOn)...)
		}
		if !l.page {
			before = l
		}
	}
	d.lines = out
}

type piece struct {
	line *line
	at   int
}

// pieces cuts a line at the given bytes, in order.
func (l *line) pieces(places []int) []piece {
	if len(places) == 0 || len(places) == 1 && places[0] == 0 {
		return []piece{{l, 0}}
	}
	var out []piece
	from := 0
	for _, to := range append(places, len(l.text)) {
		text := trim(l.text[from:to])
		if text != "" {
			p := *l
			p.text, p.head, p.tail = text, from == 0, to == len(l.text)
			if from > 0 {
				p.indent, p.gap, p.bullet, p.level, p.strong = 0, false, false, 0, false
				p.quoted = l.inQuotes(from)
			}
			if to < len(l.text) {
				p.raw = ""
			}
			p.base = l.base + from + strings.Index(l.text[from:to], text)
			out = append(out, piece{&p, from})
		}
		from = to
	}
	return out
}

// chapterStarts finds where parts, chapters and sections begin in mid-line.
func (d *document) chapterStarts(l *line) []int {
	if l.table {
		return nil
	}
	var out []int
	open := 0 // where the piece began that we are in
	from := 0
	for {
		at := strings.Index(l.text[from:], "第")
		if at < 0 {
			return out
		}
		at += from
		from = at + len("第")
		lab := scanUnit(l.text[at:])
		if !lab.isUnit() {
			continue
		}
		from = at + lab.size
		if lab.kind == KindArticle {
			continue
		}
		if at == 0 || l.inQuotes(at) || !headingFollows(l.text[from:]) {
			continue
		}
		head := strings.TrimRightFunc(l.text[open:at], isBlank)
		gap := len(head) != at-open
		if r := lastRune(head); strings.ContainsRune("。；！？", r) ||
			strings.ContainsRune("”’）)》", r) && terminal(head) ||
			gap && len(head) < 600 && opensWithHeading(head) && !strings.ContainsAny(head, "。；，,;") ||
			opensWithUnit(head) && len(head) < 150 && !strings.ContainsAny(head, "。；，：,;:") ||
			strings.HasSuffix(squash(tail(head)), "目录") ||
			lab.nums[0] == 1 && len(head) < 150 && !strings.ContainsAny(head, "。；，：,;:") && (gap || endsLikeTitle(head)) {
			if before := squash(tail(head)); open == 0 && strings.HasSuffix(before, "目录") && before != "目录" {
				out = append(out, strings.LastIndex(l.text[:at], "目"))
			}
			out = append(out, at)
			open = at
		}
	}
}

// tail is the last part of s, enough to see 目　录.
func tail(s string) string {
	if len(s) > 40 {
		s = s[len(s)-40:]
	}
	return strings.ToValidUTF8(s, "")
}

func opensWithHeading(s string) bool {
	return opensWithUnit(s) || strings.HasPrefix(squash(s), "目录")
}

func opensWithUnit(s string) bool {
	lab := scanUnit(s)
	return lab.isUnit() && lab.kind != KindArticle
}

// headingFollows holds where up to the next unit stand at most forty characters
// without the punctuation of a sentence: the heading of a chapter.
func headingFollows(s string) bool {
	if isCitation(s) {
		return false
	}
	n := 0
	for i, r := range s {
		if r == '第' && !scanUnit(s[i:]).none() {
			return true
		}
		if n++; n > 40 {
			return false
		}
		if strings.ContainsRune("。；，：！？“”,;:", r) {
			return false
		}
	}
	return true
}

// cutParagraphs cuts a piece at its list items and, where whole articles share
// one line, at the white space that is left of line ends between paragraphs.
func (d *document) cutParagraphs(l *line, i int, expected map[style]int, runOn bool) []*line {
	places := d.itemStarts(l, i, expected)
	if runOn {
		places = append(places, paragraphStarts(l)...)
		sort.Ints(places)
	}
	if len(places) == 0 {
		return []*line{l}
	}
	var out []*line
	for _, p := range l.pieces(places) {
		if p.at > 0 {
			p.line.label = label{}
		}
		out = append(out, p.line)
	}
	return out
}

// paragraphStarts finds white space after a full stop.
func paragraphStarts(l *line) []int {
	var out []int
	var before rune
	gap := false
	for at, r := range l.text {
		if isBlank(r) {
			gap = true
			continue
		}
		if gap && before == '。' && !l.inQuotes(at) {
			out = append(out, at)
		}
		before, gap = r, false
	}
	return out
}
