package account

import (
	"context"
	"crypto/sha256"
	"math/big"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

const (
	tokenPrefix = "gy_" // so that scanners of source code find one that leaked
	tokenBytes  = 32
	tokenDigits = 43 // 62^43 > 2^256
)

// TokenNameLength is the longest name of a token, in characters.
const TokenNameLength = 80

// Token is a program's key to one organisation, without the key itself.
type Token struct {
	ID           int64
	Organisation int64
	Account      int64 // 0: it stands for no person
	Person       string
	Name         string
	Scopes       []actor.Scope
	CreatedAt    time.Time
	RevokedAt    time.Time // zero: in force
}

// NewToken is what a token is made of. User is the e-mail of the account that it
// acts for; empty: nobody's.
type NewToken struct {
	Organisation int64
	Name         string
	Scopes       []actor.Scope
	User         string
}

type tokenRow struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	AccountID      *int64
	Name           string
	Scopes         string
	Hash           []byte
	CreatedAt      time.Time
	RevokedAt      *time.Time
}

func (tokenRow) TableName() string { return "api_tokens" }

// AddToken makes a token and gives it in plain, which is the only time that
// anybody sees it. A person may make tokens for nobody or for themselves: nobody
// holds a key that acts as a colleague. The command line may name anyone of the
// organisation.
func (s *Service) AddToken(ctx context.Context, who actor.Actor, in NewToken) (plain string, err error) {
	if err := s.require(who, mayAddToken, in.Organisation); err != nil {
		return "", err
	}
	if _, err := s.orgs.ByID(ctx, in.Organisation); err != nil {
		return "", err
	}
	var f fault.Fields
	in.check(&f)
	account, err := s.tokenAccount(ctx, &f, who, in)
	if err != nil {
		return "", err
	}
	if err := f.Err(); err != nil {
		return "", err
	}
	plain = tokenPrefix + base62(random(tokenBytes))
	hash := sha256.Sum256([]byte(plain))
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		row := tokenRow{
			ID: tx.NextID(), OrganisationID: in.Organisation, AccountID: account, Name: in.Name,
			Scopes: joinScopes(in.Scopes), Hash: hash[:], CreatedAt: tx.Now,
		}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Organisation: in.Organisation, Action: "add", Object: "token", ObjectID: row.ID,
			After: map[string]any{"name": row.Name, "scopes": row.Scopes, "account": account},
		})
	})
	if err != nil {
		return "", err
	}
	return plain, nil
}

func (in *NewToken) check(f *fault.Fields) {
	in.Name = strings.TrimSpace(in.Name)
	switch n := utf8.RuneCountInString(in.Name); {
	case n == 0:
		f.Add("name", "account.token_name_empty")
	case n > TokenNameLength:
		f.Add("name", "account.token_name_long", "most", TokenNameLength, "count", n-TokenNameLength)
	}
	if len(in.Scopes) == 0 {
		f.Add("scope", "account.scope_none")
	}
	for _, scope := range in.Scopes {
		if !slices.Contains(actor.Scopes, scope) {
			f.Add("scope", "account.scope", "scope", string(scope))
			return
		}
	}
}

// tokenAccount finds the account that the token acts for; it must hold a role in
// the organisation.
func (s *Service) tokenAccount(ctx context.Context, f *fault.Fields, who actor.Actor, in NewToken) (*int64, error) {
	if in.User == "" {
		return nil, nil
	}
	email, _ := NormalEmail(in.User)
	if who.Known() && email != who.Email {
		f.Add("user", "account.token_own")
		return nil, nil
	}
	var rows []accountRow
	err := s.db.Read(ctx).Table("accounts").
		Where("email = ? AND disabled_at IS NULL AND EXISTS (SELECT 1 FROM grants g WHERE g.account_id = accounts.id AND g.organisation_id = ?)",
			email, in.Organisation).Limit(1).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		f.Add("user", "account.token_user")
		return nil, nil
	}
	return &rows[0].ID, nil
}

// RevokeToken ends a token for good.
func (s *Service) RevokeToken(ctx context.Context, who actor.Actor, organisation, id int64) error {
	if err := s.require(who, mayRevokeToken, organisation); err != nil {
		return err
	}
	defer s.forget()
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		done := tx.Model(&tokenRow{}).Where("id = ? AND organisation_id = ? AND revoked_at IS NULL", id, organisation).
			Updates(map[string]any{"revoked_at": tx.Now})
		if done.Error != nil {
			return done.Error
		}
		if done.RowsAffected == 0 {
			return fault.Missing()
		}
		return audit.Record(tx, audit.Entry{Organisation: organisation, Action: "revoke", Object: "token", ObjectID: id})
	})
}

// Tokens lists an organisation's tokens, newest first, those in force and the
// latest that were revoked; at most 200.
func (s *Service) Tokens(ctx context.Context, who actor.Actor, organisation int64) ([]Token, error) {
	if err := s.require(who, mayListTokens, organisation); err != nil {
		return nil, err
	}
	var rows []struct {
		Token  tokenRow `gorm:"embedded"`
		Person *string
	}
	err := s.db.Read(ctx).Raw("SELECT t.id, t.organisation_id, t.account_id, t.name, t.scopes, t.created_at, t.revoked_at, a.name AS person"+
		" FROM api_tokens t LEFT JOIN accounts a ON a.id = t.account_id WHERE t.organisation_id = ?"+
		" ORDER BY CASE WHEN t.revoked_at IS NULL THEN 0 ELSE 1 END, t.id DESC LIMIT 200", organisation).Scan(&rows).Error
	out := make([]Token, 0, len(rows))
	for _, r := range rows {
		t := Token{
			ID: r.Token.ID, Organisation: r.Token.OrganisationID, Name: r.Token.Name,
			Scopes: splitScopes(r.Token.Scopes), CreatedAt: r.Token.CreatedAt,
		}
		if r.Token.AccountID != nil && r.Person != nil {
			t.Account, t.Person = *r.Token.AccountID, *r.Person
		}
		if r.Token.RevokedAt != nil {
			t.RevokedAt = *r.Token.RevokedAt
		}
		out = append(out, t)
	}
	return out, err
}

func joinScopes(scopes []actor.Scope) string {
	var out []string
	for _, s := range actor.Scopes { // the contract's order, each once
		if slices.Contains(scopes, s) {
			out = append(out, string(s))
		}
	}
	return strings.Join(out, " ")
}

func splitScopes(text string) []actor.Scope {
	var out []actor.Scope
	for _, s := range strings.Fields(text) {
		out = append(out, actor.Scope(s))
	}
	return out
}

// base62 writes bytes as digits and letters of a fixed length.
func base62(raw []byte) string {
	s := new(big.Int).SetBytes(raw).Text(62)
	return strings.Repeat("0", tokenDigits-len(s)) + s
}
