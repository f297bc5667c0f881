package outline

import (
	"slices"
	"strings"
)

// place is where an item begins in a line.
type place struct {
	at int
	label
}

// itemStarts finds the items of a list that was written without line ends:
// …下列条件：（一）…；（二）…。 A lone （一） is no list unless the lines after the
// ith go on with it. expected holds the next number of each open list and is
// kept from line to line of one paragraph.
func (d *document) itemStarts(l *line, i int, expected map[style]int) []int {
	if l.table {
		return nil
	}
	own := l.text[l.label.size:]
	if lab := scanList(skipBlank(own), false); !lab.none() && lab.depth == 1 {
		expected[lab.style] = lab.nums[0] + 1
	}
	var found []place
	var before rune
	for at, r := range l.text {
		if isBlank(r) {
			continue
		}
		p := before
		before = r
		if at <= l.label.size || !strings.ContainsRune("：:；;。，", p) || !opensItem(r) {
			continue
		}
		lab := scanList(l.text[at:], false)
		if lab.none() || lab.depth != 1 || lab.style == cnComma || l.inQuotes(at) {
			continue
		}
		n := lab.nums[0]
		first := n == 1 && p != '，'
		further := n > 1 && n == expected[lab.style] && (p != '，' || lab.style == cnParen)
		if first || further {
			expected[lab.style] = n + 1
			found = append(found, place{at, lab})
		}
	}
	return d.listed(found, l, i)
}

// listed drops the places that say （一） without a （二） after them.
func (d *document) listed(found []place, l *line, i int) []int {
	var out []int
	next := map[style]int{} // the number that follows in each style
	for k := len(found) - 1; k >= 0; k-- {
		p := found[k]
		after, known := next[p.style]
		if p.nums[0] > 1 || after == 2 || !known && l.tail && d.goesOn(p.label, i) {
			out = append(out, p.at)
		}
		next[p.style] = p.nums[0]
	}
	slices.Reverse(out)
	return out
}

func opensItem(r rune) bool {
	return r == '（' || r == '(' || r >= '①' && r <= '⑳' || r >= '1' && r <= '9' || r >= '１' && r <= '９'
}

// goesOn says whether one of the lines after the ith has the second item.
func (d *document) goesOn(first label, i int) bool {
	for _, next := range d.lines[i+1 : min(i+8, len(d.lines))] {
		before := '；'
		for at, r := range next.text {
			if isBlank(r) {
				continue
			}
			if opensItem(r) && strings.ContainsRune("；;。，", before) {
				if lab := scanList(next.text[at:], false); lab.style == first.style {
					return lab.nums[0] == 2
				}
			}
			before = r
			if at > 4000 {
				return false
			}
		}
		if next.gap {
			return false
		}
	}
	return false
}
