package sitting

import (
	"context"
	"fmt"
	"time"

	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/submission"
)

// Channel is the channel of what is said at meetings.
const Channel = "meeting"

// Statement is a confirmed wording and the submission that it became.
type Statement struct {
	Meeting     int64  `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	Application int64  `gorm:"column:application_id;primaryKey;autoIncrement:false"`
	Item        int64  `gorm:"column:item_id;primaryKey;autoIncrement:false"`
	Digest      string `gorm:"primaryKey"`
	Entry       string
	Act         string
	Way         string
	Submission  int64 `gorm:"column:submission_id"`
	Receipt     string
	SignedAt    time.Time
	ToldAt      *time.Time // of its answer
}

// TableName names the table for gorm.
func (Statement) TableName() string { return "sitting_statements" }

// prepareOwn makes the meeting's own consultation before anything needs it: what
// enters it reads through another connection.
func (s *Service) prepareOwn(ctx context.Context, who actor.Actor, m meeting.Meeting) error {
	if m.Consultation != 0 || !m.Public() || m.State == meeting.Cancelled {
		return nil
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		locked, err := s.meetings.Lock(tx, m.ID)
		if err != nil {
			return err
		}
		_, _, err = s.rooms.OwnConsultation(tx, &locked)
		tx.Audited() // the consultation left its own line, or was there
		return err
	})
}

// confirmed makes a submission of the words that a speaker confirmed, in the
// meeting's own consultation. The same words of the same person to the same item
// are one, from however many devices.
func (s *Service) confirmed(tx *database.Tx, m meeting.Meeting, a Act) error {
	seat, _ := ids.Parse(a.Seat)
	item, _ := ids.Parse(a.Item)
	words := Wording{Points: tidied(a.Points), Own: tidied(a.Own)}.Spoken()
	if len(words) == 0 {
		return nil // the words are in a file; staff enter them when they are read
	}
	digest := Digest(words)
	var n int64
	err := tx.Model(&Statement{}).Where("meeting_id = ? AND application_id = ? AND item_id = ? AND digest = ?", m.ID, seat, item, digest).Count(&n).Error
	if err != nil || n > 0 {
		return err
	}
	receipt, err := s.enter(tx, m, seat, words, fmt.Sprintf("meeting/%d/%d/%s", seat, item, digest))
	if err != nil {
		return err
	}
	err = tx.Create(&Statement{Meeting: m.ID, Application: seat, Item: item, Digest: digest, Entry: a.Entry, Act: a.ID, Way: a.Way,
		Submission: receipt.Submission, Receipt: receipt.Number, SignedAt: a.At}).Error
	if err != nil {
		return err
	}
	if a.Way != ByLink { // who confirms by a link has one
		if _, err := s.newLink(tx, link{MeetingID: m.ID, Purpose: ToSign, ApplicationID: seat, Entry: a.Entry}); err != nil {
			return err
		}
	}
	return s.tell(tx, m, seat, TopicReceipt)
}

func (s *Service) enter(tx *database.Tx, m meeting.Meeting, seat int64, words []Point, key string) (submission.Receipt, error) {
	slug, own, err := s.rooms.OwnConsultation(tx, &m)
	if err != nil {
		return submission.Receipt{}, err
	}
	speaker, err := s.speaker(tx, m, seat)
	if err != nil {
		return submission.Receipt{}, err
	}
	known, err := provisionsOf(tx, own)
	if err != nil {
		return submission.Receipt{}, err
	}
	in := submission.In{Consultation: slug, Key: key, Channel: Channel, Submitter: speaker, Consent: true, Language: submission.LanguageOf(words[0].Text)}
	for _, p := range words {
		if !known[p.Provision] {
			p.Provision = "" // it was aimed at a draft that has changed since: the words stay
		}
		in.Comments = append(in.Comments, submission.Part{Provision: p.Provision, Text: p.Text})
	}
	return s.submissions.EnterConfirmed(tx, tx.Actor, in)
}

// provisionsOf gives the keys that a statement may aim at.
func provisionsOf(tx *database.Tx, consultation int64) (map[string]bool, error) {
	var keys []string
	err := tx.Table("provisions").Where("consultation_id = ? AND draft_version = ?", consultation, draft.First).Pluck("key", &keys).Error
	out := make(map[string]bool, len(keys))
	for _, k := range keys {
		out[k] = true
	}
	return out, err
}

// kinds says as what a category speaks.
var kinds = map[string]submission.Kind{"expert": "expert", "deputy": "deputy"}

// speaker is who speaks, as a sender. A company's representative is a person: the
// name is masked where it is shown at all.
func (s *Service) speaker(tx *database.Tx, m meeting.Meeting, seat int64) (submission.Submitter, error) {
	list, err := meeting.ApplicationsIn(tx, m.ID)
	if err != nil {
		return submission.Submitter{}, err
	}
	for _, a := range list {
		if a.ID != seat {
			continue
		}
		p, err := s.meetings.PersonIn(tx, a)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return submission.Submitter{}, err
		}
		kind := submission.Kind("individual")
		if k, ok := kinds[a.Category]; ok {
			kind = k
		}
		return submission.Submitter{Kind: kind, Name: p.Name, Email: p.Email, Phone: p.Phone, Region: a.District, PublishName: a.PublishName}, nil
	}
	return submission.Submitter{}, fault.Missing()
}
