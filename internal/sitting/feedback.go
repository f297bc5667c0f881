package sitting

import (
	"context"
	"crypto/rand"
	"encoding/binary"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Questions on a meeting, each answered from 1 (no) to 4 (yes): was I heard, was I
// prepared, would I come again.
var Questions = []string{"heard", "prepared", "again"}

// Scale is the highest answer.
const Scale = 4

// FewestBrokenDown is how many must have answered before answers are shown one by
// one; below, only how many answered is told.
const FewestBrokenDown = 5

// Opinion is one person's answers, in the order of Questions.
type Opinion [3]int

type feedbackRow struct {
	MeetingID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID        int64 `gorm:"primaryKey;autoIncrement:false"`
	Heard     int
	Prepared  int
	Again     int
}

// TableName names the table for gorm.
func (feedbackRow) TableName() string { return "sitting_feedback" }

// FeedbackOn opens a feedback link: the meeting, and whether it was used.
func (s *Service) FeedbackOn(ctx context.Context, token string) (m meeting.Meeting, used bool, err error) {
	l, err := s.findLink(ctx, ToFeedback, token)
	if err != nil {
		return m, false, err
	}
	m, err = s.meetings.ByID(ctx, l.MeetingID)
	return m, l.Used, err
}

// GiveFeedback takes one person's answers, once a link. They are kept apart from who
// gave them: nothing leads from the answers to the link or back.
func (s *Service) GiveFeedback(ctx context.Context, token string, o Opinion) error {
	l, err := s.findLink(ctx, ToFeedback, token)
	if err != nil {
		return err
	}
	var f fault.Fields
	for i, v := range o {
		if v < 1 || v > Scale {
			f.Add(Questions[i], "sitting.feedback_choose")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Write(ctx, actor.Public(), func(tx *database.Tx) error {
		m, err := s.meetings.Lock(tx, l.MeetingID)
		if err != nil {
			return err
		}
		res := tx.Model(&link{}).Where("meeting_id = ? AND token_hash = ? AND used = ?", l.MeetingID, l.TokenHash, false).Update("used", true)
		if res.Error != nil {
			return res.Error
		}
		if res.RowsAffected == 0 {
			return fault.New(fault.Conflict, "sitting.feedback_given")
		}
		row := feedbackRow{MeetingID: l.MeetingID, ID: randomID(), Heard: o[0], Prepared: o[1], Again: o[2]}
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: m.Organisation, Action: "give_feedback", Object: "meeting", ObjectID: m.ID})
	})
}

// randomID tells nothing of when an answer came.
func randomID() int64 {
	var raw [8]byte
	_, _ = rand.Read(raw[:]) // crypto/rand never fails on the systems that Go supports
	return int64(binary.BigEndian.Uint64(raw[:])>>1) | 1
}

// Feedback counts answers. Counts holds, for each question, how many gave 1 to 4; it
// is empty for fewer than FewestBrokenDown.
type Feedback struct {
	Answers int
	Asked   int
	Counts  map[string][Scale]int
}

// Feedback counts what was said of a meeting, for its staff.
func (s *Service) Feedback(ctx context.Context, meetingID int64) (Feedback, error) {
	var rows []feedbackRow
	if err := s.db.Read(ctx).Where("meeting_id = ?", meetingID).Find(&rows).Error; err != nil {
		return Feedback{}, err
	}
	var asked int64
	if err := s.db.Read(ctx).Model(&link{}).Where("meeting_id = ? AND purpose = ?", meetingID, ToFeedback).Count(&asked).Error; err != nil {
		return Feedback{}, err
	}
	out := Feedback{Answers: len(rows), Asked: int(asked), Counts: map[string][Scale]int{}}
	if len(rows) < FewestBrokenDown {
		return out, nil
	}
	for i, q := range Questions {
		var c [Scale]int
		for _, r := range rows {
			c[[]int{r.Heard, r.Prepared, r.Again}[i]-1]++
		}
		out.Counts[q] = c
	}
	return out, nil
}
