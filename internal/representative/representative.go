// Package representative keeps the pool of an organisation's standing
// representatives: who applied, who looked at it (two people), the term, how
// often somebody was invited and came, and what of it anybody may know.
package representative

import (
	"time"

	"guangyi/internal/access"
)

// What may be done to the pool. Whether it is one's own application, or one's own
// decision, is asked besides.
var (
	mayApply   = access.Permission{Object: "representative", Action: "apply"}
	mayList    = access.Permission{Object: "representative", Action: "list"}
	mayContact = access.Permission{Object: "representative", Action: "contact"}
	mayVet     = access.Permission{Object: "representative", Action: "vet"}
	mayAdmit   = access.Permission{Object: "representative", Action: "admit"}
	maySuspend = access.Permission{Object: "representative", Action: "suspend"}
	mayAnswer  = access.Permission{Object: "representative", Action: "answer"}
	mayPool    = access.Permission{Object: "representative", Action: "pool"}
)

// Representative is an application to the pool and the membership that came of
// it, without name and contact: these are sealed in Person.
type Representative struct {
	Organisation    int64 `gorm:"column:organisation_id;primaryKey;autoIncrement:false"`
	ID              int64 `gorm:"primaryKey;autoIncrement:false"`
	Reference       string
	Account         int64  `gorm:"column:account_id"` // 0: applied without an account
	Person          string // blind index of the contact while the membership lives
	IdempotencyKey  string
	BodyHash        []byte
	Lang            string
	Category        string
	District        string
	Conflict        bool   // has something to declare; what, is sealed
	PublicName      string // masked (王**) unless its owner asked for the whole name
	NamePublic      bool
	State           State
	AppliedAt       time.Time
	ConsentedAt     time.Time
	FirstBy         string // key of the first of the two who vet
	FirstName       string
	FirstAt         *time.Time
	FirstAdmits     bool
	FirstNote       string
	SecondBy        string
	SecondName      string
	SecondAt        *time.Time
	Reason          string // of the decision, told to the applicant
	TermFrom        *time.Time
	TermUntil       *time.Time // the term ends at this instant
	RenewalAskedAt  *time.Time
	RenewalWantedAt *time.Time
	SuspendedBy     string
	SuspendedAt     *time.Time
	SuspendedFor    string
	AppealedAt      *time.Time
	AppealAnswer    string
	AnsweredBy      string
	AnsweredAt      *time.Time
	EndedAt         *time.Time // refused, left or run out
	ForgetAt        *time.Time // name and contact are deleted then
	ErasedAt        *time.Time
	Invited         int // meetings
	Came            int
	Version         int64

	Fields []string `gorm:"-"` // fields of interest
}

// TableName names the table for gorm.
func (Representative) TableName() string { return "representatives" }

// Serving reports whether the person is a representative at this instant: within
// the term and not suspended.
func (r Representative) Serving(now time.Time) bool {
	return r.State == Admitted && r.TermFrom != nil && !now.Before(*r.TermFrom) && r.within(now)
}

func (r Representative) within(now time.Time) bool {
	return r.TermUntil != nil && now.Before(*r.TermUntil)
}

// Person is what is sealed of a representative. Which of the details a category
// asks for is said by DetailsOf.
type Person struct {
	Name       string `json:"name"`
	Phone      string `json:"phone,omitempty"`
	Email      string `json:"email,omitempty"`
	Body       string `json:"body,omitempty"`       // the congress or conference, and the electoral unit or sector
	Unit       string `json:"unit,omitempty"`       // employer, company, newspaper
	Post       string `json:"post,omitempty"`       // post or title
	Profession string `json:"profession,omitempty"` // what an expert is expert in, what a citizen does
	Interest   string `json:"interest,omitempty"`   // how somebody is concerned
	Card       string `json:"card,omitempty"`       // press card, certificate of a deputy
	About      string `json:"about,omitempty"`      // experience, why they apply
	Conflict   string `json:"conflict,omitempty"`   // what they declare
	Appeal     string `json:"appeal,omitempty"`     // against a suspension
}

// Event is a line of a membership's history.
type Event struct {
	Organisation   int64 `gorm:"column:organisation_id;primaryKey;autoIncrement:false"`
	Representative int64 `gorm:"column:representative_id;primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Event          string
	Actor          string
	ActorName      string
	Note           string
	At             time.Time
}

// TableName names the table for gorm.
func (Event) TableName() string { return "representative_events" }

type personRow struct {
	OrganisationID   int64 `gorm:"primaryKey;autoIncrement:false"`
	RepresentativeID int64 `gorm:"primaryKey;autoIncrement:false"`
	Sealed           []byte
	EmailIndex       []byte
	PhoneIndex       []byte
}

func (personRow) TableName() string { return "representative_people" }

type fieldRow struct {
	OrganisationID   int64  `gorm:"primaryKey;autoIncrement:false"`
	RepresentativeID int64  `gorm:"primaryKey;autoIncrement:false"`
	Field            string `gorm:"primaryKey"`
}

func (fieldRow) TableName() string { return "representative_fields" }

// Call is one meeting that a representative was invited to.
type Call struct {
	Organisation   int64 `gorm:"column:organisation_id;primaryKey;autoIncrement:false"`
	Representative int64 `gorm:"column:representative_id;primaryKey;autoIncrement:false"`
	Meeting        int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	InvitedAt      time.Time
	CameAt         *time.Time
}

// TableName names the table for gorm.
func (Call) TableName() string { return "representative_calls" }
