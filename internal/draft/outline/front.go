package outline

import (
	"strings"
	"unicode/utf8"
)

// frontLines bounds where title and dates are looked for.
const frontLines = 100

// findFront marks title and dates: whole lines before the first provision.
func (d *document) findFront() {
	end := d.frontEnd()
	d.findDates(end)
	d.findTitle(end)
}

// frontEnd gives the first line that belongs to a provision with a number.
func (d *document) frontEnd() int {
	for i, l := range d.lines {
		if i == frontLines || l.role == body && !l.label.none() {
			return i
		}
	}
	return min(len(d.lines), frontLines)
}

// findDates marks the lines that say when the document was passed, announced
// and amended, also where such a line was cut in several.
func (d *document) findDates(end int) {
	for i := 0; i < end; i++ {
		if d.lines[i].role != body || d.lines[i].level > 0 {
			continue
		}
		text, next := d.lines[i].text, i+1
		for next < end && next-i < 60 && d.lines[next].role == body && (openBrackets(text) && mayBeDate(text) || yearLength(text) > 0 && d.continues(d.lines[next-1], d.lines[next])) {
			text += d.lines[next].text
			next++
		}
		if !isDateNote(text) {
			text, next = d.lines[i].text, i+1
			if !isDateNote(text) {
				continue
			}
		}
		for ; i < next; i++ {
			d.lines[i].role = date
		}
		i--
	}
}

// mayBeDate holds for the beginning of a line with dates.
func mayBeDate(s string) bool {
	return hasAnyPrefix(s, "（", "(") || yearLength(s) > 0
}

// openBrackets says whether a bracket is left open, so that the line goes on.
func openBrackets(s string) bool {
	count := func(open, close string) int { return strings.Count(s, open) - strings.Count(s, close) }
	return len(s) < 6000 && (count("（", "）") > 0 || count("《", "》") > 0 || count("(", ")") > 0)
}

// isDateNote knows （2019年4月23日…通过）, 2004年6月1日 公布 and bare dates.
func isDateNote(s string) bool {
	bracketed := hasAnyPrefix(s, "（", "(") && hasAnySuffix(s, "）", ")")
	inner := skipBlank(strings.TrimLeft(s, "（("))
	year := yearLength(inner)
	if bracketed && year == 0 {
		year = strings.Index(inner, "年")
		if year < 4 || year > 90 || !isNumeric(lastRune(inner[:year])) {
			return false
		}
	}
	if year == 0 || strings.HasSuffix(s, "。") && !bracketed {
		return false
	}
	if isBareDate(strings.Trim(s, "（）()")) {
		return true
	}
	for _, verb := range []string{"通过", "公布", "发布", "施行", "修正", "修订", "批准", "颁布", "印发", "实施", "起草", "会议", "签发", "第号令"} {
		if strings.Contains(s, verb) {
			return true
		}
	}
	return false
}

// isBareDate holds for 2009年5月1日 and nothing else.
func isBareDate(s string) bool {
	s = squash(s)
	return len(s) < 50 && yearLength(s) > 0 && strings.HasSuffix(s, "日") && !strings.ContainsAny(s, "，。（")
}

func isNumeric(r rune) bool {
	_, _, ok := digitOf(r)
	return ok
}

// yearLength gives the bytes of 2019年 or 二〇一九年 at the start of s.
func yearLength(s string) int {
	digits := 0
	for i, r := range s {
		if r == '年' && digits == 4 {
			return i + len("年")
		}
		if !isNumeric(r) && !isBlank(r) || digits > 4 {
			return 0
		}
		if isNumeric(r) {
			digits++
		}
	}
	return 0
}

// findTitle marks the title: the first Markdown heading of the first level, or
// the first short lines without a full stop; and its repetitions.
func (d *document) findTitle(end int) {
	from, to := d.titleLines(end)
	if to == from || !d.hasMore(from, to) {
		return
	}
	var words []string
	for i := from; i < to; i++ {
		d.lines[i].role = title
		words = append(words, d.lines[i].text)
	}
	found := strings.Join(words, "")
	if d.english {
		found = strings.Join(words, " ")
	}
	if d.named == "" {
		d.named = found
	}
	d.repeatedTitle(to, end, squash(found))
}

// hasMore says whether anything is left when the title is taken away.
func (d *document) hasMore(from, to int) bool {
	for i, l := range d.lines {
		if (i < from || i >= to) && l.role == body {
			return true
		}
	}
	return false
}

func (d *document) titleLines(end int) (from, to int) {
	first := -1
	for i := 0; i < end; i++ {
		l := d.lines[i]
		if l.role != body {
			continue
		}
		if l.level == 1 && l.head && l.tail {
			return i, i + 1
		}
		if first < 0 {
			first = i
		}
	}
	if first < 0 || d.named != "" {
		return 0, 0
	}
	if d.lines[first].level > 0 {
		return first, first + 1
	}
	return d.bestBlock(first, end)
}

// bestBlock chooses among the blocks of short lines at the top the one that
// stands right before the dates in brackets or the first provision and ends
// like a title; then the first that ends so; then the first.
func (d *document) bestBlock(first, end int) (from, to int) {
	from, to = d.titleBlock(first, end)
	named := to > from && endsLikeTitle(d.lines[to-1].text) && !isCover(d.lines[to-1].text)
	for i := max(to, first+1); i < end; i++ {
		f, t := d.titleBlock(i, end)
		if t == f {
			continue
		}
		i = t - 1
		if last := d.lines[t-1].text; !endsLikeTitle(last) || isCover(last) {
			continue
		}
		if !named || t < len(d.lines) && d.lines[t].role == date && hasAnyPrefix(d.lines[t].text, "（", "(") && !d.datedAt(to) {
			from, to, named = f, t, true
		}
	}
	return from, to
}

// datedAt says whether dates in brackets stand on line i.
func (d *document) datedAt(i int) bool {
	return i < len(d.lines) && d.lines[i].role == date && hasAnyPrefix(d.lines[i].text, "（", "(")
}

// isCover holds for the word over an announcement, which is no title of a rule.
func isCover(s string) bool {
	switch squash(s) {
	case "公告", "令", "通知", "命令", "通告":
		return true
	}
	return false
}

// titleBlock gives the lines from i on that may make a title together.
func (d *document) titleBlock(i, end int) (from, to int) {
	to = i
	for to < end && to-i < 5 {
		l := d.lines[to]
		if l.role != body || to > i && l.gap || l.table || utf8.RuneCountInString(l.text) > 90 || terminal(l.text) && !d.english || isLoneHead(l.text) {
			break
		}
		if d.english && (to > i || l.level == 0 && strings.HasSuffix(l.text, ".")) {
			break
		}
		to++
	}
	return i, to
}

// endsLikeTitle knows the words that titles of rules and notices end with.
func endsLikeTitle(s string) bool {
	s = squash(s)
	for hasAnySuffix(s, "）", ")") {
		at := strings.LastIndexAny(s, "（(")
		if at <= 0 {
			return false
		}
		s = s[:at]
	}
	return hasAnySuffix(s, "法", "条例", "规定", "办法", "决定", "解释", "规则", "细则", "通知", "意见", "公告", "命令", "批复", "方案", "修正案", "纲要", "规范", "标准", "制度", "章程", "复函", "决议", "法典", "宪法", "草案", "规程", "准则", "规划", "指南", "措施", "计划", "程序", "公约", "议定书", "协定", "要点", "函", "答复", "说明", "报告", "指引", "令", "通告", "总则", "若干问题")
}

// repeatedTitle marks lines, or pairs of lines, that only say the title again.
func (d *document) repeatedTitle(from, end int, title_ string) {
	for i := from; i < end; i++ {
		joined := ""
		for j := i; j < end && j < i+4 && d.lines[j].role == body; j++ {
			joined += squash(d.lines[j].text)
			if joined == title_ {
				for ; i <= j; i++ {
					d.lines[i].role = title
				}
				i--
				break
			}
			if !strings.HasPrefix(title_, joined) {
				break
			}
		}
	}
}
