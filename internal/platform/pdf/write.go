package pdf

import (
	"math"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

// matrix is a, b, c, d, e, f of ISO 32000-1, 8.3.3.
type matrix [6]float64

var unit = matrix{1, 0, 0, 1, 0, 0}

// times applies m before n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// state is the part of the graphics state that places text.
type state struct {
	ctm, text, line                     matrix
	font                                *font
	size, leading, spacing, word, scale float64
}

func fresh() state { return state{ctm: unit, text: unit, line: unit, scale: 1} }

// piece is text as painted, where it begins and ends.
type piece struct {
	text       string
	x, end, em float64
}

// writer turns what is painted into lines.
type writer struct {
	out   strings.Builder
	full  bool
	left  int64 // bytes of contents that may still be read
	fonts map[string]*font
	state
	saved []state
	line  []piece
	y     float64 // of the line at hand
	lines []row   // of the page at hand
}

// row is a line as painted.
type row struct {
	text          string
	x, end, y, em float64
}

// mostSaved bounds the stack of states.
const mostSaved = 200

func (w *writer) run(data []byte, resources pdf.Value, depth int) {
	l := &lexer{data: data}
	var args []token
	for !w.full {
		t := l.next()
		if t.kind == 0 {
			return
		}
		if t.kind != 'o' {
			if args = append(args, t); len(args) > 1<<16 {
				args = args[:0]
			}
			continue
		}
		if t.text == "ID" {
			l.skipImage()
		} else {
			w.do(t.text, args, resources, depth)
		}
		args = args[:0]
	}
}

func at(args []token, i int) float64 {
	if i < len(args) {
		return args[i].value
	}
	return 0
}

func six(args []token) matrix {
	return matrix{at(args, 0), at(args, 1), at(args, 2), at(args, 3), at(args, 4), at(args, 5)}
}

// do carries out an operator (ISO 32000-1, annex A); those that place no text are
// passed over.
func (w *writer) do(op string, args []token, resources pdf.Value, depth int) {
	switch op {
	case "q":
		if len(w.saved) < mostSaved {
			w.saved = append(w.saved, w.state)
		}
	case "Q":
		if n := len(w.saved); n > 0 {
			w.state, w.saved = w.saved[n-1], w.saved[:n-1]
		}
	case "cm":
		w.ctm = six(args).times(w.ctm)
	case "BT":
		w.state.text, w.state.line = unit, unit
	case "Tf":
		if len(args) >= 2 {
			w.font, w.size = w.fontOf(resources.Key("Font").Key(args[0].text)), at(args, 1)
		}
	case "TL":
		w.leading = at(args, 0)
	case "Tc":
		w.spacing = at(args, 0)
	case "Tw":
		w.word = at(args, 0)
	case "Tz":
		w.scale = at(args, 0) / 100
	case "Td":
		w.move(at(args, 0), at(args, 1))
	case "TD":
		w.leading = -at(args, 1)
		w.move(at(args, 0), at(args, 1))
	case "Tm":
		w.state.text, w.state.line = six(args), six(args)
	case "T*":
		w.move(0, -w.leading)
	case "Tj", "TJ":
		w.show(args)
	case "'", `"`:
		w.move(0, -w.leading)
		w.show(args)
	case "Do":
		if len(args) > 0 {
			w.form(resources.Key("XObject").Key(args[0].text), resources, depth)
		}
	}
}

func (w *writer) move(x, y float64) {
	w.state.line = matrix{1, 0, 0, 1, x, y}.times(w.state.line)
	w.state.text = w.state.line
}

// form paints a form; pictures hold no text.
func (w *writer) form(v, resources pdf.Value, depth int) {
	if v.Key("Subtype").Name() != "Form" || depth >= mostForms {
		return
	}
	own := v.Key("Resources")
	if own.IsNull() {
		own = resources
	}
	kept, saved := w.state, w.saved
	if m := v.Key("Matrix"); m.Len() == 6 {
		var x matrix
		for i := range x {
			x[i] = m.Index(i).Float64()
		}
		w.ctm = x.times(w.ctm)
	}
	w.run(w.unpack(v), own, depth+1)
	w.state, w.saved = kept, saved
}

// fontOf makes a font once; the same object has the same printed form.
func (w *writer) fontOf(v pdf.Value) *font {
	if v.IsNull() {
		return nil
	}
	key := v.String()
	f, ok := w.fonts[key]
	if !ok {
		f = newFont(v)
		w.fonts[key] = f
	}
	return f
}

// show paints strings; numbers between them move on by thousandths of the size.
func (w *writer) show(args []token) {
	if w.font == nil {
		return
	}
	for _, a := range args {
		switch a.kind {
		case 'n':
			w.advance(-a.value / 1000 * w.size)
		case 's':
			w.string(a.text)
		}
	}
}

func (w *writer) string(s string) {
	text, width := w.font.decode(s)
	from := w.state.text.times(w.ctm)
	n := float64(len(s))
	if w.font.wide {
		n /= 2
	}
	w.advance(width/1000*w.size + n*w.spacing + float64(strings.Count(s, " "))*w.word)
	to := w.state.text.times(w.ctm)
	em := w.size * math.Hypot(from[2], from[3])
	w.paint(text, from, to, math.Abs(em))
}

func (w *writer) advance(by float64) {
	if w.font.vertical {
		w.state.text = matrix{1, 0, 0, 1, 0, -by}.times(w.state.text)
		return
	}
	w.state.text = matrix{1, 0, 0, 1, by * w.scale, 0}.times(w.state.text)
}

// paint adds a piece to the line at hand, or begins another: half a character up or
// down is another line.
func (w *writer) paint(text string, from, to matrix, em float64) {
	text = strings.Map(func(r rune) rune {
		if r == '\u00a0' || r == '\t' {
			return ' '
		}
		if whole, ok := radicals[r]; ok {
			return whole
		}
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, text)
	if text == "" || em <= 0 || math.IsNaN(em+from[4]+from[5]+to[4]) || math.IsInf(em+from[4]+from[5]+to[4], 0) {
		return
	}
	turned := math.Abs(from[1]) > math.Abs(from[0]) // text that runs up or down
	if len(w.line) > 0 && (math.Abs(from[5]-w.y) > em/2) && !turned && !w.font.vertical {
		w.endLine()
	}
	if len(w.line) == 0 {
		w.y = from[5]
	}
	w.line = append(w.line, piece{text, from[4], to[4], em})
}

// endLine writes the pieces of a line from left to right.
func (w *writer) endLine() {
	if len(w.line) == 0 {
		return
	}
	line := w.line
	w.line = nil
	ordered := sort.SliceIsSorted(line, func(i, j int) bool { return line[i].x < line[j].x })
	if !ordered && !w.font.vertical {
		sort.SliceStable(line, func(i, j int) bool { return line[i].x < line[j].x })
	}
	var b strings.Builder
	r := row{y: w.y, x: line[0].x}
	for i, p := range line {
		if i > 0 && apart(line[i-1], p) {
			b.WriteByte(' ')
		}
		b.WriteString(p.text)
		r.end, r.em = max(r.end, p.end), max(r.em, p.em)
	}
	if r.text = strings.TrimSpace(b.String()); r.text != "" && len(w.lines) < 1<<16 {
		w.lines = append(w.lines, r)
	}
}

// endPage writes the lines of a page. A line that runs to the edge goes on in the
// next: it is put together again, or a word across the break would not be found.
func (w *writer) endPage() {
	w.endLine()
	edge := 0.0
	for _, r := range w.lines {
		edge = max(edge, r.end)
	}
	for i, r := range w.lines {
		w.text(r.text)
		if i+1 == len(w.lines) {
			break
		}
		next := w.lines[i+1]
		switch {
		case !goesOn(r, next, edge):
			w.text("\n")
		case !wideAt(r.text, true) || !wideAt(next.text, false):
			w.text(" ")
		}
	}
	w.text("\n\n")
	w.lines = nil
}

// goesOn reports that a line ended only because the page did: it is long, less than
// two characters were left, no sentence ended, and the next line is close.
func goesOn(r, next row, edge float64) bool {
	last, _ := utf8.DecodeLastRuneInString(r.text)
	drop := r.y - next.y
	return edge-r.end < 2*r.em && r.end-r.x > 12*r.em && !strings.ContainsRune("。；：！？:;!?", last) && drop > 0 && drop < 2.5*r.em && math.Abs(r.em-next.em) < r.em/10
}

// wideAt reports a text whose end, or beginning, needs no space beside it.
func wideAt(text string, end bool) bool {
	r, _ := utf8.DecodeRuneInString(text)
	if end {
		r, _ = utf8.DecodeLastRuneInString(text)
	}
	return r >= 0x2e80
}

// apart reports a gap between two pieces that a reader sees as a space. Characters
// of Chinese stand apart by themselves; only a wide gap parts them.
func apart(a, b piece) bool {
	if strings.HasSuffix(a.text, " ") || strings.HasPrefix(b.text, " ") {
		return false
	}
	gap := (b.x - a.end) / b.em
	last, first := []rune(a.text), []rune(b.text)
	if unicode.Is(unicode.Han, last[len(last)-1]) || unicode.Is(unicode.Han, first[0]) {
		return gap > 0.5
	}
	return gap > 0.2
}

func (w *writer) text(s string) {
	if w.out.Len()+len(s) > MostText {
		w.full = true
		return
	}
	w.out.WriteString(s)
}
