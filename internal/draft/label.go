package draft

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/i18n"
)

// headingShown is how many characters of a text stand for its missing number.
const headingShown = 12

// Label names a provision as a reader would: “第七条第一款第二项”, “Article 7,
// paragraph 1, item 2”. The empty key is the draft as a whole; an unknown one
// shows as it is.
func (t *Tree) Label(l *i18n.Locale, key string) string {
	if key == "" {
		return l.T("draft.whole")
	}
	p, ok := t.Get(key)
	if !ok {
		return key
	}
	var steps []string
	for {
		steps = append([]string{t.step(l, p)}, steps...)
		if isTop(p) || p.Parent == "" {
			break
		}
		up, ok := t.Get(p.Parent)
		if !ok || up.Kind == outline.KindTitle || isDivision(up) && !t.numbersBelow(p) {
			break
		}
		p = up
	}
	return strings.Join(steps, l.T("draft.step_gap"))
}

// isTop reports whether a name starts here: articles are counted through the
// whole document, so the chapter says nothing.
func isTop(p Provision) bool { return p.Kind == outline.KindArticle || isDivision(p) }

func isDivision(p Provision) bool {
	for _, k := range divisions {
		if p.Kind == k {
			return true
		}
	}
	return false
}

// numbersBelow: an item of a section is named with it, a text is not.
func (t *Tree) numbersBelow(p Provision) bool { return p.Number != "" }

// step names one row within its parent.
func (t *Tree) step(l *i18n.Locale, p Provision) string {
	zh := strings.HasPrefix(p.Lang, "zh")
	switch p.Kind {
	case outline.KindParagraph:
		return l.T("draft.step.paragraph", "number", ordinal(zh && l.Tag() == "zh-CN", t.paragraphNumber(p)))
	case outline.KindItem, outline.KindSubitem:
		if n := numberIn(l, p); n != "" {
			return t.firstParagraph(l, p) + l.T("draft.step."+string(p.Kind), "number", n)
		}
	}
	if isTop(p) && p.Number != "" && zh && l.Tag() != "zh-CN" {
		if n := numberKey(p.Number); n != "" && p.Kind != outline.KindHeading && p.Kind != outline.KindAnnex {
			return l.T("draft.step."+string(p.Kind), "number", n)
		}
	}
	if p.Number != "" {
		return strings.TrimSpace(strings.TrimRight(p.Number, "、.．:："))
	}
	return excerpt(p)
}

// firstParagraph names the paragraph of an item that stands in an article's
// first paragraph, when the article has several: “第一款”.
func (t *Tree) firstParagraph(l *i18n.Locale, p Provision) string {
	up, ok := t.Get(p.Parent)
	if !ok || up.Kind != outline.KindArticle {
		return ""
	}
	for _, i := range t.children[up.Key] {
		if t.Rows[i].Kind == outline.KindParagraph {
			return l.T("draft.step.paragraph", "number", ordinal(l.Tag() == "zh-CN" && strings.HasPrefix(p.Lang, "zh"), 1)) + l.T("draft.step_gap")
		}
	}
	return ""
}

// paragraphNumber counts paragraphs within the parent. The first paragraph of an
// article is the article's own text.
func (t *Tree) paragraphNumber(p Provision) int {
	n := 1
	if up, ok := t.Get(p.Parent); ok && up.Text == "" && up.Kind == outline.KindArticle {
		n = 0
	}
	for _, i := range t.children[p.Parent] {
		if t.Rows[i].Kind != outline.KindParagraph {
			continue
		}
		n++
		if t.Rows[i].Key == p.Key {
			return n
		}
	}
	return n
}

// numberIn is an item's number without its brackets, in digits where an English
// page names a Chinese item.
func numberIn(l *i18n.Locale, p Provision) string {
	if l.Tag() != "zh-CN" && strings.HasPrefix(p.Lang, "zh") {
		if n := numberKey(p.Number); n != "" {
			return n
		}
	}
	return bare(p.Number)
}

// bare takes the brackets off a number: （二） is 二, (a) is a.
func bare(number string) string {
	return strings.Trim(strings.TrimSpace(number), "（）()［］[]【】、.．:： 　")
}

func excerpt(p Provision) string {
	s := strings.TrimSpace(p.Heading)
	if s == "" {
		s = strings.TrimSpace(p.Text)
	}
	if utf8.RuneCountInString(s) <= headingShown*2 {
		return s
	}
	cut := headingShown
	if !strings.HasPrefix(p.Lang, "zh") {
		cut *= 2
	}
	return strings.TrimSpace(string([]rune(s)[:cut])) + "…"
}

// ordinal writes a small number in Chinese numerals or in digits.
func ordinal(chinese bool, n int) string {
	if !chinese || n <= 0 || n > 99 {
		return itoa(n)
	}
	digits := []rune("零一二三四五六七八九")
	switch tens, ones := n/10, n%10; {
	case tens == 0:
		return string(digits[ones])
	case tens == 1 && ones == 0:
		return "十"
	case tens == 1:
		return "十" + string(digits[ones])
	case ones == 0:
		return string(digits[tens]) + "十"
	default:
		return string(digits[tens]) + "十" + string(digits[ones])
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
