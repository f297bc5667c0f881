package filetext

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Limits of an OpenDocument file.
const (
	mostXML   = 32 << 20 // bytes of content.xml, unpacked
	mostDepth = 500
	mostSpace = 200 // spaces that one element stands for
)

var errOpen = errors.New("no content of an OpenDocument file")

// outside lists what is no part of the text: deleted words, which tracked changes
// keep apart, and the copy of a drawing.
var outside = []string{"tracked-changes", "deletion", "meta", "automatic-styles", "font-face-decls", "scripts"}

// openText reads content.xml (OASIS OpenDocument 1.3): paragraphs and headings a
// line each, a table's rows a line with tabs.
func openText(r io.ReaderAt, size int64) (string, bool, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", false, err
	}
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return f.Name == "content.xml" })
	if i < 0 {
		return "", false, errOpen
	}
	in, err := z.File[i].Open()
	if err != nil {
		return "", false, err
	}
	defer in.Close()
	limited := &io.LimitedReader{R: in, N: mostXML}
	w := openWriter{}
	d := xml.NewDecoder(limited)
	for {
		t, err := d.RawToken()
		if err == io.EOF || limited.N <= 0 || w.out.Len() > Most {
			return w.out.String(), limited.N <= 0 || w.out.Len() > Most, nil
		}
		if err != nil {
			return "", false, err
		}
		if w.depth > mostDepth {
			return "", false, errOpen
		}
		w.take(t)
	}
}

type openWriter struct {
	out    strings.Builder
	depth  int
	skip   int
	cells  int // open table cells
	inText int // open paragraphs
}

func (w *openWriter) take(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		w.depth++
		if w.skip > 0 || slices.Contains(outside, t.Name.Local) {
			w.skip++
			return
		}
		w.start(t)
	case xml.EndElement:
		w.depth--
		if w.skip > 0 {
			w.skip--
			return
		}
		w.end(t.Name.Local)
	case xml.CharData:
		if w.inText > 0 && w.skip == 0 {
			w.out.WriteString(strings.ReplaceAll(string(t), "\n", " "))
		}
	}
}

func (w *openWriter) start(e xml.StartElement) {
	switch e.Name.Local {
	case "p", "h":
		w.inText++
	case "tab":
		w.out.WriteByte('\t')
	case "line-break":
		w.out.WriteByte('\n')
	case "s":
		n := 1
		for _, a := range e.Attr {
			if a.Name.Local == "c" {
				n, _ = strconv.Atoi(a.Value)
			}
		}
		w.out.WriteString(strings.Repeat(" ", max(1, min(n, mostSpace))))
	case "table-cell":
		w.cells++
	}
}

func (w *openWriter) end(name string) {
	switch name {
	case "p", "h":
		w.inText = max(0, w.inText-1)
		if w.cells > 0 {
			w.out.WriteByte(' ')
		} else {
			w.out.WriteByte('\n')
		}
	case "table-cell":
		w.cells = max(0, w.cells-1)
		w.out.WriteByte('\t')
	case "table-row":
		w.out.WriteByte('\n')
	}
}
