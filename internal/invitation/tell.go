package invitation

import (
	"context"
	"slices"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/notice"
	"guangyi/internal/platform/database"
)

// The topics of a meeting's letters; the scope of each is the meeting, the ref the
// application.
const (
	TopicInvited     = "meeting.invited"      // you were selected: come or not, until then
	TopicCalled      = "meeting.called"       // a place came free, you are next
	TopicCarried     = "meeting.carried"      // your item goes to another meeting, and you with it
	TopicSlipped     = "meeting.slipped"      // your item goes to a meeting to which you come anyway
	TopicAskAgain    = "meeting.ask_again"    // you have not answered
	TopicLapsed      = "meeting.lapsed"       // no answer: the place was given on
	TopicConfirmed   = "meeting.confirmed"    // thank you, see you there
	TopicReminder    = "meeting.reminder"     // the day comes
	TopicPapers      = "meeting.papers"       // papers are there
	TopicMoved       = "meeting.moved"        // another date or place
	TopicCancelled   = "meeting.cancelled"    // it will not be
	TopicReserve     = "meeting.reserve"      // you are on the list of reserves
	TopicNotSelected = "meeting.not_selected" // not this time
	TopicAnswer      = "meeting.answer"       // your statement was answered
	TopicAccount     = "meeting.account"      // the account of the meeting is out
)

// Topics lists them.
var Topics = []string{
	TopicInvited, TopicCalled, TopicCarried, TopicSlipped, TopicAskAgain, TopicLapsed, TopicConfirmed, TopicReminder, TopicPapers, TopicMoved,
	TopicCancelled, TopicReserve, TopicNotSelected, TopicAnswer, TopicAccount,
}

// IsTopic reports whether a letter is worded here.
func IsTopic(topic string) bool { return slices.Contains(Topics, topic) }

// pressing are the letters that go by every way that a person left: somebody
// stands before a closed door, or loses a place, who has not read them.
var pressing = []string{TopicInvited, TopicCalled, TopicCarried, TopicSlipped, TopicAskAgain, TopicReminder, TopicMoved, TopicCancelled}

// calls are the letters for which staff telephone when there is no other way.
var calls = append([]string{TopicPapers}, pressing...)

// Tell leaves a letter about a meeting for one of its applicants, such as that a
// statement was answered. The meeting is locked.
func (s *Service) Tell(tx *database.Tx, m meeting.Meeting, a meeting.Application, topic string) error {
	return s.tell(tx, m, a, topic)
}

func (s *Service) tell(tx *database.Tx, m meeting.Meeting, a meeting.Application, topic string) error {
	if a.Erased {
		return nil
	}
	p, err := s.meetings.PersonIn(tx, a)
	if err != nil {
		return err
	}
	for _, way := range s.ways(p, topic) {
		err := notice.Add(tx, notice.Request{Topic: topic, Organisation: m.Organisation, Scope: m.ID, Ref: a.ID, Way: way})
		if err != nil {
			return err
		}
	}
	return nil
}

// ways chooses how a letter goes to somebody. Without mail and mobile number,
// or without a gateway, staff call about what is pressing.
func (s *Service) ways(p meeting.Person, topic string) []notice.Way {
	var out []notice.Way
	if strings.Contains(p.Email, "@") {
		out = append(out, notice.Mail)
	}
	_, mobile := notice.Number(p.Phone)
	mobile = mobile && s.notices != nil && s.notices.Sends(notice.SMS)
	if mobile && (len(out) == 0 || slices.Contains(pressing, topic)) {
		out = append(out, notice.SMS)
	}
	if len(out) == 0 && p.Phone != "" && slices.Contains(calls, topic) {
		out = append(out, notice.Phone)
	}
	return out
}

// moved tells everybody who may still come of another date or place. Answers
// stand; whoever cannot come now says so by the same link. A silent person gets
// more time where the new date allows it.
func (s *Service) moved(_ context.Context, tx *database.Tx, m meeting.Meeting, _ meeting.Event) error {
	if err := s.tellAll(tx, m, TopicMoved, slices.Concat(asked, []meeting.ApplicationState{meeting.Applied, meeting.Reserve, meeting.Waiting})...); err != nil {
		return err
	}
	_, begun, err := round(tx.DB, m.ID)
	if err != nil || !begun {
		return err
	}
	if err := tx.Model(&Invitation{}).Where("meeting_id = ?", m.ID).Updates(map[string]any{"reminded_at": nil}).Error; err != nil {
		return err
	}
	return tx.Model(&Invitation{}).Where("meeting_id = ? AND answer = ? AND answer_by < ?", m.ID, Open, answerBy(m, tx.Now)).
		Updates(map[string]any{"answer_by": answerBy(m, tx.Now), "asked_again_at": nil}).Error
}

// cancelled tells everybody who still expects something; the links end.
func (s *Service) cancelled(_ context.Context, tx *database.Tx, m meeting.Meeting, _ meeting.Event) error {
	err := s.tellAll(tx, m, TopicCancelled, slices.Concat(asked, []meeting.ApplicationState{meeting.Applied, meeting.Reserve, meeting.Waiting})...)
	if err != nil {
		return err
	}
	return tx.Model(&Invitation{}).Where("meeting_id = ?", m.ID).Updates(map[string]any{"revoked_at": tx.Now}).Error
}

func (s *Service) tellAll(tx *database.Tx, m meeting.Meeting, topic string, states ...meeting.ApplicationState) error {
	list, err := in(tx.DB, m.ID, states...)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := s.tell(tx, m, a, topic); err != nil {
			return err
		}
	}
	return nil
}
