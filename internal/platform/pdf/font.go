package pdf

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// font turns the bytes of a string into text.
type font struct {
	unicode  *cmap                // its ToUnicode map
	charset  encoding.Encoding    // of a predefined CMap
	utf16    bool                 // the codes are UTF-16BE
	wide     bool                 // two bytes a code
	simple   func(string) string  // one byte a code
	width    func(string) float64 // of a string of one byte a code, in thousandths of the size
	widths   map[uint32]float64   // of codes of two bytes
	usual    float64              // of those that widths does not name
	unknown  bool                 // its codes are glyphs of an embedded font: no text
	vertical bool
}

// charsets are the encodings under the predefined CMaps, by the beginning of their
// names (ISO 32000-1, table 118). GBK and GB-EUC are parts of GB18030.
var charsets = []struct {
	name string
	enc  encoding.Encoding
}{
	{"GB-EUC", simplifiedchinese.GB18030}, {"GBK", simplifiedchinese.GB18030}, {"GBpc", simplifiedchinese.GB18030},
	{"B5", traditionalchinese.Big5}, {"ETen", traditionalchinese.Big5}, {"HKscs", traditionalchinese.Big5},
	{"90ms", japanese.ShiftJIS}, {"90pv", japanese.ShiftJIS}, {"83pv", japanese.ShiftJIS}, {"EUC-H", japanese.EUCJP}, {"EUC-V", japanese.EUCJP},
	{"KSC", korean.EUCKR},
}

func newFont(v pdf.Value) *font {
	f := &font{width: func(s string) float64 { return 500 * float64(len(s)) }}
	if m := stream(v.Key("ToUnicode")); len(m) > 0 {
		if c := readCMap(m); len(c.single) > 0 || len(c.ranges) > 0 {
			f.unicode = c
		}
	}
	if v.Key("Subtype").Name() == "Type0" {
		f.composite(v)
		return f
	}
	inner := pdf.Font{V: v}
	enc := inner.Encoder()
	f.simple = enc.Decode
	unit := 1.0 // of a width, in thousandths
	if m := v.Key("FontMatrix"); m.Len() == 6 {
		unit = 1000 * m.Index(0).Float64()
	}
	f.width = func(s string) float64 {
		sum := 0.0
		for i := range len(s) {
			n := inner.Width(int(s[i])) * unit
			if n <= 0 {
				n = 500
			}
			sum += n
		}
		return sum
	}
	return f
}

// composite reads a font of many characters.
func (f *font) composite(v pdf.Value) {
	f.wide = true
	f.widths, f.usual = widthsOf(v.Key("DescendantFonts").Index(0))
	name := v.Key("Encoding").Name()
	f.vertical = strings.HasSuffix(name, "-V")
	if v.Key("Encoding").Kind() == pdf.Stream {
		f.wide = readCMap(stream(v.Key("Encoding"))).wide()
	}
	if strings.Contains(name, "UCS2") || strings.Contains(name, "UTF16") {
		f.utf16 = true
		return
	}
	for _, c := range charsets {
		if strings.HasPrefix(name, c.name) {
			f.charset, f.wide = c.enc, false
			return
		}
	}
	f.unknown = true
}

// decode gives the text of a string and how wide it is, in thousandths of the size.
func (f *font) decode(s string) (string, float64) {
	switch {
	case f.unicode != nil:
		text := f.unicode.decode(s, f.wide)
		if f.wide {
			return text, f.spread(s)
		}
		return text, f.width(s)
	case f.utf16:
		units := make([]uint16, len(s)/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16([]byte(s[2*i:]))
		}
		return string(utf16.Decode(units)), f.spread(s)
	case f.charset != nil:
		text, err := f.charset.NewDecoder().String(s)
		if err != nil {
			return "", 0
		}
		return text, 500 * float64(len(s))
	case f.unknown || f.simple == nil:
		return "", f.spread(s)
	}
	return f.simple(s), f.width(s)
}

func (f *font) spread(s string) float64 {
	if !f.wide {
		return f.width(s)
	}
	sum := 0.0
	for i := 0; i+1 < len(s); i += 2 {
		if n, ok := f.widths[number(s[i:i+2])]; ok {
			sum += n
		} else {
			sum += f.usual
		}
	}
	return sum
}

// widthsOf reads the widths of a composite font (ISO 32000-1, 9.7.4.3).
func widthsOf(v pdf.Value) (map[uint32]float64, float64) {
	out, usual := map[uint32]float64{}, 1000.0
	if d := v.Key("DW"); !d.IsNull() {
		usual = d.Float64()
	}
	w := v.Key("W")
	for i := 0; i+1 < w.Len() && len(out) < mostMapped; {
		from, second := uint32(w.Index(i).Int64()), w.Index(i+1)
		if second.Kind() == pdf.Array {
			for j := range second.Len() {
				out[from+uint32(j)] = second.Index(j).Float64()
			}
			i += 2
			continue
		}
		to := min(uint32(second.Int64()), from+1<<16)
		for c := from; c <= to && len(out) < mostMapped; c++ {
			out[c] = w.Index(i + 2).Float64()
		}
		i += 3
	}
	return out, usual
}

// cmap maps codes to text (Adobe Technical Note 5014).
type cmap struct {
	single map[code]string
	ranges []span
	widths [5]bool // lengths of codes, in bytes, that its code space has
}

type code struct {
	length int
	value  uint32
}

// span maps from…to to texts that follow on base, or to list.
type span struct {
	length   int
	from, to uint32
	base     []uint16
	list     []string
}

// mostMapped bounds the entries of a map.
const mostMapped = 1 << 17

func (c *cmap) wide() bool { return c.widths[2] || !c.widths[1] }

func number(s string) (n uint32) {
	for i := range min(len(s), 4) {
		n = n<<8 | uint32(s[i])
	}
	return n
}

func units(s string) []uint16 {
	out := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		out = append(out, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return out
}

func readCMap(data []byte) *cmap {
	c := &cmap{single: map[code]string{}}
	l := &lexer{data: data}
	var args []token
	for {
		t := l.next()
		switch {
		case t.kind == 0 || len(c.single)+len(c.ranges) > mostMapped:
			return c
		case t.kind != 'o':
			if args = append(args, t); len(args) > mostMapped {
				return c
			}
			continue
		}
		switch t.text {
		case "endcodespacerange":
			for _, a := range args {
				if a.kind == 's' && len(a.text) >= 1 && len(a.text) <= 4 {
					c.widths[len(a.text)] = true
				}
			}
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				from, to := args[i], args[i+1]
				if from.kind == 's' && to.kind == 's' && len(from.text) <= 4 {
					c.single[code{len(from.text), number(from.text)}] = string(utf16.Decode(units(to.text)))
				}
			}
		case "endbfrange":
			c.addRanges(args)
		}
		args = args[:0]
	}
}

func (c *cmap) addRanges(args []token) {
	for i := 0; i+2 < len(args); {
		from, to := args[i], args[i+1]
		s := span{length: len(from.text), from: number(from.text), to: number(to.text)}
		i += 2
		if args[i].kind == '[' {
			for i++; i < len(args) && args[i].kind != ']'; i++ {
				s.list = append(s.list, string(utf16.Decode(units(args[i].text))))
			}
		} else {
			s.base = units(args[i].text)
		}
		i++
		if from.kind == 's' && to.kind == 's' && s.length >= 1 && s.length <= 4 {
			c.ranges = append(c.ranges, s)
		}
	}
}

func (c *cmap) find(k code) (string, bool) {
	if text, ok := c.single[k]; ok {
		return text, true
	}
	for i := range c.ranges {
		s := &c.ranges[i]
		if s.length != k.length || k.value < s.from || k.value > s.to {
			continue
		}
		n := k.value - s.from
		if s.list != nil {
			if int(n) < len(s.list) {
				return s.list[n], true
			}
			continue
		}
		if len(s.base) == 0 {
			continue
		}
		out := append([]uint16(nil), s.base...)
		out[len(out)-1] += uint16(n)
		return string(utf16.Decode(out)), true
	}
	return "", false
}

// decode reads codes of the lengths that the map has, and of the font's where it
// says nothing.
func (c *cmap) decode(s string, wide bool) string {
	var b strings.Builder
	for len(s) > 0 {
		n, text := c.first(s, wide)
		b.WriteString(text)
		s = s[n:]
	}
	return b.String()
}

func (c *cmap) first(s string, wide bool) (length int, text string) {
	lengths := []int{1, 2}
	if wide {
		lengths = []int{2, 1}
	}
	for _, n := range lengths {
		if n > len(s) || n == 1 && wide && c.widths[2] && !c.widths[1] {
			continue
		}
		if text, ok := c.find(code{n, number(s[:n])}); ok && utf8.ValidString(text) {
			return n, text
		}
	}
	return min(lengths[0], len(s)), ""
}
