package referral

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// The topics of letters to senders.
const (
	TopicPassed   = "referral.passed"
	TopicAnswered = "referral.answered"
)

// IsTopic reports whether a letter is worded here.
func IsTopic(topic string) bool { return topic == TopicPassed || topic == TopicAnswered }

// listed is how many a list holds.
const listed = 500

// List reads the referrals of a consultation, those that wait first and the most
// pressing at the top; at most 500.
func (s *Service) List(ctx context.Context, who actor.Actor, slug string) (consultation.Consultation, []Referral, error) {
	c, err := s.Allow(ctx, who, slug, PermissionSee)
	if err != nil {
		return c, nil, err
	}
	g := s.DB.Read(ctx)
	var list []Referral
	err = g.Where("consultation_id = ?", c.ID).Order(`CASE state WHEN 'recorded' THEN 0 WHEN 'passed' THEN 1 ELSE 2 END,
		CASE state WHEN 'recorded' THEN pass_due WHEN 'passed' THEN answer_due END, id DESC`).Limit(listed).Find(&list).Error
	if err != nil {
		return c, nil, err
	}
	return c, list, receipts(g, c.ID, list)
}

// receipts fills in the numbers under which the senders know their submissions.
func receipts(g *gorm.DB, consultation int64, list []Referral) error {
	var ids []int64
	for _, r := range list {
		ids = append(ids, r.SubmissionID)
	}
	if len(ids) == 0 {
		return nil
	}
	var found []struct {
		ID      int64
		Receipt string
	}
	err := g.Table("submissions").Select("id, receipt").Where("consultation_id = ? AND id IN ?", consultation, ids).Find(&found).Error
	by := map[int64]string{}
	for _, x := range found {
		by[x.ID] = x.Receipt
	}
	for i := range list {
		list[i].Receipt = by[list[i].SubmissionID]
	}
	return err
}

// One reads a referral with its submission. NotFound for another consultation's.
func (s *Service) One(ctx context.Context, who actor.Actor, slug string, id int64) (Referral, submission.Letter, error) {
	c, err := s.Allow(ctx, who, slug, PermissionSee)
	if err != nil {
		return Referral{}, submission.Letter{}, err
	}
	var r Referral
	if err := s.DB.Read(ctx).Where("consultation_id = ? AND id = ?", c.ID, id).Take(&r).Error; err != nil {
		return r, submission.Letter{}, database.Translate(err)
	}
	l, err := s.Submissions.One(ctx, who, slug, r.SubmissionID)
	r.Receipt = l.Receipt
	return r, l, err
}

// OfSubmission lists those of one submission, oldest first, without those that were
// none.
func (s *Service) OfSubmission(ctx context.Context, consultation, id int64) ([]Referral, error) {
	var list []Referral
	err := s.DB.Read(ctx).Where("consultation_id = ? AND submission_id = ? AND state <> ?", consultation, id, TakenBack).Order("id").Find(&list).Error
	return list, err
}

// Referrals tells a sender to whom something of the submission was passed on.
func (s *Service) Referrals(ctx context.Context, consultation, id int64) ([]submission.Referral, error) {
	list, err := s.OfSubmission(ctx, consultation, id)
	var out []submission.Referral
	for _, r := range list {
		if r.State == Recorded {
			continue
		}
		out = append(out, submission.Referral{
			Kind: string(r.Kind), Recipient: r.Recipient, Address: r.Address, Phone: r.Phone, At: *r.PassedAt, Due: r.AnswerDue,
			Answer: r.Answer, AnsweredAt: r.AnsweredAt,
		})
	}
	return out, err
}

// Waiting is what one consultation still has to do about referrals.
type Waiting struct {
	ConsultationID int64
	Slug           string
	Title          string
	Lang           string
	ToPass         int // recorded, not passed on
	Overdue        int // passed on, and the answer should be there
	Due            *time.Time
}

// Waiting lists, for the person's page of the day, the consultations in which
// matters wait to be passed on or whose answers are overdue; only where the person
// may decide.
func (s *Service) Waiting(ctx context.Context, who actor.Actor) ([]Waiting, error) {
	var mine []int64
	for _, o := range who.Organisations() {
		if s.May(who, PermissionDecide, o) {
			mine = append(mine, o)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	var rows []struct {
		Referral
		Slug, Title, Lang string
	}
	err := s.DB.Read(ctx).Table("referrals AS r").Select("r.*, c.slug, c.title, c.lang").Joins("JOIN consultations c ON c.id = r.consultation_id").
		Where("r.organisation_id IN ? AND (r.state = 'recorded' OR (r.state = 'passed' AND r.answer_due <= ?))", mine, s.DB.Now()).
		Order("r.consultation_id DESC, r.id").Limit(listed).Find(&rows).Error
	var out []Waiting
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].ConsultationID != r.ConsultationID {
			out = append(out, Waiting{ConsultationID: r.ConsultationID, Slug: r.Slug, Title: r.Title, Lang: r.Lang})
		}
		w := &out[len(out)-1]
		if r.State == Recorded {
			w.ToPass++
		} else {
			w.Overdue++
		}
		if d := r.Due(); d != nil && (w.Due == nil || d.Before(*w.Due)) {
			w.Due = d
		}
	}
	return out, err
}

// Word is what a letter to a sender needs.
type Word struct {
	Referral
	Consultation consultation.Consultation
	To           string
	Lang         string
}

// About finds what a letter is about; ok is false when its sender left no address
// or was forgotten.
func (s *Service) About(ctx context.Context, item notice.Item) (w Word, ok bool, err error) {
	err = s.DB.Read(ctx).Where("consultation_id = ? AND id = ?", item.Scope, item.Ref).Take(&w.Referral).Error
	if fault.Is(database.Translate(err), fault.NotFound) {
		return w, false, nil
	}
	if err != nil {
		return w, false, err
	}
	to, ok, err := s.Submissions.Confirm(ctx, w.ConsultationID, w.SubmissionID)
	if err != nil || !ok {
		return w, false, err
	}
	w.To, w.Lang, w.Receipt = to.To, to.Lang, to.Number
	w.Consultation, err = s.Consultations.ByID(ctx, w.ConsultationID)
	return w, err == nil, err
}
