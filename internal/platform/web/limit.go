package web

import (
	"crypto/rand"
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/fault"
)

// Requests a minute from one address. An office or a campus behind one address
// is common, so these stop machines, not people.
const (
	postsPerMinute   = 240
	lookupsPerMinute = 60
)

// networkFactor is how many times the requests of one address a whole network may
// make: behind a /24 stand up to 254 of them, and a provider's customers share few.
const networkFactor = 10

// limiter counts requests of a minute by address and by network. Both are kept in
// memory only, as hashes under a key that is thrown away with the minute.
type limiter struct {
	mu     sync.Mutex
	seed   maphash.Seed
	salt   [16]byte
	minute int64
	counts map[uint64]int
}

func newLimiter() *limiter { return &limiter{minute: -1, counts: map[uint64]int{}} }

// take counts one request; it returns how long to wait when there were too many.
func (l *limiter) take(kind, address string, most int, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	minute := now.Unix() / 60
	if minute != l.minute {
		l.minute, l.seed = minute, maphash.MakeSeed()
		_, _ = rand.Read(l.salt[:]) // crypto/rand never fails on the systems that Go supports
		clear(l.counts)
	}
	key := maphash.String(l.seed, string(l.salt[:])+kind+"\x00"+address)
	l.counts[key]++
	if l.counts[key] <= most {
		return 0
	}
	return time.Duration(60-now.Unix()%60) * time.Second
}

func (s *Site) limit(f *fiber.Ctx, kind string, most int) error {
	if !s.o.Limits {
		return nil
	}
	now := s.o.Clock.Now()
	wait := max(s.limits.take(kind, clientAddress(f), most, now), s.limits.take("network "+kind, network(client(f)), most*networkFactor, now))
	if wait == 0 {
		return nil
	}
	if s.o.Limited != nil {
		s.o.Limited(kind)
	}
	return &fault.Error{Kind: fault.TooMany, Code: "too_fast", Args: []any{"seconds", int(wait.Seconds())}, RetryAfter: wait}
}

// Limit counts this request against a limit of its own, per minute and address.
func (c *Ctx) Limit(kind string, most int) error { return c.site.limit(c.Ctx, kind, most) }

// LimitLookup is the limit for guessing: receipts, sign-in.
func (c *Ctx) LimitLookup(kind string) error { return c.Limit(kind, lookupsPerMinute) }

// Address is the client's, for slowing down; never store it.
func (c *Ctx) Address() string { return clientAddress(c.Ctx) }

// Network is the client's neighbourhood, an IPv4 /24 or an IPv6 /48; never store it.
func (c *Ctx) Network() string { return network(client(c.Ctx)) }

// clientAddress names the client. IPv6 addresses count by their /64: one
// subscriber has that many.
func clientAddress(f *fiber.Ctx) string {
	a := client(f)
	switch {
	case !a.IsValid():
		return f.IP()
	case a.Is6():
		return prefix(a, 64)
	}
	return a.String()
}

// network is what one hands out to one office or one small provider.
func network(a netip.Addr) string {
	switch {
	case !a.IsValid():
		return ""
	case a.Is6():
		return prefix(a, 48)
	}
	return prefix(a, 24)
}

func prefix(a netip.Addr, bits int) string {
	p, _ := a.WithZone("").Prefix(bits)
	return p.String()
}

// client is the peer or, when the peer is a proxy on this machine or its private
// network, the last address that the proxy named.
func client(f *fiber.Ctx) netip.Addr {
	peer, err := netip.ParseAddr(f.IP())
	if err != nil {
		return netip.Addr{}
	}
	if peer.IsLoopback() || peer.IsPrivate() {
		named := f.Get(fiber.HeaderXForwardedFor)
		last := strings.TrimSpace(named[strings.LastIndexByte(named, ',')+1:])
		if a, err := netip.ParseAddr(last); err == nil {
			peer = a
		}
	}
	return peer.Unmap()
}
