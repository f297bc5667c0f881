// Package mailbox takes in what people send by mail. It asks mailboxes for what
// came (IMAP4, RFC 3501 and 9051), reads it, and makes a submission of each mail
// that somebody wrote; what machines wrote, and what belongs to nothing, is set
// aside where staff see it. Nothing is lost and nothing is doubled:
//
//   - a mail is fetched without touching it, stored with its submission in one
//     transaction, and only then marked as read in the mailbox;
//   - it is known again by the mailbox's UIDVALIDITY and UID, and by what it says
//     (Message-ID, sender, words), so that a crash at any instant, a mailbox that
//     was moved, or a copy in a second mailbox adds nothing;
//   - it is never moved and never deleted.
package mailbox

import (
	"time"

	"guangyi/internal/access"
)

// What may be done with mail.
var (
	PermissionAccounts = access.Permission{Object: "mailbox", Action: "accounts"} // see mailboxes and how they fare
	PermissionSettings = access.Permission{Object: "mailbox", Action: "settings"} // change them
	PermissionSee      = access.Permission{Object: "mailbox", Action: "see"}      // read the mails of a consultation
	PermissionDecide   = access.Permission{Object: "mailbox", Action: "decide"}   // decide what was set aside
)

// Security is how the connection to a mail server is encrypted. There is no
// unencrypted one.
type Security string

// The two ways: TLS from the first byte (port 993) or by STARTTLS (port 143).
const (
	TLS      Security = "tls"
	STARTTLS Security = "starttls"
)

// State is what became of a mail.
type State string

// The states of a mail.
const (
	Taken     State = "taken"     // it is a submission
	Repeated  State = "repeated"  // the same mail is one already
	Aside     State = "aside"     // staff decide; Reason says why
	Dismissed State = "dismissed" // staff decided that it is no submission
)

// Reason says why a mail was set aside.
type Reason string

// The reasons. Those from Automatic to List are what machines send: nobody is ever
// answered for them (RFC 3834, section 2).
const (
	Automatic   Reason = "automatic"    // an automatic reply
	Bounce      Reason = "bounce"       // a report of a delivery (RFC 3464)
	ReadReceipt Reason = "read_receipt" // a report of a reading (RFC 8098)
	List        Reason = "list"         // of a mailing list, or sent in bulk
	Own         Reason = "own"          // from one of our own addresses
	Addition    Reason = "addition"     // an answer to our letter, or to the sender's own mail
	Unknown     Reason = "unknown"      // to an address that stands for no consultation
	Early       Reason = "early"        // before the period
	Over        Reason = "over"         // after the summary was submitted
	Empty       Reason = "empty"        // neither words nor files
	Large       Reason = "large"        // too large to be fetched; it stays in the mailbox
	Unreadable  Reason = "unreadable"   // no program can read it
	Refused     Reason = "refused"      // the submission's own rules do not take it
)

// Account is a mailbox that is asked for mail. Its password is never shown.
type Account struct {
	ID           int64
	Organisation int64
	Address      string // its own, in lower case
	Host         string
	Port         int
	Security     Security
	Username     string
	Folder       string
	Active       bool
	FetchedAt    *time.Time // when it was last read to its end without a failure
	Failure      string     // code of the last failure, "" when there is none: a message below mailbox.trouble.
	Detail       string     // what the server said, without addresses
	FailingSince *time.Time
	NextAt       time.Time // of the next attempt
	Version      int64
}

// Mail is a mail as staff see it.
type Mail struct {
	ID           int64
	Organisation int64
	Account      int64
	Consultation int64 // 0: none was found
	ReceivedAt   time.Time
	FetchedAt    time.Time
	Size         int64 // bytes
	State        State
	Reason       Reason
	Submission   int64 // that it became, or that it adds to; 0: none
	DecidedBy    string
	DecidedAt    *time.Time
	Version      int64
	Content
}

// Content is what a mail says; it is stored sealed.
type Content struct {
	From      string     `json:"from,omitempty"` // address
	Name      string     `json:"name,omitempty"`
	To        []string   `json:"to,omitempty"`
	Subject   string     `json:"subject,omitempty"`
	MessageID string     `json:"message_id,omitempty"`
	SaidAt    *time.Time `json:"said_at,omitempty"` // the mail's own date, which proves nothing
	Text      string     `json:"text,omitempty"`    // the whole body as text
	Quoted    [][2]int   `json:"quoted,omitempty"`  // spans of Text, in characters, that are other people's words
	Files     []string   `json:"files,omitempty"`   // names of what was attached
	Refused   []Unkept   `json:"refused,omitempty"` // files that could not be kept with the submission
	Why       string     `json:"why,omitempty"`     // code of the fault, for Refused
	Held      string     `json:"held,omitempty"`    // why the submission waits for moderation
	AddsTo    int64      `json:"adds_to,omitempty"` // the submission that it added to, once it became one of its own
}

// Unkept is an attached file that did not become part of the submission. Its bytes
// stay in the mail as it came.
type Unkept struct {
	Name string `json:"name"`
	Code string `json:"code"` // message below "error."
}

// mostSize is the largest mail that is fetched, in bytes. Providers carry 50 MB at
// most; what is larger stays in the mailbox and is shown to staff.
const mostSize = 64 << 20
