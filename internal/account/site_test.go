package account_test

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/account"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

const (
	password = "三个词 river 石头 lamp"
	address  = "192.0.2.7"
)

var (
	noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	ctx  = context.Background()
)

// site is a site with two organisations on a clock of its own.
type site struct {
	*testing.T
	*account.Service
	db       *database.DB
	gate     *access.Gate
	orgs     *organisation.Service
	keys     *seal.Keys
	clock    *clock.Manual
	own      organisation.Organisation
	other    organisation.Organisation
	operator actor.Actor
}

// each runs a test on both databases.
func each(t *testing.T, test func(s *site)) {
	t.Helper()
	c := clock.At(noon)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		c.Set(noon)
		test(newSite(t, db, c))
	})
}

func newSite(t *testing.T, db *database.DB, c *clock.Manual) *site {
	t.Helper()
	s := &site{T: t, db: db, clock: c, operator: actor.Actor{Kind: actor.Account, ID: 1, Grants: []actor.Grant{{Role: actor.Operator}}}}
	var err error
	if s.gate, err = access.New(); err != nil {
		t.Fatal(err)
	}
	if s.keys, err = seal.Open(ctx, db, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	s.orgs = organisation.New(db, s.gate)
	s.Service = s.process()
	s.own, s.other = s.organisation("own"), s.organisation("other")
	return s
}

// process is the same site as another process sees it.
func (s *site) process() *account.Service { return account.New(s.db, s.gate, s.orgs, s.keys) }

func (s *site) organisation(slug string) organisation.Organisation {
	s.Helper()
	o, err := s.orgs.Add(ctx, actor.Console(), organisation.Details{Slug: slug, Name: "局 " + slug})
	if err != nil {
		s.Fatal(err)
	}
	return o
}

// person adds an account by the command line.
func (s *site) person(email string, role actor.Role, organisation int64) account.Account {
	s.Helper()
	a, err := s.Add(ctx, actor.Console(), account.Details{
		Email: email, Name: "张三", Role: role, Organisation: organisation, Password: password,
	})
	if err != nil {
		s.Fatal(err)
	}
	return a
}

// signIn signs a person in and gives the session's token.
func (s *site) signIn(email string) string {
	s.Helper()
	token, err := s.SignIn(ctx, email, password, address)
	if err != nil {
		s.Fatalf("%s cannot sign in: %v", email, err)
	}
	return token
}

// as is the actor of a fresh session.
func (s *site) as(email string) actor.Actor {
	s.Helper()
	who, err := s.Session(ctx, s.signIn(email))
	if err != nil {
		s.Fatal(err)
	}
	return who
}

func (s *site) wantFault(what string, err error, kind fault.Kind) {
	s.Helper()
	if !fault.Is(err, kind) {
		s.Errorf("%s: got %v", what, err)
	}
}

// wantCode also asks for the code, or for the code of the only field.
func (s *site) wantCode(what string, err error, code string) {
	s.Helper()
	f, ok := fault.As(err)
	if !ok {
		s.Errorf("%s: got %v", what, err)
		return
	}
	if len(f.Fields) == 1 && f.Fields[0].Code == code {
		return
	}
	if f.Code != code {
		s.Errorf("%s: got %v, want %s", what, err, code)
	}
}

// trail lists the actions that were audited for an account or token.
func (s *site) trail(object string, id int64) []string {
	s.Helper()
	var actions []string
	err := s.db.Read(ctx).Table("audit_entries").Where("object = ? AND object_id = ?", object, id).Order("id").Pluck("action", &actions).Error
	if err != nil {
		s.Fatal(err)
	}
	return actions
}

// setHash puts a hash that an earlier version of the program made.
func (s *site) setHash(id int64, hash string) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Exec("UPDATE accounts SET password_hash = ? WHERE id = ?", hash, id).Error
	})
}
