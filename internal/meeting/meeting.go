// Package meeting keeps meetings that the public may attend: the call, who
// applied, and the states that both go through.
//
// A meeting is called for 列席 (sitting in when a body decides), for a hearing,
// or for anything that has places: a seminar, an open day. The states are
// written once, in states.go; what the clock brings (announced, open, closed,
// due) is worked out and never stored.
package meeting

import (
	"slices"
	"time"

	"guangyi/internal/access"
)

// What may be done to a meeting beyond its events.
var (
	PermissionSee     = access.Permission{Object: "meeting", Action: "see"}
	PermissionPrepare = access.Permission{Object: "meeting", Action: "prepare"}
	PermissionApply   = access.Permission{Object: "application", Action: "send"}
	PermissionList    = access.Permission{Object: "application", Action: "list"}
	PermissionVet     = access.Permission{Object: "application", Action: "vet"}
	PermissionContact = access.Permission{Object: "application", Action: "contact"}
	PermissionImport  = access.Permission{Object: "meeting", Action: "import"}
	PermissionRecord  = access.Permission{Object: "audit", Action: "read"}
	PermissionExport  = access.Permission{Object: "application", Action: "export"}
)

// Kind is what sort of meeting it is.
type Kind string

// The kinds.
const (
	Office    Kind = "office"    // 局长办公会议
	Executive Kind = "executive" // 常务会议
	Plenary   Kind = "plenary"   // 全体会议
	Hearing   Kind = "hearing"   // 听证会
	Seminar   Kind = "seminar"   // 座谈会
	OpenDay   Kind = "open_day"  // 开放日
	Court     Kind = "court"     // 庭审模拟
	Other     Kind = "other"
)

// Kinds lists them.
var Kinds = []Kind{Office, Executive, Plenary, Hearing, Seminar, OpenDay, Court, Other}

// Decides reports a meeting that decides and that representatives attend.
func (k Kind) Decides() bool { return k == Office || k == Executive || k == Plenary }

// The ways to give seats.
const (
	ByDraw       = "draw"
	ByOrder      = "order" // of arrival
	ByNomination = "nomination"
	Mixed        = "mixed" // by category
)

// Methods lists them.
var Methods = []string{ByDraw, ByOrder, ByNomination, Mixed}

// Whom a call is open to.
const (
	ToAll   = "all"
	ToPool  = "pool"  // standing representatives
	ToNamed = "named" // persons whom the body names
)

// Openings lists them.
var Openings = []string{ToAll, ToPool, ToNamed}

// Observer is the category of those who listen and do not speak; it exists where
// a meeting has seats for observers.
const Observer = "observer"

// CategoryCodes lists the categories of the contract; a meeting may have its own.
var CategoryCodes = []string{"deputy", "expert", "enterprise", "citizen", "stakeholder", "media"}

// Demandable lists what a call may demand of applicants besides their name and a
// telephone number or e-mail address.
var Demandable = []string{"email", "phone", "id", "unit", "post", "profession", "address", "sex", "birth_year", "district", "reason", "opinion"}

// Meeting is one meeting with its call.
//
// OpensAt may be empty until approval, which then opens it. Applications are
// taken from OpensAt on and before ClosesAt; without ClosesAt, a meeting takes none.
type Meeting struct {
	ID               int64  `gorm:"primaryKey;autoIncrement:false"`
	Organisation     int64  `gorm:"column:organisation_id"`
	OrganisationSlug string `gorm:"-"`
	OrganisationName string `gorm:"-"`
	Slug             string
	Lang             string // language of the texts below
	Title            string
	Matter           string // what is decided
	Ask              string // one sentence to the public
	Description      string
	Kind             Kind
	Procedure        string // profile of periods: cn, plain
	Rules            string `gorm:"column:rule_set"` // statutory set of the profile: major, rule or none
	About            string // slug of the consultation whose draft is discussed
	AboutID          int64
	StartsAt         time.Time
	EndsAt           time.Time
	Place            string
	Link             string
	Access           string // ramp, lift, induction loop
	Contact          string

	Seats      int
	Categories []Category `gorm:"serializer:json"`
	Quotas     []Quota    `gorm:"serializer:json"`
	Questions  []Question `gorm:"serializer:json"`
	Districts  []string   `gorm:"serializer:json"` // to choose from; empty: free
	Demands    []string   `gorm:"serializer:json"` // see Demandable
	Sessions   []Session  `gorm:"-"`
	Sides      bool       // applicants are for or against
	Observers  int        // seats of observers

	OpenTo        string // all, pool, named
	AccountNeeded bool
	Conditions    string
	Duties        string
	Privacy       string
	Undertaking   string

	OpensAt       *time.Time
	ClosesAt      *time.Time
	FirstClosesAt *time.Time // the end before the first extension
	AnswerBy      *time.Time // to accept or decline until
	PapersAt      *time.Time // papers are delivered
	ForgetAt      *time.Time // contact data of those not selected is erased

	Method              string
	Households          bool // people of one household do not sit together
	Units               bool // people of one employer or body do not sit together
	InvitedAtMost       int  // whoever was invited more often is not drawn; 0: no limit
	InvitedWithinMonths int
	ExcludeConflict     bool
	Panels              int    // of the lottery
	Seed                Seed   `gorm:"serializer:json"`
	MinutesEach         int    // speaking time
	ShortReason         string // why a period is shorter than the rule says; public

	FirstStartsAt *time.Time // the date before the first move
	State         State
	Author        string   // key of who prepared it
	Contributors  []string `gorm:"serializer:json"`
	SubmittedBy   string
	ApprovedBy    string
	ApprovedAt    *time.Time
	AccountBy     string // who submitted the account
	PublishedAt   *time.Time
	CancelledAt   *time.Time
	Note          string // the last note: why returned, moved, cancelled
	RulesText     string // the rules as published, canonical JSON
	RulesDigest   string // SHA-256 of RulesText, hexadecimal
	Consultation  int64  `gorm:"column:consultation_id"` // its own unlisted one; 0: none yet
	ImportedID    string // its number in the file that it was imported from
	Topic         string // subject and district of an imported meeting
	District      string
	Attended      int // published figures of an imported meeting
	Proposals     int
	Interventions int
	Source        string // address of an imported meeting's page

	CreatedAt time.Time
	UpdatedAt time.Time `gorm:"autoUpdateTime:false"`
	Version   int64

	Counts map[string]Count `gorm:"-"` // by part: "" the whole, category, "side:for", "session:7"
}

// TableName names the table for gorm.
func (Meeting) TableName() string { return "meetings" }

// Category is one kind of applicant with its seats (0: no number of its own).
type Category struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Short  string `json:"short,omitempty"` // for labels such as 市民03
	Note   string `json:"note,omitempty"`
	Seats  int    `json:"seats"`
	Method string `json:"method,omitempty"` // where the method is mixed
}

// Quota bounds how many of the selected have a feature. Category is sex, age,
// district, category or the code of a question.
type Quota struct {
	Category string `json:"category"`
	Feature  string `json:"feature"`
	Min      int    `json:"min"`
	Max      int    `json:"max"`
}

// Question asks applicants for one more feature.
type Question struct {
	Code    string   `json:"code"`
	Label   string   `json:"label"`
	Options []Option `json:"options"`
}

// Option is one answer to a question.
type Option struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Session is one of several times to come. Capacity counts persons; Group is how
// many one application may bring, itself included (0 and 1: alone).
type Session struct {
	MeetingID int64     `json:"-" gorm:"primaryKey;autoIncrement:false"`
	ID        int64     `json:"id,string" gorm:"primaryKey;autoIncrement:false"`
	Position  int       `json:"-"`
	Name      string    `json:"name"`
	StartsAt  time.Time `json:"starts_at"`
	EndsAt    time.Time `json:"ends_at"`
	Capacity  int       `json:"capacity"`
	Group     int       `json:"group" gorm:"column:group_most"`
}

// TableName names the table for gorm.
func (Session) TableName() string { return "meeting_sessions" }

// Seed says where the draw's public seed comes from. Source is lottery, beacon,
// parties or hand; KnownAt is when it becomes known.
type Seed struct {
	Source      string       `json:"source,omitempty"`
	Name        string       `json:"name,omitempty"`      // 福彩3D, drand
	Reference   string       `json:"reference,omitempty"` // issue number or round
	KnownAt     time.Time    `json:"known_at,omitzero"`
	Commitments []Commitment `json:"commitments,omitempty"`
}

// Commitment is one party's sealed part of a seed.
type Commitment struct {
	Party  string `json:"party"`
	Digest string `json:"digest"` // SHA-256 of what is opened later, hexadecimal
}

// SeedSources lists the sources of a seed.
var SeedSources = []string{"lottery", "beacon", "parties", "hand"}

// Count is how many applied for a part of a meeting, in applications, and how
// many persons have a seat or wait for one.
type Count struct{ Applied, Seated, Waiting int }

// Public reports whether everybody may see it: from approval on.
func (m Meeting) Public() bool {
	return m.State != Prepared && m.State != InReview && m.State != Returned
}

// Editable reports whether everything of it may be changed.
func (m Meeting) Editable() bool { return m.State == Prepared || m.State == Returned }

// Moved reports whether its date was moved after publication.
func (m Meeting) Moved() bool { return m.FirstStartsAt != nil }

// Extended reports whether the end of applications was moved.
func (m Meeting) Extended() bool { return m.FirstClosesAt != nil }

// Imported reports a meeting that was held elsewhere and whose figures are kept.
func (m Meeting) Imported() bool { return m.ImportedID != "" }

// OwnWork reports whether a person prepared or submitted any of it.
func (m Meeting) OwnWork(key string) bool {
	return key == m.Author || key == m.SubmittedBy || key == m.AccountBy || slices.Contains(m.Contributors, key)
}

// Demanded reports whether the call demands a field of applicants: because it
// says so, or because a quota counts it.
func (m Meeting) Demanded(field string) bool {
	if slices.Contains(m.Demands, field) {
		return true
	}
	if field == "birth_year" {
		field = "age"
	}
	return slices.ContainsFunc(m.Quotas, func(q Quota) bool { return q.Category == field })
}

// AllCategories are the categories that one may apply in: those of the call, and
// observers where there are seats for them.
func (m Meeting) AllCategories() []Category {
	if m.Observers == 0 {
		return m.Categories
	}
	return append(slices.Clone(m.Categories), Category{Code: Observer, Name: Observer, Seats: m.Observers})
}

// Category finds a category by its code.
func (m Meeting) Category(code string) (Category, bool) {
	all := m.AllCategories()
	i := slices.IndexFunc(all, func(c Category) bool { return c.Code == code })
	if i < 0 {
		return Category{}, false
	}
	return all[i], true
}

// Session finds a session.
func (m Meeting) Session(id int64) (Session, bool) {
	i := slices.IndexFunc(m.Sessions, func(s Session) bool { return s.ID == id })
	if i < 0 {
		return Session{}, false
	}
	return m.Sessions[i], true
}

// MethodOf is how the seats of a category are given.
func (m Meeting) MethodOf(category string) string {
	if m.Method != Mixed {
		return m.Method
	}
	c, _ := m.Category(category)
	if category == Observer && c.Method == "" {
		return ByDraw
	}
	return c.Method
}
