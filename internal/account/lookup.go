package account

import (
	"crypto/sha256"
	"sync"
	"time"

	"guangyi/internal/platform/actor"
)

const (
	// lookupLife is how long an answer is kept; a right that another process
	// took away may be used that long.
	lookupLife = time.Second
	// lookupMost bounds the memory of a flood.
	lookupMost = 10_000
)

// lookups remembers who showed a token, for the many requests of one page.
type lookups struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]lookup
}

type lookup struct {
	who   actor.Actor
	at    time.Time
	until time.Time // zero: as long as lookupLife
}

func newLookups() *lookups { return &lookups{known: map[[sha256.Size]byte]lookup{}} }

func (l *lookups) get(hash [sha256.Size]byte, now time.Time) (actor.Actor, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.known[hash]
	age := now.Sub(k.at)
	if !ok || age < 0 || age >= lookupLife || (!k.until.IsZero() && !now.Before(k.until)) {
		return actor.Actor{}, false
	}
	return k.who, true
}

func (l *lookups) put(hash [sha256.Size]byte, k lookup) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known) >= lookupMost {
		clear(l.known)
	}
	l.known[hash] = k
}

func (l *lookups) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.known)
}
