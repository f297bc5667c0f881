package account

import (
	"context"
	"crypto/sha256"
	"strings"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Bearer tells whom an API token stands for: itself within its organisation or,
// when it acts for an account, that person with the roles held there and nowhere
// else. Unauthenticated when it is unknown, revoked, or its account disabled.
func (s *Service) Bearer(ctx context.Context, plain string) (actor.Actor, error) {
	if !strings.HasPrefix(plain, tokenPrefix) || len(plain) != len(tokenPrefix)+tokenDigits {
		return actor.Actor{}, tokenUnknown()
	}
	hash := sha256.Sum256([]byte(plain))
	now := s.db.Now()
	if who, ok := s.tokens.get(hash, now); ok {
		return who, nil
	}
	who, err := s.findToken(ctx, hash[:])
	if err == nil {
		s.tokens.put(hash, lookup{who: who, at: now})
	}
	return who, err
}

func tokenUnknown() error { return fault.New(fault.Unauthenticated, "account.token_unknown") }

type bearerRow struct {
	Token    tokenRow `gorm:"embedded"`
	Person   *string
	Email    *string
	Disabled bool
	Role     *actor.Role
	Slug     string
	Body     string
}

func (s *Service) findToken(ctx context.Context, hash []byte) (actor.Actor, error) {
	var rows []bearerRow
	err := s.db.Read(ctx).Raw("SELECT t.id, t.organisation_id, t.account_id, t.name, t.scopes, t.created_at,"+
		" a.name AS person, a.email, a.disabled_at IS NOT NULL AS disabled, g.role, o.slug, o.name AS body"+
		" FROM api_tokens t JOIN organisations o ON o.id = t.organisation_id LEFT JOIN accounts a ON a.id = t.account_id"+
		" LEFT JOIN grants g ON g.account_id = t.account_id AND g.organisation_id = t.organisation_id"+
		" WHERE t.hash = ? AND t.revoked_at IS NULL ORDER BY g.role", hash).Scan(&rows).Error
	if err != nil {
		return actor.Actor{}, err
	}
	if len(rows) == 0 || rows[0].Disabled {
		return actor.Actor{}, tokenUnknown()
	}
	return bearer(rows), nil
}

func bearer(rows []bearerRow) actor.Actor {
	first := rows[0]
	who := actor.Actor{
		Kind: actor.Token, Name: first.Token.Name,
		TokenID: first.Token.ID, TokenOrganisation: first.Token.OrganisationID, TokenScopes: splitScopes(first.Token.Scopes),
	}
	if first.Token.AccountID == nil {
		return who
	}
	who.ID = *first.Token.AccountID
	if first.Person != nil && first.Email != nil {
		who.Name, who.Email = *first.Person, *first.Email
	}
	for _, r := range rows {
		if r.Role == nil {
			continue
		}
		who.Grants = append(who.Grants, actor.Grant{
			Organisation: first.Token.OrganisationID, Role: *r.Role, OrganisationSlug: first.Slug, OrganisationName: first.Body,
		})
	}
	return who
}
