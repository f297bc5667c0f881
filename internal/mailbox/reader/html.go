package reader

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// stated finds the charset that a page states itself.
var stated = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([a-z0-9_-]{1,40})`)

// fromHTML gives the words of a page as text, and the spans that the page marks as
// quoted. It runs nothing and fetches nothing. The page is read as a stream of
// tags, so that no nesting costs more than its length.
func fromHTML(content []byte, charset string) (string, []Span) {
	if charset == "" {
		if m := stated.FindSubmatch(content[:min(len(content), 4096)]); m != nil {
			charset = string(m[1])
		}
	}
	p := page{}
	z := html.NewTokenizer(strings.NewReader(text(charset, content)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			p.close(len(p.open))
			return p.result()
		case html.TextToken:
			p.words(string(z.Text()))
		case html.StartTagToken:
			p.start(z.Token(), false)
		case html.SelfClosingTagToken:
			p.start(z.Token(), true)
		case html.EndTagToken:
			p.end(z.Token().DataAtom)
		}
	}
}

// page is the text so far.
type page struct {
	out    bytes.Buffer
	open   []element
	hidden int // elements around that are not shown
	quoted int // elements around that are quoted
	pre    int
	space  bool // a space is due before the next word
	from   int  // where the quotation began, in bytes
	spans  []Span
	rest   bool // all that follows is quoted
}

type element struct {
	tag            atom.Atom
	hidden, quoted bool
	pre            bool
	href           string
	at             int // length of the text when it opened
}

// mostOpen bounds how many open elements are remembered; what nests deeper is
// read as if it did not nest.
const mostOpen = 2000

func (p *page) words(s string) {
	if p.hidden > 0 {
		return
	}
	if p.pre > 0 {
		p.out.WriteString(s)
		return
	}
	fields := strings.FieldsFunc(s, blank)
	if len(fields) == 0 {
		p.space = p.space || s != ""
		return
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	for i, f := range fields {
		if (i > 0 || p.space || blank(first)) && !p.atStart() {
			p.out.WriteByte(' ')
		}
		p.out.WriteString(f)
	}
	p.space = blank(last)
}

// blank is what HTML folds into one space; a space that does not break stays.
func blank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

func (p *page) atStart() bool {
	b := p.out.Bytes()
	return len(b) == 0 || b[len(b)-1] == '\n'
}

// newline ends the line, and leaves an empty one between paragraphs.
func (p *page) newline(paragraph bool) {
	p.space = false
	if p.out.Len() == 0 {
		return
	}
	if !p.atStart() {
		p.out.WriteByte('\n')
	}
	if paragraph && !bytes.HasSuffix(p.out.Bytes(), []byte("\n\n")) {
		p.out.WriteByte('\n')
	}
}

func (p *page) start(t html.Token, closed bool) {
	switch t.DataAtom {
	case atom.Br:
		if p.hidden == 0 {
			p.space = false
			p.out.WriteByte('\n')
		}
		return
	case atom.Hr:
		p.newline(false)
		return
	case atom.Img:
		if alt := attribute(t, "alt"); alt != "" && p.hidden == 0 {
			p.words("[" + line(alt) + "]")
		}
		return
	}
	if void(t.DataAtom) || closed {
		return
	}
	p.layout(t.DataAtom)
	e := element{tag: t.DataAtom, hidden: unshown(t), quoted: quotation(t), pre: t.DataAtom == atom.Pre, at: p.out.Len()}
	if t.DataAtom == atom.A {
		e.href = attribute(t, "href")
	}
	if remainder(t) && !p.rest {
		p.rest, e.quoted = true, true
	}
	if len(p.open) < mostOpen {
		p.push(e)
	}
}

func (p *page) push(e element) {
	p.open = append(p.open, e)
	if e.hidden {
		p.hidden++
	}
	if e.pre {
		p.pre++
	}
	if e.quoted {
		if p.quoted == 0 {
			p.from = p.out.Len()
		}
		p.quoted++
	}
}

// layout is what an element's beginning or end does to the lines.
func (p *page) layout(tag atom.Atom) {
	if p.hidden > 0 {
		return
	}
	switch tag {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Table, atom.Ul, atom.Ol, atom.Dl:
		p.newline(true)
	case atom.Div, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Address, atom.Dt, atom.Dd, atom.Caption, atom.Form, atom.Fieldset:
		p.newline(false)
	case atom.Li:
		p.newline(false)
		p.out.WriteString("- ")
	case atom.Td, atom.Th:
		if !p.atStart() {
			p.out.WriteByte('\t')
		}
	}
}

func (p *page) end(tag atom.Atom) {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].tag != tag {
			continue
		}
		p.close(len(p.open) - i)
		if tag != atom.Li && tag != atom.Td && tag != atom.Th {
			p.layout(tag)
		}
		return
	}
}

// close ends the n innermost elements.
func (p *page) close(n int) {
	for range n {
		e := p.open[len(p.open)-1]
		p.open = p.open[:len(p.open)-1]
		p.link(e)
		if e.hidden {
			p.hidden--
		}
		if e.pre {
			p.pre--
		}
		if e.quoted && !p.rest {
			p.unquote()
		}
	}
}

func (p *page) unquote() {
	p.quoted--
	if p.quoted == 0 {
		p.spans = append(p.spans, Span{p.from, p.out.Len()})
	}
}

// link writes where a link leads, when its words do not.
func (p *page) link(e element) {
	if p.hidden > 0 || e.at > p.out.Len() || !strings.HasPrefix(e.href, "http://") && !strings.HasPrefix(e.href, "https://") || len(e.href) > 500 {
		return
	}
	said := strings.TrimSpace(string(p.out.Bytes()[e.at:]))
	bareHref := strings.TrimSuffix(e.href[strings.Index(e.href, "//")+2:], "/")
	if said != "" && !strings.Contains(said, bareHref) {
		p.out.WriteString(" (" + line(e.href) + ")")
	}
}

// result trims the text and counts its quotations in characters.
func (p *page) result() (string, []Span) {
	if p.rest {
		p.spans = append(p.spans, Span{p.from, p.out.Len()})
	}
	raw := p.out.String()
	// tidy changes lengths: each piece is tidied for itself.
	var b strings.Builder
	var out []Span
	at := 0
	put := func(piece string, quoted bool) {
		piece = tidy(piece)
		if piece == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		from := utf8.RuneCountInString(b.String())
		b.WriteString(piece)
		if quoted {
			out = append(out, Span{from, from + utf8.RuneCountInString(piece)})
		}
	}
	for _, s := range p.spans {
		if s.From < at {
			continue
		}
		put(raw[at:s.From], false)
		put(raw[s.From:s.To], true)
		at = s.To
	}
	put(raw[at:], false)
	return b.String(), out
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func void(tag atom.Atom) bool {
	switch tag {
	case atom.Area, atom.Base, atom.Col, atom.Embed, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// unshown are elements whose words nobody sees.
func unshown(t html.Token) bool {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Svg, atom.Object, atom.Iframe, atom.Select, atom.Textarea, atom.Button:
		return true
	}
	style := strings.ToLower(strings.Join(strings.Fields(attribute(t, "style")), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "font-size:0px")
}

// quotation are elements in which programs put the mail that is answered: Gmail,
// Yahoo, Thunderbird and Apple, Proton, NetEase, QQ.
func quotation(t html.Token) bool {
	class, id := " "+attribute(t, "class")+" ", attribute(t, "id")
	switch {
	case t.DataAtom == atom.Blockquote && (attribute(t, "type") == "cite" || strings.Contains(class, "gmail_quote") || attribute(t, "cite") != "" || id != ""):
		return true
	case strings.Contains(class, " gmail_quote ") || strings.Contains(class, " gmail_quote_container ") || strings.Contains(class, " yahoo_quoted ") ||
		strings.Contains(class, " moz-cite-prefix ") || strings.Contains(class, " protonmail_quote ") || strings.Contains(class, " ntes_quote "):
		return true
	case id == "isReplyContent" || id == "original-content" || strings.EqualFold(t.Data, "includetail"):
		return true
	}
	return false
}

// remainder are elements after which nothing of the sender's own follows: Outlook
// on the web and on phones, and Outlook, which draws a line above the old header.
func remainder(t html.Token) bool {
	id, style := attribute(t, "id"), strings.ToLower(strings.Join(strings.Fields(attribute(t, "style")), ""))
	return id == "divRplyFwdMsg" || id == "appendonsend" || id == "mail-editor-reference-message-container" ||
		t.DataAtom == atom.Div && strings.Contains(style, "border:none;border-top:solid") && strings.Contains(style, "1.0pt")
}
