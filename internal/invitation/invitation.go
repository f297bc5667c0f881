// Package invitation asks the people who were selected for a meeting, takes their
// answer, calls the next reserve by itself, gives out the papers, and tells and
// forgets those who were not selected.
//
// Where somebody stands is the application's state, which meeting keeps; a row
// here is what was asked, when, and what was answered. Every act on a place holds
// the meeting's row, so that answers, silence and withdrawals that come at once
// follow each other and no place is given twice.
package invitation

import (
	"time"

	"guangyi/internal/access"
	"guangyi/internal/meeting"
)

// What may be done here.
var (
	PermissionSee    = access.Permission{Object: "invitation", Action: "see"}
	PermissionAsk    = access.Permission{Object: "invitation", Action: "ask"}
	PermissionAnswer = access.Permission{Object: "invitation", Action: "answer"} // on the telephone, for the invited person
	PermissionPapers = access.Permission{Object: "invitation", Action: "papers"}
)

// Answer is what an invited person said. The zero value is no answer yet.
type Answer string

// The answers. Withdrawn is an acceptance taken back.
const (
	Open      Answer = ""
	Accepted  Answer = "accepted"
	Declined  Answer = "declined"
	Withdrawn Answer = "withdrawn"
	Lapsed    Answer = "lapsed" // silence past AnswerBy
)

// Called says why somebody was asked.
type Called string

// The reasons.
const (
	BySelection Called = "selection"
	ByReserve   Called = "reserve" // moved up when a place came free
	ByStaff     Called = "again"   // asked again by staff
	ByCarrying  Called = "carried" // came along with an item from another meeting
)

// Whoever answered: the person by the link, or staff on the telephone (the
// actor's key).
const byLink = "link"

// Invitation is one person asked to one meeting.
type Invitation struct {
	Meeting         int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Application     int64 `gorm:"column:application_id;primaryKey;autoIncrement:false"`
	Organisation    int64 `gorm:"column:organisation_id"`
	Round           int   // 1; one more each time the person is asked again
	Called          Called
	InvitedAt       time.Time
	AnswerBy        time.Time // an answer counts before this instant
	Answer          Answer
	AnsweredAt      *time.Time
	AnsweredBy      string
	SealedNeeds     []byte
	TokenHash       []byte
	SealedToken     []byte // empty once forgotten
	RevokedAt       *time.Time
	UndertakingHash string
	UndertakenAt    *time.Time
	AskedAgainAt    *time.Time // reminded to answer
	RemindedAt      *time.Time // reminded of the meeting
	Version         int64
}

// TableName names the table for gorm.
func (Invitation) TableName() string { return "invitations" }

// Round is how far the inviting of a meeting has come.
type Round struct {
	Meeting      int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Organisation int64 `gorm:"column:organisation_id"`
	InvitedAt    time.Time
	InvitedBy    string
	Places       int        // how many held a place when they were invited; never more do
	PapersAt     *time.Time // the first papers were given out
}

// TableName names the table for gorm.
func (Round) TableName() string { return "invitation_rounds" }

// Times of the room. A person has AnswerFor to answer, or half of what is left
// until the meeting when that is shorter.
const (
	AnswerFor = 72 * time.Hour
	askAgain  = 24 * time.Hour // before AnswerBy, if it was given at least twice as long
	remind    = 48 * time.Hour // before the meeting
	lastCall  = 2 * time.Hour  // before the meeting nobody is called by the clock any more
	// KeepAttended is how long the contact of those who held a place is kept after
	// the meeting: they sign their statements and are told what became of them.
	KeepAttended = 365 * 24 * time.Hour
)

// answerBy is until when somebody asked now has to answer: the date of the call
// when it is still far enough away, else a fair part of what is left.
func answerBy(m meeting.Meeting, now time.Time) time.Time {
	left := m.StartsAt.Sub(now)
	if m.AnswerBy != nil && m.AnswerBy.Sub(now) >= min(24*time.Hour, left/2) {
		return *m.AnswerBy
	}
	return now.Add(min(AnswerFor, left/2)).UTC().Truncate(time.Microsecond)
}
