package reader

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
)

// body is what the parts of a mail come to.
type body struct {
	text   string
	quoted []Span
	files  []File
	report string // report-type of a multipart/report, lower case; "other" when it names none
}

// smallPicture is the size in bytes below which a picture inside the text is
// ornament: a logo of a signature, a dot that tells who reads.
const smallPicture = 4 << 10

// gather walks the parts in reading order.
func gather(root *enmime.Part) body {
	var b body
	b.part(root)
	b.text = strings.TrimRight(b.text, "\n")
	return b
}

func (b *body) part(p *enmime.Part) {
	kind := strings.ToLower(p.ContentType)
	switch {
	case p.FirstChild == nil:
		b.leaf(p, kind)
	case kind == "multipart/alternative":
		b.alternative(p)
	case kind == "multipart/signed":
		b.part(p.FirstChild) // the second is the signature, which is no file of the sender's
	default:
		if kind == "multipart/report" {
			b.report = reportType(p)
		}
		for c := p.FirstChild; c != nil; c = c.NextSibling {
			b.part(c)
		}
	}
}

func reportType(p *enmime.Part) string {
	if t := strings.ToLower(parameter(p.Header.Get("Content-Type"), "report-type")); t != "" {
		return t
	}
	return "other"
}

// alternative takes the plain version of the words, or the first of the others
// when that one is empty or only says to look at the other; the rest of what is
// inside, such as pictures and calendars, is taken too.
func (b *body) alternative(p *enmime.Part) {
	var versions []body
	chosen := -1
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		var one body
		one.part(c)
		versions = append(versions, one)
		if strings.TrimSpace(one.text) == "" {
			continue
		}
		if chosen < 0 || hollow(versions[chosen].text) && !hollow(one.text) {
			chosen = len(versions) - 1
		}
	}
	for i, v := range versions {
		if i != chosen {
			v.text, v.quoted = "", nil
		}
		b.add(v)
	}
}

// hollow are plain versions that hold nothing.
func hollow(text string) bool {
	text = strings.ToLower(text)
	return utf8.RuneCountInString(text) < 300 && (strings.Contains(text, "html") && (strings.Contains(text, "view") || strings.Contains(text, "查看") || strings.Contains(text, "support")))
}

// add appends what another body holds.
func (b *body) add(other body) {
	if other.text != "" {
		if b.text != "" {
			b.text += "\n\n"
		}
		at := utf8.RuneCountInString(b.text)
		b.text += other.text
		for _, q := range other.quoted {
			b.quoted = append(b.quoted, Span{q.From + at, q.To + at})
		}
	}
	b.files = append(b.files, other.files...)
	if b.report == "" {
		b.report = other.report
	}
}

func (b *body) leaf(p *enmime.Part, kind string) {
	header := header(p.Header)
	content := undone(header.get("Content-Transfer-Encoding"), p.Content)
	name := fileName(header)
	attached := strings.EqualFold(p.Disposition, "attachment")
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		b.add(body{text: tidy(text("", content))}) // one without parts: what it holds is shown as it is
		if kind == "multipart/report" {
			b.report = reportType(p)
		}
	case (kind == "text/plain" || kind == "") && !attached && name == "":
		b.add(body{text: tidy(text(charsetOf(header), content))})
	case kind == "text/html" && !attached && name == "":
		t, quoted := fromHTML(content, charsetOf(header))
		b.add(body{text: t, quoted: quoted})
	case kind == "message/delivery-status" || kind == "message/disposition-notification" || kind == "text/rfc822-headers":
		if b.report == "" {
			b.report = strings.TrimPrefix(kind, "message/")
		}
	case signature(kind):
	default:
		b.file(p, kind, name, content)
	}
}

func (b *body) file(p *enmime.Part, kind, name string, content []byte) {
	inside := p.ContentID != "" && !strings.EqualFold(p.Disposition, "attachment")
	if len(content) == 0 || inside && strings.HasPrefix(kind, "image/") && len(content) < smallPicture {
		return
	}
	if name == "" {
		name = plainName(kind)
	}
	b.files = append(b.files, File{Name: name, MediaType: kind, Data: content})
}

// signature are parts that sign what stands before them.
func signature(kind string) bool {
	switch kind {
	case "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature":
		return true
	}
	return false
}

// charsetOf reads the charset of a part, which programs write in many ways.
func charsetOf(h header) string {
	value := h.get("Content-Type")
	if c := parameter(value, "charset"); c != "" {
		return c
	}
	if _, after, ok := strings.Cut(strings.ToLower(value), "charset="); ok {
		return strings.FieldsFunc(after+" ", func(r rune) bool { return r == ';' || r == ' ' || r == '"' })[0]
	}
	return ""
}

// mostNameLength bounds a file's name, in characters.
const mostNameLength = 120

// fileName reads the name of an attached file; "" when there is none.
func fileName(h header) string {
	name := parameter(h.get("Content-Disposition"), "filename")
	if name == "" {
		name = parameter(h.get("Content-Type"), "name")
	}
	name = path.Base(strings.ReplaceAll(line(name), `\`, "/"))
	if name == "." || name == "/" {
		return ""
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) { // a name that reads backwards hides its type
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > mostNameLength {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string(r[:mostNameLength-len(ext)]) + string(ext)
	}
	return name
}

// plainName names a file that came without a name.
func plainName(kind string) string {
	switch {
	case kind == "message/rfc822":
		return "mail.eml"
	case kind == "text/calendar":
		return "calendar.ics"
	case kind == "text/html":
		return "page.html"
	case kind == "text/plain":
		return "text.txt"
	case strings.HasPrefix(kind, "image/"):
		return "picture." + strings.TrimPrefix(kind, "image/")
	}
	return "file"
}
