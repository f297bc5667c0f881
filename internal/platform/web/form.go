package web

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/fault"
)

// readableForm refuses a form whose content type is not a form's, and texts that
// are not UTF-8 or hold U+0000: Go calls that valid, PostgreSQL does not take it.
func readableForm(f *fiber.Ctx) error {
	kind := strings.ToLower(strings.TrimSpace(strings.Split(f.Get(fiber.HeaderContentType), ";")[0]))
	switch kind {
	case fiber.MIMEApplicationForm, "":
		if len(f.Body()) > 0 && kind == "" {
			return fault.New(fault.Unsupported, "content_type")
		}
	case fiber.MIMEMultipartForm:
		if _, err := f.MultipartForm(); err != nil {
			return fault.Wrap(err, fault.Malformed, "unreadable")
		}
	default:
		return fault.New(fault.Unsupported, "content_type")
	}
	for _, p := range pairs(f) {
		if !readable(p.Name) || !readable(p.Value) {
			return fault.New(fault.Malformed, "unreadable_text")
		}
	}
	return readableQuery(f)
}

// readableQuery refuses a query that is not UTF-8 text.
func readableQuery(f *fiber.Ctx) error {
	if len(f.Context().URI().QueryString()) == 0 {
		return nil
	}
	bad := false
	f.Context().QueryArgs().VisitAll(func(k, v []byte) {
		bad = bad || !readable(string(k)) || !readable(string(v))
	})
	if bad {
		return fault.New(fault.Malformed, "unreadable_text")
	}
	return nil
}

func readable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// pairs lists the fields of a form in order of arrival (multipart: by name).
func pairs(f *fiber.Ctx) []Pair {
	var out []Pair
	if form, err := f.MultipartForm(); err == nil {
		for name, values := range form.Value {
			for _, v := range values {
				out = append(out, Pair{name, v})
			}
		}
		return out
	}
	f.Context().PostArgs().VisitAll(func(k, v []byte) {
		out = append(out, Pair{string(k), string(v)})
	})
	return out
}

// carry is what was typed, for the page that offers to send it again. Passwords
// are not repeated, and what no text field can hold is left out of the texts.
func carry(f *fiber.Ctx) (kept []Pair, files bool) {
	for _, p := range pairs(f) {
		if p.Name == TokenField || strings.Contains(p.Name, "password") {
			continue
		}
		kept = append(kept, Pair{clean(p.Name), clean(p.Value)})
	}
	if form, err := f.MultipartForm(); err == nil {
		files = len(form.File) > 0
	}
	return kept, files
}

func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// LocalPath gives path when it is one of this site's, otherwise fallback: it
// begins with one slash and names no host in any reading of a browser.
func LocalPath(path, fallback string) string {
	if len(path) == 0 || path[0] != '/' || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\") {
		return fallback
	}
	for _, r := range path {
		if r < 0x20 || r == 0x7f {
			return fallback
		}
	}
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return fallback
	}
	return path
}
