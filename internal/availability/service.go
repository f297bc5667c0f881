package availability

import (
	"sync"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
)

// Service records outages and proposes what follows from them. It is safe for
// concurrent use.
type Service struct {
	db            *database.DB
	gate          *access.Gate
	consultations *consultation.Service
	steady        func() time.Duration
	zone          *time.Location

	beating sync.Mutex
	pulse   pulse
	intake  intake
}

// New makes the service. It follows extensions of consultations: one that is long
// enough answers the proposal. zone tells where a day of an extension ends.
func New(db *database.DB, gate *access.Gate, consultations *consultation.Service, zone *time.Location) *Service {
	s := &Service{db: db, gate: gate, consultations: consultations, steady: steadyClock(), zone: zone}
	consultations.Consequence(consultation.Extend, s.extended)
	return s
}

// WithSteady puts another steady clock in place of the machine's; for tests, before
// the first beat.
func (s *Service) WithSteady(clock func() time.Duration) *Service {
	s.steady = clock
	return s
}

// sinceStart is Go's monotonic clock.
func sinceStart() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}
