package invitation

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"guangyi/internal/meeting"
	"guangyi/internal/notice"
)

// About is what a letter of a meeting is made of.
type About struct {
	Topic       string
	To          string // address or number, by the way
	Lang        string // of the person
	Name        string
	Meeting     meeting.Meeting
	Application meeting.Application
	Invitation  *Invitation // nil for those who were never asked
	Token       string      // of the personal link; empty: there is none
	Unread      int         // released papers that the person has not opened
}

// stale are letters that say nothing true any more once the meeting was cancelled
// or held.
var stale = []string{
	TopicInvited, TopicCalled, TopicCarried, TopicAskAgain, TopicLapsed, TopicConfirmed, TopicReminder, TopicPapers, TopicMoved, TopicReserve,
}

// About finds what a letter is made of. ok is false when it is not to be sent any
// more: the contact was erased, the meeting is over, the answer was given, the
// place was given back.
func (s *Service) About(ctx context.Context, item notice.Item) (a About, ok bool, err error) {
	a.Topic = item.Topic
	if a.Meeting, err = s.meetings.ByID(ctx, item.Scope); err != nil {
		return a, false, err
	}
	if a.Application, err = s.meetings.ApplicationByID(ctx, item.Scope, item.Ref); err != nil || a.Application.Erased {
		return a, false, err
	}
	over := a.Meeting.State == meeting.Cancelled || !s.db.Now().Before(a.Meeting.EndsAt)
	if over && slices.Contains(stale, item.Topic) {
		return a, false, nil
	}
	i, asked, err := one(s.db.Read(ctx), item.Scope, item.Ref)
	if err != nil {
		return a, false, err
	}
	if asked {
		i = i.utc()
		a.Invitation = &i
		if a.Token, err = s.link(i); err != nil {
			return a, false, err
		}
	}
	if !a.true() {
		return a, false, nil
	}
	p, err := s.meetings.Person(ctx, a.Application)
	if err != nil {
		return a, false, err
	}
	a.Name, a.Lang, a.To = p.Name, a.Application.Lang, p.Email
	if item.Way == notice.SMS {
		a.To, _ = notice.Number(p.Phone)
	}
	if asked {
		if a.Unread, err = s.unread(s.db.Read(ctx), i); err != nil {
			return a, false, err
		}
	}
	return a, a.To != "", nil
}

// true reports whether what the letter says still is so.
func (a About) true() bool {
	state := a.Application.State
	switch a.Topic {
	case TopicInvited, TopicCalled, TopicAskAgain:
		return state == meeting.Chosen || state == meeting.Seated
	case TopicConfirmed, TopicReminder, TopicPapers:
		return state == meeting.Accepted
	case TopicLapsed:
		return state == meeting.Lapsed
	case TopicReserve:
		return state == meeting.Reserve || state == meeting.Waiting
	}
	return true
}

func (s *Service) unread(g *gorm.DB, i Invitation) (n int, err error) {
	err = g.Raw(`SELECT COUNT(*) FROM papers p WHERE p.meeting_id = ? AND p.released_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM paper_reads r
		WHERE r.meeting_id = p.meeting_id AND r.paper_id = p.id AND r.application_id = ?)`, i.Meeting, i.Application).Row().Scan(&n)
	return n, err
}
