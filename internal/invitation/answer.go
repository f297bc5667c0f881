package invitation

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Accept takes the acceptance of whoever holds the link, with what they need. A
// second time it only changes the needs. After silence it still counts while
// there is a place. Gone: the meeting is over or cancelled. Conflict
// invitation.full: the place was given on.
func (s *Service) Accept(ctx context.Context, token string, needs Needs) error {
	return s.byLink(ctx, token, func(tx *database.Tx, m *meeting.Meeting, i Invitation) error {
		return s.accept(ctx, tx, m, i, needs, byLink)
	})
}

// Decline takes a refusal, or takes back an acceptance; the next reserve is
// called in the same change. It needs no reason.
func (s *Service) Decline(ctx context.Context, token string) error {
	return s.byLink(ctx, token, func(tx *database.Tx, m *meeting.Meeting, i Invitation) error {
		return s.decline(ctx, tx, m, i, byLink)
	})
}

// AnswerFor enters what somebody said on the telephone; calls that wait for this
// person are done with it.
func (s *Service) AnswerFor(ctx context.Context, who actor.Actor, slug string, application int64, accepted bool, needs Needs) error {
	return s.staff(ctx, who, slug, PermissionAnswer, func(tx *database.Tx, m *meeting.Meeting) error {
		i, ok, err := one(tx.Lock(), m.ID, application)
		if err != nil || !ok {
			return orMissing(err)
		}
		if err := running(*m, tx); err != nil {
			return err
		}
		if err := notice.Told(tx, m.ID, application); err != nil {
			return err
		}
		if accepted {
			return s.accept(ctx, tx, m, i, needs, who.Key())
		}
		return s.decline(ctx, tx, m, i, who.Key())
	})
}

// Telephoned notes that somebody was told by telephone, whatever they answered.
func (s *Service) Telephoned(ctx context.Context, who actor.Actor, slug string, application int64) error {
	return s.staff(ctx, who, slug, PermissionAnswer, func(tx *database.Tx, m *meeting.Meeting) error {
		if err := notice.Told(tx, m.ID, application); err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: m.Organisation, Action: "telephone", Object: "application", ObjectID: application, After: map[string]any{"meeting": m.ID}})
	})
}

func (s *Service) accept(ctx context.Context, tx *database.Tx, m *meeting.Meeting, i Invitation, needs Needs, by string) error {
	needs, err := needs.clean()
	if err != nil {
		return err
	}
	sealed, err := s.sealNeeds(i.Meeting, i.Application, needs)
	if err != nil {
		return err
	}
	a, err := application(tx, m.ID, i.Application)
	if err != nil {
		return err
	}
	if a.State == meeting.Accepted {
		return s.note(tx, *m, i, Accepted, by, sealed, "needs")
	}
	if a.State == meeting.Lapsed || a.State == meeting.Declined {
		if a, err = s.comeBack(ctx, tx, m, &i); err != nil {
			return err
		}
	}
	if a, err = s.meetings.Move(ctx, tx, m, a.ID, meeting.Accepted, meeting.Change{}); err != nil {
		return err
	}
	if err := s.note(tx, *m, i, Accepted, by, sealed, "accept"); err != nil {
		return err
	}
	return s.tell(tx, *m, a, TopicConfirmed)
}

// comeBack gives a place to somebody who was silent or had declined, if one is free.
func (s *Service) comeBack(ctx context.Context, tx *database.Tx, m *meeting.Meeting, i *Invitation) (meeting.Application, error) {
	if err := s.room(tx, *m); err != nil {
		return meeting.Application{}, err
	}
	a, err := s.meetings.Move(quietly(ctx), tx, m, i.Application, meeting.Chosen, meeting.Change{})
	if full(err) {
		err = fault.New(fault.Conflict, "invitation.full")
	}
	return a, err
}

func full(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Code == "meeting.full"
}

// quiet marks a move after which the person is not asked: they are answering.
type quiet struct{}

func quietly(ctx context.Context) context.Context { return context.WithValue(ctx, quiet{}, true) }

func isQuiet(ctx context.Context) bool { return ctx.Value(quiet{}) != nil }

func (s *Service) decline(ctx context.Context, tx *database.Tx, m *meeting.Meeting, i Invitation, by string) error {
	answer := Declined
	if i.Answer == Accepted {
		answer = Withdrawn
	}
	a, err := application(tx, m.ID, i.Application)
	if err != nil {
		return err
	}
	if !a.State.Holds() { // said twice, or the place is gone already: what they want has happened
		return s.note(tx, *m, i, i.Answer, by, nil, "decline")
	}
	if err := s.note(tx, *m, i, answer, by, nil, "decline"); err != nil {
		return err
	}
	_, err = s.meetings.Move(ctx, tx, m, a.ID, meeting.Declined, meeting.Change{})
	return err
}

// note keeps an answer. Needs are kept only of who comes.
func (s *Service) note(tx *database.Tx, m meeting.Meeting, i Invitation, answer Answer, by string, needs []byte, action string) error {
	reminded := i.RemindedAt
	if answer == Accepted && m.StartsAt.Sub(tx.Now) < remind {
		reminded = &tx.Now // the confirmation is the reminder
	}
	err := tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", i.Meeting, i.Application).Updates(map[string]any{
		"answer": answer, "answered_at": tx.Now, "answered_by": by, "sealed_needs": needs, "reminded_at": reminded, "version": i.Version + 1,
	}).Error
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: action, Object: "application", ObjectID: i.Application,
		Before: map[string]any{"answer": i.Answer}, After: map[string]any{"meeting": m.ID, "answer": answer, "by": by},
	})
}

// byLink runs a change for whoever holds a link. The meeting is locked first, as
// every change of places does, then the invitation is read again: it may have
// changed in between.
func (s *Service) byLink(ctx context.Context, token string, change func(*database.Tx, *meeting.Meeting, Invitation) error) error {
	found, err := s.find(s.db.Read(ctx), token)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Public(), func(tx *database.Tx) error {
		m, err := s.meetings.Lock(tx, found.Meeting)
		if err != nil {
			return err
		}
		i, err := s.find(tx.Lock(), token)
		if err != nil {
			return err
		}
		if err := running(m, tx); err != nil {
			return err
		}
		return change(tx, &m, i)
	})
}

// find looks a link up. NotFound for one that never was, and for one that was
// revoked: it tells nothing of whose it had been.
func (s *Service) find(g *gorm.DB, token string) (i Invitation, err error) {
	if len(token) != len(newLink()) {
		return i, fault.Missing()
	}
	err = g.Where("token_hash = ?", hash(token)).Take(&i).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || (err == nil && i.RevokedAt != nil) {
		return Invitation{}, fault.Missing()
	}
	return i, err
}
