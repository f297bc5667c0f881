package selection

import (
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/database"
)

// Rule is a published rule that keeps an applicant out of the pool.
type Rule string

// The rules, in the order in which they are asked.
const (
	WithdrawnRule Rule = "withdrawn" // by the applicant
	RefusedRule   Rule = "refused"   // in vetting, with a reason given to the applicant
	ConflictRule  Rule = "conflict"  // a conflict of interests, where the call excludes them
	OftenRule     Rule = "often"     // invited more often than the call allows
	TogetherRule  Rule = "together"  // somebody of the same household or body has a seat that is not drawn
)

// Rules lists them.
var Rules = []Rule{WithdrawnRule, RefusedRule, ConflictRule, OftenRule, TogetherRule}

// excludes names the rule that keeps an applicant out, or "".
func excludes(m meeting.Meeting, a meeting.Application, invited int) Rule {
	switch {
	case a.State == meeting.Withdrawn:
		return WithdrawnRule
	case a.State == meeting.Refused:
		return RefusedRule
	case m.ExcludeConflict && a.Conflict:
		return ConflictRule
	case m.InvitedAtMost > 0 && invited > m.InvitedAtMost:
		return OftenRule
	}
	return ""
}

// invitedStates are those of somebody who was asked to come.
var invitedStates = []meeting.ApplicationState{
	meeting.Chosen, meeting.Accepted, meeting.Declined, meeting.Lapsed, meeting.Attended, meeting.Absent,
}

// invitedBefore counts, by application, in how many earlier meetings of the
// organisation the same person was asked to come: known again by the blind index
// of a contact, by account or as a standing representative. Whose contact was
// erased is known no more, and not counted.
func invitedBefore(tx *database.Tx, m meeting.Meeting) (map[int64]int, error) {
	if m.InvitedAtMost == 0 {
		return nil, nil
	}
	since := time.Time{}
	if m.InvitedWithinMonths > 0 {
		since = m.StartsAt.AddDate(0, -m.InvitedWithinMonths, 0)
	}
	var rows []struct {
		Application int64
		Times       int
	}
	err := tx.Raw(`SELECT application, COUNT(DISTINCT meeting_id) AS times FROM (
			SELECT x.application_id AS application, b.meeting_id FROM applicants x
			JOIN applicants y ON y.meeting_id <> x.meeting_id AND (y.person_index = x.person_index OR y.id_index = x.id_index)
			JOIN applications b ON b.meeting_id = y.meeting_id AND b.id = y.application_id
			JOIN meetings o ON o.id = b.meeting_id
			WHERE x.meeting_id = ? AND o.organisation_id = ? AND o.starts_at >= ? AND o.starts_at <= ? AND b.state IN ?
			UNION
			SELECT a.id, b.meeting_id FROM applications a
			JOIN applications b ON b.meeting_id <> a.meeting_id AND
				(a.representative <> 0 AND b.representative = a.representative OR a.account <> 0 AND b.account = a.account)
			JOIN meetings o ON o.id = b.meeting_id
			WHERE a.meeting_id = ? AND o.organisation_id = ? AND o.starts_at >= ? AND o.starts_at <= ? AND b.state IN ?
		) e GROUP BY application`,
		m.ID, m.Organisation, since, m.StartsAt, invitedStates, m.ID, m.Organisation, since, m.StartsAt, invitedStates).Scan(&rows).Error
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.Application] = r.Times
	}
	return out, err
}
