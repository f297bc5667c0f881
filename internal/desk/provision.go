package desk

import (
	"strings"

	"guangyi/internal/draft"
)

// Find gives the key of the provision that somebody typed: 8, ８, 第八条, art-8,
// Section 2. Empty is the draft as a whole; ok is false when there is none.
func Find(t *draft.Tree, typed string) (key string, ok bool) {
	typed = strings.TrimSpace(narrow(typed))
	if typed == "" {
		return "", true
	}
	if p, ok := t.Named(typed); ok {
		return p.Key, true
	}
	for _, p := range t.Articles() {
		if n := strings.Trim(p.Number, " 　、.．()（）"); n != "" && strings.EqualFold(n, strings.Trim(typed, " 　、.．()（）")) {
			return p.Key, true
		}
	}
	return "", false
}

// narrow writes full-width signs as plain ones: Chinese keyboards give both.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' && !strings.ContainsRune("（），：；？！", r) {
			return r - '！' + '!'
		}
		return r
	}, s)
}

// aimed gives the content with every provision as a key, and which points name none.
func aimed(t *draft.Tree, c Content) (Content, []int) {
	var wrong []int
	points := make([]Point, len(c.Points))
	for i, p := range c.Points {
		key, ok := Find(t, p.Provision)
		if !ok {
			wrong = append(wrong, i)
			key = p.Provision
		}
		points[i] = Point{key, p.Text, p.Proposed}
	}
	c.Points = points
	return c, wrong
}
