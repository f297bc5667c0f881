package outline

import "strings"

// putParagraph places a paragraph without a number.
func (b *builder) putParagraph(l *line) {
	if l.signed || b.afterAmendments(l) {
		b.popTo(0)
		b.putText(l)
		return
	}
	if b.underHeading(l) {
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
func (b *builder) underHeading(l *line) bool {
	n := b.top()
	if !n.list || n.children > 0 || n.row < 0 {
		return false
	}
	row := b.rows[n.row]
	if row.Heading == "" || row.Text != "" {
		return false
	}
	if n.level > 0 || n.strong {
		return true
	}
	return !(l.gap && b.listEnded()) && (b.d.english || !b.insideArticle())
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
