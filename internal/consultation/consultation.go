// Package consultation keeps public consultations: the notice, its period and
// the life that it goes through, from preparation to the published answer.
//
// The states are written once, in states.go. Scheduled, open and closed are
// worked out from approval and the clock and are never stored.
package consultation

import (
	"slices"
	"time"

	"guangyi/internal/access"
)

// What may be done to a consultation.
var (
	PermissionSee     = access.Permission{Object: "consultation", Action: "see"}
	PermissionPrepare = access.Permission{Object: "consultation", Action: "prepare"}
	PermissionRecord  = access.Permission{Object: "audit", Action: "read"}
)

// Consultation is one solicitation of comments on one draft.
//
// Opens and ClosesAt are instants: comments are taken from OpensAt on and before
// ClosesAt. OpensAt may be empty until approval, which then opens it.
type Consultation struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Organisation   int64 `gorm:"column:organisation_id"`
	Slug           string
	Lang           string // language of the texts below
	Title          string
	Ask            string // one sentence: what is asked of the reader
	Background     string // why, and the legal basis
	Explanation    string // 起草说明
	Changes        string // main changes, a line each: topic | what changes | provision
	Contact        string
	Privacy        string    // how names and contacts are treated; empty: the site's words
	Channels       []Channel `gorm:"serializer:json"`
	Demands        []string  `gorm:"serializer:json"` // fields of the sender that must be filled: see Demandable
	DemandReason   string
	CommentsPublic string // no, moderated, at_once
	Procedure      string // profile of package procedure; empty: none
	HideCount      bool   // while it is open, the public is not told how much has come
	OpensAt        *time.Time
	ClosesAt       *time.Time
	FirstClosesAt  *time.Time // the end before the first extension
	AnswerDue      *time.Time // until when the answer is promised
	State          State
	Author         string   // actor's key: who prepared it
	Contributors   []string `gorm:"serializer:json"` // keys of all who wrote notice or draft
	SubmittedBy    string
	ApprovedBy     string
	ApprovedAt     *time.Time
	SummaryBy      string // who submitted the summary
	PublishedAt    *time.Time
	WithdrawnAt    *time.Time
	Note           string // the last note: why returned, why withdrawn
	PeriodReason   string // why the period is shorter than usual
	Unlisted       bool   // belongs to a meeting: found by its address, in no public list
	CreatedAt      time.Time
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
	Version        int64

	Counters Counters `gorm:"-"`
}

// TableName names the table for gorm.
func (Consultation) TableName() string { return "consultations" }

// Channel is a way to send comments and where it leads: an address, a telephone
// number, a date.
type Channel struct {
	Channel string `json:"channel"`
	Detail  string `json:"detail"`
}

// Counters are the figures of a consultation, kept in the transactions of what
// they count.
type Counters struct {
	Submissions int64
	Comments    int64
	Gathered    int64
	Suggestions int64
	InReview    int64
	Agreed      int64
	Held        int64 // submissions that wait for moderation
	Withheld    int64 // submissions of which words are kept from the public
	Withdrawn   int64 // submissions that their senders took back
}

// Channels lists every channel of the contract, in its order.
var Channels = []string{"web", "api", "email", "letter", "phone", "seminar", "hearing", "visit", "survey", "meeting", "import"}

// Announced lists the channels that a notice can offer.
var Announced = []string{"web", "api", "email", "letter", "phone", "seminar", "hearing", "visit", "survey", "meeting"}

// Demandable lists the fields of a sender that a notice may demand. contact is
// a telephone number or an e-mail address.
var Demandable = []string{"kind", "name", "contact", "region"}

// Demanded reports whether the notice demands a field of the sender.
func (c Consultation) Demanded(field string) bool { return slices.Contains(c.Demands, field) }

// The three ways of showing comments to the public.
const (
	PublicNo        = "no"
	PublicModerated = "moderated"
	PublicAtOnce    = "at_once"
)

// CountShown reports whether the public is told how much has come: a notice may
// keep the live count back until the end, so that it sways nobody.
func (c Consultation) CountShown(now time.Time) bool { return !c.HideCount || c.Status(now) != Open }

// Offers reports whether the notice names the channel.
func (c Consultation) Offers(channel string) bool {
	return slices.ContainsFunc(c.Channels, func(x Channel) bool { return x.Channel == channel })
}

// Status is where the consultation stands at an instant.
func (c Consultation) Status(now time.Time) Status {
	if c.State != Approved {
		return Status(c.State)
	}
	switch {
	case c.OpensAt == nil || now.Before(*c.OpensAt):
		return Scheduled
	case c.ClosesAt == nil || now.Before(*c.ClosesAt):
		return Open
	}
	return Closed
}

// PublicStatus is Status in the words that the public sees; ok is false while
// there is nothing to see, before approval.
func (c Consultation) PublicStatus(now time.Time) (status PublicStatus, ok bool) {
	switch s := c.Status(now); s {
	case Scheduled, Open, Closed:
		return PublicStatus(s), true
	case DecidedStatus, SummaryInReviewStatus:
		return PublicClosed, true
	case PublishedStatus, ArchivedStatus:
		return PublicSummarised, true
	case WithdrawnStatus:
		return PublicWithdrawn, true
	}
	return "", false
}

// Public reports whether everybody may see it: from approval on.
func (c Consultation) Public() bool {
	return c.State != Prepared && c.State != InReview && c.State != Returned
}

// Extended reports whether the end was moved.
func (c Consultation) Extended() bool { return c.FirstClosesAt != nil }

// Editable reports whether notice and draft may be changed.
func (c Consultation) Editable() bool { return c.State == Prepared || c.State == Returned }

// OwnWork reports whether a person wrote or submitted any of it.
func (c Consultation) OwnWork(key string) bool {
	return key == c.Author || key == c.SubmittedBy || key == c.SummaryBy || slices.Contains(c.Contributors, key)
}
