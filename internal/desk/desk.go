// Package desk takes in what does not come by wire: letters, faxes, calls, visits,
// notes of seminars and hearings. A clerk types it; where the organisation demands
// it another person checks the transcription; then it becomes a submission like any
// other, with the same receipt and the same answer.
//
// When the submission is made. An entry that nobody needs to check becomes one at
// once, in the transaction that ends the typing. An entry that must be checked
// becomes one in the transaction of the check: until then its words may still be
// put right, and a leaf of the register is for good. Meanwhile the entry is kept on
// the server, is counted as waiting, and holds back the summary (see Check). What is
// found out after that changes nothing: it is added as a remark, or as another
// entry that names the one it corrects.
package desk

import (
	"slices"
	"strings"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/submission"
)

// What may be done at the desk.
var (
	PermissionEnter  = access.Permission{Object: "desk", Action: "enter"}
	PermissionCheck  = access.Permission{Object: "desk", Action: "check"}
	PermissionSee    = access.Permission{Object: "desk", Action: "see"}
	PermissionDemand = access.Permission{Object: "desk", Action: "demand"}
)

// The limits of an entry, in characters except where said. Those of texts and
// contacts are submission's.
const (
	MostSigners = 200 // people
	MostAddress = 200
	MostNote    = 500
	MostTitle   = 120
	MostNumber  = 60
	MostFiles   = 10
)

// Way is how it came. A fax is a letter without a postmark.
type Way string

// The ways.
const (
	Letter  Way = "letter"
	Fax     Way = "fax"
	Phone   Way = "phone"
	Visit   Way = "visit"
	Seminar Way = "seminar"
	Hearing Way = "hearing"
)

// Ways lists them in the order of the page.
var Ways = []Way{Letter, Fax, Phone, Visit, Seminar, Hearing}

// Channel is the contract's channel of a way.
func (w Way) Channel() string {
	if w == Fax {
		return string(Letter)
	}
	return string(w)
}

// Titled reports whether a batch of this way has a name: which seminar it was.
func (w Way) Titled() bool { return w == Seminar || w == Hearing }

// Content is all that was typed of one paper. It is kept sealed.
type Content struct {
	Sender  Sender   `json:"sender"`
	Signers []string `json:"signers,omitempty"` // who else signed, a name each
	Points  []Point  `json:"points,omitempty"`
	Number  string   `json:"number,omitempty"` // under which the unit's own post book has it
	// ReceivedOn is the day on which it arrived or was said, ReceivedAt the hour
	// (15:04) when that matters; PostedOn the day of the postmark. Days are 2006-01-02
	// in the site's time zone.
	ReceivedOn string `json:"received_on,omitempty"`
	ReceivedAt string `json:"received_at,omitempty"`
	PostedOn   string `json:"posted_on,omitempty"`
	Late       bool   `json:"late,omitempty"`  // it came late, and is taken in as such
	Check      bool   `json:"check,omitempty"` // the clerk asks for a second reader
	Note       string `json:"note,omitempty"`  // for colleagues: a page is hard to read
}

// Sender is who sent it.
type Sender struct {
	Kind    submission.Kind `json:"kind,omitempty"`
	Name    string          `json:"name,omitempty"`
	Unit    string          `json:"unit,omitempty"`
	Phone   string          `json:"phone,omitempty"`
	Email   string          `json:"email,omitempty"`
	Address string          `json:"address,omitempty"` // postal
	Region  string          `json:"region,omitempty"`
}

// Point is one point. Provision is as typed (8, 第八条, art-8) until the entry is
// finished, then a key of the draft; empty is the draft as a whole.
type Point struct {
	Provision string `json:"provision,omitempty"`
	Text      string `json:"text"`
	Proposed  string `json:"proposed_text,omitempty"`
}

// Blank reports that nothing was typed yet of what makes a submission.
func (c Content) Blank() bool {
	empty := c.Sender == Sender{Kind: c.Sender.Kind} && len(c.Signers) == 0 && c.Number == "" && c.Note == "" && c.PostedOn == ""
	return empty && !slices.ContainsFunc(c.Points, func(p Point) bool { return !submission.Blank(p.Text) || !submission.Blank(p.Proposed) })
}

// Batch is one sitting of a clerk over a pile: what all of it has in common.
type Batch struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Way            Way
	Day            string // 2006-01-02
	Title          string // of the seminar or hearing
	Clerk          string // actor's key
	OpenedAt       time.Time
}

// TableName names the table for gorm.
func (Batch) TableName() string { return "desk_batches" }

// Entry is one paper at the desk.
type Entry struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	BatchID        int64
	Key            string // of the form that began it
	State          State
	Way            Way
	Clerk          string // actor's key: who finished the typing, else who began it
	Typists        string // keys of all who typed any of it: " account:1 account:2 "
	Sealed         []byte
	Points         int64
	Signers        int64
	Drawn          bool // a second person must check it
	Late           bool // it came after the end, and is counted apart
	CheckedBy      string
	CheckedAt      *time.Time
	Corrected      bool   // the check changed something
	SubmissionID   int64  // 0 until it is taken
	Receipt        string // its number
	Reason         string // code: why it was discarded
	Refused        string // code: why it could not be taken after its check
	CorrectsID     int64  // the entry that this one corrects
	CreatedAt      time.Time
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
	Version        int64

	Content Content `gorm:"-"`
	Files   []Paper `gorm:"-"`
}

// TableName names the table for gorm.
func (Entry) TableName() string { return "desk_entries" }

// typedBy adds somebody to those who typed.
func (e *Entry) typedBy(key string) {
	if e.Typists == "" {
		e.Typists = " "
	}
	if !e.TypedBy(key) {
		e.Typists += key + " "
	}
}

// TypedBy reports whether somebody typed any of it; then they cannot check it.
func (e Entry) TypedBy(key string) bool { return strings.Contains(e.Typists, " "+key+" ") }

// Paper is a scan or photograph of an entry.
type Paper struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	EntryID        int64 `gorm:"primaryKey;autoIncrement:false"`
	FileID         int64 `gorm:"primaryKey;autoIncrement:false"`
	Name           string
	MediaType      string
	Size           int64  // bytes
	SHA256         string `gorm:"column:sha256"` // hexadecimal
}

// TableName names the table for gorm.
func (Paper) TableName() string { return "desk_files" }

// Shown reports whether a browser may draw it in a page: only pictures that hold no
// script.
func (p Paper) Shown() bool {
	return slices.Contains([]string{"image/jpeg", "image/png", "image/webp", "image/gif"}, p.MediaType)
}
