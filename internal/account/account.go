// Package account knows the people and programs that sign in: their passwords,
// sessions, roles and API tokens. Accounts belong to the site; roles are held in
// one organisation each (organisation 0: the site itself).
//
// Passwords follow OWASP's Password Storage and Authentication cheat sheets and
// NIST SP 800-63B.
package account

import (
	"context"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
)

// Account is a person who can sign in.
type Account struct {
	ID       int64
	Email    string // trimmed, in lower case, unique on the site
	Name     string
	Disabled bool
	Version  int64

	Generated string // set by Add and Reset alone: the password made there, to be shown once
	Existed   bool   // set by Add alone: the account was there and got the role
}

// What may be done to accounts and tokens.
var (
	mayList        = access.Permission{Object: "account", Action: "list"}
	mayAdd         = access.Permission{Object: "account", Action: "add"}
	mayGrant       = access.Permission{Object: "account", Action: "grant"}
	mayDisable     = access.Permission{Object: "account", Action: "disable"}
	mayListTokens  = access.Permission{Object: "token", Action: "list"}
	mayAddToken    = access.Permission{Object: "token", Action: "add"}
	mayRevokeToken = access.Permission{Object: "token", Action: "revoke"}
)

// Organisations is what this package asks of the organisations.
type Organisations interface {
	ByID(ctx context.Context, id int64) (organisation.Organisation, error)
}

// Keys blinds the e-mails and addresses by which failures are counted.
type Keys interface {
	MAC(p seal.Purpose, data ...[]byte) []byte
}

// Service keeps the accounts of a site. It is safe for concurrent use.
type Service struct {
	db       *database.DB
	gate     *access.Gate
	orgs     Organisations
	keys     Keys
	hasher   *hasher
	sessions *lookups
	tokens   *lookups
}

// New makes the service.
func New(db *database.DB, gate *access.Gate, orgs Organisations, keys Keys) *Service {
	return &Service{
		db: db, gate: gate, orgs: orgs, keys: keys,
		hasher: newHasher(owasp), sessions: newLookups(), tokens: newLookups(),
	}
}

// require asks whether the actor may do it in the organisation, or on the whole
// site as operators may.
func (s *Service) require(who actor.Actor, p access.Permission, organisation int64) error {
	if s.gate.May(who, p, 0) {
		return nil
	}
	return s.gate.Require(who, p, organisation)
}

// forget drops what this process remembers of sessions and tokens: after every
// change of a right. Other processes remember for lookupLife at most.
func (s *Service) forget() {
	s.sessions.drop()
	s.tokens.drop()
}

type accountRow struct {
	ID           int64 `gorm:"primaryKey;autoIncrement:false"`
	Email        string
	Name         string
	PasswordHash string
	DisabledAt   *time.Time
	CreatedAt    time.Time
	Version      int64
}

func (accountRow) TableName() string { return "accounts" }

func (r accountRow) account() Account {
	return Account{ID: r.ID, Email: r.Email, Name: r.Name, Disabled: r.DisabledAt != nil, Version: r.Version}
}

func (r accountRow) actor() actor.Actor {
	return actor.Actor{Kind: actor.Account, ID: r.ID, Name: r.Name, Email: r.Email}
}

type grantRow struct {
	AccountID      int64      `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64      `gorm:"primaryKey;autoIncrement:false"`
	Role           actor.Role `gorm:"primaryKey"`
	CreatedAt      time.Time
}

func (grantRow) TableName() string { return "grants" }
