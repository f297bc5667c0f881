package site

import (
	"context"
	"time"

	"guangyi/internal/platform/actor"
)

// Undelivered says that letters have failed and still not gone out, since when
// the oldest waits.
type Undelivered struct {
	Count int // up to mostUndelivered
	Since time.Time
}

// mostUndelivered bounds what is counted for a page.
const mostUndelivered = 100

// tellers are the roles that see to it that letters arrive (policies/invitation.csv).
var tellers = []actor.Role{actor.Secretary, actor.Officer, actor.Auditor}

// undelivered counts the failed letters of the organisations in which the person
// sees to them. A receipt's letter belongs to the consultation's organisation.
func (s *Service) undelivered(ctx context.Context, who actor.Actor) (out Undelivered, err error) {
	orgs := with(who, tellers)
	if len(orgs) == 0 {
		return out, nil
	}
	var since []time.Time
	err = s.db.Read(ctx).Raw(`SELECT o.created_at FROM outbox o
		LEFT JOIN consultations c ON o.organisation_id = 0 AND c.id = o.consultation_id
		WHERE o.sent_at IS NULL AND o.attempts > 0 AND (o.organisation_id IN ? OR c.organisation_id IN ?) ORDER BY o.id LIMIT ?`,
		orgs, orgs, mostUndelivered).Scan(&since).Error
	if len(since) > 0 {
		out = Undelivered{Count: len(since), Since: since[0].UTC()}
	}
	return out, err
}
