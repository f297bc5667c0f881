// Package config holds the settings of the contract. They come from flags,
// the environment, a .env file and defaults, in that order (kong reads them by
// the tags below); Validate explains a wrong value with an example.
package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "time/tzdata" // time zones on machines that have none installed

	"guangyi/internal/platform/clock"
)

// Settings are all settings of the program.
type Settings struct {
	Listen    string `name:"listen" env:"GUANGYI_LISTEN" default:"127.0.0.1:8080" help:"Address to listen on, host:port."`
	BaseURL   string `name:"base-url" env:"GUANGYI_BASE_URL" help:"Address that the public uses (default: http:// and --listen)."`
	Data      string `name:"data" env:"GUANGYI_DATA" default:"./data" help:"Folder of the embedded database, attachments and keys."`
	Database  string `name:"database" env:"DATABASE_URL" help:"postgres://… for PostgreSQL 15 or later; empty: embedded SQLite in --data."`
	Blob      string `name:"blob-url" env:"GUANGYI_BLOB_URL" help:"Shared storage of attachments; empty: files in --data."`
	SMTP      string `name:"smtp-url" env:"GUANGYI_SMTP_URL" help:"smtp://user:password@host:port; empty: mail stays in the outbox."`
	SMS       string `name:"sms-url" env:"GUANGYI_SMS_URL" help:"https://user:password@host/path?sign=NAME&template.TOPIC=ID of a gateway for short messages; empty: off."`
	Clamd     string `name:"clamd-url" env:"GUANGYI_CLAMD_URL" help:"tcp://host:3310 or unix:///path of ClamAV's daemon; empty: attachments are not scanned."`
	Challenge string `name:"challenge" env:"GUANGYI_CHALLENGE" default:"on" help:"Proof of work for people without an account: on or off."`
	RateLimit string `name:"rate-limit" env:"GUANGYI_RATE_LIMIT" default:"on" help:"Limits per address: on or off (load tests)."`
	PageCache string `name:"page-cache" env:"GUANGYI_PAGE_CACHE" default:"on" help:"Cache of public pages: on or off (load tests)."`
	Language  string `name:"lang" env:"GUANGYI_LANG" default:"zh-CN" help:"Language when the reader asks for none: zh-CN or en."`
	TimeZone  string `name:"timezone" env:"GUANGYI_TIMEZONE" default:"Asia/Shanghai" help:"Time zone in which deadlines are shown."`
	ClockAt   string `name:"clock" env:"GUANGYI_CLOCK" help:"RFC 3339 instant at which the clock starts (demonstrations and tests only)."`

	Mailboxes string `name:"mail-servers" env:"GUANGYI_MAIL_SERVERS" help:"Mail servers inside the own network that may be asked for mail: host names, addresses or networks, with commas; empty: public ones only."`
	// RegisterKey is a private key, or the path of the file that holds it.
	RegisterKey string `name:"register-key" env:"GUANGYI_REGISTER_KEY" placeholder:"FILE" help:"File of the register's private key (or, in the environment, the key itself); empty: keys/register.key in --data."`

	OIDCIssuer string `name:"oidc-issuer" env:"GUANGYI_OIDC_ISSUER" hidden:""`
}

// Fault is a wrong setting: its name, what is wrong with it, and an example.
type Fault struct{ Name, Value, Wrong, Example string }

func (f *Fault) Error() string {
	return fmt.Sprintf("%s is %q: %s; for example %s=%s", f.Name, f.Value, f.Wrong, f.Name, f.Example)
}

// Validate checks every setting and fills in what follows from others. It
// returns a *Fault for the first wrong one.
func (s *Settings) Validate() error {
	if _, port, err := net.SplitHostPort(s.Listen); err != nil || !portNumber(port) {
		return &Fault{"GUANGYI_LISTEN", s.Listen, "it is not host:port", "127.0.0.1:8080"}
	}
	if s.BaseURL == "" {
		s.BaseURL = "http://" + s.Listen
	}
	s.BaseURL = strings.TrimRight(s.BaseURL, "/")
	if u, err := url.Parse(s.BaseURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return &Fault{"GUANGYI_BASE_URL", s.BaseURL, "it is not an http or https address", "https://yijian.example.gov"}
	}
	if s.Database != "" && !strings.HasPrefix(s.Database, "postgres://") && !strings.HasPrefix(s.Database, "postgresql://") {
		return &Fault{"DATABASE_URL", s.Database, "only PostgreSQL is known besides the embedded database", "postgres://guangyi:secret@db:5432/guangyi"}
	}
	if s.Language != "zh-CN" && s.Language != "en" {
		return &Fault{"GUANGYI_LANG", s.Language, "there are catalogues for zh-CN and en", "zh-CN"}
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" {
		return &Fault{"GUANGYI_TIMEZONE", s.TimeZone, "it is not a time zone name", "Asia/Shanghai"}
	}
	if err := s.validateSwitches(); err != nil {
		return err
	}
	return s.validateServices()
}

// portNumber reports whether a port can be listened on; 0 is any free one.
func portNumber(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return err == nil
}

func (s *Settings) validateSwitches() error {
	for _, v := range []struct{ name, value string }{
		{"GUANGYI_CHALLENGE", s.Challenge}, {"GUANGYI_RATE_LIMIT", s.RateLimit}, {"GUANGYI_PAGE_CACHE", s.PageCache},
	} {
		if v.value != "on" && v.value != "off" {
			return &Fault{v.name, v.value, "it is neither on nor off", "on"}
		}
	}
	return nil
}

func (s *Settings) validateServices() error {
	if s.ClockAt != "" {
		if _, err := time.Parse(time.RFC3339Nano, s.ClockAt); err != nil {
			return &Fault{"GUANGYI_CLOCK", s.ClockAt, "it is not an RFC 3339 instant", "2026-12-23T23:59:50+08:00"}
		}
	}
	if s.SMTP != "" && !strings.HasPrefix(s.SMTP, "smtp://") && !strings.HasPrefix(s.SMTP, "smtps://") {
		return &Fault{"GUANGYI_SMTP_URL", s.SMTP, "it does not begin with smtp:// or smtps://", "smtp://user:secret@mail.example.gov:587"}
	}
	if s.Blob != "" && !strings.HasPrefix(s.Blob, "file://") {
		return &Fault{"GUANGYI_BLOB_URL", s.Blob, "this build stores attachments in files only", "file:///var/lib/guangyi/attachments"}
	}
	if s.Clamd != "" && !scanner(s.Clamd) {
		return &Fault{"GUANGYI_CLAMD_URL", s.Clamd, "it is neither tcp://host:port nor unix:///path", "tcp://127.0.0.1:3310"}
	}
	if s.SMS != "" && !gateway(s.SMS) {
		return &Fault{"GUANGYI_SMS_URL", s.SMS, "it is not an https address (http is for this machine only)",
			"https://user:secret@sms.example.gov/messages?sign=NAME"}
	}
	if s.OIDCIssuer != "" {
		return &Fault{"GUANGYI_OIDC_ISSUER", s.OIDCIssuer, "this build signs in by e-mail and password only", ""}
	}
	return nil
}

// gateway reports whether telephone numbers may be sent to an address: encrypted,
// or to this machine.
func gateway(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
	return u.Scheme == "https" || (u.Scheme == "http" && local)
}

// scanner reports the address of a virus scanner.
func scanner(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	tcp := u.Scheme == "tcp" && u.Hostname() != "" && u.Port() != "" && u.Path == ""
	return tcp || u.Scheme == "unix" && u.Host == "" && len(u.Path) > 1
}

// Attachments is the folder of attachments.
func (s *Settings) Attachments() string {
	if folder, ok := strings.CutPrefix(s.Blob, "file://"); ok {
		return folder
	}
	return filepath.Join(s.Data, "attachments")
}

// Clock gives the clock that the settings ask for.
func (s *Settings) Clock() clock.Clock {
	if s.ClockAt == "" {
		return clock.System()
	}
	t, _ := time.Parse(time.RFC3339Nano, s.ClockAt) // checked by Validate
	return clock.From(t)
}

// Location is the time zone in which deadlines are shown.
func (s *Settings) Location() *time.Location {
	loc, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return time.UTC // Validate refused it before
	}
	return loc
}

// MailServers lists the mail servers inside the own network.
func (s *Settings) MailServers() []string {
	return strings.FieldsFunc(s.Mailboxes, func(r rune) bool { return r == ',' || r == ' ' })
}

// Secure reports whether the public reaches the site over https.
func (s *Settings) Secure() bool { return strings.HasPrefix(s.BaseURL, "https://") }

// DatabaseTarget is what database.Open takes: the PostgreSQL address or the embedded file.
func (s *Settings) DatabaseTarget() string {
	if s.Database != "" {
		return s.Database
	}
	return filepath.Join(s.Data, "guangyi.db")
}
