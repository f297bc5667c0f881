package outline

import "strings"

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
		inner := n.list && n.level == 0 || n.intro || n.leaf && (n.level == 0 || l.level == 0)
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
	return n.bare && n.children == 0 && b.rows[n.row].Text == "" && b.last != nil && l.head && isHeadingText(l.text) && len(l.text) < 160 && !l.quoted && (l.level == 0 || l.level >= n.level)
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
