package account

import (
	"net/mail"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// emailLength is the longest address of RFC 5321, in bytes.
const emailLength = 254

// NormalEmail writes an address as it is stored and compared: without space
// around it, in Unicode NFC, in lower case on both sides of the @ (mail servers
// may distinguish case there, people do not). ok is false for what is no address.
func NormalEmail(typed string) (email string, ok bool) {
	email = strings.ToLower(norm.NFC.String(strings.TrimSpace(typed)))
	if len(email) > emailLength || strings.ContainsFunc(email, notInEmail) {
		return email, false
	}
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || a.Name != "" {
		return email, false
	}
	local, domain, _ := strings.Cut(email, "@")
	return email, local != "" && validDomain(domain)
}

func notInEmail(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`"<>(),;:\[]`, r)
}

func validDomain(domain string) bool {
	for _, label := range strings.Split(domain, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	return !strings.Contains(domain, "@")
}
