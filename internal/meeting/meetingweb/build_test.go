package meetingweb_test

import (
	"testing"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
	"guangyi/internal/procedure"
	"guangyi/policies"
)

// newMeetings makes the service with the profiles of periods.
func newMeetings(t *testing.T, db *database.DB, gate *access.Gate, keys *seal.Keys, orgs *organisation.Service, consultations *consultation.Service, drafts *draft.Service) *meeting.Service {
	t.Helper()
	profiles, err := procedure.Load(policies.Procedures, zone)
	must(t, err)
	s := meeting.New(db, gate, keys, orgs, consultations, drafts)
	s.UseProcedures(profiles)
	return s
}
