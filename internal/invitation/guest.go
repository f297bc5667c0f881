package invitation

import (
	"context"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
)

// Guest is what the holder of a link sees.
type Guest struct {
	Invitation  Invitation
	Application meeting.Application
	Meeting     meeting.Meeting
	Needs       Needs
	Hash        string // of the undertaking as it now reads
	MayRead     bool   // papers are open to them
	Papers      []Paper
	Read        map[int64]Reading
}

// Waits reports that no answer was given yet and one still counts.
func (g Guest) Waits() bool { return g.Invitation.Answer == Open }

// Unread counts the papers that were not opened yet.
func (g Guest) Unread() int { return len(g.Papers) - len(g.Read) }

// Guest finds the invitation behind a link; it changes nothing. NotFound for an
// unknown or revoked link; Gone once the meeting is over or cancelled.
func (s *Service) Guest(ctx context.Context, token string) (Guest, error) {
	i, err := s.find(s.db.Read(ctx), token)
	if err != nil {
		return Guest{}, err
	}
	g, err := s.guest(ctx, i)
	if err != nil {
		return g, err
	}
	switch {
	case g.Meeting.State == meeting.Cancelled:
		return g, fault.New(fault.Gone, "invitation.cancelled")
	case !s.db.Now().Before(g.Meeting.EndsAt):
		return g, fault.New(fault.Gone, "invitation.over")
	}
	return g, nil
}

func (s *Service) guest(ctx context.Context, i Invitation) (g Guest, err error) {
	g = Guest{Invitation: i.utc(), Read: map[int64]Reading{}}
	if g.Meeting, err = s.meetings.ByID(ctx, i.Meeting); err != nil {
		return g, err
	}
	if g.Application, err = s.meetings.ApplicationByID(ctx, i.Meeting, i.Application); err != nil {
		return g, err
	}
	if g.Needs, err = s.needsOf(i); err != nil {
		return g, err
	}
	if g.Meeting.Undertaking != "" {
		g.Hash = UndertakingHash(g.Meeting.Undertaking)
	}
	g.MayRead = mayRead(g.Meeting, i)
	if g.Papers, err = s.papers(ctx, i.Meeting, true); err != nil {
		return g, err
	}
	var rows []Reading
	err = s.db.Read(ctx).Where("meeting_id = ? AND application_id = ?", i.Meeting, i.Application).Find(&rows).Error
	for _, r := range rows {
		g.Read[r.Paper] = r
	}
	return g, err
}

// utc puts every instant into UTC, whatever the driver gave.
func (i Invitation) utc() Invitation {
	i.InvitedAt, i.AnswerBy = i.InvitedAt.UTC(), i.AnswerBy.UTC()
	return i
}
