package imaptest

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Memory starts a server in this process that ends with the test.
func Memory(t testing.TB, users ...string) *Server {
	t.Helper()
	pair, roots, open, _ := certificate(t)
	mem := imapmemserver.New()
	for _, name := range users {
		u := imapmemserver.NewUser(name, Password)
		must(t, u.Create("INBOX", nil))
		mem.AddUser(u)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps:      imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		Logger:    log.New(io.Discard, "", 0),
		TLSConfig: config,
	})
	plain, secure := listen(t), listen(t)
	for _, l := range []net.Listener{plain, tls.NewListener(secure, config)} {
		go func() { _ = server.Serve(l) }() // ends with Close
	}
	t.Cleanup(func() { _ = server.Close() })
	return &Server{Name: "in-process", Port: portOf(secure), StartTLS: portOf(plain), Roots: roots, PEM: open, password: Password}
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", Host+":0")
	must(t, err)
	return l
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }
