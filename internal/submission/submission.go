// Package submission takes in what people send, on every channel, and keeps it
// word for word. A submission is an ordered list of parts as received; each part
// is a comment. Staff may split a part into spans, each a comment of its own, and
// aim a comment at a provision; the words themselves never change.
package submission

import (
	"time"

	"guangyi/internal/access"
)

// What may be done to submissions.
var (
	PermissionSend    = access.Permission{Object: "submission", Action: "send"}
	PermissionList    = access.Permission{Object: "submission", Action: "list"}
	PermissionContact = access.Permission{Object: "submission", Action: "contact"}
	PermissionImport  = access.Permission{Object: "submission", Action: "import"}
	PermissionExport  = access.Permission{Object: "submission", Action: "export"}
	PermissionSplit   = access.Permission{Object: "submission", Action: "split"}
	PermissionAim     = access.Permission{Object: "submission", Action: "aim"}
)

// The limits of what is taken, in characters (code points) except MostComments.
// The API's description promises them.
const (
	MostComments = 50
	MostText     = 20000
	MostProposed = 20000
	MostName     = 100
	MostEmail    = 254 // RFC 5321, 4.5.3.1.3, less its brackets
	MostPhone    = 40
	MostRegion   = 100
	MostKey      = 255 // bytes
)

// Kind is what a sender speaks as.
type Kind string

// Kinds lists the contract's kinds of senders.
var Kinds = []Kind{"individual", "enterprise", "organisation", "expert", "deputy"}

// ofPerson reports whether a published name of this kind is masked: it is a
// person's, not a body's.
func (k Kind) ofPerson() bool { return k != "enterprise" && k != "organisation" }

// Languages lists the languages that a text can be marked with.
var Languages = []string{"zh-CN", "en"}

// The two channels on which the public sends by itself.
const (
	Web = "web"
	API = "api"
)

// In is a submission as it comes in.
type In struct {
	Consultation string // slug
	Key          string // idempotency key, 1 to 255 bytes; empty: none, each call is a new submission
	Channel      string // empty: web
	Version      int64  // draft version that was read; 0: the one open for comment
	Language     string // of the texts; empty: the consultation's
	Submitter    Submitter
	Comments     []Part
	Consent      bool
	Held         string         // why it waits for moderation, "" when it does not
	Files        []File         // stored before as uploads; claimed in the same transaction
	Answers      []SurveyAnswer // of a survey; then there may be no comment
	Origin       Origin
	Entry        Entry // empty: worked out from channel and time
	// ReceivedAt is the instant at which the whole of it had arrived; zero: now.
	ReceivedAt time.Time
}

// Submitter is who sends. Name, e-mail and phone are kept sealed.
type Submitter struct {
	Kind        Kind
	Name        string
	Email       string
	Phone       string
	Region      string
	PublishName bool
}

// Part is one point as received. Provision "" is the draft as a whole.
type Part struct {
	Provision    string
	Text         string
	ProposedText string
}

// File is something attached. It is named in the leaf's content.
type File struct {
	ID     int64 // of the attachment
	Name   string
	Size   int64  // bytes
	SHA256 string // hexadecimal
}

// SurveyAnswer is the answer to one question of a survey, in words.
type SurveyAnswer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Origin is where something comes from that staff or an import take in.
type Origin struct {
	Import   int64      // the import that it is a row of
	File     string     // of an import: SHA-256 of the file, hexadecimal
	Number   string     // under which it was known elsewhere: a hotline, a mayor's letters
	PostedOn *time.Time // by the postmark
}

func (o Origin) empty() bool { return o.Number == "" && o.PostedOn == nil }

// Entry says who entered a submission. It stands in the leaf and in the published
// counts. Empty: received before this was kept.
type Entry string

// The entries.
const (
	EntrySender Entry = "sender"
	EntryClerk  Entry = "clerk"
	EntryImport Entry = "import" // with the hash of the file
	EntryAfter  Entry = "after"  // by a clerk, after the end of the period
)

// Entries lists them in the order in which they are shown.
var Entries = []Entry{EntrySender, EntryClerk, EntryImport, EntryAfter}

// MostFiles is how many files one submission carries.
const MostFiles = 10

// MostOrigin is the longest number that a submission had elsewhere, in characters.
const MostOrigin = 100

// Receipt is the answer to a submission: it is stored for good.
type Receipt struct {
	Number     string
	Secret     string
	ReceivedAt time.Time
	LeafHash   []byte // 32 bytes
	Submission int64
	Repeated   bool // it was stored before, under the same key
}

// State is where a submission stands.
type State string

// The states that a sender can see. Answered is worked out: each comment has a
// published answer.
const (
	Held      State = "held"
	Accepted  State = "accepted"
	Withheld  State = "withheld"
	Withdrawn State = "withdrawn"
	Answered  State = "answered"
)
