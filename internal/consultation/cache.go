package consultation

import (
	"sync"
	"time"
)

const (
	// freshFor bounds how long another node's extension or withdrawal stays unseen.
	freshFor = time.Second
	// cachedMost bounds the memory: a notice is some kilobytes.
	cachedMost = 2048
)

// cache holds what the public path reads. One's own changes drop an entry at
// once; a reading that began before the change is not stored.
type cache struct {
	mu         sync.Mutex
	entries    map[string]entry
	generation uint64
}

type entry struct {
	c  Consultation
	at time.Time
}

func newCache() *cache { return &cache{entries: map[string]entry{}} }

// get gives a fresh entry, and the generation to hand to put after reading.
func (k *cache) get(slug string, now time.Time) (Consultation, bool, uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.entries[slug]
	age := now.Sub(e.at)
	return e.c, ok && age >= 0 && age < freshFor, k.generation
}

func (k *cache) put(slug string, c Consultation, now time.Time, generation uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if generation != k.generation {
		return
	}
	if len(k.entries) >= cachedMost {
		clear(k.entries)
	}
	k.entries[slug] = entry{c, now}
}

func (k *cache) drop(slug string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.generation++
	delete(k.entries, slug)
}
