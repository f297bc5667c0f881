package outline

import (
	"strconv"
	"strings"
)

// keys hands out the keys of a document, each once.
type keys struct {
	used   map[string]bool
	repeat map[string]int
	main   map[string]bool // keys of 一、 and of numbered headings
}

func newKeys() keys {
	return keys{used: map[string]bool{}, repeat: map[string]int{}, main: map[string]bool{}}
}

// take gives key, or scope-key where that is taken, or the first free of key-r2,
// key-r3 and so on.
func (k *keys) take(key, scope string) string {
	if k.used[key] && scope != "" {
		key = scope + "-" + key
	}
	base := key
	for k.used[key] {
		n := max(k.repeat[base], 1) + 1
		k.repeat[base] = n
		key = base + "-r" + strconv.Itoa(n)
	}
	k.used[key] = true
	return key
}

// numbers writes a label's numbers: -120-1, -4-1, -12a.
func numbers(l label) string {
	var s strings.Builder
	for _, n := range l.nums[:l.depth] {
		s.WriteByte('-')
		s.WriteString(strconv.Itoa(n))
	}
	if l.alpha != "" {
		if l.depth == 0 {
			s.WriteByte('-')
		}
		s.WriteString(l.alpha)
	}
	return s.String()
}

// child is the key of the nth child of a sort under the top of the stack.
func (b *builder) child(stem string, n int) string {
	key := stem + strconv.Itoa(n)
	if parent := b.parentKey(); parent != "" {
		return parent + "-" + key
	}
	return key
}

// unitKey gives the key of a unit and the prefix it takes where the key is
// taken. Articles count through the document, chapters through their part,
// sections through their chapter; an annex is a document of its own.
func (b *builder) unitKey(l label) (key, scope string) {
	scope = b.parentKey()
	key = l.word + numbers(l)
	switch l.word {
	case "annex", "app", "att", "sched", "exh":
		return key, ""
	case "s", "ch", "subch", "subpart", "subtitle":
		if parent := b.enclosing(l); parent != "" {
			return parent + "-" + key, ""
		}
	case "sec":
		if !b.d.units.leaf(l) && scope != "" {
			return scope + "-s" + numbers(l), ""
		}
	}
	return b.scoped(key), scope
}

// enclosing is the key of the unit around, headings without a number aside.
func (b *builder) enclosing(l label) string {
	for i := len(b.stack) - 1; i > 0; i-- {
		if n := b.stack[i]; n.label.isUnit() {
			return b.rows[n.row].Key
		}
	}
	return ""
}

// scoped puts the key of the annex around before key.
func (b *builder) scoped(key string) string {
	for i := len(b.stack) - 1; i > 0; i-- {
		if n := b.stack[i]; n.label.kind == KindAnnex {
			return b.rows[n.row].Key + "-" + key
		}
	}
	return key
}

// itemKey is i3 under an article or a paragraph, s1 under an item, s-2 for the
// 二、 of a notice; the letters of lettered lists stand for themselves.
func (b *builder) itemKey(l label) string {
	parent := b.parentKey()
	n := b.top()
	holder := n
	if n.intro && len(b.stack) > 1 {
		holder = b.stack[len(b.stack)-2]
	}
	deep := holder.list && !(holder.row >= 0 && b.keys.main[b.rows[holder.row].Key])
	stem := "i"
	if deep {
		stem = "s"
	}
	main := !deep && (l.style == cnComma || l.style == bareHead) && !b.insideArticle()
	var key string
	switch {
	case main:
		key = "s-" + strconv.Itoa(l.nums[0])
	case l.alpha != "" && parent != "":
		key = l.alpha
	case l.alpha != "":
		key = "i-" + l.alpha
	case b.d.english && parent != "":
		key = strconv.Itoa(l.nums[0])
	default:
		key = stem + strconv.Itoa(l.nums[0])
	}
	if main {
		// Headings without a number do not count: 二、 is s-2 wherever it stands.
		key = b.scoped(key)
		if b.keys.used[key] && parent != "" {
			key = parent + "-" + key
		}
	} else if parent != "" {
		key = parent + "-" + key
	}
	if main || n.level > 0 && !deep {
		b.keys.main[b.keys.peek(key)] = true
	}
	return key
}

// peek is the key that take would give.
func (k *keys) peek(key string) string {
	base := key
	for n := max(k.repeat[base], 1); k.used[key]; {
		n++
		key = base + "-r" + strconv.Itoa(n)
	}
	return key
}
