// Package reader makes sense of a mail as it came: bytes that anybody can have
// written. It never fails and never panics; what it cannot make out it says, and
// the caller keeps the bytes. It is pure: no network, no files, no clock. Pictures
// and links of a mail are never fetched.
package reader

import (
	"bytes"
	"strings"
	"time"
	"unicode"

	"github.com/jhillyerd/enmime/v2"
)

// Mail is what could be made out.
type Mail struct {
	MessageID string   // without its brackets
	Answers   []string // ids of the mails that this one answers, nearest first
	From      Address
	Path      string   // Return-Path, without its brackets
	Bounced   bool     // Return-Path is there and empty (RFC 5321, section 4.5.5)
	To        []string // every address that the mail was for, in lower case, each once
	Subject   string
	Date      time.Time // as the mail says; zero when it does not
	Text      string    // the whole body as text, lines ended by \n
	Quoted    []Span    // what in Text is not the sender's own, in order, not touching
	Files     []File
	Kind      Kind
	Suspect   Suspect
	Broken    bool // no structure could be made out: Text is the bytes after the header
}

// Address is a person's address as a mail writes it.
type Address struct{ Name, Address string }

// Span is [From, To) in characters (code points) of a text.
type Span struct{ From, To int }

// File is something attached.
type File struct {
	Name      string // without a path; may be empty
	MediaType string // as the mail says, which proves nothing
	Data      []byte
}

// mostParts bounds the parts of a mail that are looked at: each level of nesting
// costs a pass over all that is inside. Real mails stay below twenty.
const mostParts = 200

// Read makes sense of a mail.
func Read(raw []byte) (m Mail) {
	defer func() {
		// The parser is not ours, and the bytes are anybody's: a mail that it cannot
		// bear is kept as text and shown, and holds up no other.
		if recover() != nil {
			m = plain(raw)
		}
	}()
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if bytes.Count(bytes.ToLower(raw), []byte("boundary")) > mostParts {
		return plain(raw)
	}
	parser := enmime.NewParser(
		enmime.RawContent(true), // transfer encodings and charsets are undone here: see text
		enmime.SkipMalformedParts(true),
		enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.StripMediaTypeInvalidCharacters(true),
		enmime.MaxStoredPartErrors(20),
		enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }),
	)
	root, err := parser.ReadParts(bytes.NewReader(raw))
	if err != nil {
		if better := mended(raw); len(better) > 0 {
			root, err = parser.ReadParts(bytes.NewReader(better))
		}
	}
	if err != nil || root == nil {
		return plain(raw)
	}
	h := header(root.Header)
	m = ofHeader(h)
	body := gather(root)
	m.Text, m.Quoted, m.Files = body.text, body.quoted, body.files
	m.Quoted = quotes(m.Text, m.Quoted)
	m.Kind = classify(h, m, body.report)
	m.Suspect = suspect(h, m)
	return m
}

// mended takes out of a header the lines that are none; empty when no line is one.
func mended(raw []byte) []byte {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	head, rest, _ := bytes.Cut(raw, []byte("\n\n"))
	var out bytes.Buffer
	kept := false
	for _, l := range bytes.Split(head, []byte("\n")) {
		if len(l) > 0 && (l[0] == ' ' || l[0] == '\t') {
			if kept {
				out.Write(l)
				out.WriteByte(0x0A)
			}
			continue
		}
		name, _, ok := bytes.Cut(l, []byte(":"))
		if kept = ok && len(name) > 0 && !bytes.ContainsAny(name, " \t"); kept {
			out.Write(l)
			out.WriteByte(0x0A)
		}
	}
	if out.Len() == 0 {
		return nil
	}
	out.WriteByte('\n')
	out.Write(rest)
	return out.Bytes()
}

// plain reads what is no proper mail: a header if there is one, and the rest.
func plain(raw []byte) Mail {
	head, rest, found := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	if !found {
		head, rest = nil, raw
	}
	h := loose(head)
	m := ofHeader(h)
	m.Broken, m.Text = true, tidy(text("", rest))
	m.Quoted = quotes(m.Text, nil)
	m.Kind = classify(h, m, "")
	return m
}

// ofHeader reads what stands before the body.
func ofHeader(h header) Mail {
	m := Mail{Subject: line(words(h.get("Subject"))), MessageID: firstID(h.get("Message-Id")), To: recipients(h)}
	for _, name := range []string{"In-Reply-To", "References"} {
		found := messageIDs(h.get(name))
		for i := len(found) - 1; i >= 0; i-- { // References lists the oldest first (RFC 5322, 3.6.4)
			m.Answers = append(m.Answers, found[i])
		}
	}
	for _, name := range []string{"From", "Sender"} {
		if all := addresses(h.get(name)); len(all) > 0 && m.From.Address == "" {
			m.From = all[0]
		}
	}
	if path := h.get("Return-Path"); path != "" {
		m.Path = strings.Trim(strings.TrimSpace(path), "<> ")
		m.Bounced = m.Path == ""
	}
	m.Date = date(h.get("Date"))
	return m
}

// Own gives the sender's own words: the text without what was quoted and what
// programs added, or all of it when nothing else is there, as in a mail that only
// passes another one on.
//
// Words between quotations are answers to them, and mean little without: then the
// whole text is given.
func (m Mail) Own() string {
	if m.between() {
		return m.Text
	}
	if own := m.Fresh(); own != "" {
		return own
	}
	return m.Text
}

// Fresh is the text without what was quoted; empty when nothing else is there.
func (m Mail) Fresh() string {
	var b strings.Builder
	runes, at := []rune(m.Text), 0
	for _, q := range m.Quoted {
		b.WriteString(string(runes[at:q.From]))
		at = q.To
	}
	b.WriteString(string(runes[at:]))
	return strings.TrimFunc(b.String(), unicode.IsSpace)
}

// between reports own words on both sides of a quotation.
func (m Mail) between() bool {
	runes, at, before := []rune(m.Text), 0, false
	for _, q := range m.Quoted {
		if written(runes[at:q.From]) {
			before = true
		}
		at = q.To
	}
	return len(m.Quoted) > 0 && before && written(runes[at:])
}

func written(runes []rune) bool {
	for _, r := range runes {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return true
		}
	}
	return false
}
