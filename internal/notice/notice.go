// Package notice delivers letters that other capabilities ask for. They leave a
// row in the outbox in the transaction of what happened; a worker finds the
// words and sends them. It knows topics as names only, and no row is lost: what
// cannot be delivered stays, with the reason, and is tried again.
package notice

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"guangyi/internal/platform/database"
)

// Received is the topic of a letter that confirms a submission; ref is its id.
const Received = "submission.received"

// Table and columns of a waiting row, for the one writer that composes its own
// statement (the group commit of submissions). next_at is created_at.
const (
	Table   = "outbox"
	Columns = "id, topic, consultation_id, ref, created_at, next_at"
)

// Way is how a letter travels.
type Way string

// The ways. A row by phone is never taken by the worker: it is a call that staff
// make and note (see Told).
const (
	Mail  Way = "mail"
	SMS   Way = "sms"
	Phone Way = "phone"
)

// Item is a row of the outbox as its writer sees it. Scope and Ref are opaque
// here: a consultation and a submission, or a meeting and an application.
type Item struct {
	ID    int64
	Topic string
	Scope int64
	Ref   int64
	Way   Way
}

// File travels with a mail.
type File struct {
	Name      string
	MediaType string
	Data      []byte
}

// Letter is what is sent. Lang is a language tag. ID is the row's: the same at
// every attempt, so that whoever takes the letter twice can tell.
type Letter struct {
	ID      int64
	To      string // an address, or for SMS a number in the form +8613912345678
	Subject string
	Text    string
	Lang    string
	Files   []File

	// ReplyTo is where an answer to the letter goes; empty: to its sender.
	ReplyTo string
	// Answers is the Message-ID, without brackets, of the mail that this one answers;
	// empty: it answers none.
	Answers string

	// Template and Variables are all that a short message holds: carriers refuse
	// free text.
	Template  string
	Variables map[string]string
}

// Letters finds the words for a row. ok is false when there is nobody to write
// to any more, such as after contacts were erased: the row is then done.
type Letters interface {
	Letter(ctx context.Context, item Item) (letter Letter, ok bool, err error)
}

// Post sends a letter; an error means that it may be tried again, unless it is a
// *Refused.
type Post interface {
	Send(ctx context.Context, letter Letter) error
}

// Refused is a failure that no further attempt mends, such as a number that does
// not exist. The row is given up and stays for staff to see.
type Refused struct{ Reason string }

func (r *Refused) Error() string { return r.Reason }

// Posts are the ways that are set up; nil ones are not.
type Posts struct{ Mail, SMS Post }

func (p Posts) by(way Way) Post {
	if way == SMS {
		return p.SMS
	}
	return p.Mail
}

// ways lists what is set up.
func (p Posts) ways() (out []Way) {
	if p.Mail != nil {
		out = append(out, Mail)
	}
	if p.SMS != nil {
		out = append(out, SMS)
	}
	return out
}

// Service works on the outbox. Any number of processes may deliver at a time.
type Service struct {
	db      *database.DB
	letters Letters
	posts   Posts
	log     *slog.Logger

	shown atomic.Int64 // the newest row that was logged for want of mail
}

// New makes the service. Without mail nothing is mailed: subjects are logged at
// debug level and the rows wait. Without SMS its rows wait in the same way.
func New(db *database.DB, letters Letters, posts Posts, log *slog.Logger) *Service {
	return &Service{db: db, letters: letters, posts: posts, log: log}
}

// Sends reports whether a way is set up.
func (s *Service) Sends(way Way) bool { return s.posts.by(way) != nil && way != Phone }

type row struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Topic          string
	ConsultationID int64 // the scope
	Ref            int64
	OrganisationID int64
	Way            Way
	CreatedAt      time.Time
	SentAt         *time.Time
	TriedAt        *time.Time
	GivenUpAt      *time.Time
	Attempts       int64
	NextAt         time.Time
	Failure        string
}

func (row) TableName() string { return Table }

func (r row) item() Item { return Item{r.ID, r.Topic, r.ConsultationID, r.Ref, r.Way} }

// never is when the worker looks at a row that it is not to take.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// Request is a letter to be left. Organisation is whose staff see its delivery;
// 0 is found through the consultation.
type Request struct {
	Topic        string
	Organisation int64
	Scope        int64
	Ref          int64
	Way          Way
}

// Add leaves a row in the caller's transaction.
func Add(tx *database.Tx, in Request) error {
	r := row{
		ID: tx.NextID(), Topic: in.Topic, ConsultationID: in.Scope, Ref: in.Ref, OrganisationID: in.Organisation,
		Way: in.Way, CreatedAt: tx.Now, NextAt: tx.Now,
	}
	if in.Way == Phone {
		r.NextAt = never
	}
	return tx.Create(&r).Error
}
