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
)

func newMeetings(_ *testing.T, db *database.DB, gate *access.Gate, keys *seal.Keys, orgs *organisation.Service, consultations *consultation.Service, drafts *draft.Service) *meeting.Service {
	return meeting.New(db, gate, keys, orgs, consultations, drafts)
}
