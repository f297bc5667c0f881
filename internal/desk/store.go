package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/platform/database"
)

func entryPlace(consultation, id int64) string {
	return fmt.Sprintf("desk_entries/%d/%d", consultation, id)
}

// sealInto seals the content into the entry and counts what is in it.
func (s *Service) sealInto(e *Entry) error {
	raw, err := json.Marshal(e.Content)
	if err != nil {
		return err
	}
	e.Points, e.Signers = int64(len(e.Content.Points)), int64(len(e.Content.Signers))
	e.Sealed, err = s.keys.Seal(raw, entryPlace(e.ConsultationID, e.ID))
	return err
}

func (s *Service) unseal(e *Entry) error {
	raw, err := s.keys.Unseal(e.Sealed, entryPlace(e.ConsultationID, e.ID))
	if err != nil {
		return err
	}
	e.Content = Content{}
	return json.Unmarshal(raw, &e.Content)
}

// read finds an entry with its content and its scans.
func (s *Service) read(g *gorm.DB, consultation, id int64) (Entry, error) {
	var e Entry
	if err := g.Where("consultation_id = ? AND id = ?", consultation, id).Take(&e).Error; err != nil {
		return e, database.Translate(err)
	}
	if err := s.unseal(&e); err != nil {
		return e, err
	}
	files, err := papers(g, consultation, id)
	e.Files = files
	return e, err
}

func papers(g *gorm.DB, consultation, entry int64) (out []Paper, err error) {
	err = g.Where("consultation_id = ? AND entry_id = ?", consultation, entry).Order("file_id").Limit(MostFiles).Find(&out).Error
	return out, err
}

// lock reads an entry that only this transaction changes.
func (s *Service) lock(tx *database.Tx, consultation, id int64) (Entry, error) {
	var found int64
	err := tx.Lock().Model(&Entry{}).Select("id").Where("consultation_id = ? AND id = ?", consultation, id).Take(&found).Error
	if err != nil {
		return Entry{}, database.Translate(err)
	}
	return s.read(tx.DB, consultation, id)
}

// store writes what changed of an entry; its version goes up.
func (s *Service) store(tx *database.Tx, e *Entry) error {
	if err := s.sealInto(e); err != nil {
		return err
	}
	e.Version++
	e.UpdatedAt = tx.Now
	return tx.Model(&Entry{}).Where("consultation_id = ? AND id = ?", e.ConsultationID, e.ID).Updates(map[string]any{
		"state": e.State, "clerk": e.Clerk, "typists": e.Typists, "sealed": e.Sealed, "points": e.Points, "signers": e.Signers, "drawn": e.Drawn, "late": e.Late, "way": e.Way,
		"checked_by": e.CheckedBy, "checked_at": e.CheckedAt, "corrected": e.Corrected, "submission_id": e.SubmissionID, "receipt": e.Receipt,
		"reason": e.Reason, "refused": e.Refused, "updated_at": e.UpdatedAt, "version": e.Version,
	}).Error
}

// past is a wording as it stood at an act.
type past struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	EntryID        int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq            int64 `gorm:"primaryKey;autoIncrement:false"`
	Act            string
	Actor          string
	At             time.Time
	Sealed         []byte
}

// TableName names the table for gorm.
func (past) TableName() string { return "desk_versions" }

// kept is what is sealed of a past: the whole content, or a remark.
type kept struct {
	Content *Content `json:"content,omitempty"`
	Remark  string   `json:"remark,omitempty"`
}

func pastPlace(consultation, entry, seq int64) string {
	return fmt.Sprintf("desk_versions/%d/%d/%d", consultation, entry, seq)
}

// open unseals a past.
func (s *Service) open(p past) (k kept, err error) {
	raw, err := s.keys.Unseal(p.Sealed, pastPlace(p.ConsultationID, p.EntryID, p.Seq))
	if err != nil {
		return k, err
	}
	return k, json.Unmarshal(raw, &k)
}

// typed is what the clerk last finished; before that, what there is.
func (s *Service) typed(g *gorm.DB, e Entry) (Content, error) {
	var p past
	err := g.Where("consultation_id = ? AND entry_id = ? AND act = 'typed'", e.ConsultationID, e.ID).Order("seq DESC").Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return e.Content, nil
	}
	if err != nil {
		return Content{}, err
	}
	k, err := s.open(p)
	if err != nil || k.Content == nil {
		return e.Content, err
	}
	return *k.Content, nil
}

// remember keeps a wording or a remark for good.
func (s *Service) remember(tx *database.Tx, e *Entry, act string, k kept) error {
	seq := tx.NextID()
	raw, err := json.Marshal(k)
	if err != nil {
		return err
	}
	sealed, err := s.keys.Seal(raw, pastPlace(e.ConsultationID, e.ID, seq))
	if err != nil {
		return err
	}
	return tx.Create(&past{e.ConsultationID, e.ID, seq, act, tx.Actor.Key(), tx.Now, sealed}).Error
}

// trail leaves the line of the audit: states and counts, no words and no names.
func trail(tx *database.Tx, e *Entry, action string, before State, more map[string]any) error {
	after := map[string]any{"state": e.State, "way": e.Way, "points": e.Points}
	for k, v := range more {
		after[k] = v
	}
	var was any
	if before != "" {
		was = map[string]any{"state": before}
	}
	return audit.Record(tx, audit.Entry{Organisation: e.OrganisationID, Consultation: e.ConsultationID, Action: action, Object: "entry", ObjectID: e.ID, Before: was, After: after})
}
