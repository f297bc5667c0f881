package notice

import gomail "github.com/wneessen/go-mail"

// MayBeOpen reports whether a server may be spoken to without TLS.
func MayBeOpen(host string) bool { return policy(host) != gomail.TLSMandatory }
