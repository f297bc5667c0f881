package outline

// putList opens an item of a list. More labels may follow at once: (a)(1).
func (b *builder) putList(l *line) {
	text, lab := l.text, l.label
	b.popHeadings(l)
	for {
		text = b.openItem(l, lab, text)
		next := scanList(text, b.d.english)
		if !b.d.english || next.none() || next.style == lab.style || !isParen(next.style) {
			break
		}
		lab = next
	}
	n := b.top()
	row := &b.rows[n.row]
	whole := l.head || l.tail
	if whole && b.d.headLike(l, text) {
		row.Heading, n.soft, n.strong = text, true, l.strong
		b.soft = append(b.soft, n)
		b.field = &row.Heading
		return
	}
	row.Text = text
	b.field = &row.Text
}

// popHeadings closes what a numbered Markdown heading closes: headings of its
// level and below, and lists that are none. Of Chinese outlines the style of the
// number says more than the marks.
func (b *builder) popHeadings(l *line) {
	if l.level == 0 {
		return
	}
	rank := chineseRank(l.label.style)
	for len(b.stack) > 1 {
		n := b.top()
		over := chineseRank(n.label.style)
		if n.list && rank > 0 && over > 0 && over < rank || n.label.isUnit() && n.level == 0 {
			return
		}
		if n.level > 0 && n.level < l.level {
			return
		}
		b.pop()
	}
}

func isParen(s style) bool {
	return s == lowerPar || s == upperPar || s == romanPar || s == arabicPar
}

// openItem places one label and gives the text after it.
func (b *builder) openItem(l *line, lab label, text string) string {
	if lab.style == dottedMany || lab.style == arabicDot && b.d.dotted && b.outsideLists(lab) {
		b.openDotted(l, lab, text)
	} else {
		lab = b.findPlace(lab)
		b.openListItem(l, lab, text)
	}
	return skipBlank(text[lab.size:])
}

// outsideLists holds where no list but numbered sections is open, or where the
// number is that of the next section.
func (b *builder) outsideLists(lab label) bool {
	for _, n := range b.stack[1:] {
		if n.list && (n.label.style == dottedMany || n.label.style == arabicDot) && n.label.nums[0]+1 == lab.nums[0] {
			return true
		}
		if n.leaf && !n.list || n.list && n.label.style != dottedMany && n.label.style != arabicDot {
			return false
		}
	}
	return true
}

// openDotted opens section 4 or 4.1: under the section that its number names.
func (b *builder) openDotted(l *line, lab label, text string) {
	for len(b.stack) > 1 {
		n := b.top()
		if n.list && n.label.depth < lab.depth && (n.label.style == dottedMany || n.label.style == arabicDot) && sameStart(n.label, lab) {
			break
		}
		if n.list || n.intro || n.level > 0 && l.level > 0 && n.level >= l.level {
			b.pop()
			continue
		}
		break
	}
	key := "sec" + numbers(lab)
	if b.insideArticle() {
		key = b.parentKey() + "-s" + numbers(lab)
	}
	scope := b.parentKey()
	p := Provision{Kind: KindSection, Number: trim(text[:lab.size]), Line: l.no}
	row := b.add(p, b.scoped(key), scope)
	b.push(&node{row: row, rank: 50, level: l.level, label: lab, list: true, leaf: true})
}

func (b *builder) insideArticle() bool {
	for _, n := range b.stack[1:] {
		if n.leaf && !n.list {
			return true
		}
	}
	return false
}

func sameStart(a, c label) bool {
	for i := 0; i < a.depth; i++ {
		if a.nums[i] != c.nums[i] {
			return false
		}
	}
	return true
}

// findPlace pops the stack to where an item of this label belongs and settles
// what a letter is that may be a Roman numeral.
func (b *builder) findPlace(lab label) label {
	floor := b.floor()
	lab = b.settleRoman(lab, floor)
	for i := len(b.stack) - 1; i > floor; i-- {
		n := b.stack[i]
		if !n.list || n.label.style != lab.style {
			continue
		}
		if lab.nums[0] == 1 && i == len(b.stack)-1 && b.opensList(n) && len(b.stack) < maxDepth {
			return lab // a list within the item, numbered alike
		}
		b.popTo(i - 1)
		return lab
	}
	if n := b.top(); n.intro && len(b.stack) > 1 && !b.opensList(n) {
		if over := b.stack[len(b.stack)-2]; over.items.style == lab.style && over.items.nums[0]+1 == lab.nums[0] {
			b.pop() // the paragraph stood between two items of one list
			return lab
		}
	}
	rank := chineseRank(lab.style)
	for len(b.stack)-1 > floor && rank > 0 {
		n := b.top()
		if over := chineseRank(n.label.style); n.list && over > rank || n.intro && b.underLarger(rank, floor) {
			b.pop()
			continue
		}
		break
	}
	for len(b.stack) >= maxDepth {
		b.pop()
	}
	if n := b.top(); n.intro && !b.insideArticle() && (lab.style == cnComma || lab.style == bareHead || len(b.stack) == 2 || !b.opensList(n)) && !b.stack[len(b.stack)-2].list {
		b.pop()
	}
	return lab
}

// underLarger holds where below the paragraph on top a list is open whose
// items are smaller than rank.
func (b *builder) underLarger(rank, floor int) bool {
	for i := len(b.stack) - 2; i > floor; i-- {
		if n := b.stack[i]; n.list {
			return chineseRank(n.label.style) > rank
		}
	}
	return false
}

// floor is the innermost node that no list item can close.
func (b *builder) floor() int {
	for i := len(b.stack) - 1; i > 0; i-- {
		if n := b.stack[i]; !n.list && !n.intro {
			return i
		}
	}
	return 0
}

func (b *builder) opensList(n *node) bool {
	if n.row < 0 {
		return false
	}
	row := b.rows[n.row]
	return hasAnySuffix(row.Text+row.Heading, "：", ":", "—")
}

// settleRoman decides whether (i), (v), (x), I. are letters or numerals: a
// letter where an open list has just had the letter before.
func (b *builder) settleRoman(lab label, floor int) label {
	var roman style
	switch lab.style {
	case lowerPar:
		roman = romanPar
	case lowerDot, upperDot:
		roman = romanDot
	default:
		return lab
	}
	n := romanOf(lab.alpha)
	if n == 0 {
		return lab
	}
	for i := len(b.stack) - 1; i > floor; i-- {
		open := b.stack[i]
		switch {
		case !open.list:
		case open.label.style == roman && open.label.nums[0] == n-1:
			lab.style, lab.nums[0] = roman, n
			return lab
		case open.label.style == lab.style && open.label.nums[0] == lab.nums[0]-1:
			return lab
		}
	}
	if n == 1 {
		lab.style, lab.nums[0] = roman, n
	}
	return lab
}

func (b *builder) openListItem(l *line, lab label, text string) {
	key := b.itemKey(lab)
	b.top().items = lab
	row := b.add(Provision{Kind: KindItem, Number: trim(text[:lab.size]), Line: l.no}, key, "")
	b.push(&node{row: row, rank: 50, level: l.level, label: lab, list: true, leaf: true})
}

// settle turns headings that head nothing into text and says which items are
// sections, items and subitems.
func (b *builder) settle() {
	for _, n := range b.soft {
		row := &b.rows[n.row]
		if row.Text == "" && n.children == 0 {
			row.Heading, row.Text = "", row.Heading
		}
	}
	kinds := make(map[string]Kind, len(b.rows))
	for i := range b.rows {
		row := &b.rows[i]
		if row.Kind == KindItem {
			switch parent := kinds[row.Parent]; {
			case parent == KindItem || parent == KindSubitem:
				row.Kind = KindSubitem
			case row.Heading != "" && (parent == "" || parent == KindHeading || parent == KindAnnex) && b.keys.main[row.Key]:
				row.Kind = KindSection
			}
		}
		kinds[row.Key] = row.Kind
		if row.Kind == KindParagraph && kinds[row.Parent] == KindItem {
			kinds[row.Key] = KindItem // what hangs on an item's paragraph is a subitem
		}
	}
}
