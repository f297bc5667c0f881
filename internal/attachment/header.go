package attachment

import "strings"

// Header is what a download is sent with: never shown within the site, never
// guessed to be something else, and without any right should a browser open it.
func (a Attachment) Header() map[string]string {
	return map[string]string{
		"Content-Type":            a.MediaType,
		"Content-Disposition":     disposition(a.Name),
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"ETag":                    `"` + a.SHA256 + `"`,
	}
}

// View is the header of a picture that is shown to staff within a page. It stays
// what it is, and opened by itself it has no right to anything.
func (a Attachment) View() map[string]string {
	h := a.Header()
	h["Content-Disposition"] = strings.Replace(h["Content-Disposition"], "attachment", "inline", 1)
	h["Cross-Origin-Resource-Policy"] = "same-origin"
	return h
}

// disposition writes the name as RFC 6266 and RFC 8187 do, with a plain one for
// old programs.
func disposition(name string) string {
	const hex = "0123456789ABCDEF"
	var plain, coded strings.Builder
	for _, r := range name {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\%`, r) {
			r = '_'
		}
		plain.WriteRune(r)
	}
	for i := range len(name) {
		b := name[i]
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '.' || b == '_' {
			coded.WriteByte(b)
			continue
		}
		coded.Write([]byte{'%', hex[b>>4], hex[b&15]})
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + coded.String()
}
