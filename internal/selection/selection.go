// Package selection settles who comes to a meeting: by draw, by order of
// arrival, by nomination, or mixed by category.
//
// A draw goes in steps that nobody can swap. At the deadline the pool is frozen,
// with everybody whom a published rule excludes named by that rule. A worker
// computes the chances and the panels of the lottery. They are published before
// the seed can be known. One person enters the seed, another confirms it, and the
// panel that it names is selected in the same transaction. What was published is
// a sortition.Record, which anyone can recompute.
package selection

import (
	"encoding/json"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/sortition"
)

// What may be done.
var (
	PermissionSee     = access.Permission{Object: "selection", Action: "see"}
	PermissionRun     = access.Permission{Object: "selection", Action: "run"}
	PermissionConfirm = access.Permission{Object: "selection", Action: "confirm"}
	PermissionAudit   = access.Permission{Object: "selection", Action: "audit"}
)

// Stage is how far a selection has come.
type Stage string

// The stages. Listed is where no seat is drawn: more seats than applicants, order
// of arrival, nomination.
const (
	Computing  Stage = "computing"  // the pool is frozen, the chances are being worked out
	Infeasible Stage = "infeasible" // no panel meets the quotas
	Computed   Stage = "computed"   // the chances wait to be published
	Published  Stage = "published"  // chances and panels are public, the seed is not known
	Entered    Stage = "entered"    // the seed waits for another person's confirmation
	Listed     Stage = "listed"     // the list waits for another person's confirmation
	Drawn      Stage = "drawn"      // who comes is settled
)

// Stages lists them in the order of a selection's life.
var Stages = []Stage{Computing, Infeasible, Computed, Published, Entered, Listed, Drawn}

// Selection is where the selection of one meeting stands.
type Selection struct {
	Meeting      int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Organisation int64 `gorm:"column:organisation_id"`
	Method       string
	Stage        Stage
	Trivial      bool // nobody is drawn: there are as many seats as applicants, or more
	Seats        int  // to be given, those by order and nomination included
	People       int  // who may be selected
	Excluded     int
	Panels       int                  // of the lottery
	Source       sortition.Source     `gorm:"serializer:json"`
	Nonce        string               // keeps the digest from being guessed
	Conflicts    []sortition.Conflict `gorm:"serializer:json"` // while Infeasible
	Record       string               // sortition.Record as JSON, without its result
	PublicRecord string               // the same as everybody may read it, with its result once drawn
	Digest       string               // of Record, once published
	FrozenBy     string
	FrozenAt     time.Time
	ComputedAt   *time.Time
	PublishedBy  string
	PublishedAt  *time.Time
	Seed         string
	SeedBy       string
	SeedByName   string
	SeedAt       *time.Time
	Result       string // sortition.Result as JSON, once drawn
	DrawnBy      string
	DrawnAt      *time.Time
	Version      int64
}

// TableName names the table for gorm.
func (Selection) TableName() string { return "selections" }

// Draws reports whether any seat is drawn.
func (s Selection) Draws() bool { return s.Panels > 0 }

// Public reports whether chances or a list may be seen.
func (s Selection) Public() bool {
	return s.Stage == Published || s.Stage == Entered || s.Stage == Drawn
}

// full is the record with every row; the result too once drawn.
func (s Selection) full() (sortition.Record, error) {
	var r sortition.Record
	if err := json.Unmarshal([]byte(s.Record), &r); err != nil {
		return r, err
	}
	if s.Result == "" {
		return r, nil
	}
	r.Result = new(sortition.Result)
	return r, json.Unmarshal([]byte(s.Result), r.Result)
}

// Place is what became of a person in the pool.
type Place string

// The places.
const (
	Selected    Place = "selected"
	Reserve     Place = "reserve"
	NotSelected Place = "not_selected"
)

// Person is one applicant in the frozen pool, without a name.
type Person struct {
	Meeting     int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Application int64 `gorm:"column:application_id;primaryKey;autoIncrement:false"`
	Label       string
	Category    string
	Features    map[string]string `gorm:"serializer:json"` // by category of quotas
	Household   int               // group of whom one at most is selected; 0: alone
	Rule        Rule              // why excluded; empty: in the pool
	Chance      int64             // billionths
	On          int               `gorm:"column:panels"` // panels of the lottery on which the person sits
	Place       Place
	Rank        int // among the reserves, from 1
}

// TableName names the table for gorm.
func (Person) TableName() string { return "selection_people" }

// Probability is the person's chance, in [0, 1].
func (p Person) Probability() float64 { return float64(p.Chance) / billion }

const billion = 1e9

// Past is something that was done to a selection. Names of staff are for staff.
type Past struct {
	Meeting   int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	ID        int64 `gorm:"primaryKey;autoIncrement:false"`
	Event     string
	Actor     string
	ActorName string
	Note      string
	At        time.Time
}

// TableName names the table for gorm.
func (Past) TableName() string { return "selection_events" }

// The events of the history.
const (
	ClosedEvent    = "closed"
	ComputedEvent  = "computed"
	StuckEvent     = "infeasible"
	CorrectedEvent = "corrected"
	RenamedEvent   = "renamed" // another source of the seed
	PublishedEvent = "published"
	WitnessEvent   = "witness"
	PromisedEvent  = "promised" // a party's commitment
	OpenedEvent    = "opened"
	EnteredEvent   = "entered"
	RefusedEvent   = "refused" // the second person saw another number
	DrawnEvent     = "drawn"
)
