// Package adoption keeps what became of what people said: comments that say the
// same are gathered into suggestions, each gets a disposition with its reason, a
// second person agrees, and the adoption summary is published from these records
// and from nothing else.
package adoption

import (
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Suggestion is what several comments ask for, in one sentence, and what was
// decided on it.
type Suggestion struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Number         int   // from 1 within the consultation; its public name
	Text           string
	Lang           string
	About          string `gorm:"column:provision"` // what its first comment was about; "" the whole draft
	State          State
	Disposition    Code
	Reason         string
	ReasonLang     string
	Note           string // why it was returned
	Author         string // key of who wrote the text last
	DraftedBy      string // key of who drafted the disposition
	SubmittedBy    string
	AgreedBy       string
	AgreedAt       *time.Time
	Comments       int // comments gathered
	Submissions    int // letters they stand in
	People         int // persons who sent these
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Version        int64

	Provisions []string `gorm:"-"` // keys of the changed provisions
}

// TableName names the table for gorm.
func (Suggestion) TableName() string { return "suggestions" }

// Decided gives the disposition with its reason and provisions.
func (s Suggestion) Decided() Disposition {
	return Disposition{Code: s.Disposition, Reason: s.Reason, ReasonLang: s.ReasonLang, Provisions: s.Provisions}
}

// provisionRow is one changed provision of a suggestion.
type provisionRow struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	SuggestionID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Position       int   `gorm:"primaryKey;autoIncrement:false"`
	Provision      string
}

func (provisionRow) TableName() string { return "suggestion_provisions" }

// Happening is one line of a suggestion's history.
type Happening struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	SuggestionID   int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Event          string
	Actor          string // key of the person
	ActorName      string // as it was then
	Note           string
	At             time.Time
}

// TableName names the table for gorm.
func (Happening) TableName() string { return "suggestion_events" }

// What stands in a history. The first four make it the actor's own work.
const (
	Wrote      = "write"
	Rewrote    = "edit"
	Disposed   = "dispose"
	Submitted  = "submit"
	Agreeing   = "agree"
	Returning  = "return"
	Gathering  = "gather"
	Releasing  = "release"
	Moving     = "move"
	Merging    = "merge"
	SignedWith = "sign"
)

// handed lists what makes a suggestion somebody's own work.
var handed = []string{Wrote, Rewrote, Disposed, Submitted}

// In is a new suggestion. Comments may be empty: they can be added later.
type In struct {
	Text     string
	Lang     string // empty: the consultation's language
	Comments []int64
	Move     bool // take comments out of the suggestions that hold them
}

// checkText refuses a suggestion that says nothing or too much.
func checkText(text string) fault.Fields {
	var faults fault.Fields
	switch {
	case strings.TrimSpace(text) == "":
		faults.Add("text", "suggestion.text_required")
	case utf8.RuneCountInString(text) > TextLimit:
		faults.Add("text", "suggestion.too_long", "limit", TextLimit)
	}
	return faults
}

// nameOf is what a history shows of an actor.
func nameOf(who actor.Actor) string {
	if who.Name != "" {
		return who.Name
	}
	return who.Key()
}
