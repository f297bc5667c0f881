// Package pdf takes the text out of PDF files (ISO 32000-1). The objects are read
// by github.com/ledongthuc/pdf; what the pages paint is turned into text here,
// since that library gives Chinese up where a font is known by its ToUnicode map or
// by a predefined CMap only, which is how most programs write it.
//
// A file may be hostile: Text bounds what it keeps, but a parser may still panic,
// hang or fill the memory. Call it in a process of its own (package filetext).
package pdf

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ledongthuc/pdf"
)

// Limits of one file.
const (
	MostPages  = 2000
	MostText   = 4 << 20   // bytes; what follows is cut
	mostStream = 32 << 20  // bytes of one content or map, unpacked
	mostWork   = 256 << 20 // bytes of contents, all pages together
	mostForms  = 8         // forms within forms
)

// Errors of what cannot be read.
var (
	ErrProtected = errors.New("pdf: the file asks for a password")
	ErrDamaged   = errors.New("pdf: the file cannot be read")
)

// Text gives the text of all pages, parted by blank lines. cut says that there was
// more. A file of pictures has the text "".
func Text(r io.ReaderAt, size int64) (text string, cut bool, err error) {
	defer func() {
		// The library tells of damage by panics.
		if p := recover(); p != nil {
			text, cut, err = "", false, fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	f, err := pdf.NewReader(r, size)
	if errors.Is(err, pdf.ErrInvalidPassword) {
		return "", false, ErrProtected
	}
	if err != nil {
		return "", false, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	w := &writer{left: mostWork, fonts: map[string]*font{}}
	pages := f.NumPage()
	for i := 1; i <= min(pages, MostPages) && !w.full; i++ {
		w.page(f.Page(i))
	}
	return strings.TrimSpace(w.out.String()), w.full || pages > MostPages, nil
}

// page writes one page. A broken one does not cost the others.
func (w *writer) page(p pdf.Page) {
	defer func() { _ = recover() }()
	if p.V.IsNull() {
		return
	}
	w.state, w.saved, w.line, w.lines = fresh(), nil, nil, nil
	w.run(w.contents(p.V.Key("Contents")), p.Resources(), 0)
	w.endPage()
}

// contents unpacks the streams of a page, which are one.
func (w *writer) contents(v pdf.Value) []byte {
	if v.Kind() != pdf.Array {
		return w.unpack(v)
	}
	var all []byte
	for i := range v.Len() {
		all = append(append(all, w.unpack(v.Index(i))...), '\n')
	}
	return all
}

func (w *writer) unpack(v pdf.Value) []byte {
	data := stream(v)
	if w.left -= int64(len(data)); w.left < 0 {
		w.full = true
		return nil
	}
	return data
}

// stream unpacks a stream, as far as it goes.
func stream(v pdf.Value) (data []byte) {
	defer func() { _ = recover() }() // a filter that the library does not know
	if v.Kind() != pdf.Stream {
		return nil
	}
	r := v.Reader()
	defer r.Close()
	data, _ = io.ReadAll(io.LimitReader(r, mostStream))
	return data
}
