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
	postsPerMinute   = 120
	lookupsPerMinute = 60
)

// limiter counts requests of a minute by address. Addresses are kept as keyed
// hashes only, and not beyond two minutes.
type limiter struct {
	mu     sync.Mutex
	seed   maphash.Seed
	salt   [16]byte
	minute int64
	counts map[uint64]int
}

func newLimiter() *limiter {
	l := &limiter{seed: maphash.MakeSeed(), counts: map[uint64]int{}}
	_, _ = rand.Read(l.salt[:])
	return l
}

// take counts one request; it returns how long to wait when there were too many.
func (l *limiter) take(kind, address string, most int, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	minute := now.Unix() / 60
	if minute != l.minute {
		l.minute = minute
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
	wait := s.limits.take(kind, clientAddress(f), most, s.o.Clock.Now())
	if wait == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.TooMany, Code: "too_fast", Args: []any{"seconds", int(wait.Seconds())}, RetryAfter: wait}
}

// Limit counts this request against a limit of its own, per minute and address.
func (c *Ctx) Limit(kind string, most int) error { return c.site.limit(c.Ctx, kind, most) }

// LimitLookup is the limit for guessing: receipts, sign-in.
func (c *Ctx) LimitLookup(kind string) error { return c.Limit(kind, lookupsPerMinute) }

// Address is the client's, for slowing down; never store it.
func (c *Ctx) Address() string { return clientAddress(c.Ctx) }

// clientAddress is the peer's address or, when the peer is a proxy on this
// machine or its private network, the last one that the proxy named. IPv6
// addresses count by their /64: one subscriber has that many.
func clientAddress(f *fiber.Ctx) string {
	peer, err := netip.ParseAddr(f.IP())
	if err != nil {
		return f.IP()
	}
	if peer.IsLoopback() || peer.IsPrivate() {
		named := f.Get(fiber.HeaderXForwardedFor)
		last := strings.TrimSpace(named[strings.LastIndexByte(named, ',')+1:])
		if a, err := netip.ParseAddr(last); err == nil {
			peer = a
		}
	}
	if peer.Is6() && !peer.Is4In6() {
		p, _ := peer.Prefix(64)
		return p.String()
	}
	return peer.Unmap().String()
}
