package imapbox

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"regexp"
	"strings"
	"syscall"

	"github.com/emersion/go-imap/v2"
)

// Code names what is wrong with a mailbox.
type Code string

// The codes. Each has words for the person who set the mailbox up.
const (
	HostUnknown Code = "host_unknown" // there is no such server name
	Unreachable Code = "unreachable"  // nobody answers at that address and port
	Timeout     Code = "timeout"
	Forbidden   Code = "forbidden"   // a server that this program may not ask
	Certificate Code = "certificate" // issued by nobody who is trusted, or for another name, or out of date
	NoTLS       Code = "tls"         // the server speaks no TLS at this port
	Greeting    Code = "greeting"    // what answers is no IMAP server
	NoStartTLS  Code = "starttls"    // the server offers no STARTTLS
	Login       Code = "login"       // name or password refused
	Folder      Code = "folder"      // no such folder, or it cannot be opened
	Broken      Code = "broken"      // the connection broke, or the server said what nobody expected
)

// Trouble is a failure that can be explained.
type Trouble struct {
	Code   Code
	Detail string // what the server said, shortened, without addresses; may be empty
}

// Error gives code and detail in English for the log.
func (t *Trouble) Error() string {
	if t.Detail == "" {
		return string(t.Code)
	}
	return string(t.Code) + ": " + t.Detail
}

// explain finds the trouble in an error.
func explain(err error) *Trouble {
	var (
		told      *Trouble
		dns       *net.DNSError
		unknown   x509.UnknownAuthorityError
		name      x509.HostnameError
		invalid   x509.CertificateInvalidError
		verifying *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		timed     net.Error
	)
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &dns) && dns.IsNotFound:
		return &Trouble{Code: HostUnknown}
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid), errors.As(err, &verifying):
		return &Trouble{Certificate, clean(err)}
	case errors.As(err, &record):
		return &Trouble{Code: NoTLS}
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return &Trouble{Code: Unreachable}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return &Trouble{Code: Timeout}
	case strings.Contains(err.Error(), "tls:"):
		return &Trouble{NoTLS, clean(err)}
	}
	return &Trouble{Broken, clean(err)}
}

// explainStart tells a server without STARTTLS from one that cannot be trusted.
func explainStart(err error) *Trouble {
	var said *imap.Error
	if errors.As(err, &said) {
		return &Trouble{NoStartTLS, clean(err)}
	}
	t := explain(err)
	if t.Code == Broken { // nothing was said as yet that an IMAP server says
		return &Trouble{Greeting, t.Detail}
	}
	return t
}

// refused reports an answer NO or BAD, as against a connection that broke.
func refused(err error) bool {
	var said *imap.Error
	return errors.As(err, &said)
}

var address = regexp.MustCompile(`[^\s<>()"';:,]+@[^\s<>()"';:,]+`)

// longest is how much of a server's words is kept, in characters.
const longest = 200

// clean words an error without the addresses that servers repeat.
func clean(err error) string {
	text := strings.ToValidUTF8(address.ReplaceAllString(err.Error(), "(address)"), "")
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "\x00", "")), " ")
	if r := []rune(text); len(r) > longest {
		text = string(r[:longest])
	}
	return text
}
