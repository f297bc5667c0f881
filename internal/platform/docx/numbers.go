package docx

import (
	"encoding/xml"
	"strings"
)

// numPr is what a paragraph or a style says of its number; "" is nothing.
type numPr struct{ id, level string }

// levels is how many levels a list has (ISO/IEC 29500-1, 17.9.6).
const levels = 9

type level struct {
	start   int
	format  string
	text    string
	restart int // -1: after any higher level; 0: never; n: after level n
	style   string
	plain   bool // higher levels are shown as plain digits
}

type style struct {
	based   string
	name    string
	number  numPr
	outline int
}

type num struct {
	abstract string
	starts   map[int]int // startOverride
	levels   map[int]level
	begun    bool
}

// abstract is a list with its counters, which all numbers of it share.
type abstract struct {
	levels [levels]level
	link   string // numStyleLink: another style's list
	count  [levels]int
	used   [levels]bool
}

// numbering works out automatic numbers as a word processor does while it reads
// the paragraphs in order (ISO/IEC 29500-1, 17.9).
type numbering struct {
	styles    map[string]*style
	nums      map[string]*num
	abstracts map[string]*abstract
}

func (w *reader) loadNumbers(links map[string]string) error {
	n := numbering{map[string]*style{}, map[string]*num{}, map[string]*abstract{}}
	w.numbers = n
	if at := links["styles"]; at != "" {
		if err := w.pack.walk(at, n.styleReader()); err != nil {
			return err
		}
	}
	if at := links["numbering"]; at != "" {
		return w.pack.walk(at, n.listReader())
	}
	return nil
}

func (n numbering) styleReader() func(*xml.Decoder, xml.Token) error {
	at := &style{}
	return func(_ *xml.Decoder, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		value := attr(e, "val")
		switch e.Name.Local {
		case "style":
			at = &style{outline: -1}
			n.styles[attr(e, "styleId")] = at
		case "name":
			at.name = strings.ToLower(value)
		case "basedOn":
			at.based = value
		case "numId":
			at.number.id = value
		case "ilvl":
			at.number.level = value
		case "outlineLvl":
			at.outline = atoi(value, -1)
		}
		return nil
	}
}

// listReader reads the lists and who uses them.
func (n numbering) listReader() func(*xml.Decoder, xml.Token) error {
	list, user, lvl, over := &abstract{}, &num{}, -1, -1
	into := func(set func(*level)) {
		switch {
		case lvl < 0 || lvl >= levels:
		case over >= 0:
			l := user.levels[lvl]
			set(&l)
			user.levels[lvl] = l
		default:
			set(&list.levels[lvl])
		}
	}
	return func(_ *xml.Decoder, t xml.Token) error {
		if e, ok := t.(xml.EndElement); ok {
			switch e.Name.Local {
			case "lvlOverride":
				over = -1
			case "lvl":
				lvl = -1
			}
			return nil
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		value := attr(e, "val")
		switch e.Name.Local {
		case "abstractNum":
			list = &abstract{}
			for i := range list.levels {
				list.levels[i] = level{start: 1, restart: -1}
			}
			n.abstracts[attr(e, "abstractNumId")] = list
		case "numStyleLink":
			list.link = value
		case "num":
			user = &num{starts: map[int]int{}, levels: map[int]level{}}
			n.nums[attr(e, "numId")] = user
		case "abstractNumId":
			user.abstract = value
		case "lvlOverride":
			over = atoi(attr(e, "ilvl"), -1)
		case "startOverride":
			user.starts[over] = atoi(value, 1)
		case "lvl":
			if lvl = atoi(attr(e, "ilvl"), -1); over >= 0 && lvl >= 0 && lvl < levels {
				user.levels[lvl] = level{start: 1, restart: -1}
			}
		case "start":
			into(func(l *level) { l.start = atoi(value, 1) })
		case "numFmt":
			into(func(l *level) { l.format = value })
		case "lvlText":
			into(func(l *level) { l.text = value })
		case "lvlRestart":
			into(func(l *level) { l.restart = atoi(value, -1) })
		case "pStyle":
			into(func(l *level) { l.style = value })
		case "isLgl":
			into(func(l *level) { l.plain = value != "0" && value != "false" })
		}
		return nil
	}
}

// mostBased is how many styles may stand on each other: a circle ends here.
const mostBased = 20

// heading is the level of a heading; 0 for none.
func (n numbering) heading(f *frame) int {
	if f.outline >= 0 && f.outline < levels {
		return f.outline + 1
	}
	id := f.style
	for range mostBased {
		s := n.styles[id]
		if s == nil {
			return 0
		}
		if s.outline >= 0 && s.outline < levels {
			return s.outline + 1
		}
		if rest, ok := strings.CutPrefix(s.name, "heading "); ok {
			return max(0, min(levels, atoi(rest, 0)))
		}
		id = s.based
	}
	return 0
}

// list finds the list and the level of a paragraph; nil for none.
func (n numbering) list(p numPr, of string) (*num, *abstract, int) {
	id, at := of, p
	for range mostBased {
		s := n.styles[id]
		if s == nil || at.id != "" && at.level != "" {
			break
		}
		if at.id == "" {
			at.id = s.number.id
		}
		if at.level == "" {
			at.level = s.number.level
		}
		id = s.based
	}
	user := n.nums[at.id]
	if user == nil || at.id == "0" {
		return nil, nil, 0
	}
	a := n.abstracts[user.abstract]
	if a != nil && a.link != "" {
		if s := n.styles[a.link]; s != nil && n.nums[s.number.id] != nil {
			a = n.abstracts[n.nums[s.number.id].abstract]
		}
	}
	if a == nil {
		return nil, nil, 0
	}
	if at.level == "" {
		return user, a, n.levelOf(a, of)
	}
	return user, a, max(0, min(levels-1, atoi(at.level, 0)))
}

// levelOf is the level that names the style, or one that the style stands on.
func (n numbering) levelOf(a *abstract, of string) int {
	for range mostBased {
		for i := range a.levels {
			if of != "" && a.levels[i].style == of {
				return i
			}
		}
		s := n.styles[of]
		if s == nil {
			break
		}
		of = s.based
	}
	return 0
}

// next counts a paragraph and gives its number as shown; "" for none.
func (n numbering) next(p numPr, of string) string {
	user, a, l := n.list(p, of)
	if a == nil {
		return ""
	}
	look := func(i int) level {
		if over, ok := user.levels[i]; ok {
			return over
		}
		return a.levels[i]
	}
	if !user.begun {
		user.begun = true
		for i, start := range user.starts {
			if i >= 0 && i < levels {
				a.count[i], a.used[i] = start-1, true
			}
		}
	}
	if !a.used[l] {
		a.count[l] = look(l).start - 1
	}
	a.count[l]++
	a.used[l] = true
	for i := l + 1; i < levels; i++ {
		if r := look(i).restart; r < 0 || r > l {
			a.used[i] = false
		}
	}
	return shown(look, a, l)
}

// shown fills in the text of a level: %1 is the number of the first level.
func shown(look func(int) level, a *abstract, l int) string {
	own := look(l)
	if own.format == "bullet" || own.format == "none" {
		return ""
	}
	text := own.text
	for i := range levels {
		mark := "%" + string(rune('1'+i))
		if !strings.Contains(text, mark) {
			continue
		}
		at, count := look(i), a.count[i]
		if !a.used[i] {
			count = at.start
		}
		format := at.format
		if own.plain {
			format = "decimal"
		}
		text = strings.ReplaceAll(text, mark, spell(count, format))
	}
	return text
}
