package outline

import (
	"sort"
	"strings"
	"unicode/utf8"
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
	strong   bool // the heading is in bold
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
	tail  string          // the last line that was joined
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
	if l.page && b.field != nil && b.last != nil && !b.table {
		b.join(l.text) // where a page ends says nothing about the text
		return
	}
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
		if b.tail = *b.field; b.tail == "" {
			*b.field = s
			return
		}
		b.long.WriteString(*b.field)
	}
	if b.table {
		b.long.WriteString("\n" + s)
		return
	}
	last := lastRune(b.tail)
	b.long.WriteString(glue(string(last), s)[utf8.RuneLen(last):])
	b.tail = s
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
