// Package referral passes petitions and accusations on that come among the comments
// of a consultation: to a recipient from the organisation's list, for a reason from
// a list, by a clock, with word to the sender and the recipient's answer. Nothing of
// the submission changes: it stays counted, gathered and answered like the others.
package referral

import (
	"slices"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// What may be done.
var (
	PermissionSee        = access.Permission{Object: "referral", Action: "see"}
	PermissionDecide     = access.Permission{Object: "referral", Action: "decide"}
	PermissionRecipients = access.Permission{Object: "referral", Action: "recipients"}
)

// Kind is what somebody asks for beside commenting on the draft.
type Kind string

// The kinds: 信访, 举报, and a request that is another office's.
const (
	Petition   Kind = "petition"
	Accusation Kind = "accusation"
	Request    Kind = "request"
)

// Kinds lists them in the order of the form.
var Kinds = []Kind{Petition, Accusation, Request}

// Reasons why a matter goes to somebody else. Other needs a note.
var Reasons = []string{"not_ours", "superior", "subordinate", "supervision", "police", "court", Other}

// Other is the reason that needs words.
const Other = "other"

// State is where a referral stands.
type State string

// Recorded: found, not yet passed on. TakenBack: it was none after all.
const (
	Recorded  State = "recorded"
	Passed    State = "passed"
	Answered  State = "answered"
	TakenBack State = "taken_back"
)

// Told says how the sender got word that the matter was passed on.
type Told string

// The ways of telling. On the receipt page it stands always. Unposted: a letter
// was to be printed and nobody has noted yet that it was posted.
const (
	ByMail   Told = "mail"
	Unposted Told = "unposted"
	ByPost   Told = "post"
	OnPage   Told = "page" // the receipt page alone: no contact was left
)

// The longest texts, in characters.
const (
	MostNote    = 1000
	MostAnswer  = 4000
	MostName    = 100
	MostAddress = 300
	MostPhone   = 40
)

// Recipient is an office to which an organisation passes on.
type Recipient struct {
	OrganisationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Name           string
	Address        string
	Phone          string
	Active         bool // it can be chosen; what went there before keeps its name
	Version        int64
}

// TableName names the table for gorm.
func (Recipient) TableName() string { return "referral_recipients" }

// Referral is one matter.
type Referral struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	SubmissionID   int64
	Kind           Kind
	Reason         string
	Note           string // for the recipient; the sender does not read it
	State          State
	Recipient      string // name, address and telephone when it was passed on
	Address        string
	Phone          string
	PassDue        *time.Time // nil: no rule is known
	PassRule       string     // id in the profile
	AnswerDue      *time.Time
	AnswerRule     string // empty: staff set the date
	Profile        string
	Told           Told
	ToldAt         *time.Time
	PassedAt       *time.Time
	PassedBy       string
	Answer         string // of the recipient; its sender reads it
	AnsweredAt     *time.Time
	ReceivedAt     time.Time // of the submission
	RecordedBy     string
	RecordedAt     time.Time
	Version        int64

	Receipt string `gorm:"-"` // of the submission
}

// TableName names the table for gorm.
func (Referral) TableName() string { return "referrals" }

// Due is until when the next step has to be done; nil when nothing waits.
func (r Referral) Due() *time.Time {
	switch r.State {
	case Recorded:
		return r.PassDue
	case Passed:
		return r.AnswerDue
	}
	return nil
}

// Overdue reports that the next step should have been done.
func (r Referral) Overdue(now time.Time) bool { d := r.Due(); return d != nil && !now.Before(*d) }

// Late reports that it was passed on after its time.
func (r Referral) Late() bool {
	return r.PassedAt != nil && r.PassDue != nil && !r.PassedAt.Before(*r.PassDue)
}

// Deps are what the service works with.
type Deps struct {
	DB            *database.DB
	Gate          *access.Gate
	Consultations *consultation.Service
	Submissions   *submission.Service
	Zone          *time.Location // in which a day ends that staff name
}

// Service passes on. It is safe for concurrent use.
type Service struct{ Deps }

// New makes the service.
func New(d Deps) *Service { return &Service{d} }

// May reports whether the actor's role allows something there.
func (s *Service) May(who actor.Actor, p access.Permission, organisation int64) bool {
	return s.Gate.May(who, p, organisation)
}

func known(k Kind) bool { return slices.Contains(Kinds, k) }
