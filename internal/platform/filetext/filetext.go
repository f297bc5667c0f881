// Package filetext takes the text out of files that people send: Word, PDF,
// OpenDocument, tables and plain text. Files come from strangers, so the work is
// done by Child in a process of its own, with bounded time and memory; Read does it
// here and is for that process and for tests.
package filetext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"guangyi/internal/platform/docx"
	"guangyi/internal/platform/pdf"
)

// Most is how much text of one file is kept, in bytes; the rest is cut.
const Most = 1 << 20

// Text is what a file says. Cut says that there was more.
type Text struct {
	Text string
	Cut  bool
}

// Why there is no text.
var (
	ErrUnknown  = errors.New("filetext: no text is read out of files of this kind")
	ErrUnusable = errors.New("filetext: the file is damaged or protected")
	ErrStopped  = errors.New("filetext: reading took too long or too much memory")
)

// Media types of which text is read. A charset may follow text/plain.
const (
	word    = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	sheet   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	openDoc = "application/vnd.oasis.opendocument.text"
	openTab = "application/vnd.oasis.opendocument.spreadsheet"
)

// Read takes the text out of a file of a media type. Its errors are ErrUnknown and
// ErrUnusable.
func Read(mediaType string, data []byte) (out Text, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = Text{}, fmt.Errorf("%w: %v", ErrUnusable, p)
		}
	}()
	text, cut, err := raw(mediaType, data)
	if errors.Is(err, ErrUnknown) {
		return Text{}, err
	}
	if err != nil {
		return Text{}, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	out = Text{Text: clean(text), Cut: cut}
	if len(out.Text) > Most {
		end := Most
		for !utf8.RuneStart(out.Text[end]) {
			end--
		}
		out = Text{out.Text[:end], true}
	}
	return out, nil
}

func raw(mediaType string, data []byte) (text string, cut bool, err error) {
	r := bytes.NewReader(data)
	kind, charset, _ := strings.Cut(mediaType, "; charset=")
	switch kind {
	case "application/pdf":
		return pdf.Text(r, r.Size())
	case word:
		d, err := docx.Read(r, r.Size())
		return d.Text(), d.Cut, err
	case sheet:
		return table(r)
	case openDoc, openTab:
		return openText(r, r.Size())
	case "text/plain", "text/markdown":
		if charset == "gb18030" {
			text, err := simplifiedchinese.GB18030.NewDecoder().String(string(data))
			return text, false, err
		}
		return string(data), false, nil
	}
	return "", false, ErrUnknown
}

// clean leaves what a database and a page can hold: no control characters but tabs
// and line breaks, no more than one empty line at a time.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\v' || r == '\f':
			return '\n'
		case unicode.IsControl(r) || r == '\ufeff':
			return -1
		}
		return r
	}, text)
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for _, line := range lines {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// mostUnpacked is how large a table may be unpacked.
const mostUnpacked = 48 << 20

// table reads a workbook, a line a row, its cells parted by tabs.
func table(r io.Reader) (string, bool, error) {
	f, err := excelize.OpenReader(r, excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked})
	if err != nil {
		return "", false, err
	}
	defer f.Close()
	var b strings.Builder
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		if err != nil {
			continue // a chart on a sheet of its own
		}
		for rows.Next() {
			cells, err := rows.Columns()
			if err != nil {
				break
			}
			b.WriteString(strings.Join(cells, "\t"))
			b.WriteByte('\n')
			if b.Len() > Most {
				rows.Close()
				return b.String(), true, nil
			}
		}
		rows.Close()
		b.WriteByte('\n')
	}
	return b.String(), false, nil
}
