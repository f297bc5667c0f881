package submission

import (
	"context"
	"database/sql"
	"sync"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
)

// Answer is what became of one suggestion, and so of each comment in it.
type Answer struct {
	Number      int // of the suggestion, its public name
	Disposition string
	Reason      string
	Lang        string
	Provisions  []string // keys of the changed provisions
	Comments    int      // how many comments it holds, one's own among them
	People      int
}

// Answers are told by who decides: of suggestions whose summary was published,
// and of no others.
type Answers interface {
	AnswersTo(ctx context.Context, consultation int64, suggestions []int64) (map[int64]Answer, error)
}

// Service takes submissions in and keeps them. It is safe for concurrent use.
type Service struct {
	db            *database.DB
	gate          *access.Gate
	keys          *seal.Keys
	consultations *consultation.Service
	drafts        *draft.Service
	answers       Answers
	files         Claimer
	judge         Judge
	rulings       Rulings
	referrals     Referrals
	looked        int // rows that one page of a filtered list looks at, at most

	start     sync.Once
	collector *collector

	mu         sync.Mutex
	statements map[string]*sql.Stmt // of the hot path on SQLite
}

// New makes the service. Close it, so that what is in flight is written.
func New(db *database.DB, gate *access.Gate, keys *seal.Keys, consultations *consultation.Service, drafts *draft.Service) *Service {
	return &Service{
		db: db, gate: gate, keys: keys, consultations: consultations, drafts: drafts, collector: newCollector(db),
		statements: map[string]*sql.Stmt{}, looked: looked,
	}
}

// AnswerWith says who tells the answers; without it nothing is answered yet.
func (s *Service) AnswerWith(a Answers) { s.answers = a }

// Claimer gives uploads to the submission that they came with, in its transaction.
// Claiming again for the same submission changes nothing.
type Claimer interface {
	Claim(tx *database.Tx, files []int64, organisation, consultation, submission int64) error
}

// ClaimWith says who keeps files; without it a submission with files is refused.
func (s *Service) ClaimWith(c Claimer) { s.files = c }

// Judge says why a submission waits for moderation; "" when it does not. It must
// be quick: it stands before every receipt.
type Judge interface {
	Judge(c consultation.Consultation, in In) (reason string)
}

// HoldWith says who judges; without it nothing is held.
func (s *Service) HoldWith(j Judge) { s.judge = j }

// Close refuses what comes from now on, writes what was taken, and returns when
// all of it is stored and acknowledged.
func (s *Service) Close() {
	s.start.Do(func() { go s.collector.run() })
	s.collector.close()
}
