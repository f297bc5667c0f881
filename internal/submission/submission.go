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
