package server

import (
	"context"
	"fmt"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/invitation"
	"guangyi/internal/invitation/invitationweb"
	"guangyi/internal/meeting"
	"guangyi/internal/meeting/meetingweb"
	"guangyi/internal/notice"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/web"
	"guangyi/internal/procedure"
	"guangyi/internal/representative"
	"guangyi/internal/representative/representativeweb"
	"guangyi/internal/selection"
	"guangyi/internal/selection/selectionweb"
	"guangyi/internal/sitting"
	"guangyi/internal/sitting/sittingweb"
	"guangyi/policies"
)

// meetingRooms makes the five services of a meeting's way, each handed what it
// needs of the others.
func (s *Services) meetingRooms() error {
	profiles, err := procedure.Load(policies.Procedures, s.Settings.Location())
	if err != nil {
		return fmt.Errorf("the procedure profiles: %w", err)
	}
	s.Representatives = representative.New(s.DB, s.Gate, s.Keys, s.Organisations)
	s.Meetings = meeting.New(s.DB, s.Gate, s.Keys, s.Organisations, s.Consultations, s.Drafts)
	s.Meetings.UseProcedures(profiles)
	s.Consultations.UseProcedures(profiles)
	s.usePool()
	s.Selections = selection.New(s.DB, s.Gate, s.Meetings)
	s.Invitations = invitation.New(invitation.Deps{
		DB: s.DB, Gate: s.Gate, Keys: s.Keys, Meetings: s.Meetings, Reserves: s.Selections, Files: s.Attachments,
		Profiles: profiles, Log: s.Log,
	})
	s.Sittings = sitting.New(s.DB, s.Gate, s.Keys, s.Meetings, s.Submissions, s.Drafts, s.Meetings)
	s.Sittings.UseReserves(reserves{s.Selections})
	s.Sittings.AnswerWith(s.Adoption)
	s.Sittings.Tell(s.Invitations.Tell)
	s.Consultations.Consequence(consultation.PublishSummary, s.Sittings.AnswersPublished)
	return nil
}

// followLetters tells those who write letters by what they go.
func (s *Services) followLetters(n *notice.Service) { s.Invitations.Notify(n) }

func (s *Services) mountMeetings(shell *web.Site) {
	representativeweb.Mount(shell, s.Representatives, s.Organisations, s.Keys, representativeweb.WithChallenges(s.Challenges))
	meetingweb.Mount(shell, meetingweb.Services{
		Meetings: s.Meetings, Consultations: s.Consultations, Organisations: s.Organisations, Files: s.Attachments, Keys: s.Keys,
		Selections: s.Selections, Members: pool{s.Representatives}, Invitations: s.Invitations,
		Challenges: s.Challenges,
	})
	selectionweb.Mount(shell, selectionweb.Services{Selections: s.Selections, Meetings: s.Meetings, Organisations: s.Organisations})
	invitationweb.Mount(shell, invitationweb.Services{Invitations: s.Invitations, Meetings: s.Meetings, BaseURL: s.Settings.BaseURL})
	sittingweb.Mount(shell, sittingweb.Services{Sittings: s.Sittings, Meetings: s.Meetings, Drafts: s.Drafts, Organisations: s.Organisations})
}

// reserves puts selection's word for the next one into the sittings' form.
type reserves struct{ *selection.Service }

// Next names who is asked when a seat is free.
func (r reserves) Next(_ context.Context, tx *database.Tx, m *meeting.Meeting, gone []int64) (int64, bool, error) {
	return r.Service.Next(tx, m, gone)
}

// How often the rooms of a meeting look for what is due.
const (
	chancesEvery = time.Second
	momentsEvery = 5 * time.Second
)

// keepMeetings works on draws and on what comes by the clock until the context ends.
func (s *Services) keepMeetings(ctx context.Context) {
	go s.Selections.Run(ctx, chancesEvery, s.Log)
	go s.Invitations.Run(ctx, momentsEvery)
	go s.keepPool(ctx)
}
