package outline

import (
	"strings"
	"unicode/utf8"
)

// findContents marks the lines of a table of contents: what follows 目录 until
// its first entry comes again, or, without that word, headings that all come
// again before any text.
func (d *document) findContents() {
	places := map[string]int{} // heading → the last line that reads so
	for i, l := range d.lines {
		if len(l.text) < 200 {
			places[entryKey(l.text)] = i
		}
	}
	tries := 0
	for i, l := range d.lines {
		if i > 400 {
			return
		}
		if isContentsWord(l.text) {
			d.markContents(i, d.contentsEnd(i+1, places))
			return
		}
		if l.label.isUnit() && l.label.kind != KindAnnex && tries < 40 {
			tries++
			if end := d.unnamedContents(i, places); end > 0 {
				d.markContents(i, end)
				return
			}
		}
	}
}

func isContentsWord(s string) bool {
	if len(s) > 40 {
		return false
	}
	switch strings.ToLower(strings.Trim(squash(s), "：:[]【】")) {
	case "目录", "目錄", "目次", "contents", "tableofcontents":
		return true
	}
	return false
}

// entryKey is a heading without white space, dots and page number.
func entryKey(s string) string {
	s = strings.TrimRightFunc(squash(s), func(r rune) bool {
		return strings.ContainsRune(".…·．-—()（）[]", r) || r >= '0' && r <= '9' || r >= '０' && r <= '９'
	})
	return strings.ToLower(s)
}

// hasLeader holds for a line that ends in dots and a page number.
func hasLeader(s string) bool {
	trimmed := strings.TrimRight(s, "0123456789 \t()（）-—")
	return trimmed != s && hasAnySuffix(trimmed, "..", "…", "··", "．．") || strings.Contains(s, "\t") && trimmed != s
}

func (d *document) isEntry(i int, places map[string]int) bool {
	l := d.lines[i]
	limit := 60
	if d.english {
		limit = 140
	}
	if strings.HasPrefix(l.text, "{:") && strings.Contains(l.text, "toc") {
		return true
	}
	if l.table || utf8.RuneCountInString(l.text) > limit {
		return false
	}
	if hasLeader(l.text) {
		return true
	}
	if d.english && l.label.isUnit() && places[entryKey(l.text)] > i {
		return true
	}
	if terminal(l.text) {
		return false
	}
	return l.label.isUnit() || !scanUnit(l.text).none() || isLoneHead(entryKey(l.text)) || places[entryKey(l.text)] > i
}

// contentsEnd gives the first line after the contents that begin at from.
func (d *document) contentsEnd(from int, places map[string]int) int {
	if from >= len(d.lines) || !d.isEntry(from, places) {
		return from
	}
	first := d.lines[from]
	if end := d.restart(from); end > 0 {
		return end
	}
	end := from + 1
	for ; end < len(d.lines); end++ {
		l := d.lines[end]
		if entryKey(l.text) == entryKey(first.text) || first.label.isUnit() && l.label.same(first.label) {
			return end
		}
		if !d.isEntry(end, places) {
			break
		}
	}
	// Headings that stand right before text are the text's, unless listed again.
	for end > from+1 && end < len(d.lines) && d.lines[end-1].gap && places[entryKey(d.lines[end-1].text)] < end && !hasLeader(d.lines[end-1].text) && d.lines[end-1].label.kind != KindArticle {
		end--
		if d.lines[end].label.isUnit() && d.lines[end].label.nums[0] == 1 || !d.lines[end].label.isUnit() {
			break
		}
	}
	return end
}

// restart finds where the first entry comes again after short lines only; 0 for
// nowhere.
func (d *document) restart(from int) int {
	first := d.lines[from]
	if !first.label.isUnit() {
		return 0
	}
	for end := from + 1; end < len(d.lines); end++ {
		l := d.lines[end]
		if l.label.same(first.label) {
			return end
		}
		if l.table || terminal(l.text) && !hasLeader(l.text) || len(l.text) > 180 {
			return 0
		}
	}
	return 0
}

// unnamedContents gives the end of a table of contents that begins at from
// without the word for it; 0 where there is none.
func (d *document) unnamedContents(from int, places map[string]int) int {
	first := d.lines[from]
	if !d.isEntry(from, places) || places[entryKey(first.text)] <= from && !hasLeader(first.text) {
		return 0
	}
	for end := from + 1; end < len(d.lines); end++ {
		l := d.lines[end]
		if l.label.same(first.label) && (entryKey(l.text) == entryKey(first.text) || hasLeader(first.text)) {
			if end > from+1 {
				return end
			}
			return 0
		}
		if !d.isEntry(end, places) {
			return 0
		}
	}
	return 0
}

func (d *document) markContents(from, to int) {
	for _, l := range d.lines[from:to] {
		l.role = contents
	}
}
