package mailbox

import (
	"crypto/rand"
	"crypto/x509"
	"log/slog"
	"strings"
	"sync"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// Deps is what the service works with.
type Deps struct {
	DB            *database.DB
	Gate          *access.Gate
	Keys          *seal.Keys
	Consultations *consultation.Service
	Submissions   *submission.Service
	Files         *attachment.Service
	Log           *slog.Logger
	// Hosts are the mail servers inside the own network that may be asked, as host
	// names, addresses, or networks such as 10.1.0.0/16, each optionally with a port.
	// All others must be public. Empty: none.
	Hosts []string
	// Sender is the address that our own letters come from: what comes from it is a
	// loop. May be empty.
	Sender string
	// Roots are the authorities that mail servers are trusted by; nil: the system's.
	Roots *x509.CertPool
}

// Service fetches mail and keeps it. It is safe for concurrent use, by any number
// of processes on one database.
type Service struct {
	db            *database.DB
	gate          *access.Gate
	keys          *seal.Keys
	consultations *consultation.Service
	submissions   *submission.Service
	files         *attachment.Service
	log           *slog.Logger
	judge         submission.Judge
	roots         *x509.CertPool
	sender        string // in lower case
	hosts         []string
	node          string // of the leases

	mu      sync.Mutex
	working map[int64]bool // accounts that this process fetches from
	workers sync.WaitGroup

	// step is told where a fetch stands; tests end the process there.
	step func(string)
}

// New makes the service.
func New(d Deps) *Service {
	s := &Service{
		db: d.DB, gate: d.Gate, keys: d.Keys, consultations: d.Consultations, submissions: d.Submissions, files: d.Files,
		log: d.Log, hosts: d.Hosts, roots: d.Roots, sender: strings.ToLower(d.Sender), node: rand.Text(), working: map[int64]bool{}, step: func(string) {},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// HoldWith says who judges whether a mail waits for moderation, besides what is
// suspect of a mail as such.
func (s *Service) HoldWith(j submission.Judge) { s.judge = j }

// May reports whether the actor's role allows something in an organisation.
func (s *Service) May(who actor.Actor, p access.Permission, organisation int64) bool {
	return s.gate.May(who, p, organisation)
}
