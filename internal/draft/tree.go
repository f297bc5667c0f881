package draft

import (
	"slices"
	"strings"

	"guangyi/internal/draft/outline"
)

// Tree is a version's provisions, ready to be asked. It is immutable and safe
// for concurrent use.
type Tree struct {
	Rows     []Provision
	byKey    map[string]int
	children map[string][]int
	units    []int          // rows that stand for themselves in a list: see Articles
	unitOf   map[string]int // key → row of the unit that holds it
}

// NewTree indexes the rows of one version.
func NewTree(rows []Provision) *Tree {
	t := &Tree{Rows: rows, byKey: make(map[string]int, len(rows)), children: map[string][]int{}, unitOf: map[string]int{}}
	for i, p := range rows {
		t.byKey[p.Key] = i
		t.children[p.Parent] = append(t.children[p.Parent], i)
	}
	t.findUnits()
	return t
}

// divisions are the kinds that only head others where articles stand below them.
var divisions = []outline.Kind{outline.KindPart, outline.KindBook, outline.KindSubpart, outline.KindChapter, outline.KindSection, outline.KindHeading, outline.KindAnnex}

// findUnits chooses what a reader comments on: articles; and outside of
// articles every row of text, and a division that has neither article nor
// division below it: a numbered section stands for what is in it.
func (t *Tree) findUnits() {
	inside := make([]int, len(t.Rows)) // unit of each row, -1 for none
	for i, p := range t.Rows {
		inside[i] = -1
		if up, ok := t.byKey[p.Parent]; ok && p.Parent != "" && up < i {
			inside[i] = inside[up]
		}
		if inside[i] < 0 && t.isUnit(p) {
			inside[i] = i
			t.units = append(t.units, i)
		}
		if inside[i] >= 0 {
			t.unitOf[p.Key] = inside[i]
		}
	}
}

func (t *Tree) isUnit(p Provision) bool {
	switch {
	case p.Kind == outline.KindTitle, p.Kind == outline.KindToc:
		return false
	case !slices.Contains(divisions, p.Kind):
		return true
	}
	return !t.headsUnits(p.Key)
}

// headsUnits reports whether a division has a division or an article below it:
// then those are the units and it is only their heading.
func (t *Tree) headsUnits(key string) bool {
	for _, i := range t.children[key] {
		k := t.Rows[i].Kind
		if k == outline.KindArticle || slices.Contains(divisions, k) {
			return true
		}
	}
	return false
}

// Get finds a provision by its key.
func (t *Tree) Get(key string) (Provision, bool) {
	i, ok := t.byKey[key]
	if !ok {
		return Provision{}, false
	}
	return t.Rows[i], true
}

// Named finds the provision that a person means by words such as 第七条, art-7 or
// Section 2; of several named (第九、十三条) the first.
func (t *Tree) Named(words string) (Provision, bool) {
	words = strings.TrimSpace(words)
	if p, ok := t.Get(strings.ToLower(words)); ok {
		return p, true
	}
	for _, p := range t.Rows {
		if p.Number != "" && strings.TrimSpace(p.Number) == words {
			return p, true
		}
	}
	first, _, _ := strings.Cut(numberKey(words), "-")
	if first == "" {
		return Provision{}, false
	}
	return t.Get("art-" + first)
}

// Children lists the rows directly below a key ("": the top), in order.
func (t *Tree) Children(key string) []Provision {
	out := make([]Provision, 0, len(t.children[key]))
	for _, i := range t.children[key] {
		out = append(out, t.Rows[i])
	}
	return out
}

// Articles lists what a reader can choose to comment on: the articles, and
// outside of them the sections and texts.
func (t *Tree) Articles() []Provision {
	out := make([]Provision, 0, len(t.units))
	for _, i := range t.units {
		out = append(out, t.Rows[i])
	}
	return out
}

// Article gives the article (or other unit of Articles) that holds a provision;
// ok is false for a chapter's heading and for an unknown key.
func (t *Tree) Article(key string) (Provision, bool) {
	i, ok := t.unitOf[key]
	if !ok {
		return Provision{}, false
	}
	return t.Rows[i], true
}

// Below lists a provision and everything under it, in the order of the document.
func (t *Tree) Below(key string) []Provision {
	i, ok := t.byKey[key]
	if !ok {
		return nil
	}
	out := []Provision{t.Rows[i]}
	within := map[string]bool{key: true}
	for _, p := range t.Rows[i+1:] {
		if within[p.Parent] {
			within[p.Key] = true
			out = append(out, p)
		}
	}
	return out
}

// Words is the full text of a provision with everything under it, a row a line.
func (t *Tree) Words(key string) string {
	var lines []string
	for _, p := range t.Below(key) {
		lines = append(lines, strings.TrimSpace(p.Line()))
	}
	return strings.Join(lines, "\n")
}

// Line is number, heading and own text of a row on one line.
func (p Provision) Line() string {
	gap := " "
	if strings.HasPrefix(p.Lang, "zh") {
		gap = "　"
	}
	if strings.HasPrefix(p.Number, "（") || strings.HasSuffix(p.Number, "、") {
		gap = ""
	}
	parts := make([]string, 0, 3)
	for _, s := range []string{p.Number, p.Heading, p.Text} {
		if s = strings.TrimSpace(s); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, gap)
}
