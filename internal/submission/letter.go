package submission

import (
	"context"
	"encoding/json"
	"errors"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// Sender is a sender's name and contact, unsealed.
type Sender struct{ Name, Email, Phone string }

// Letter is one submission whole, as staff see it.
type Letter struct {
	Submission
	Consultation consultation.Consultation
	Sender       *Sender // nil: the actor may not see it, or nothing was left
	Left         bool    // the sender left a name or a contact
	Changeable   bool    // the state allows splitting and aiming
	Answers      []SurveyAnswer
}

// One reads a submission whole for staff. NotFound for another consultation's.
func (s *Service) One(ctx context.Context, who actor.Actor, slug string, id int64) (Letter, error) {
	c, err := s.staff(ctx, who, slug, PermissionList)
	if err != nil {
		return Letter{}, err
	}
	l := Letter{Consultation: c, Changeable: changeable(c, s.db.Now()) == nil}
	g := s.db.Read(ctx)
	if l.Submission, err = whole(g, c.ID, id); err != nil {
		return l, err
	}
	if l.Answers, err = answersOf(g, l.Submission); err != nil {
		return l, err
	}
	sender, err := s.sender(g, c.ID, id)
	if err != nil {
		return l, err
	}
	l.Left = sender != nil
	if s.MayContact(who, c.Organisation) {
		l.Sender = sender
	}
	return l, nil
}

// whole reads a submission with its parts and spans in full.
func whole(g *gorm.DB, consultation, id int64) (Submission, error) {
	var x Submission
	err := g.Select(submissionColumns).Where("consultation_id = ? AND id = ?", consultation, id).Take(&x).Error
	if err != nil {
		return x, database.Translate(err)
	}
	err = g.Where("consultation_id = ? AND submission_id = ?", consultation, id).
		Order("position, span_start, span_end, id").Find(&x.Comments).Error
	return x, err
}

// sender unseals what a sender left; nil when that was nothing.
func (s *Service) sender(g *gorm.DB, consultation, id int64) (*Sender, error) {
	var sealed []byte
	err := g.Table("submitters").Select("sealed").Where("consultation_id = ? AND submission_id = ?", consultation, id).Row().Scan(&sealed)
	if errors.Is(err, errNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	raw, err := s.keys.Unseal(sealed, place(consultation, id))
	if err != nil {
		return nil, err
	}
	var p personal
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, err
	}
	return &Sender{p.Name, p.Email, p.Phone}, nil
}

// Sender unseals what a sender left, for a letter that is written in the caller's
// transaction; nil when that was nothing.
func (s *Service) Sender(tx *database.Tx, consultation, id int64) (*Sender, error) {
	return s.sender(tx.DB, consultation, id)
}

// Confirmation is what the letter that confirms a submission needs.
type Confirmation struct {
	To      string
	Lang    string
	Number  string
	Title   string // of the consultation
	Slug    string
	Letters Submission
}

// Confirm finds whom to confirm a submission to. ok is false when its sender left
// no address, or it was erased. The secret is never mailed.
func (s *Service) Confirm(ctx context.Context, consultationID, id int64) (out Confirmation, ok bool, err error) {
	g := s.db.Read(ctx)
	sender, err := s.sender(g, consultationID, id)
	if err != nil || sender == nil || sender.Email == "" {
		return out, false, err
	}
	c, err := s.consultations.ByID(ctx, consultationID)
	if err != nil {
		return out, false, err
	}
	x, err := whole(g, consultationID, id)
	return Confirmation{To: sender.Email, Lang: x.Lang, Number: x.Receipt, Title: c.Title, Slug: c.Slug, Letters: x}, err == nil, err
}
