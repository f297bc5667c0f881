// Package moderation decides what of a submission the public sees. A submission
// may be held before anybody sees it; its comments are shown, withheld with a
// reason from a list, or masked where they hold personal data; its sender may take
// it back; somebody may say that it was not theirs. Whatever is decided leaves a
// mark in public, a row in the trail and a leaf in the register, changes no count,
// and can be taken back.
package moderation

import (
	"slices"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// What may be done.
var (
	PermissionSee     = access.Permission{Object: "moderation", Action: "see"}
	PermissionDecide  = access.Permission{Object: "moderation", Action: "decide"}
	PermissionRules   = access.Permission{Object: "moderation", Action: "rules"}
	PermissionUnit    = access.Permission{Object: "moderation", Action: "unit_rules"} // those of the whole organisation
	PermissionReports = access.Permission{Object: "moderation", Action: "reports"}    // people who say that it was not them, with their contacts
)

// Act is what is done about showing a submission.
type Act string

// The acts. Withdraw is the sender's; the others are staff's.
const (
	Show     Act = "show"      // into public, with the masks that were accepted
	Withhold Act = "withhold"  // a mark stands in place of the words
	Mask     Act = "mask"      // other masks on what is shown already
	TakeBack Act = "take_back" // the last act, as if it had not been
	Withdraw Act = "withdraw"
)

// StaffActs lists those of staff.
var StaffActs = []Act{Show, Withhold, Mask, TakeBack}

// The reasons of each act, in the order in which pages offer them. A reason is
// public: it stands in the mark and in the register. Those that Other is need words.
var (
	WithholdReasons = []string{"third_person", "personal", "secret", "unlawful", "abuse", "advertising", "flood", "not_author", Other}
	ShowReasons     = []string{"reviewed"}
	MaskReasons     = []string{"personal", "third_person", "corrected"}
	TakeBackReasons = []string{"mistaken", "objection", "corrected"}
)

// Other is the reason that needs words.
const Other = "other"

// NotAuthor is the reason for what somebody says that they did not send.
const NotAuthor = "not_author"

// Reasons lists the reasons of an act; the first is taken when none is named,
// except for Withhold and TakeBack, which name theirs.
func Reasons(a Act) []string {
	switch a {
	case Show:
		return ShowReasons
	case Withhold:
		return WithholdReasons
	case Mask:
		return MaskReasons
	case TakeBack:
		return TakeBackReasons
	}
	return nil
}

// MostWords is the longest explanation of an act, in characters.
const MostWords = 500

// Event is one act as it is kept.
type Event struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	SubmissionID   int64
	Act            Act
	Reason         string
	Words          string // to the sender; nobody else outside the house reads them
	Actor          string
	ActorName      string
	Before         string // JSON of submission.Standing
	After          string
	Undone         bool
	At             time.Time
}

// TableName names the table for gorm.
func (Event) TableName() string { return "moderation_events" }

// Deps are what the service works with.
type Deps struct {
	DB            *database.DB
	Gate          *access.Gate
	Keys          *seal.Keys
	Consultations *consultation.Service
	Submissions   *submission.Service
}

// Service moderates. It is safe for concurrent use.
type Service struct {
	Deps
	rules  rulebook
	floods floods
}

// New makes the service; hand it to submission.HoldWith, so that it judges what
// comes in.
func New(d Deps) *Service {
	return &Service{Deps: d, rules: newRulebook(), floods: newFloods()}
}

// May reports whether the actor's role allows something there.
func (s *Service) May(who actor.Actor, p access.Permission, organisation int64) bool {
	return s.Gate.May(who, p, organisation)
}

// shows reports whether the notice lets comments be seen at all.
func shows(c consultation.Consultation) bool { return c.CommentsPublic != consultation.PublicNo }

func known(reason string, of Act) bool { return slices.Contains(Reasons(of), reason) }
