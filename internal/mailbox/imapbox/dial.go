// Package imapbox reads one folder of a mail server over IMAP: it looks without
// touching, and marks as read what it is told to. It reaches only servers that it
// may, always encrypted, and says in one of a few codes what went wrong.
package imapbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Settings say where a mailbox is.
type Settings struct {
	Host     string
	Port     int
	StartTLS bool // else TLS from the first byte
	Username string
	Password string
	Folder   string
}

// Reach says which servers may be asked.
type Reach struct {
	// Inside are host names, addresses or networks of the own network that may be
	// asked besides public servers, each optionally with a port.
	Inside []string
	Roots  *x509.CertPool // nil: the system's
}

// dialing is how long reaching a server may take.
const dialing = 20 * time.Second

// usual are the ports of IMAP (RFC 8314, section 7): no other is asked of a server
// outside, so that nobody can use this program to knock at doors.
var usual = map[int]bool{143: true, 993: true}

// Dial connects, signs in and opens the folder. The error is a *Trouble.
func Dial(ctx context.Context, s Settings, reach Reach) (*Box, error) {
	dialer := &net.Dialer{Timeout: dialing, Control: reach.control(s)}
	life := ctx
	ctx, cancel := context.WithTimeout(ctx, dialing)
	defer cancel()
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, explain(err)
	}
	b := &Box{news: make(chan struct{}, 1), conn: conn}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	err = b.greet(ctx, conn, s, reach)
	if !stop() { // the time was up, and whatever failed failed of that
		err = &Trouble{Code: Timeout}
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	b.stop = context.AfterFunc(life, func() { conn.Close() })
	return b, nil
}

// greet encrypts, waits for the greeting, and signs in.
func (b *Box) greet(ctx context.Context, conn net.Conn, s Settings, reach Reach) error {
	config := &tls.Config{ServerName: s.Host, RootCAs: reach.Roots, MinVersion: tls.VersionTLS12}
	options := &imapclient.Options{TLSConfig: config, UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(*imapclient.UnilateralDataMailbox) { b.tell() },
	}}
	if s.StartTLS {
		client, err := imapclient.NewStartTLS(conn, options)
		if err != nil {
			return explainStart(err)
		}
		b.client = client
	} else {
		secure := tls.Client(conn, config)
		if err := secure.HandshakeContext(ctx); err != nil {
			return explain(err)
		}
		b.client = imapclient.New(secure, options)
		if err := b.client.WaitGreeting(); err != nil {
			return &Trouble{Code: Greeting, Detail: clean(err)}
		}
	}
	return b.signIn(s)
}

func (b *Box) signIn(s Settings) error {
	if b.client.State() != imap.ConnStateNotAuthenticated {
		return &Trouble{Code: Greeting}
	}
	if err := b.client.Login(s.Username, s.Password).Wait(); err != nil {
		if refused(err) {
			return &Trouble{Code: Login, Detail: clean(err)}
		}
		return explain(err)
	}
	if b.client.Caps().Has(imap.CapID) {
		// NetEase opens no folder for a program that does not say its name (RFC 2971).
		_, _ = b.client.ID(&imap.IDData{Name: "guangyi", Version: "1"}).Wait()
	}
	opened, err := b.client.Select(s.Folder, nil).Wait()
	if err != nil {
		if refused(err) {
			return &Trouble{Code: Folder, Detail: clean(err)}
		}
		return explain(err)
	}
	b.Validity = opened.UIDValidity
	b.idles = b.client.Caps().Has(imap.CapIdle)
	return nil
}

// control looks at the address that a name really led to, when the connection is
// made: a name that leads elsewhere the second time gains nothing.
func (r Reach) control(s Settings) func(network, address string, _ syscall.RawConn) error {
	named := r.named(s.Host, s.Port)
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return &Trouble{Code: Forbidden}
		}
		ip := at.Addr().Unmap()
		if named || r.contains(ip, s.Port) || public(ip) && usual[s.Port] {
			return nil
		}
		return &Trouble{Code: Forbidden}
	}
}

// named reports whether a host stands in the list by its name or address.
func (r Reach) named(host string, port int) bool {
	for _, one := range r.Inside {
		name, at := cutPort(one)
		if (at == 0 || at == port) && strings.EqualFold(strings.TrimSuffix(host, "."), name) {
			return true
		}
	}
	return false
}

// contains reports whether an address lies in a network of the list.
func (r Reach) contains(ip netip.Addr, port int) bool {
	for _, one := range r.Inside {
		name, at := cutPort(one)
		network, err := netip.ParsePrefix(name)
		if err != nil {
			if single, err := netip.ParseAddr(name); err == nil && single == ip && (at == 0 || at == port) {
				return true
			}
			continue
		}
		if network.Contains(ip) && (at == 0 || at == port) {
			return true
		}
	}
	return false
}

func cutPort(s string) (host string, port int) {
	if h, p, err := net.SplitHostPort(s); err == nil {
		if n, err := strconv.Atoi(p); err == nil {
			return h, n
		}
	}
	return s, 0
}

// special are networks that no public server stands in (IANA's registries of
// special-purpose addresses), beyond what netip knows by itself.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// public reports whether an address can be a server's on the internet.
func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, network := range special {
		if network.Contains(ip) {
			return false
		}
	}
	return true
}
