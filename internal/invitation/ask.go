package invitation

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Invite asks everybody who holds a place, in one act, and tells the reserves and
// those who were not selected. Conflict meeting.state when it is not the time,
// invitation.nobody when nobody holds a place.
func (s *Service) Invite(ctx context.Context, who actor.Actor, slug string) (asked int, err error) {
	err = s.staff(ctx, who, slug, PermissionAsk, func(tx *database.Tx, m *meeting.Meeting) error {
		asked, err = s.invite(ctx, tx, m)
		return err
	})
	return asked, err
}

func (s *Service) invite(ctx context.Context, tx *database.Tx, m *meeting.Meeting) (int, error) {
	if err := running(*m, tx); err != nil {
		return 0, err
	}
	holders, err := in(tx.DB, m.ID, asked...)
	if err != nil {
		return 0, err
	}
	if len(holders) == 0 {
		return 0, fault.New(fault.Conflict, "invitation.nobody")
	}
	if err := s.meetings.Step(ctx, tx, m, meeting.Invite, meeting.Note{}); err != nil {
		return 0, err
	}
	r := Round{Meeting: m.ID, Organisation: m.Organisation, InvitedAt: tx.Now, InvitedBy: tx.Actor.Key(), Places: len(holders)}
	if err := tx.Create(&r).Error; err != nil {
		return 0, err
	}
	for _, a := range holders {
		if i, ok, err := one(tx.DB, m.ID, a.ID); err != nil {
			return 0, err
		} else if ok && i.RevokedAt == nil {
			continue // came along with an item, and was asked then
		}
		if err := s.ask(tx, *m, a, BySelection); err != nil {
			return 0, err
		}
	}
	if err := s.tellOthers(tx, *m); err != nil {
		return 0, err
	}
	return len(holders), audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: "invite", Object: "meeting", ObjectID: m.ID, After: map[string]any{"asked": len(holders)},
	})
}

// tellOthers tells those who wait and those for whom there is no place.
func (s *Service) tellOthers(tx *database.Tx, m meeting.Meeting) error {
	rest, err := in(tx.DB, m.ID, meeting.Reserve, meeting.Waiting, meeting.NotSelected)
	if err != nil {
		return err
	}
	for _, a := range rest {
		topic := TopicReserve
		if a.State == meeting.NotSelected {
			topic = TopicNotSelected
		}
		if err := s.tell(tx, m, a, topic); err != nil {
			return err
		}
	}
	return nil
}

// ask makes the invitation of somebody who holds a place, or renews it: a fresh
// link, a fresh time to answer. The meeting is locked.
func (s *Service) ask(tx *database.Tx, m meeting.Meeting, a meeting.Application, called Called) error {
	i, again, err := one(tx.DB, m.ID, a.ID)
	if err != nil {
		return err
	}
	i.Meeting, i.Application, i.Organisation = m.ID, a.ID, m.Organisation
	i.Round++
	i.Version++
	i.Called, i.InvitedAt, i.AnswerBy = called, tx.Now, answerBy(m, tx.Now)
	i.Answer, i.AnsweredAt, i.AnsweredBy, i.AskedAgainAt, i.RemindedAt = Open, nil, "", nil, nil
	if a.State == meeting.Accepted { // came along with what was said before
		i.Answer, i.AnsweredAt, i.AnsweredBy = Accepted, &tx.Now, "carried"
	}
	if err := s.give(&i); err != nil {
		return err
	}
	if again {
		err = tx.Save(&i).Error
	} else {
		err = tx.Create(&i).Error
	}
	if err != nil {
		return err
	}
	topic := map[Called]string{BySelection: TopicInvited, ByReserve: TopicCalled, ByStaff: TopicInvited, ByCarrying: TopicCarried}[called]
	if err := s.tell(tx, m, a, topic); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: "ask", Object: "application", ObjectID: a.ID,
		After: map[string]any{"meeting": m.ID, "called": called, "round": i.Round, "answer_by": i.AnswerBy},
	})
}

// follow is told of every application that moves, inside the change that moves
// it. Whoever gains a place at a meeting that has been invited is asked; for
// whoever gives one back the next reserve is called.
func (s *Service) follow(ctx context.Context, tx *database.Tx, m meeting.Meeting, a meeting.Application, from meeting.ApplicationState) error {
	if !from.Holds() && !a.State.Holds() {
		return nil
	}
	if from == "" && a.CarriedFrom != 0 {
		return s.cameAlong(tx, m, a)
	}
	_, begun, err := round(tx.DB, m.ID)
	if err != nil || !begun {
		return err
	}
	switch {
	case !from.Holds() && (a.State == meeting.Chosen || a.State == meeting.Seated):
		if isQuiet(ctx) {
			return nil
		}
		if from == meeting.Declined || from == meeting.Lapsed {
			return s.ask(tx, m, a, ByStaff)
		}
		return s.ask(tx, m, a, ByReserve)
	case from.Holds() && !a.State.Holds() && a.State != meeting.Carried:
		if err := s.gaveBack(tx, m, a); err != nil {
			return err
		}
		return s.fill(ctx, tx, m, a)
	case a.State == meeting.Carried:
		return s.wentAlong(tx, m, a)
	}
	return nil
}

// wentAlong ends the link of somebody whose item went to another meeting. Who is
// asked there was told there; who comes to that meeting anyway is told here.
func (s *Service) wentAlong(tx *database.Tx, m meeting.Meeting, a meeting.Application) error {
	now, err := application(tx, m.ID, a.ID)
	if err != nil {
		return err
	}
	if now.CarriedTo == 0 {
		if err := s.tell(tx, m, a, TopicSlipped); err != nil {
			return err
		}
	}
	return s.revoke(tx, m.ID, a.ID)
}

// cameAlong asks somebody whose item was moved here from another meeting, where
// they had been asked: what they had answered and what they need stands, and they
// are told at once, whether this meeting was invited or not. Their place comes
// along with the item.
func (s *Service) cameAlong(tx *database.Tx, m meeting.Meeting, a meeting.Application) error {
	var before Invitation
	err := tx.Where("application_id = ?", a.CarriedFrom).Take(&before).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil // not asked yet: they will be with everybody else
	}
	if err != nil {
		return err
	}
	if err := s.ask(tx, m, a, ByCarrying); err != nil {
		return err
	}
	needs, err := s.needsOf(before)
	if err != nil {
		return err
	}
	sealed, err := s.sealNeeds(m.ID, a.ID, needs)
	if err != nil {
		return err
	}
	err = tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", m.ID, a.ID).Updates(map[string]any{"sealed_needs": sealed}).Error
	if err != nil {
		return err
	}
	return tx.Model(&Round{}).Where("meeting_id = ?", m.ID).Updates(map[string]any{"places": gorm.Expr("places + 1")}).Error
}

// gaveBack notes the answer of somebody who withdrew by another way than the
// link, and ends the link.
func (s *Service) gaveBack(tx *database.Tx, m meeting.Meeting, a meeting.Application) error {
	i, ok, err := one(tx.DB, m.ID, a.ID)
	if err != nil || !ok {
		return err
	}
	if a.State != meeting.Withdrawn && a.State != meeting.Refused {
		return nil // answered here, and noted already
	}
	return tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", m.ID, a.ID).Updates(map[string]any{
		"answer": Withdrawn, "answered_at": tx.Now, "answered_by": tx.Actor.Key(), "revoked_at": tx.Now, "version": i.Version + 1,
	}).Error
}

func (s *Service) revoke(tx *database.Tx, m, a int64) error {
	return tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", m, a).
		Updates(map[string]any{"revoked_at": tx.Now, "version": gorm.Expr("version + 1")}).Error
}

// fill calls reserves for the places that are free, each by the rule of package
// selection, and never more than there were places when the meeting was invited.
// Close to the meeting nobody is called by itself; a place given by order of
// arrival goes to the waiting list, which meeting keeps. The meeting is locked.
func (s *Service) fill(ctx context.Context, tx *database.Tx, m meeting.Meeting, gone meeting.Application) error {
	if s.reserves == nil || m.MethodOf(gone.Category) == meeting.ByOrder || m.State != meeting.Invited || m.StartsAt.Sub(tx.Now) < lastCall {
		return nil
	}
	r, ok, err := round(tx.DB, m.ID)
	if err != nil || !ok {
		return err
	}
	for range r.Places {
		holding, err := in(tx.DB, m.ID, slices.Concat(asked, []meeting.ApplicationState{meeting.Attended, meeting.Absent})...)
		if err != nil || len(holding) >= r.Places {
			return err
		}
		id, ok, err := s.reserves.Next(tx, &m, []int64{gone.ID})
		if err != nil || !ok {
			return err
		}
		_, err = s.meetings.Move(ctx, tx, &m, id, meeting.Chosen, meeting.Change{})
		if full(err) {
			return nil // people who came along with an item have taken what was free
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AskAgain asks somebody anew who declined or was silent, or sends a fresh link
// to somebody who has lost theirs. Conflict invitation.full when there is no
// place any more.
func (s *Service) AskAgain(ctx context.Context, who actor.Actor, slug string, id int64) error {
	return s.staff(ctx, who, slug, PermissionAsk, func(tx *database.Tx, m *meeting.Meeting) error {
		if err := running(*m, tx); err != nil {
			return err
		}
		a, err := application(tx, m.ID, id)
		if err != nil {
			return err
		}
		if _, ok, err := one(tx.DB, m.ID, id); err != nil || !ok {
			return orMissing(err)
		}
		if a.State.Holds() {
			return s.freshLink(tx, *m, a)
		}
		if err := s.room(tx, *m); err != nil {
			return err
		}
		_, err = s.meetings.Move(ctx, tx, m, id, meeting.Chosen, meeting.Change{}) // asked by follow
		return err
	})
}

// freshLink ends the link of somebody who holds a place and sends another.
func (s *Service) freshLink(tx *database.Tx, m meeting.Meeting, a meeting.Application) error {
	i, _, err := one(tx.DB, m.ID, a.ID)
	if err != nil {
		return err
	}
	if err := s.give(&i); err != nil {
		return err
	}
	err = tx.Model(&Invitation{}).Where("meeting_id = ? AND application_id = ?", m.ID, a.ID).Updates(map[string]any{
		"token_hash": i.TokenHash, "sealed_token": i.SealedToken, "revoked_at": nil, "version": i.Version + 1,
	}).Error
	if err != nil {
		return err
	}
	topic := TopicInvited
	if a.State == meeting.Accepted {
		topic = TopicConfirmed
	}
	if err := s.tell(tx, m, a, topic); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Organisation: m.Organisation, Action: "resend", Object: "application", ObjectID: a.ID, After: map[string]any{"meeting": m.ID, "topic": topic}})
}

// room refuses when every place is held.
func (s *Service) room(tx *database.Tx, m meeting.Meeting) error {
	r, ok, err := round(tx.DB, m.ID)
	if err != nil || !ok {
		return orMissing(err)
	}
	holding, err := in(tx.DB, m.ID, asked...)
	if err == nil && len(holding) >= r.Places {
		return fault.New(fault.Conflict, "invitation.full")
	}
	return err
}

func orMissing(err error) error {
	if err == nil {
		return fault.Missing()
	}
	return err
}
