// Package docx reads the text of a Word document (ISO/IEC 29500, WordprocessingML):
// its paragraphs in order, tables, text boxes, footnotes and comments, with tracked
// changes read as accepted and automatic numbers worked out.
//
// It is made for files from strangers: what it reads, keeps and nests is bounded,
// and nothing outside the file is ever opened.
package docx

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Limits of one document. A file that is larger unpacked is refused, a longer text
// is cut.
const (
	MostBytes = 32 << 20 // of XML, unpacked, all parts together
	MostText  = 4 << 20  // bytes of text
	mostDepth = 500      // elements in each other
	mostParts = 20000    // files in the container
)

// Errors of what cannot be read.
var (
	ErrNot   = errors.New("docx: not a Word document")
	ErrLarge = errors.New("docx: the document is too large unpacked")
	ErrDeep  = errors.New("docx: the document is nested too deeply")
)

// Where a paragraph stands.
type Where string

// The places.
const (
	Body     Where = "body"
	Table    Where = "table" // a row, its cells parted by tabs
	Box      Where = "box"   // a text box
	Footnote Where = "footnote"
	Endnote  Where = "endnote"
	Comment  Where = "comment" // a remark at the margin
)

// Paragraph is a paragraph, or a row of a table. Number is the automatic one in
// front of the text, as shown; Heading is 1 to 9, 0 for none.
type Paragraph struct {
	Where   Where
	Number  string
	Text    string
	Heading int
}

// Document is what was read. Cut says that the text was longer than MostText.
type Document struct {
	Paragraphs []Paragraph
	Cut        bool
}

// Text writes the document as plain text, a line a paragraph. Notes and comments
// follow the body.
func (d Document) Text() string {
	var b strings.Builder
	for _, p := range d.Paragraphs {
		if p.Number != "" {
			b.WriteString(p.Number)
			b.WriteByte(' ')
		}
		b.WriteString(p.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// Read reads a document.
func Read(r io.ReaderAt, size int64) (Document, error) {
	z, err := zip.NewReader(r, size)
	if err != nil || len(z.File) > mostParts {
		return Document{}, fmt.Errorf("%w: %w", ErrNot, err)
	}
	p := &pack{files: z.File, left: MostBytes}
	main, err := p.main()
	if err != nil {
		return Document{}, err
	}
	links, err := p.links(main)
	if err != nil {
		return Document{}, err
	}
	w := &reader{pack: p}
	if err := w.loadNumbers(links); err != nil {
		return Document{}, err
	}
	if err := w.part(main, Body); err != nil {
		return Document{}, err
	}
	for _, x := range []struct {
		kind string
		at   Where
	}{{"footnotes", Footnote}, {"endnotes", Endnote}, {"comments", Comment}} {
		if at := links[x.kind]; at != "" {
			if err := w.part(at, x.at); err != nil {
				return Document{}, err
			}
		}
	}
	return w.out, nil
}

// pack is the container, with how many bytes may still be unpacked.
type pack struct {
	files []*zip.File
	left  int64
}

func (p *pack) find(name string) *zip.File {
	i := slices.IndexFunc(p.files, func(f *zip.File) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 {
		return nil
	}
	return p.files[i]
}

// walk reads a part's tokens; a part that is not there has none.
func (p *pack) walk(name string, do func(*xml.Decoder, xml.Token) error) error {
	f := p.find(name)
	if f == nil {
		return nil
	}
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrNot, name, err)
	}
	defer in.Close()
	d := xml.NewDecoder(&counted{in, &p.left})
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) { return in, nil } // UTF-8 whatever it says
	depth := 0
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if errors.Is(err, ErrLarge) {
			return err
		}
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrNot, name, err)
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; depth > mostDepth {
				return ErrDeep
			}
		case xml.EndElement:
			depth--
		}
		if err := do(d, t); err != nil {
			return err
		}
	}
}

// counted stops at the limit of what may be unpacked.
type counted struct {
	in   io.Reader
	left *int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.in.Read(b)
	if *c.left -= int64(n); *c.left < 0 {
		return 0, ErrLarge
	}
	return n, err
}

// main is the part that the package's relationships name: it may be called
// otherwise than word/document.xml.
func (p *pack) main() (string, error) {
	links, err := p.linksIn("_rels/.rels", "")
	if err != nil {
		return "", err
	}
	main := links["officeDocument"]
	if main == "" {
		main = "word/document.xml"
	}
	if p.find(main) == nil {
		return "", ErrNot
	}
	return main, nil
}

func (p *pack) links(part string) (map[string]string, error) {
	return p.linksIn(path.Join(path.Dir(part), "_rels", path.Base(part)+".rels"), path.Dir(part))
}

// linksIn maps the last word of a relationship's type to the part it leads to.
// What lies outside the container is left out.
func (p *pack) linksIn(name, folder string) (map[string]string, error) {
	out := map[string]string{}
	return out, p.walk(name, func(_ *xml.Decoder, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		kind, target := path.Base(attr(e, "Type")), attr(e, "Target")
		if strings.HasPrefix(target, "/") {
			target = strings.TrimPrefix(target, "/")
		} else {
			target = path.Join(folder, target)
		}
		if _, twice := out[kind]; !twice {
			out[kind] = target
		}
		return nil
	})
}

// attr reads an attribute, whatever its prefix.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
