package outline

import (
	"strings"
	"unicode/utf8"
)

// label is a number at the start of a provision.
type label struct {
	kind  Kind   // of a unit: part … article, annex; empty for lists
	word  string // the stem of its key: art, ch, sec
	style style  // of a list
	nums  [4]int // 第一百二十条之一 is 120, 1; 4.1 is 4, 1
	depth int    // how many of nums are used
	alpha string // the letters of a lettered number, for the key
	size  int    // bytes of the label
}

func (l label) none() bool   { return l.size == 0 }
func (l label) isUnit() bool { return l.size > 0 && l.kind != "" }
func (l label) isList() bool { return l.size > 0 && l.kind == "" }

// code orders article numbers: 120-1 stands between 120 and 121.
func (l label) code() int { return l.nums[0]*1000 + min(l.nums[1], 999) }

// same holds for two labels of one number.
func (l label) same(m label) bool {
	return l.kind == m.kind && l.word == m.word && l.style == m.style && l.nums == m.nums && l.alpha == m.alpha
}

// chineseUnits maps the word after 第N to a kind and a stem. Longer ones first.
var chineseUnits = []struct {
	word string
	kind Kind
	stem string
}{
	{"分编", KindSubpart, "subpart"},
	{"部分", KindPart, "part"},
	{"编", KindPart, "part"},
	{"篇", KindPart, "part"},
	{"卷", KindBook, "book"},
	{"章", KindChapter, "ch"},
	{"节", KindSection, "s"},
	{"条", KindArticle, "art"},
	{"分編", KindSubpart, "subpart"},
	{"編", KindPart, "part"},
	{"節", KindSection, "s"},
	{"條", KindArticle, "art"},
}

// scanUnit reads 第N编, 第N章, 第N节, 第N条, 第N条之N at the start of s.
func scanUnit(s string) label {
	if !strings.HasPrefix(s, "第") {
		return label{}
	}
	rest := skipBlank(s[len("第"):])
	n, size := scanNumber(rest, true)
	if size == 0 {
		return label{}
	}
	rest = skipBlank(rest[size:])
	sub := 0
	if after, ok := strings.CutPrefix(rest, "-"); ok { // 第 19-1 條
		if m, digits := scanArabic(after); digits > 0 {
			sub, rest = m, skipBlank(after[digits:])
		}
	}
	for _, u := range chineseUnits {
		if !strings.HasPrefix(rest, u.word) {
			continue
		}
		l := label{kind: u.kind, word: u.stem, depth: 1}
		l.nums[0] = n
		if sub > 0 {
			l.nums[1], l.depth = sub, 2
		}
		rest = rest[len(u.word):]
		if u.kind == KindArticle || u.kind == KindChapter || u.kind == KindSection {
			rest = l.scanInserted(rest)
		}
		l.size = len(s) - len(rest)
		return l
	}
	return label{}
}

// scanInserted reads the 之一 of an inserted article and gives what follows.
func (l *label) scanInserted(s string) string {
	for l.depth < len(l.nums) {
		after := skipBlank(s)
		if !strings.HasPrefix(after, "之") {
			return s
		}
		after = skipBlank(after[len("之"):])
		n, size := scanNumber(after, false)
		if size == 0 || n == 0 {
			return s
		}
		// 第十条之一部分 is a part of article 10; 第十条之一 ends there.
		if hasAnyPrefix(after[size:], "部分", "个", "款", "项", "般", "定", "切") {
			return s
		}
		l.nums[l.depth] = n
		l.depth++
		s = after[size:]
	}
	return s
}

// citations are what follows 第N条 where it is spoken of and does not begin.
var citations = []string{
	"、", "，", ",", "。", "；", ";", "）", ")", "》", "〉", "”", "’", "】", "的", "款", "项",
	"规定的", "规定，", "規定", "之規定", "項", "规定处", "规定执行", "规定。", "所列", "所称", "所规定", "所述", "所指", "所涉", "所定", "中的", "中“", "中规定", "中有关", "中所", "中增加", "中删",
	"和第", "及第", "与第", "或第", "或者第", "以及第", "至第", "到第", "—第", "－第", "-第", "~第", "和本", "及本", "与本", "及其他有关", "和《", "及《",
	"以外", "之外", "之规定", "后增加", "前增加", "修改为", "改为", "改作", "作为第", "删去", "分为",
	"调整为", "移至", "修正为", "增加一", "增加第", "增加规定", "等规定", "等条", "等的", "有关规定",
}

// mayCite are words that follow a citation as well as begin an article.
var mayCite = []string{
	"规定", "目", "或者", "以及", "及其", "以上", "以下", "以内", "之后", "之前", "作为", "修改", "删除", "合并", "内容", "条文", "关于", "列举", "处罚", "情形", "之所", "等有关",
}

// spacedCitations still mean a citation where white space stands between.
var spacedCitations = []string{"、", "，", "。", "；", "）", "》", "”", "款", "项", "的规定", "规定的", "和第", "及第", "或者第", "至第", "与第"}

// isCitation says whether what follows 第N条 (第N章) shows that the number is
// only cited.
func isCitation(rest string) bool {
	after := skipBlank(rest)
	if after == "" {
		return false
	}
	list := citations
	if len(after) != len(rest) {
		list = spacedCitations
	}
	if hasAnyPrefix(after, list...) {
		return true
	}
	return startsWithClause(after)
}

// startsWithClause holds for 第N款, 第N项, 第（N）项.
func startsWithClause(s string) bool {
	if !strings.HasPrefix(s, "第") {
		return false
	}
	s = skipBlank(s[len("第"):])
	if hasAnyPrefix(s, "（", "(") {
		_, w := utf8.DecodeRuneInString(s)
		s = s[w:]
	}
	_, size := scanNumber(s, true)
	if size == 0 {
		return false
	}
	s = skipBlank(s[size:])
	s = strings.TrimPrefix(strings.TrimPrefix(s, "）"), ")")
	return hasAnyPrefix(s, "款", "项", "目", "、")
}

// loneHeads are headings that stand without a number; top ones close every
// part and chapter.
var loneHeads = map[string]bool{
	"附则": true, "序言": true, "前言": true, "引言": true, "总则": true, "分则": true, "导言": true, "结语": true, "总纲": true,
	"附則": true, "總則": true,
}

// isLoneHead recognises 附　则, 序言 and the like on a line of their own.
func isLoneHead(s string) bool { return len(s) < 40 && loneHeads[squash(s)] }

// scanAnnex reads 附件, 附件1, 附录一, 附表： at the start of a line.
func scanAnnex(s string) label {
	for _, word := range []string{"附件", "附录", "附表", "附图", "附"} {
		rest, ok := strings.CutPrefix(s, word)
		if !ok {
			continue
		}
		l := label{kind: KindAnnex, word: "annex"}
		after := skipBlank(rest)
		if n, size := scanNumber(after, false); size > 0 {
			l.nums[0], l.depth = n, 1
			rest = after[size:]
		} else if r := firstRune(after); r >= 'A' && r <= 'Z' && !isWord(firstRune(after[1:])) {
			l.alpha = strings.ToLower(string(r))
			rest = after[1:]
		}
		colon := hasAnyPrefix(skipBlank(rest), "：", ":")
		if word == "附" && !(colon && l.depth+len(l.alpha) == 0 || l.depth > 0 && firstRune(after) < 0x80) {
			return label{}
		}
		if !colon && l.depth+len(l.alpha) == 0 && skipBlank(rest) != "" {
			return label{} // 附件中的…
		}
		if text := skipBlank(rest); hasAnyPrefix(text, "、", "，", "的", "所列", "所", "和", "中的", "中规", "中所", "规定", "）", "》", "。") {
			return label{}
		}
		if colon {
			_, w := utf8.DecodeRuneInString(skipBlank(rest))
			rest = skipBlank(rest)[w:]
		}
		l.size = len(s) - len(rest)
		return l
	}
	return label{}
}
