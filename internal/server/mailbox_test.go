package server_test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"

	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/server"
)

// mailbox is a mail server on a port of this machine that keeps what it gets.
type mailbox struct {
	mu      sync.Mutex
	letters []received
}

// received is a letter as its reader sees it.
type received struct{ to, subject, text string }

// eachPosted runs a test over a whole site that sends its letters, on each database.
func eachPosted(t *testing.T, test func(*place, *mailbox)) {
	t.Helper()
	databasetest.EachTarget(t, func(t *testing.T, target string) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		t.Cleanup(func() { l.Close() })
		post, p := new(mailbox), unserved(t, target)
		go post.answer(l)
		p.settings.SMTP = "smtp://" + l.Addr().String() + "?from=office@own.example"
		p.serve(server.WithClock(p.clock))
		test(p, post)
	})
}

func (b *mailbox) answer(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go b.talk(conn)
	}
}

// talk speaks as RFC 5321 asks.
func (b *mailbox) talk(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	fmt.Fprint(conn, "220 test\r\n")
	var body strings.Builder
	writing := false
	for {
		line, err := in.ReadString('\n')
		switch {
		case err != nil:
			return
		case writing && line == ".\r\n":
			writing = false
			b.take(body.String())
			body.Reset()
			fmt.Fprint(conn, "250 taken\r\n")
		case writing:
			body.WriteString(strings.TrimPrefix(line, "."))
		case strings.HasPrefix(line, "EHLO"):
			fmt.Fprint(conn, "250-test\r\n250 8BITMIME\r\n")
		case strings.HasPrefix(line, "DATA"):
			writing = true
			fmt.Fprint(conn, "354 go on\r\n")
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

func (b *mailbox) take(raw string) {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return
	}
	subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	one := received{m.Header.Get("To"), subject, textOf(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, one)
}

// textOf is the text of a letter without its files.
func textOf(kind, encoding string, body io.Reader) string {
	name, params, _ := mime.ParseMediaType(kind)
	if strings.HasPrefix(name, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil {
				return ""
			}
			if text := textOf(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part); text != "" {
				return text
			}
		}
	}
	if name != "text/plain" {
		return ""
	}
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	raw, _ := io.ReadAll(body)
	return string(raw)
}

// of are the letters to an address, the newest last.
func (b *mailbox) of(to string) (out []received) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.letters {
		if strings.Contains(l.to, to) {
			out = append(out, l)
		}
	}
	return out
}

func (b *mailbox) subjects(to string) (out []string) {
	for _, l := range b.of(to) {
		out = append(out, l.subject)
	}
	return out
}

// link is the newest personal link of a kind that an address got, as a path.
func (b *mailbox) link(to, kind string) (path string) {
	for _, l := range b.of(to) {
		if m := regexp.MustCompile(kind + `[A-Za-z0-9_-]+`).FindString(l.text); m != "" {
			path = m
		}
	}
	return path
}
