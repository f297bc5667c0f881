package notice

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// sendingLimit is how long one letter may take.
const sendingLimit = 30 * time.Second

// SMTP sends letters to a mail server. It is safe for concurrent use.
type SMTP struct {
	host    string
	from    string
	options []gomail.Option
}

// NewSMTP reads smtp://user:password@host:port?from=address, or smtps:// for TLS
// from the first byte. smtp:// demands STARTTLS unless the server is on this
// machine. Without from, the user is the sender if it is an address, else
// no-reply at the site's host.
func NewSMTP(address, siteURL string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, fmt.Errorf("GUANGYI_SMTP_URL cannot be read: write smtp://user:password@mail.example.gov:587")
	}
	p := &SMTP{host: u.Hostname(), options: []gomail.Option{gomail.WithTimeout(sendingLimit)}}
	if p.from, err = sender(u, siteURL); err != nil {
		return nil, err
	}
	if u.Scheme == "smtps" {
		p.options = append(p.options, gomail.WithSSLPort(false))
	} else {
		p.options = append(p.options, gomail.WithTLSPortPolicy(policy(p.host)))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, fmt.Errorf("GUANGYI_SMTP_URL has no such port %q", u.Port())
		}
		p.options = append(p.options, gomail.WithPort(port))
	}
	if name := u.User.Username(); name != "" {
		password, _ := u.User.Password()
		p.options = append(p.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(name), gomail.WithPassword(password))
	}
	return p, nil
}

// From is the address that letters come from.
func (p *SMTP) From() string { return p.from }

func sender(u *url.URL, siteURL string) (string, error) {
	from := u.Query().Get("from")
	if from == "" && strings.Contains(u.User.Username(), "@") {
		from = u.User.Username()
	}
	if from == "" {
		host := "localhost"
		if s, err := url.Parse(siteURL); err == nil && s.Hostname() != "" && net.ParseIP(s.Hostname()) == nil {
			host = s.Hostname()
		}
		from = "no-reply@" + host
	}
	if _, err := mail.ParseAddress(from); err != nil {
		return "", fmt.Errorf("GUANGYI_SMTP_URL has no sender: add ?from=consultation@example.gov")
	}
	return from, nil
}

// policy demands TLS of every server but one on this machine.
func policy(host string) gomail.TLSPolicy {
	if local(host) {
		return gomail.TLSOpportunistic
	}
	return gomail.TLSMandatory
}

// local reports whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Send hands one letter to the server.
func (p *SMTP) Send(ctx context.Context, letter Letter) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(p.from); err != nil {
		return err
	}
	if err := m.To(letter.To); err != nil {
		return err
	}
	m.Subject(oneLine(letter.Subject))
	m.SetGenHeader(gomail.HeaderContentLang, letter.Lang)
	if err := conversation(m, letter); err != nil {
		return err
	}
	_, domain, _ := strings.Cut(p.from, "@")
	// The same at every attempt, so that a mailbox shows a letter once; the
	// library's own names the machine.
	m.SetMessageIDWithValue(messageID(letter.ID) + "@" + domain)
	m.SetBodyString(gomail.TypeTextPlain, letter.Text)
	for _, f := range letter.Files {
		err := m.AttachReader(f.Name, bytes.NewReader(f.Data), gomail.WithFileContentType(gomail.ContentType(f.MediaType)))
		if err != nil {
			return err
		}
	}
	client, err := gomail.NewClient(p.host, p.options...)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, sendingLimit)
	defer cancel()
	err = client.DialAndSendWithContext(limited, m)
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // stopped, not failed
	}
	return final(err)
}

// conversation says what the letter answers and where answers go, and that a
// program wrote it, so that no other program answers (RFC 3834, section 5).
func conversation(m *gomail.Msg, letter Letter) error {
	how := "auto-generated"
	if id := oneLine(letter.Answers); id != "" && !strings.ContainsAny(id, "<> ") {
		how = "auto-replied"
		m.SetGenHeader("In-Reply-To", "<"+id+">")
		m.SetGenHeader("References", "<"+id+">")
	}
	m.SetGenHeader("Auto-Submitted", how)
	if letter.ReplyTo == "" {
		return nil
	}
	return m.ReplyTo(letter.ReplyTo)
}

// final tells a recipient that a server refuses for good (RFC 5321, section
// 4.2.1: 5yz at RCPT TO) from everything that may still be mended.
func final(err error) error {
	var failed *gomail.SendError
	if !errors.As(err, &failed) {
		return err
	}
	said, _, _ := strings.Cut(failed.Error(), ", affected ") // whom it concerned is known, and not to be repeated
	if failed.Reason == gomail.ErrSMTPRcptTo && !failed.IsTemp() && failed.ErrorCode() >= 500 {
		return &Refused{said}
	}
	return errors.New(said)
}

func messageID(row int64) string {
	if row == 0 {
		return rand.Text()
	}
	return strconv.FormatInt(row, 36)
}

// oneLine keeps a subject from becoming more headers.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' }), " ")
}
