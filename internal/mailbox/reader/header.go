package reader

import (
	"bytes"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding"
)

// header is a mail's header with the values as they came.
type header textproto.MIMEHeader

func (h header) get(name string) string {
	if all := h.all(name); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (h header) all(name string) []string { return h[textproto.CanonicalMIMEHeaderKey(name)] }

func (h header) has(name string) bool { return len(h.all(name)) > 0 }

// loose reads a header line by line, passing over what is none.
func loose(head []byte) header {
	h, name := header{}, ""
	for _, l := range strings.Split(string(head), "\n") {
		if l != "" && (l[0] == ' ' || l[0] == '\t') && name != "" {
			all := h[name]
			all[len(all)-1] += " " + strings.TrimSpace(l)
			continue
		}
		key, value, ok := strings.Cut(l, ":")
		if name = ""; !ok || key == "" || strings.ContainsAny(key, " \t") {
			continue
		}
		name = textproto.CanonicalMIMEHeaderKey(key)
		h[name] = append(h[name], strings.TrimSpace(value))
	}
	return h
}

// encodedWord is RFC 2047's, section 2; more is let through than it allows.
var encodedWord = regexp.MustCompile(`=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=`)

// words decodes encoded words. Neighbours of one charset are joined before they
// are decoded: many programs cut a character in two.
func words(value string) string {
	var out strings.Builder
	var charset string
	var pending []byte
	flush := func() {
		out.WriteString(text(charset, pending))
		pending = nil
	}
	at := 0
	for _, m := range encodedWord.FindAllStringSubmatchIndex(value, -1) {
		between := value[at:m[0]]
		name, _, _ := strings.Cut(strings.ToLower(value[m[2]:m[3]]), "*") // RFC 2231, section 5: a language may follow
		if pending != nil && (strings.TrimSpace(between) != "" || name != charset) {
			flush()
		}
		if strings.TrimSpace(between) != "" {
			out.WriteString(raw8(between))
		}
		charset = name
		pending = append(pending, decodeWord(value[m[4]:m[5]], value[m[6]:m[7]])...)
		if pending == nil {
			pending = []byte{}
		}
		at = m[1]
	}
	if pending != nil {
		flush()
	}
	out.WriteString(raw8(value[at:]))
	return out.String()
}

// raw8 reads bytes above ASCII that stand in a header unencoded.
func raw8(s string) string { return text("", []byte(s)) }

func decodeWord(how, content string) []byte {
	if strings.EqualFold(how, "b") {
		return base64Loose([]byte(content))
	}
	return quotedLoose([]byte(strings.ReplaceAll(content, "_", " ")))
}

// split cuts a list at commas and semicolons that stand in no quotation, comment,
// bracket or encoded word.
func split(list string) (out []string) {
	depth, quoted, angle, from := 0, false, false, 0
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '=' && strings.HasPrefix(list[i:], "=?"):
			if m := encodedWord.FindStringIndex(list[i:]); m != nil && m[0] == 0 {
				i += m[1] - 1
			}
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case (c == ',' || c == ';') && depth == 0 && !angle:
			out, from = append(out, list[from:i]), i+1
		}
	}
	return append(out, list[from:])
}

// mostAddresses bounds how many recipients are looked at.
const mostAddresses = 500

// addresses reads a list. It is split before encoded words are decoded, since they
// may hold commas; the address is what stands in brackets, whatever the name says.
func addresses(list string) (out []Address) {
	for _, one := range split(list) {
		if len(out) == mostAddresses {
			break
		}
		name, address := "", one
		if open := strings.LastIndexByte(one, '<'); open >= 0 {
			name, address = one[:open], one[open+1:]
			address, _, _ = strings.Cut(address, ">")
		} else if group := strings.LastIndexByte(one, ':'); group >= 0 {
			address = one[group+1:] // the first of a group
		}
		if address = bare(address); address != "" {
			out = append(out, Address{Name: strings.Trim(line(words(unquote(name))), `"' `), Address: address})
		}
	}
	return out
}

// unquote takes the quotation marks off a name and undoes its backslashes.
func unquote(name string) string {
	name = strings.TrimSpace(name)
	if len(name) > 1 && name[0] == '"' && name[len(name)-1] == '"' {
		name = name[1 : len(name)-1]
	}
	return strings.ReplaceAll(strings.ReplaceAll(name, `\"`, `"`), `\\`, `\`)
}

// mostAddress is RFC 5321's limit of a path, in bytes.
const mostAddress = 254

// bare gives an address without anything around it; "" for what is none.
func bare(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "mailto:")
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || len(s) > mostAddress || strings.ContainsAny(s, " \t\r\n<>()\"\x00") || strings.Contains(domain, "@") {
		return ""
	}
	return local + "@" + strings.ToLower(raw8(domain))
}

// carriers are the headers that tell whom a mail was for; those of the delivering
// server stand first, since it alone knows of a blind copy.
var carriers = []string{"Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "To", "Cc", "Bcc", "Resent-To", "Resent-Cc"}

func recipients(h header) (out []string) {
	for _, name := range carriers {
		for _, value := range h.all(name) {
			for _, a := range addresses(value) {
				if lower := strings.ToLower(a.Address); !slices.Contains(out, lower) && len(out) < mostAddresses {
					out = append(out, lower)
				}
			}
		}
	}
	return out
}

var messageID = regexp.MustCompile(`<([^<>\s]{1,300})>`)

// messageIDs lists those of a header, the first twenty and the last.
func messageIDs(value string) (out []string) {
	for _, m := range messageID.FindAllStringSubmatch(value, 200) {
		out = append(out, m[1])
	}
	return out
}

// firstID reads a Message-ID, also one without brackets.
func firstID(value string) string {
	if all := messageIDs(value); len(all) > 0 {
		return all[0]
	}
	if value = strings.TrimSpace(value); len(value) > 300 || strings.ContainsAny(value, " \t") {
		return ""
	}
	return value
}

func date(value string) time.Time {
	at, err := mail.ParseDate(value)
	if err != nil || at.Year() < 1970 || at.Year() > 9998 {
		return time.Time{}
	}
	return at.UTC()
}

// parameter reads one of a header such as Content-Disposition, in any of the ways
// in which programs write a name beyond ASCII: RFC 2231 with and without pieces,
// encoded words in quotation marks, and bytes as they are.
func parameter(value, name string) string {
	pieces := map[string]string{}
	for i, p := range split(strings.ReplaceAll(value, ",", "\x01")) {
		key, content, ok := strings.Cut(p, "=")
		if i == 0 || !ok {
			continue
		}
		pieces[strings.ToLower(strings.TrimSpace(key))] = unquote(strings.ReplaceAll(content, "\x01", ","))
	}
	if whole, ok := pieces[name+"*"]; ok {
		charset, content := extended(whole)
		return text(charset, unpercent(content))
	}
	if whole, ok := pieces[name]; ok {
		return words(whole)
	}
	return joined(pieces, name)
}

// joined puts name*0, name*1* … together (RFC 2231, section 3).
func joined(pieces map[string]string, name string) string {
	charset, out := "", []byte(nil)
	for n := range 1000 {
		key := name + "*" + itoa(n)
		if piece, ok := pieces[key+"*"]; ok {
			if n == 0 {
				charset, piece = extended(piece)
			}
			out = append(out, unpercent(piece)...)
		} else if piece, ok := pieces[key]; ok {
			out = append(out, piece...)
		} else {
			break
		}
	}
	if bytes.Contains(out, []byte("=?")) {
		return words(string(out))
	}
	return text(charset, out)
}

// extended cuts charset'language'content.
func extended(s string) (charset, content string) {
	parts := strings.SplitN(s, "'", 3)
	if len(parts) < 3 {
		return "", s
	}
	if named(strings.ToLower(parts[0])) == encoding.Encoding(nil) {
		return "", parts[2]
	}
	return parts[0], parts[2]
}
