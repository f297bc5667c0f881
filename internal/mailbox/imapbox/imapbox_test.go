package imapbox

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/imaptest"
)

const user = "advice@bureau.example"

func settings(s *imaptest.Server) Settings {
	return Settings{Host: imaptest.Host, Port: s.Port, Username: user, Password: imaptest.Password, Folder: "INBOX"}
}

func inside(s *imaptest.Server) Reach { return Reach{Inside: []string{"127.0.0.0/8"}, Roots: s.Roots} }

func code(s Settings, r Reach) Code {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	box, err := Dial(ctx, s, r)
	if err != nil {
		return explain(err).Code
	}
	box.Close()
	return ""
}

func TestTheFolderIsReadWithoutTouchingIt(t *testing.T) {
	imaptest.Each(t, func(t *testing.T, server *imaptest.Server) {
		at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		raw := []byte("Subject: one\r\n\r\n" + strings.Repeat("words\r\n", 20000))
		server.Put(t, user, "INBOX", at, raw, []byte("Subject: two\r\n\r\n"))
		for _, start := range []bool{false, true} {
			s := settings(server)
			if s.StartTLS = start; start {
				s.Port = server.StartTLS
			}
			box, err := Dial(context.Background(), s, inside(server))
			if err != nil {
				t.Fatalf("STARTTLS %v: %v", start, err)
			}
			found, err := box.Since(0)
			if err != nil || len(found) != 2 || !found[0].Received.Equal(at) || found[0].Size != int64(len(raw)) || found[0].UID >= found[1].UID {
				t.Fatalf("%+v, %v", found, err)
			}
			got, ok, err := box.Fetch(found[0].UID, false, 1<<20)
			if err != nil || !ok || string(got) != string(raw) {
				t.Errorf("%d bytes of %d, %v, %v", len(got), len(raw), ok, err)
			}
			if head, ok, err := box.Fetch(found[1].UID, true, 1<<20); err != nil || !ok || !strings.HasPrefix(string(head), "Subject: two") {
				t.Errorf("the header is %q, %v", head, err)
			}
			if none, err := box.Since(found[1].UID); err != nil || len(none) != 0 {
				t.Errorf("above the last: %+v, %v", none, err)
			}
			if _, ok, err := box.Fetch(9999, false, 1<<20); ok || err != nil {
				t.Errorf("a mail that is not there: %v, %v", ok, err)
			}
			if !box.Idles() || box.Validity == 0 {
				t.Errorf("idles %v, validity %d", box.Idles(), box.Validity)
			}
			box.Close()
			if _, read := server.Read(t, user, "INBOX"); read != 0 {
				t.Error("a mail was marked by reading it")
			}
		}
	}, user)
}

func TestAServerThatSendsMoreThanItAnnouncedIsLeft(t *testing.T) {
	server := imaptest.Memory(t, user)
	server.Put(t, user, "INBOX", time.Now(), []byte("Subject: one\r\n\r\n"+strings.Repeat("words\r\n", 1000)))
	box, err := Dial(context.Background(), settings(server), inside(server))
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	if _, _, err := box.Fetch(1, false, 100); err == nil || explain(err).Code != Broken {
		t.Errorf("5000 bytes where 100 may come: %v", err)
	}
}

func TestNewsEndTheWaiting(t *testing.T) {
	imaptest.Each(t, func(t *testing.T, server *imaptest.Server) {
		box, err := Dial(context.Background(), settings(server), inside(server))
		if err != nil {
			t.Fatal(err)
		}
		defer box.Close()
		ended := make(chan error, 1)
		go func() { ended <- box.Wait(context.Background(), 50*time.Second) }()
		server.Put(t, user, "INBOX", time.Now(), []byte("Subject: one\r\n\r\n"))
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if found, err := box.Since(0); err != nil || len(found) != 1 {
			t.Errorf("%+v, %v", found, err)
		}
		ctx, stop := context.WithCancel(context.Background())
		stop()
		if err := box.Wait(ctx, time.Minute); err == nil {
			t.Error("a wait that was called off ends without a word")
		}
	}, user)
}

// What is wrong has a name, so that whoever set the mailbox up can mend it.
func TestTroublesHaveNames(t *testing.T) {
	imaptest.Each(t, func(t *testing.T, server *imaptest.Server) {
		shut, web := silent(t, nil), silent(t, []byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
		for name, c := range map[string]struct {
			change func(*Settings)
			want   Code
		}{
			"right":         {func(*Settings) {}, ""},
			"password":      {func(s *Settings) { s.Password = "wrong" }, Login},
			"user":          {func(s *Settings) { s.Username = "nobody@bureau.example" }, Login},
			"folder":        {func(s *Settings) { s.Folder = "Nowhere" }, Folder},
			"no such host":  {func(s *Settings) { s.Host = "no-such-host.invalid" }, HostUnknown},
			"nobody there":  {func(s *Settings) { s.Port = closed(t) }, Unreachable},
			"STARTTLS port": {func(s *Settings) { s.Port = server.StartTLS }, NoTLS},
			"not mail":      {func(s *Settings) { s.Port, s.StartTLS = web, true }, Greeting},
			"silence":       {func(s *Settings) { s.Port = shut }, Timeout},
		} {
			s := settings(server)
			c.change(&s)
			if got := code(s, inside(server)); got != c.want && !(c.want == HostUnknown && got != "") { // a machine without a resolver knows no better
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		if got := code(settings(server), Reach{Inside: []string{"127.0.0.1"}}); got != Certificate {
			t.Errorf("a certificate that nobody trusts: %q", got)
		}
	}, user)
}

// silent is a server that says one thing, or nothing, and never more.
func silent(t *testing.T, words []byte) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
			if words != nil {
				_, _ = conn.Write(words)
				conn.Close()
			}
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func closed(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// An address that an administrator typed must not open doors inside the network.
func TestOnlyServersThatMayBeAskedAreAsked(t *testing.T) {
	server := imaptest.Memory(t, user)
	for _, inside := range [][]string{nil, {"10.0.0.0/8"}, {"imap.bureau.example"}, {fmt.Sprintf("127.0.0.1:%d", server.Port+1)}} {
		if got := code(settings(server), Reach{Inside: inside, Roots: server.Roots}); got != Forbidden {
			t.Errorf("with %q allowed: %q", inside, got)
		}
	}
	for _, host := range []string{"localhost", "127.0.0.1", "127.1.2.3", "::1", "0.0.0.0", "169.254.169.254", "10.0.0.1", "192.168.1.1", "100.64.0.1", "[::ffff:127.0.0.1]", "fd00::1", "fe80::1"} {
		s := settings(server)
		s.Host, s.Port = strings.Trim(host, "[]"), 993
		if got := code(s, Reach{Roots: server.Roots}); got != Forbidden {
			t.Errorf("%s: %q", host, got)
		}
	}
	for _, allowed := range []string{"127.0.0.1", "127.0.0.0/8", fmt.Sprintf("127.0.0.1:%d", server.Port)} {
		if got := code(settings(server), Reach{Inside: []string{allowed}, Roots: server.Roots}); got != "" {
			t.Errorf("%q is allowed, and: %q", allowed, got)
		}
	}
}

func TestPublicAddressesAreTold(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "223.5.5.5": true, "2400:3200::1": true, "0.0.0.0": false, "127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false,
		"192.168.0.1": false, "169.254.169.254": false, "100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "::": false, "::1": false,
		"fc00::1": false, "fe80::1": false, "ff02::1": false, "64:ff9b::7f00:1": false, "2001:db8::1": false, "198.18.0.1": false, "2002:7f00:1::": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

func TestWhatServersRepeatIsNotKept(t *testing.T) {
	if got := clean(fmt.Errorf("NO  user zhang@home.example\r\nis\x00 unknown")); got != "NO user (address) is unknown" {
		t.Errorf("%q", got)
	}
}
