package outline

import "strings"

// candidate is a place where an article may begin.
type candidate struct {
	line, at int // index of the line, byte in its text
	label    label
	score    float64
	best     float64 // of the best chain that ends here
	prev     int     // the candidate before in that chain, or -1
}

// What a chain of articles costs. A sure start scores 5, so a lone one that
// breaks the order is taken only when the order is not broken a second time.
const (
	costOfJump  = 4
	costOfStart = 2 // for a chain that does not begin with article 1
)

// chooseArticles decides which of the places that read 第N条 begin an article:
// the chain that counts on best. Citations at the start of a line fall out of it
// because the number is not the next one.
func (d *document) chooseArticles(starts map[int][]int) []candidate {
	all := d.candidates(starts)
	byNumber := map[int]int{} // article, without 之一 → the best candidate so far
	byCode := map[int]int{}
	global, end := -1, -1
	for i := range all {
		c := &all[i]
		c.best, c.prev = c.score, -1
		if c.label.code() != 1000 {
			c.best -= costOfStart
		}
		if global >= 0 {
			c.improve(all, global, costOfJump)
		}
		n, sub := c.label.nums[0], c.label.nums[1]
		if sub == 0 {
			if p, ok := byNumber[n-1]; ok {
				c.improve(all, p, 0)
			}
		} else {
			before := c.label.code() - 1
			if p, ok := byCode[before]; ok {
				c.improve(all, p, 0)
			}
		}
		if p, ok := byNumber[n]; !ok || all[p].best <= c.best {
			byNumber[n] = i
		}
		if p, ok := byCode[c.label.code()]; !ok || all[p].best <= c.best {
			byCode[c.label.code()] = i
		}
		if global < 0 || c.best >= all[global].best {
			global = i
		}
		end = global
	}
	if end < 0 || all[end].best <= 0 {
		return nil
	}
	var chain []candidate
	for i := end; i >= 0; i = all[i].prev {
		chain = append(chain, all[i])
	}
	for i, j := 0, len(chain)-1; i < j; i, j = i+1, j-1 {
		chain[i], chain[j] = chain[j], chain[i]
	}
	return chain
}

func (c *candidate) improve(all []candidate, prev int, cost float64) {
	if v := all[prev].best + c.score - cost; v > c.best {
		c.best, c.prev = v, prev
	}
}

func (d *document) candidates(starts map[int][]int) []candidate {
	var all []candidate
	var before, last *line
	for i, l := range d.lines {
		if before = last; !l.page {
			last = l
		}
		if l.table {
			continue
		}
		from := 0
		for {
			at := strings.Index(l.text[from:], "第")
			if at < 0 {
				break
			}
			at += from
			from = at + len("第")
			lab := scanUnit(l.text[at:])
			if lab.kind != KindArticle {
				continue
			}
			if score := d.scoreArticle(before, l, at, lab, starts[i]); score > 0 {
				all = append(all, candidate{line: i, at: at, label: lab, score: score})
			}
			from = at + lab.size
		}
	}
	return all
}

// scoreArticle says how much a place looks like the start of an article; 0 for
// not at all. starts are the places in the line where chapters begin.
func (d *document) scoreArticle(before, l *line, at int, lab label, starts []int) float64 {
	rest := l.text[at+lab.size:]
	if l.inQuotes(at) || isCitation(rest) {
		return 0
	}
	after := skipBlank(rest)
	spaced := after == "" || len(after) != len(rest) || hasAnyPrefix(after, "（", "(", "【", "[", "［", "：", ":")
	if at == 0 {
		switch {
		case d.continues(before, l):
			if spaced {
				return 1.5
			}
			return 0.5
		case after == "" && l.level == 0:
			return 2 // may be the cell of a table
		case spaced:
			return 5
		case hasAnyPrefix(after, mayCite...):
			return 1
		}
		return 4
	}
	head := strings.TrimRightFunc(l.text[:at], isBlank)
	gap := len(head) != at
	if chapterJustBefore(l.text[:at], starts) {
		if spaced || gap {
			return 4
		}
		return 2
	}
	switch r := lastRune(head); {
	case lab.code() == 1000 && len(head) < 150 && endsLikeTitle(head):
		return 3
	case lab.code() == 1000 && len(after) != len(rest) && !strings.ContainsAny(tail(head), "，、；《（“,;(\""):
		return 1 // the text begins right after title, dates or preamble
	case strings.ContainsRune("。；！？.;", r), strings.ContainsRune("”’）)》", r) && terminal(head):
		switch {
		case gap && spaced:
			return 4.5
		case spaced:
			return 3
		case hasAnyPrefix(after, mayCite...):
			return 0.5
		}
		return 1.5
	case gap && spaced && len(after) != len(rest) && !strings.ContainsRune("，、：:（(《“", r):
		return 1
	}
	return 0
}

// chapterJustBefore holds where nothing but the heading of a chapter stands
// between the last place in starts and the end of s.
func chapterJustBefore(s string, starts []int) bool {
	last := -1
	for _, at := range starts {
		if at < len(s) {
			last = at
		}
	}
	if last < 0 {
		if lab := scanUnit(s); lab.isUnit() && lab.kind != KindArticle {
			last = 0
		}
	}
	return last >= 0 && len(s)-last < 200 && !strings.ContainsAny(s[last:], "。；，：,;:")
}
