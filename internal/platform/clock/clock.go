// Package clock gives the time. Nothing else in the program reads the system
// clock, so that a deadline can be tested to the second.
package clock

import (
	"sync"
	"time"
)

// Precision is that of PostgreSQL's timestamptz; every instant is cut to it, so
// that an instant read back equals the instant written.
const Precision = time.Microsecond

// Clock tells the time in UTC, cut to Precision.
type Clock interface{ Now() time.Time }

type system struct{}

func (system) Now() time.Time { return time.Now().UTC().Truncate(Precision) }

// System is the machine's clock.
func System() Clock { return system{} }

type shifted struct{ by time.Duration }

func (s shifted) Now() time.Time { return time.Now().Add(s.by).UTC().Truncate(Precision) }

// From is a clock that shows start now and runs on from there.
func From(start time.Time) Clock { return shifted{by: time.Until(start)} }

// Manual is a clock that stands until it is set; for tests and for making the
// demonstration site in the order of its time.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// At makes a manual clock.
func At(t time.Time) *Manual { return &Manual{now: t.UTC().Truncate(Precision)} }

// Now gives the time it was set to.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set moves the clock to t.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC().Truncate(Precision)
}

// Add moves the clock on by d.
func (m *Manual) Add(d time.Duration) { m.Set(m.Now().Add(d)) }
