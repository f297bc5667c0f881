package representative

import (
	"context"
	"strings"

	"guangyi/internal/notice"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// TopicPrefix begins the topics of letters to representatives; the act follows.
const TopicPrefix = "representative."

// told lists the acts that a representative is written to about.
var told = map[Act]bool{Apply: true, Admit: true, Refuse: true, Ask: true, Renew: true, Suspend: true, Uphold: true, Lift: true, End: true, Leave: true}

// tell leaves a letter for an act, in its transaction. Who left no e-mail address
// reads it on their own page.
func (s *Service) tell(tx *database.Tx, r Representative, act Act) error {
	if !told[act] {
		return nil
	}
	p, err := s.person(tx.DB, r)
	if fault.Is(err, fault.NotFound) || err == nil && p.Email == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return notice.Add(tx, notice.Request{Topic: TopicPrefix + string(act), Organisation: r.Organisation, Scope: r.Organisation,
		Ref: r.ID, Way: notice.Mail})
}

// Told is what a letter about a membership needs.
type Told struct {
	To               string
	OrganisationName string
	Representative
}

// Letter finds whom a letter is for; ok is false when name and contact are gone.
func (s *Service) Letter(ctx context.Context, id int64) (t Told, ok bool, err error) {
	g := s.db.Read(ctx)
	if t.Representative, err = load(g, "id = ?", id); err != nil {
		return t, false, err
	}
	p, err := s.person(s.db.Read(ctx), t.Representative)
	if fault.Is(err, fault.NotFound) || err == nil && p.Email == "" {
		return t, false, nil
	}
	if err != nil {
		return t, false, err
	}
	o, err := s.orgs.ByID(ctx, t.Representative.Organisation)
	t.To, t.OrganisationName = p.Email, o.Name
	return t, err == nil, err
}

// IsTopic reports whether a letter of the outbox is this capability's.
func IsTopic(topic string) bool { return strings.HasPrefix(topic, TopicPrefix) }
