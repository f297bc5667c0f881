package invitation

import (
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// Run does what comes by the clock until ctx ends. Any number of processes may:
// each act locks its meeting and looks again.
func (s *Service) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := s.Moments(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "what was due for meetings was not done", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Moments does what is due now: silence becomes a refusal and calls a reserve,
// those who are silent and those who come are reminded, those who do not come
// are forgotten.
func (s *Service) Moments(ctx context.Context) error {
	now := s.db.Now()
	for _, moment := range []struct {
		due *gorm.DB
		do  func(context.Context, *database.Tx, *meeting.Meeting) error
	}{
		{s.db.Read(ctx).Raw(`SELECT DISTINCT meeting_id FROM invitations
			WHERE answer = '' AND answer_by <= ? AND revoked_at IS NULL`, now), s.lapse},
		{s.db.Read(ctx).Raw(`SELECT DISTINCT meeting_id FROM invitations
			WHERE answer = '' AND answer_by <= ? AND answer_by > ? AND asked_again_at IS NULL AND revoked_at IS NULL`, now.Add(askAgain), now), s.askAgain},
		{s.db.Read(ctx).Raw(`SELECT DISTINCT i.meeting_id FROM invitations i JOIN meetings m ON m.id = i.meeting_id
			WHERE i.answer = 'accepted' AND i.reminded_at IS NULL AND i.revoked_at IS NULL AND m.starts_at <= ? AND m.starts_at > ?
			AND m.state = 'invited'`, now.Add(remind), now), s.remind},
		{s.forgettable(ctx, now), s.forget},
	} {
		if err := s.each(ctx, moment.due, moment.do); err != nil {
			return err
		}
	}
	return nil
}

// each does a moment for every meeting that it is due for, one change each.
func (s *Service) each(ctx context.Context, due *gorm.DB, do func(context.Context, *database.Tx, *meeting.Meeting) error) error {
	var meetings []int64
	if err := due.Scan(&meetings).Error; err != nil {
		return err
	}
	for _, id := range meetings {
		err := s.db.Write(ctx, actor.Timer(), func(tx *database.Tx) error {
			m, err := s.meetings.Lock(tx, id)
			if err != nil {
				return err
			}
			return do(ctx, tx, &m)
		})
		if err != nil && !errors.Is(err, errDone) {
			return err
		}
	}
	return nil
}

// errDone says that another process was first: the change is given up.
var errDone = errors.New("invitation: done already")

// waiting gives the invitations for which a moment is due; errDone when there are none.
func waiting(tx *database.Tx, m int64, where string, args ...any) (list []Invitation, err error) {
	err = tx.Lock().Where("meeting_id = ? AND revoked_at IS NULL", m).Where(where, args...).Order("application_id").Find(&list).Error
	if err == nil && len(list) == 0 {
		err = errDone
	}
	return list, err
}

// lapse ends the invitations of those who were silent.
func (s *Service) lapse(ctx context.Context, tx *database.Tx, m *meeting.Meeting) error {
	silent, err := waiting(tx, m.ID, "answer = '' AND answer_by <= ?", tx.Now)
	if err != nil {
		return err
	}
	for _, i := range silent {
		a, err := application(tx, m.ID, i.Application)
		if err != nil {
			return err
		}
		answer := Lapsed
		if a.State == meeting.Attended {
			answer = Accepted // said nothing and came
		}
		if err := s.note(tx, *m, i, answer, "clock", nil, "lapse"); err != nil {
			return err
		}
		if a.State != meeting.Chosen && a.State != meeting.Seated {
			continue
		}
		if a, err = s.meetings.Move(ctx, tx, m, a.ID, meeting.Lapsed, meeting.Change{}); err != nil {
			return err
		}
		if err := s.tell(tx, *m, a, TopicLapsed); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) askAgain(_ context.Context, tx *database.Tx, m *meeting.Meeting) error {
	silent, err := waiting(tx, m.ID, "answer = '' AND answer_by <= ? AND answer_by > ? AND asked_again_at IS NULL", tx.Now.Add(askAgain), tx.Now)
	if err != nil {
		return err
	}
	for _, i := range silent {
		// Who had only a day is not reminded a minute later.
		tell := i.AnswerBy.Sub(i.InvitedAt) >= 2*askAgain
		if err := s.reminded(tx, *m, i, "asked_again_at", TopicAskAgain, tell); err != nil {
			return err
		}
	}
	return recordReminder(tx, *m, TopicAskAgain, len(silent))
}

func (s *Service) remind(_ context.Context, tx *database.Tx, m *meeting.Meeting) error {
	if m.State != meeting.Invited || m.StartsAt.Sub(tx.Now) > remind || !tx.Now.Before(m.StartsAt) {
		return errDone
	}
	coming, err := waiting(tx, m.ID, "answer = 'accepted' AND reminded_at IS NULL")
	if err != nil {
		return err
	}
	for _, i := range coming {
		if err := s.reminded(tx, *m, i, "reminded_at", TopicReminder, true); err != nil {
			return err
		}
	}
	return recordReminder(tx, *m, TopicReminder, len(coming))
}

func recordReminder(tx *database.Tx, m meeting.Meeting, topic string, people int) error {
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: "remind", Object: "meeting", ObjectID: m.ID, After: map[string]any{"topic": topic, "people": people},
	})
}

func (s *Service) reminded(tx *database.Tx, m meeting.Meeting, i Invitation, column, topic string, tell bool) error {
	err := tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", i.Meeting, i.Application).Updates(map[string]any{column: tx.Now}).Error
	if err != nil || !tell {
		return err
	}
	a, err := application(tx, m.ID, i.Application)
	if err != nil {
		return err
	}
	return s.tell(tx, m, a, topic)
}

// gone are the states of those who do not come and have nothing more to expect;
// expecting are those who have until the meeting is over; held those who had a
// place.
var (
	gone      = []meeting.ApplicationState{meeting.Refused, meeting.Withdrawn, meeting.NotSelected, meeting.Declined, meeting.Lapsed, meeting.Carried}
	expecting = []meeting.ApplicationState{meeting.Applied, meeting.Waiting, meeting.Reserve}
	held      = []meeting.ApplicationState{meeting.Chosen, meeting.Seated, meeting.Accepted, meeting.Attended, meeting.Absent}
)

// forgettable finds meetings whose date of forgetting has come and that still
// hold the contact of somebody who is to be forgotten.
func (s *Service) forgettable(ctx context.Context, now time.Time) *gorm.DB {
	return s.db.Read(ctx).Raw(`SELECT m.id FROM meetings m WHERE m.forget_at <= ? AND EXISTS (SELECT 1 FROM applications a
		WHERE a.meeting_id = m.id AND NOT a.erased AND (a.state IN ?
			OR (a.state IN ? AND (m.state = 'cancelled' OR m.ends_at <= ?)) OR (a.state IN ? AND m.ends_at <= ?)))`,
		now, gone, expecting, now, held, now.Add(-KeepAttended))
}

// forget erases what the notice promised to erase: name and contact, what was
// needed, the links, and what waits to be sent.
func (s *Service) forget(_ context.Context, tx *database.Tx, m *meeting.Meeting) error {
	states := slices.Clone(gone)
	if m.State == meeting.Cancelled || !m.EndsAt.After(tx.Now) {
		states = append(states, expecting...)
	}
	if !m.EndsAt.After(tx.Now.Add(-KeepAttended)) {
		states = append(states, held...)
	}
	var list []meeting.Application
	if err := tx.Where("meeting_id = ? AND state IN ? AND NOT erased", m.ID, states).Order("number").Find(&list).Error; err != nil {
		return err
	}
	for _, a := range list {
		if err := s.forgetOne(tx, *m, a.ID); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return errDone
	}
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: "forget", Object: "meeting", ObjectID: m.ID, After: map[string]any{"people": len(list), "promised": m.ForgetAt},
	})
}

func (s *Service) forgetOne(tx *database.Tx, m meeting.Meeting, id int64) error {
	if err := s.meetings.Erase(tx, m, id); err != nil {
		return err
	}
	if err := notice.Forget(tx, m.ID, id); err != nil {
		return err
	}
	return tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", m.ID, id).
		Updates(map[string]any{"sealed_needs": nil, "sealed_token": nil, "revoked_at": tx.Now}).Error
}
