package outline

import (
	"sort"
	"strings"
)

// role is what a line is for.
type role uint8

const (
	body role = iota
	title
	date
	contents
	comment
)

// line is a line of the source, or a piece of one after it was cut at labels.
type line struct {
	no         int    // line of the source, from 1
	text       string // without marks and without white space at the ends
	raw        string // as in the source, for measuring; empty for later pieces
	level      int    // of a Markdown heading, 0 for none
	indent     int    // cells of white space before the text
	gap        bool   // a blank line stands before
	bullet     bool
	table      bool
	page       bool   // only the number of a page
	barred     bool   // a comment that was left out stands before
	signed     bool   // part of a signature: the issuer or the date under the text
	alone      bool   // a blank line, a label or the end follows
	lone       bool   // a heading that lost its number
	strong     bool   // all of it is bold
	part       bool   // shares its line of the source with other paragraphs (HTML)
	head, tail bool   // begins, ends its line of the source
	quoted     bool   // begins inside quotation marks
	quotes     []span // in bytes of the line before it was cut
	base       int    // where this piece began in that line
	role       role
	label      label
}

// span is a stretch of bytes.
type span struct{ from, to int }

func (l *line) inQuotes(at int) bool {
	at += l.base
	i := sort.Search(len(l.quotes), func(i int) bool { return l.quotes[i].to > at })
	return i < len(l.quotes) && at > l.quotes[i].from
}

// document is a source on its way to an outline.
type document struct {
	format    Format
	english   bool
	lines     []*line
	layout    layout
	named     string // title found in front matter
	hasUnit   bool   // articles or dotted sections were found
	units     englishUnits
	letters   map[string]byte // the last letter of each sort of unit
	next      *line           // the line after the one that is looked at
	dotted    bool            // sections are numbered 1, 1.1, 1.2
	lists     map[style]int   // the last number of each style since the last unit
	unitsSeen map[string]int  // the last number of each sort of unit
	chapters  int             // the highest chapter so far
	left      []LeftOut
}

func newDocument(source string, f Format) *document {
	raw := splitLines(source)
	if f != Markdown && looksMarked(raw) {
		f = Markdown
	}
	d := &document{format: f}
	lastComment := -1
	for i, s := range raw {
		if strings.Contains(s, "-->") {
			lastComment = i
		}
	}
	start := d.frontMatter(raw)
	gap, inComment, barred := false, false, false
	for i := start; i < len(raw); i++ {
		s := trim(raw[i])
		if s == "" || isRule(s) {
			if s != "" && f == Markdown && setext(s) {
				d.underline()
			}
			gap = gap || s == "" || f == Markdown
			continue
		}
		if inComment || strings.HasPrefix(s, "<!--") && (strings.HasSuffix(s, "-->") || lastComment > i && !strings.Contains(s, "-->")) {
			inComment = !strings.HasSuffix(s, "-->")
			d.left = append(d.left, LeftOut{i + 1, s, WhyComment})
			gap, barred = true, true
			continue
		}
		blocks := splitBlocks(raw[i])
		for _, block := range blocks {
			l := readLine(block, f)
			if l.text == "" {
				gap = gap || f == Markdown || len(blocks) > 1
				continue
			}
			l.no, l.gap, l.part = i+1, gap, len(blocks) > 1
			l.barred = barred
			l.page = isPageNumber(trim(block))
			d.lines = append(d.lines, l)
			gap, barred = false, false
		}
	}
	d.findTables()
	d.english = isEnglish(d.lines)
	return d
}

// looksMarked finds Markdown in a file that is called text: headings with #, and
// numbers in bold.
func looksMarked(raw []string) bool {
	n := 0
	for _, s := range raw {
		s = trim(s)
		after := strings.TrimLeft(s, "#")
		switch hashes := len(s) - len(after); {
		case hashes > 0 && hashes < 7 && skipBlank(after) != "" && (skipBlank(after) != after || !scanUnit(after).none()):
			n++
		case strings.HasPrefix(s, "**第"):
			n++
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// findTables marks the rows of tables that are written without a bar at the
// start of the line: those around a line of dashes and bars.
func (d *document) findTables() {
	if d.format != Markdown {
		return
	}
	for i, l := range d.lines {
		if i == 0 || l.table || !strings.Contains(l.text, "|") || strings.Trim(l.raw, " \t|:-") != "" {
			continue
		}
		for j := i - 1; j < len(d.lines) && strings.Contains(d.lines[j].raw, "|") && (j <= i || !d.lines[j].gap); j++ {
			d.lines[j].table, d.lines[j].level = true, 0
			d.lines[j].text = trim(dropTags(d.lines[j].raw))
		}
	}
}

// setext holds for the underline that makes the line above it a heading.
func setext(s string) bool { return strings.Trim(s, "=") == "" }

func (d *document) underline() {
	if n := len(d.lines); n > 0 && d.lines[n-1].level == 0 {
		d.lines[n-1].level = 1
	}
}

// splitLines cuts at every kind of line end, form feeds among them.
func splitLines(s string) []string {
	s = strings.TrimPrefix(s, "\ufeff")
	if strings.ContainsAny(s, "\r\f\v\u0085\u2028\u2029") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\v", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	}
	return strings.Split(s, "\n")
}

func readLine(raw string, f Format) *line {
	l := &line{raw: strings.TrimRightFunc(raw, isBlank), head: true, tail: true}
	s := skipBlank(l.raw)
	l.indent = cells(l.raw[:len(l.raw)-len(s)])
	if strings.HasPrefix(s, "|") && f == Markdown {
		l.table, l.text = true, trim(dropTags(s))
		return l
	}
	if strings.ContainsRune(s, '<') {
		if size, name := tagAt(s); size > 0 && len(name) == 2 && name[0] == 'h' && name[1] != 'r' {
			l.level = int(name[1] - '0')
		}
	}
	s = trim(dropTags(s))
	if f == Markdown {
		s = l.blockMarks(s)
		l.strong = wholeStrong(s)
		s = trim(dropEmphasis(s))
	}
	l.text = s
	return l
}

// blockMarks takes quotation marks, bullets and heading marks off a line.
func (l *line) blockMarks(s string) string {
	for strings.HasPrefix(s, ">") {
		s = skipBlank(s[1:])
	}
	if len(s) > 1 && strings.IndexByte("-*+", s[0]) >= 0 && (s[1] == ' ' || s[1] == '\t') {
		l.bullet = true
		s = skipBlank(s[1:])
	}
	n := 0
	for n < len(s) && n < 6 && s[n] == '#' {
		n++
	}
	if n > 0 {
		l.level = n
		s = trim(strings.TrimRight(trim(s[n:]), "#"))
	}
	return s
}

// frontMatter leaves out the settings that publishing tools keep at the top of
// a Markdown file and gives the number of lines they take.
func (d *document) frontMatter(raw []string) int {
	if d.format != Markdown || len(raw) < 3 || trim(raw[0]) != "---" {
		return 0
	}
	end := 0
	for i := 1; i < min(len(raw), 80); i++ {
		if s := trim(raw[i]); s == "---" {
			end = i
			break
		} else if s != "" && !strings.Contains(s, ":") && !strings.HasPrefix(s, "-") {
			return 0
		}
	}
	if end == 0 {
		return 0
	}
	for i := 1; i < end; i++ {
		s := trim(dropTags(raw[i]))
		if s == "" {
			continue
		}
		d.left = append(d.left, LeftOut{i + 1, s, WhyTitle})
		if name, value, _ := strings.Cut(s, ":"); name == "title" {
			d.named = strings.Trim(trim(value), `"'`)
		}
	}
	return end + 1
}

// isEnglish weighs Chinese characters, each about two letters' worth, against
// Latin letters. Lines that begin with 第N条 are Chinese whatever stands in them.
func isEnglish(lines []*line) bool {
	han, latin, units := 0, 0, 0
	for _, l := range lines {
		if scanUnit(l.text).isUnit() {
			units++
		}
		for _, r := range l.text {
			switch {
			case isHan(r):
				han++
			case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
				latin++
			}
		}
	}
	return units < 2 && latin > han*3
}
