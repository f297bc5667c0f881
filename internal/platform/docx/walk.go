package docx

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// reader turns the tokens of a part into paragraphs.
type reader struct {
	pack    *pack
	out     Document
	numbers numbering
	size    int // bytes of text so far

	where Where
	skip  int // elements deep in something that is left out
	open  []frame
	note  string // mark of the note whose first paragraph is to come
	carry string // text of paragraphs whose mark was deleted: the next one's beginning
}

// frame is an open paragraph, cell, row or text box.
type frame struct {
	kind    string // p, tc, tr, txbxContent
	text    strings.Builder
	cells   []string
	style   string
	number  numPr
	outline int
	joins   bool // its mark was deleted: it runs on into the next
	hidden  bool // the run at hand is not shown
	inProps bool
}

// left lists what holds nothing that counts: old properties, deleted and moved
// text, codes of fields, phonetic guides, and the second copy of a drawing.
var left = []string{
	"del", "moveFrom", "pPrChange", "rPrChange", "tblPrChange", "tcPrChange", "trPrChange", "sectPrChange", "numberingChange",
	"instrText", "delText", "delInstrText", "rt", "Fallback", "sdtPr", "tblGrid",
}

func (w *reader) part(name string, at Where) error {
	w.where, w.skip, w.open, w.note, w.carry = at, 0, nil, "", ""
	var inText bool
	return w.pack.walk(name, func(_ *xml.Decoder, t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			if w.skip > 0 || w.leaves(t) {
				w.skip++
				return nil
			}
			inText = t.Name.Local == "t"
			w.start(t)
		case xml.EndElement:
			if w.skip > 0 {
				w.skip--
				return nil
			}
			inText = false
			w.end(t.Name.Local)
		case xml.CharData:
			if inText && w.skip == 0 {
				w.write(string(t))
			}
		}
		return nil
	})
}

// leaves reports an element that is left out with all that is in it.
func (w *reader) leaves(e xml.StartElement) bool {
	name := e.Name.Local
	p := w.paragraph()
	if p != nil && p.inProps && (name == "del" || name == "moveFrom") {
		p.joins = true // the mark of the paragraph, not a run
		return true
	}
	if (name == "footnote" || name == "endnote") && attr(e, "type") != "" && attr(e, "type") != "normal" {
		return true // the line above the notes
	}
	return slices.Contains(left, name)
}

func (w *reader) top() *frame {
	if len(w.open) == 0 {
		return nil
	}
	return &w.open[len(w.open)-1]
}

func (w *reader) paragraph() *frame {
	if f := w.top(); f != nil && f.kind == "p" {
		return f
	}
	return nil
}

func (w *reader) start(e xml.StartElement) {
	switch name := e.Name.Local; name {
	case "p":
		if e.Name.Space != "a" { // that of a drawing
			w.open = append(w.open, frame{kind: name, outline: -1})
		}
	case "tc", "tr", "txbxContent":
		w.open = append(w.open, frame{kind: name})
	case "footnote", "endnote", "comment":
		w.note = "[" + attr(e, "id") + "] "
	case "tab", "ptab":
		if p := w.paragraph(); p != nil && !p.inProps {
			w.write("\t")
		}
	case "br", "cr":
		w.write("\n")
	case "noBreakHyphen":
		w.write("-")
	case "footnoteReference", "endnoteReference":
		w.write("[" + attr(e, "id") + "]")
	default:
		w.property(e)
	}
}

// property notes what a paragraph's or a run's properties say.
func (w *reader) property(e xml.StartElement) {
	p := w.paragraph()
	if p == nil {
		return
	}
	value := attr(e, "val")
	switch e.Name.Local {
	case "pPr":
		p.inProps = true
	case "r":
		p.hidden = false
	case "vanish":
		p.hidden = !p.inProps && value != "0" && value != "false"
	case "pStyle":
		p.style = value
	case "outlineLvl":
		p.outline = atoi(value, -1)
	case "ilvl":
		p.number.level = value
	case "numId":
		p.number.id = value
	}
}

func atoi(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return otherwise
}

func (w *reader) write(s string) {
	if p := w.paragraph(); p != nil && !p.inProps && !p.hidden {
		if w.size += len(s); w.size > MostText {
			w.out.Cut = true
			return
		}
		p.text.WriteString(s)
	}
}

func (w *reader) end(name string) {
	f := w.top()
	if f == nil {
		return
	}
	if name == "pPr" {
		f.inProps = false
		return
	}
	if name == "r" {
		f.hidden = false
		return
	}
	if f.kind != name {
		return
	}
	switch name {
	case "p":
		w.endParagraph()
	case "tc":
		text := strings.TrimSpace(f.text.String())
		w.pop()
		if row := w.top(); row != nil && row.kind == "tr" {
			row.cells = append(row.cells, text)
		}
	case "tr":
		cells := f.cells
		w.pop()
		w.put(Paragraph{Where: w.place(Table), Text: strings.TrimRight(strings.Join(cells, "\t"), "\t")})
	default:
		w.pop()
	}
}

func (w *reader) pop() { w.open = w.open[:len(w.open)-1] }

func (w *reader) endParagraph() {
	f := w.top()
	text := f.text.String()
	p := Paragraph{Where: w.place(Body), Text: text, Heading: w.numbers.heading(f)}
	// A paragraph whose mark is deleted has no number either: it is part of the next.
	joins, number, style := f.joins, f.number, f.style
	w.pop()
	if joins {
		w.carry += text
		return
	}
	p.Number = w.numbers.next(number, style)
	p.Text, w.carry = w.carry+p.Text, ""
	if len(w.open) == 0 || w.top().kind != "tc" {
		w.put(p)
		return
	}
	if cell := w.top(); strings.TrimSpace(p.Text) != "" || p.Number != "" {
		if cell.text.Len() > 0 {
			cell.text.WriteByte(' ')
		}
		if p.Number != "" {
			cell.text.WriteString(p.Number + " ")
		}
		cell.text.WriteString(strings.TrimSpace(p.Text))
	}
}

// place is where a paragraph at hand stands; usual is for what stands in the open.
func (w *reader) place(usual Where) Where {
	if w.where != Body {
		return w.where
	}
	for i := range w.open {
		if w.open[i].kind == "txbxContent" {
			return Box
		}
	}
	return usual
}

// put adds a paragraph, unless it is empty and unnumbered.
func (w *reader) put(p Paragraph) {
	p.Text = strings.TrimRight(p.Text, " \t\n\u3000")
	if strings.TrimSpace(p.Text) == "" && p.Number == "" {
		return
	}
	if w.note != "" {
		p.Text, w.note = w.note+strings.TrimSpace(p.Text), ""
	}
	w.out.Paragraphs = append(w.out.Paragraphs, p)
}
