// Package imaptest gives tests mail servers: one in this process, which is always
// there, and Debian's Dovecot, where it is installed. Both listen on free ports of
// the loopback address, speak TLS by a certificate of their own, and are talked to
// as any mail server is.
package imaptest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Server is a running mail server.
type Server struct {
	Name     string
	Port     int // TLS from the first byte
	StartTLS int // the port with STARTTLS
	Roots    *x509.CertPool
	PEM      []byte // the same, for another process
	password string
}

// Password is that of every mailbox.
const Password = "geheim 密码"

// Host is where the servers listen.
const Host = "127.0.0.1"

// Each runs a test on every server that is there, with mailboxes of these names.
func Each(t *testing.T, test func(*testing.T, *Server), users ...string) {
	t.Helper()
	t.Run("in-process", func(t *testing.T) { test(t, Memory(t, users...)) })
	if _, err := FindDovecot(); err != nil {
		t.Logf("only the server in this process was tested: %v", err)
		return
	}
	t.Run("dovecot", func(t *testing.T) { test(t, Dovecot(t, users...)) })
}

// certificate makes a key and a certificate for the loopback address.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool, []byte, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.ParseIP(Host)},
		DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	raw, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	must(t, err)
	secret, err := x509.MarshalECPrivateKey(key)
	must(t, err)
	open := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	closed := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})
	pair, err := tls.X509KeyPair(open, closed)
	must(t, err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(open)
	return pair, roots, open, closed
}

// client signs in.
func (s *Server) client(t testing.TB, user string) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialTLS(net.JoinHostPort(Host, strconv.Itoa(s.Port)), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: s.Roots, ServerName: Host}})
	must(t, err)
	must(t, c.Login(user, s.password).Wait())
	return c
}

func (s *Server) with(t testing.TB, user string, do func(*imapclient.Client)) {
	t.Helper()
	c := s.client(t, user)
	defer c.Close()
	do(c)
	must(t, c.Logout().Wait())
}

// Put lays mails into a folder, received at an instant.
func (s *Server) Put(t testing.TB, user, folder string, at time.Time, mails ...[]byte) {
	t.Helper()
	s.with(t, user, func(c *imapclient.Client) {
		for _, raw := range mails {
			cmd := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Time: at})
			_, err := bytes.NewReader(raw).WriteTo(cmd)
			must(t, err)
			must(t, cmd.Close())
			_, err = cmd.Wait()
			must(t, err)
		}
	})
}

// Make makes a folder anew: its mails are gone and its UIDVALIDITY is another.
func (s *Server) Make(t testing.TB, user, folder string) {
	t.Helper()
	s.with(t, user, func(c *imapclient.Client) {
		_ = c.Delete(folder).Wait() // it may not be there
		must(t, c.Create(folder, nil).Wait())
	})
}

// Read tells how many mails a folder has and how many of them are marked as read.
func (s *Server) Read(t testing.TB, user, folder string) (all, read int) {
	t.Helper()
	s.with(t, user, func(c *imapclient.Client) {
		data, err := c.Status(folder, &imap.StatusOptions{NumMessages: true, NumUnseen: true}).Wait()
		must(t, err)
		all = int(*data.NumMessages)
		read = all - int(*data.NumUnseen)
	})
	return all, read
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
