package demo

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/draft"
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/seal"
	"guangyi/internal/procedure"
	"guangyi/internal/selection"
	"guangyi/internal/sitting"
	"guangyi/policies"
)

// withMeetings adds the rooms of a meeting, as the server wires them.
func withMeetings(s *Services, gate *access.Gate, keys *seal.Keys, drafts *draft.Service) error {
	profiles, err := procedure.Load(policies.Procedures, china)
	if err != nil {
		return err
	}
	s.Meetings = meeting.New(s.DB, gate, keys, s.Organisations, s.Consultations, drafts)
	s.Meetings.UseProcedures(profiles)
	s.Selections = selection.New(s.DB, gate, s.Meetings)
	s.Invitations = invitation.New(invitation.Deps{
		DB: s.DB, Gate: gate, Keys: keys, Meetings: s.Meetings, Reserves: s.Selections, Files: s.Attachments, Profiles: profiles, Log: slog.Default(),
	})
	s.Sittings = sitting.New(s.DB, gate, keys, s.Meetings, s.Submissions, drafts, s.Meetings)
	s.Sittings.AnswerWith(s.Adoption)
	return nil
}

// callsAndDecides asks for an open call and for a meeting whose every seat was
// drawn and whose day was recorded.
func (f filled) callsAndDecides(t *testing.T) {
	ctx := context.Background()
	list, err := f.Meetings.List(ctx, meeting.Filter{Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	found := map[meeting.PublicStatus]meeting.Meeting{}
	for _, m := range list.Items {
		status, _ := m.PublicStatus(dawn)
		found[status] = m
	}
	open, ok := found[meeting.PublicOpen]
	if !ok || open.ClosesAt.Sub(dawn) > 48*time.Hour {
		t.Fatalf("no call is open: %d statuses", len(found))
	}
	held, ok := found[meeting.PublicAccount]
	if !ok {
		t.Fatalf("no meeting has its account: %d statuses", len(found))
	}
	sel, ok, err := f.Selections.Of(ctx, held.ID)
	if err != nil || !ok || sel.Stage != selection.Drawn {
		t.Fatalf("the seats were not drawn: %v %v %v", sel.Stage, ok, err)
	}
	came, err := f.Meetings.Applications(ctx, held.ID, meeting.Attended)
	if err != nil || len(came) != held.Seats-1 {
		t.Fatalf("%d came to %d seats, of which one is excused: %v", len(came), held.Seats, err)
	}
}
