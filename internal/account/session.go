package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// How long a session lasts: without a request, and in all (OWASP Session
// Management Cheat Sheet).
const (
	IdleLife     = 8 * time.Hour
	AbsoluteLife = 7 * 24 * time.Hour
)

// seenEvery is how exactly the last request of a session is known: each row
// written costs a commit.
const seenEvery = time.Minute

const sessionBytes = 32

type sessionRow struct {
	TokenHash []byte `gorm:"primaryKey"`
	AccountID int64
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

func (sessionRow) TableName() string { return "sessions" }

// end is the instant at which the session is over without another request.
func (r sessionRow) end() time.Time {
	if idle := r.SeenAt.Add(IdleLife); idle.Before(r.ExpiresAt) {
		return idle
	}
	return r.ExpiresAt
}

// openSession makes a session; only the hash of its token is stored, so that
// who reads the database cannot take one over.
func openSession(tx *database.Tx, account int64) (token string, err error) {
	token = base64.RawURLEncoding.EncodeToString(random(sessionBytes))
	hash := sha256.Sum256([]byte(token))
	return token, tx.Create(&sessionRow{
		TokenHash: hash[:], AccountID: account, CreatedAt: tx.Now, SeenAt: tx.Now, ExpiresAt: tx.Now.Add(AbsoluteLife),
	}).Error
}

func sessionHash(token string) (hash [sha256.Size]byte, ok bool) {
	if len(token) != base64.RawURLEncoding.EncodedLen(sessionBytes) {
		return hash, false
	}
	return sha256.Sum256([]byte(token)), true
}

func sessionEnded() error { return fault.New(fault.Unauthenticated, "account.session_ended") }

// Session tells who a session's token stands for, with the roles held now.
// Unauthenticated when it is unknown, over, or its account disabled.
func (s *Service) Session(ctx context.Context, token string) (actor.Actor, error) {
	hash, ok := sessionHash(token)
	if !ok {
		return actor.Actor{}, sessionEnded()
	}
	now := s.db.Now()
	if who, ok := s.sessions.get(hash, now); ok {
		return who, nil
	}
	session, who, err := s.findSession(ctx, hash[:])
	if err != nil {
		return actor.Actor{}, err
	}
	if !now.Before(session.end()) {
		return actor.Actor{}, sessionEnded()
	}
	s.sessions.put(hash, lookup{who: who, at: now, until: session.end()})
	if now.Sub(session.SeenAt) >= seenEvery {
		s.seen(ctx, hash[:])
	}
	return who, nil
}

// seen notes a request. It must not hold up a reader behind a long change of
// somebody else, such as an import: the next request notes it as well.
func (s *Service) seen(ctx context.Context, hash []byte) {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	err := s.db.Upkeep(short, func(tx *database.Tx) error {
		return tx.Model(&sessionRow{}).Where("token_hash = ? AND seen_at < ?", hash, tx.Now).
			Updates(map[string]any{"seen_at": tx.Now}).Error
	})
	if err != nil {
		slog.WarnContext(ctx, "a session's last request was not noted", "error", err)
	}
}

// grantedRow is an account with one of its roles.
type grantedRow struct {
	ID             int64
	Email          string
	Name           string
	OrganisationID *int64
	Role           *actor.Role
	Slug           *string
	Organisation   *string
}

const grantedColumns = "a.id, a.email, a.name, g.organisation_id, g.role, o.slug, o.name AS organisation"

func (r grantedRow) grant() (g actor.Grant, ok bool) {
	if r.OrganisationID == nil || r.Role == nil {
		return g, false
	}
	g = actor.Grant{Organisation: *r.OrganisationID, Role: *r.Role}
	if r.Slug != nil && r.Organisation != nil {
		g.OrganisationSlug, g.OrganisationName = *r.Slug, *r.Organisation
	}
	return g, true
}

func (s *Service) findSession(ctx context.Context, hash []byte) (sessionRow, actor.Actor, error) {
	var rows []struct {
		Session sessionRow `gorm:"embedded"` // gorm passes over embedded types that are not exported
		Granted grantedRow `gorm:"embedded"`
	}
	err := s.db.Read(ctx).Raw("SELECT s.token_hash, s.account_id, s.created_at, s.seen_at, s.expires_at, "+grantedColumns+
		" FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.disabled_at IS NULL"+
		" LEFT JOIN grants g ON g.account_id = a.id LEFT JOIN organisations o ON o.id = g.organisation_id"+
		" WHERE s.token_hash = ? ORDER BY g.organisation_id, g.role", hash).Scan(&rows).Error
	if err != nil {
		return sessionRow{}, actor.Actor{}, err
	}
	if len(rows) == 0 {
		return sessionRow{}, actor.Actor{}, sessionEnded()
	}
	first := rows[0].Granted
	who := actor.Actor{Kind: actor.Account, ID: first.ID, Name: first.Name, Email: first.Email}
	for _, r := range rows {
		if g, ok := r.Granted.grant(); ok {
			who.Grants = append(who.Grants, g)
		}
	}
	return rows[0].Session, who, nil
}

// SignOut ends one session; an unknown token is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	hash, ok := sessionHash(token)
	if !ok {
		return nil
	}
	_, who, err := s.findSession(ctx, hash[:])
	if fault.Is(err, fault.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	defer s.forget()
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		if err := tx.Where("token_hash = ?", hash[:]).Delete(&sessionRow{}).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "sign_out", Object: "account", ObjectID: who.ID})
	})
}

// SignOutEverywhere ends every session of the person who asks, this one too.
func (s *Service) SignOutEverywhere(ctx context.Context, who actor.Actor) error {
	if err := person(who); err != nil {
		return err
	}
	defer s.forget()
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		if err := endSessions(tx, who.ID); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "sign_out_everywhere", Object: "account", ObjectID: who.ID})
	})
}

// endSessions signs an account out: whoever's rights or password changed signs
// in anew.
func endSessions(tx *database.Tx, account int64) error {
	return tx.Where("account_id = ?", account).Delete(&sessionRow{}).Error
}

// person refuses whoever is not a signed-in person.
func person(who actor.Actor) error {
	if who.Kind != actor.Account || who.ID == 0 {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	return nil
}

// Sitting is one of a person's sessions.
type Sitting struct {
	SignedIn time.Time
	Seen     time.Time // to a minute
	This     bool      // the one that asks
}

// Sessions lists the sessions of the person who asks, newest first; token is
// the session's own.
func (s *Service) Sessions(ctx context.Context, who actor.Actor, token string) ([]Sitting, error) {
	if err := person(who); err != nil {
		return nil, err
	}
	var rows []sessionRow
	now := s.db.Now()
	err := s.db.Read(ctx).Where("account_id = ? AND expires_at > ? AND seen_at > ?", who.ID, now, now.Add(-IdleLife)).
		Order("created_at DESC").Limit(50).Find(&rows).Error
	hash, _ := sessionHash(token)
	out := make([]Sitting, 0, len(rows))
	for _, r := range rows {
		out = append(out, Sitting{SignedIn: r.CreatedAt, Seen: r.SeenAt, This: string(r.TokenHash) == string(hash[:])})
	}
	return out, err
}

// Purge deletes sessions that are over and failures that are forgotten: a job's
// work, once an hour or so.
func (s *Service) Purge(ctx context.Context) error {
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		err := tx.Where("expires_at <= ? OR seen_at <= ?", tx.Now, tx.Now.Add(-IdleLife)).Delete(&sessionRow{}).Error
		if err != nil {
			return err
		}
		return tx.Where("last_at <= ?", tx.Now.Add(-forgetAfter)).Delete(&failureRow{}).Error
	})
}
