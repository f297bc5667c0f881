package outline

import (
	"sort"
	"strings"
)

// node is a place in the tree that may still take text or children.
type node struct {
	row      int
	rank     float64 // smaller is further out; the root is 0
	level    int     // of its Markdown heading, 0 for none
	label    label
	leaf     bool // takes text of its own
	list     bool
	intro    bool  // a paragraph that may introduce a list
	items    label // of the last item directly below
	children int
	paras    int
	texts    int
	heads    int
	bare     bool // the number stood alone: the next line may be the heading
	soft     bool // the heading may turn out to be the text
}

// maxDepth bounds nesting, so that keys stay short whatever the source.
const maxDepth = 24

// builder puts lines into rows.
type builder struct {
	d     *document
	rows  []Provision
	stack []*node
	keys  keys
	soft  []*node
	last  *line // the line before, if it was put into a row
	field *string
	long  strings.Builder // what is to become *field, while lines are joined to it
	table bool            // the last row is a table
}

func (d *document) assemble() Outline {
	b := &builder{d: d, keys: newKeys()}
	b.stack = []*node{{row: -1}}
	for _, l := range d.lines {
		b.put(l)
	}
	b.flush()
	b.settle()
	lang := "zh-CN"
	if d.english {
		lang = "en"
	}
	sort.SliceStable(d.left, func(i, j int) bool { return d.left[i].Line < d.left[j].Line })
	return Outline{Title: d.named, Language: lang, Provisions: b.rows, LeftOut: d.left}
}

func (b *builder) put(l *line) {
	joins := l.role == body && !l.table && l.label.none() && b.last != nil && b.field != nil && !l.lone && b.d.continues(b.last, l)
	if !joins && !(l.table && b.table) {
		b.flush()
	}
	if l.role != body {
		b.putAside(l)
		b.last = nil
		return
	}
	lab := l.label
	switch {
	case l.table:
		b.putTable(l)
	case lab.isUnit():
		b.putUnit(l)
	case lab.isList():
		b.putList(l)
	case joins:
		b.hardenText(l)
		b.join(l.text)
	case b.takesHeading(l):
		b.takeHeading(l)
	case l.level > 0, l.lone, isLoneHead(l.text), b.d.plainHead(l):
		b.putHeading(l)
	default:
		b.putParagraph(l)
	}
	b.table = l.table
	b.last = l
}

// putAside leaves a line out, or, where it is only a piece of its line, makes a
// row of it, because only whole lines may be left out.
func (b *builder) putAside(l *line) {
	why := map[role]string{title: WhyTitle, date: WhyDate, contents: WhyContents}[l.role]
	if l.head && l.tail && !l.part {
		b.d.left = append(b.d.left, LeftOut{l.no, l.text, why})
		return
	}
	b.popTo(0)
	switch n := len(b.rows); {
	case l.role == contents && n > 0 && b.rows[n-1].Kind == KindToc:
		b.rows[n-1].Text = glue(b.rows[n-1].Text, " "+l.text)
	case l.role == contents && isContentsWord(l.text):
		b.add(Provision{Kind: KindToc, Heading: l.text, Line: l.no}, "toc", "")
	case l.role == contents:
		b.add(Provision{Kind: KindToc, Text: l.text, Line: l.no}, "toc", "")
	case l.role == title:
		b.add(Provision{Kind: KindTitle, Text: l.text, Line: l.no}, "title", "")
	default:
		b.add(Provision{Kind: KindText, Text: l.text, Line: l.no}, b.textKey(), "")
	}
}

func (b *builder) top() *node { return b.stack[len(b.stack)-1] }

func (b *builder) popTo(depth int) { b.stack = b.stack[:depth+1] }

func (b *builder) pop() { b.stack = b.stack[:len(b.stack)-1] }

func (b *builder) parentKey() string {
	if n := b.top(); n.row >= 0 {
		return b.rows[n.row].Key
	}
	return ""
}

// add appends a row under the top of the stack. scope prefixes the key where
// key itself is taken.
func (b *builder) add(p Provision, key, scope string) int {
	p.Parent = b.parentKey()
	p.Key = b.keys.take(key, scope)
	b.rows = append(b.rows, p)
	b.top().children++
	b.field = &b.rows[len(b.rows)-1].Text
	return len(b.rows) - 1
}

func (b *builder) push(n *node) { b.stack = append(b.stack, n) }

// join goes on with the text or heading that was written last. It is put
// together in one piece when the last line is known.
func (b *builder) join(s string) {
	if b.long.Len() == 0 {
		if *b.field == "" {
			*b.field = s
			return
		}
		b.long.WriteString(*b.field)
	}
	if b.table {
		b.long.WriteString("\n" + s)
		return
	}
	// The last bytes are enough to choose what stands between the lines.
	b.long.WriteString(glue(b.last.text, s)[len(b.last.text):])
}

// hardenText makes a heading that goes on as a sentence the text it is.
func (b *builder) hardenText(l *line) {
	n := b.top()
	if !n.soft || n.row < 0 || b.field != &b.rows[n.row].Heading || !terminal(l.text) {
		return
	}
	b.flush()
	row := &b.rows[n.row]
	row.Heading, row.Text, n.soft = "", row.Heading, false
	b.field = &row.Text
}

func (b *builder) flush() {
	if b.long.Len() > 0 {
		*b.field = b.long.String()
		b.long.Reset()
	}
}

// glue joins two lines of one sentence. Chinese needs nothing between them.
func glue(a, s string) string {
	if a == "" {
		return skipBlank(s)
	}
	last, first := lastRune(a), firstRune(s)
	if isBlank(first) || last == '-' && first >= 'a' && first <= 'z' {
		return a + s
	}
	if last < 0x2e80 && first < 0x2e80 && last != '“' && last != '—' && last != '(' {
		return a + " " + s
	}
	return a + s
}

// putUnit opens a part, chapter, section, article or annex.
func (b *builder) putUnit(l *line) {
	lab := l.label
	rank := b.d.units.rank(lab)
	for len(b.stack) > 1 {
		n := b.top()
		heading := n.label.none() && !n.list && !n.intro
		if n.list || n.intro || n.rank >= rank || heading && l.level > 0 && n.level >= l.level {
			b.pop()
			continue
		}
		break
	}
	b.openUnit(l, rank)
}

func (b *builder) openUnit(l *line, rank float64) {
	lab := l.label
	n := &node{rank: rank, level: l.level, label: lab, leaf: b.d.units.leaf(lab)}
	rest := skipBlank(l.text[lab.size:])
	p := Provision{Kind: lab.kind, Number: trim(l.text[:lab.size]), Line: l.no}
	key, scope := b.unitKey(lab)
	n.row = b.add(p, key, scope)
	row := &b.rows[n.row]
	switch {
	case !n.leaf:
		row.Heading = rest
		n.bare = rest == "" || strings.Trim(rest, "：:") == ""
	case b.d.english && rest == "":
		n.bare = true
	case b.d.english && b.d.headLike(l, rest):
		row.Heading, n.soft = rest, true
		b.soft = append(b.soft, n)
	case b.d.english:
		row.Text = rest
	default:
		row.Heading, row.Text = b.d.headingOf(rest)
		if row.Text == "" && row.Heading == "" && l.level > 0 {
			n.bare = false
		}
	}
	b.field = &row.Text
	if row.Text == "" && rest != "" {
		b.field = &row.Heading
	}
	b.push(n)
}

// putHeading opens a heading without a number.
func (b *builder) putHeading(l *line) {
	lone := l.level == 0 && isLoneHead(l.text) || l.lone && b.d.chapters < 2
	for len(b.stack) > 1 {
		n := b.top()
		inner := n.list || n.intro || n.leaf && (n.level == 0 || l.level == 0)
		if lone || inner || n.level > 0 && n.level >= l.level || n.level == 0 && n.label.none() {
			b.pop()
			continue
		}
		break
	}
	n := &node{level: l.level, rank: b.top().rank + 0.1}
	if lone {
		n.rank = 3.9
		if s := squash(l.text); s == "总则" || s == "分则" {
			n.rank = 2.9
		}
	}
	b.top().heads++
	n.row = b.add(Provision{Kind: KindHeading, Heading: l.text, Line: l.no}, b.child("h", b.top().heads), "")
	b.field = &b.rows[n.row].Heading
	b.push(n)
}

// takesHeading holds for the line after a number that stood alone: 第一章 ⏎ 总则.
func (b *builder) takesHeading(l *line) bool {
	n := b.top()
	if n.leaf && !(englishHead(l.text) && (l.gap || l.strong || l.level > 0)) {
		return false
	}
	return n.bare && b.last != nil && l.head && isHeadingText(l.text) && len(l.text) < 160 && !l.quoted && (l.level == 0 || l.level >= n.level)
}

func (b *builder) takeHeading(l *line) {
	n := b.top()
	n.bare = false
	row := &b.rows[n.row]
	row.Heading = glue(row.Heading, l.text)
	b.field = &row.Heading
}

// plainHead recognises a heading in English text without marks: a short line
// between blank lines, without a full stop.
func (d *document) plainHead(l *line) bool {
	if !d.english || l.bullet || !l.gap || !l.alone || len(l.text) > 90 || terminal(l.text) || lastRune(l.text) == ',' {
		return false
	}
	if l.strong {
		return true
	}
	first := firstRune(l.text)
	return d.format == Text && first >= 'A' && first <= 'Z' && englishHead(l.text) && l.tail
}

// putParagraph places a paragraph without a number.
func (b *builder) putParagraph(l *line) {
	if l.signed || b.afterAmendments(l) {
		b.popTo(0)
		b.putText(l)
		return
	}
	if b.underHeading() {
		row := &b.rows[b.top().row]
		row.Text = l.text
		b.field = &row.Text
		return
	}
	if b.article() {
		b.putArticleParagraph(l)
		return
	}
	for len(b.stack) > 1 {
		n := b.top()
		if n.intro || n.list && b.listEnded() {
			b.pop()
			continue
		}
		break
	}
	n := b.top()
	if !n.list && !n.leaf {
		b.putText(l)
		return
	}
	row := &b.rows[n.row]
	if row.Text == "" && n.children == 0 {
		row.Text = l.text
		b.field = &row.Text
		return
	}
	b.addParagraph(l)
}

// afterAmendments holds for a paragraph that is not quoted after the last item
// of a decision that amends: 本决定自公布之日起施行。
func (b *builder) afterAmendments(l *line) bool {
	if b.d.english || len(b.stack) < 2 || hasAnyPrefix(l.text, "“", "「") || l.quoted {
		return false
	}
	n := b.stack[1]
	if !n.list || n.label.style != cnComma {
		return false
	}
	text := b.rows[n.row].Text
	for _, word := range []string{"修改为", "增加一", "删去", "删除", "作为第", "修正为", "改为"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// underHeading holds where the item on top has a heading and no text yet.
func (b *builder) underHeading() bool {
	n := b.top()
	if !n.list || n.children > 0 || n.row < 0 {
		return false
	}
	row := b.rows[n.row]
	return row.Heading != "" && row.Text == "" && (n.level > 0 || b.d.english || !b.insideArticle())
}

// article pops to the article or leaf section that is open, if one is.
func (b *builder) article() bool {
	for i := len(b.stack) - 1; i > 0; i-- {
		n := b.stack[i]
		if n.leaf && !n.list {
			if !b.d.english {
				b.popTo(i)
				return true
			}
			return false
		}
		if !n.list && !n.intro {
			return false
		}
	}
	return false
}

func (b *builder) putArticleParagraph(l *line) {
	n := b.top()
	row := &b.rows[n.row]
	if row.Text == "" && n.children == 0 {
		row.Text = l.text
		b.field = &row.Text
		return
	}
	b.addParagraph(l)
}

// addParagraph opens a further paragraph of the leaf on top.
func (b *builder) addParagraph(l *line) {
	n := b.top()
	n.paras++
	row := b.add(Provision{Kind: KindParagraph, Text: l.text, Line: l.no}, b.child("p", n.paras+1), "")
	b.push(&node{row: row, rank: 90, intro: true})
}

// listEnded says whether a paragraph after a list belongs to what introduced
// the list: after items that hang on a colon it does.
func (b *builder) listEnded() bool {
	i := len(b.stack) - 2
	if i < 0 {
		return false
	}
	n := b.stack[i]
	if n.row < 0 {
		return false
	}
	row := b.rows[n.row]
	text := row.Text
	if text == "" {
		text = row.Heading
	}
	return hasAnySuffix(text, "：", ":", "—")
}

func (b *builder) putText(l *line) {
	row := b.add(Provision{Kind: KindText, Text: l.text, Line: l.no}, b.textKey(), "")
	b.push(&node{row: row, rank: 90, intro: true})
}

func (b *builder) textKey() string {
	b.top().texts++
	return b.child("t", b.top().texts)
}

func (b *builder) putTable(l *line) {
	if b.table && b.field != nil {
		b.join(l.text)
		return
	}
	for len(b.stack) > 1 && b.top().intro {
		b.pop()
	}
	row := b.add(Provision{Kind: KindText, Text: l.text, Line: l.no}, b.textKey(), "")
	b.field = &b.rows[row].Text
}
