package invitation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
)

// newLink makes the secret of a personal link: 26 characters of base 32, 130
// random bits, short enough for a message and without letters that are confused.
func newLink() string { return strings.ToLower(rand.Text()) }

// hash is by what a link is found; the link itself is nowhere in the clear.
func hash(token string) []byte {
	sum := sha256.Sum256([]byte("invitation\x00" + token))
	return sum[:]
}

func tokenPlace(meeting, application int64) string {
	return fmt.Sprintf("invitations/%d/%d/token", meeting, application)
}

// give puts a fresh link into an invitation; one that it had is dead.
func (s *Service) give(i *Invitation) error {
	token := newLink()
	sealed, err := s.keys.Seal([]byte(token), tokenPlace(i.Meeting, i.Application))
	if err != nil {
		return err
	}
	i.TokenHash, i.SealedToken, i.RevokedAt = hash(token), sealed, nil
	return nil
}

// link is the secret of an invitation; empty when it was revoked or forgotten.
func (s *Service) link(i Invitation) (string, error) {
	if len(i.SealedToken) == 0 || i.RevokedAt != nil {
		return "", nil
	}
	raw, err := s.keys.Unseal(i.SealedToken, tokenPlace(i.Meeting, i.Application))
	return string(raw), err
}

// LinkOf is the personal link of somebody who has shown by other means that the
// application is theirs, such as by its secret; ok is false when they were not
// asked or the link has ended.
func (s *Service) LinkOf(ctx context.Context, meeting, application int64) (path string, ok bool, err error) {
	i, ok, err := one(s.db.Read(ctx), meeting, application)
	if err != nil || !ok {
		return "", false, err
	}
	token, err := s.link(i)
	if err != nil || token == "" {
		return "", false, err
	}
	return "/i/" + token, true, nil
}
