package sitting

import (
	"context"
	"slices"

	"guangyi/internal/consultation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// Answered is one point of a statement with what became of it; Answer is nil until
// it was published.
type Answered struct {
	Text      string
	Provision string
	Answer    *submission.Answer
}

// Receipt is what a speaker holds of a confirmed statement.
type Receipt struct {
	Number, Secret string
	Points         []Answered
}

// answersTo lays out the points of submissions of the meeting's own consultation
// with their published answers, in the order in which they were said.
func (s *Service) answersTo(ctx context.Context, own int64, submissions []int64) (map[int64][]Answered, error) {
	out := map[int64][]Answered{}
	if own == 0 || len(submissions) == 0 {
		return out, nil
	}
	var rows []struct {
		SubmissionID, SuggestionID int64
		Text, Provision            string
	}
	err := s.db.Read(ctx).Table("comments").Select("submission_id, suggestion_id, text, provision").
		Where("consultation_id = ? AND submission_id IN ? AND NOT split", own, submissions).Order("submission_id, position, span_start, id").Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	var held []int64
	for _, r := range rows {
		if r.SuggestionID != 0 && !slices.Contains(held, r.SuggestionID) {
			held = append(held, r.SuggestionID)
		}
	}
	answers := map[int64]submission.Answer{}
	if s.answers != nil && len(held) > 0 {
		if answers, err = s.answers.AnswersTo(ctx, own, held); err != nil {
			return nil, err
		}
	}
	for _, r := range rows {
		one := Answered{Text: r.Text, Provision: r.Provision}
		if a, ok := answers[r.SuggestionID]; ok {
			one.Answer = &a
		}
		out[r.SubmissionID] = append(out[r.SubmissionID], one)
	}
	return out, nil
}

// receipts are those of one turn, for its speaker.
func (s *Service) receipts(ctx context.Context, m meeting.Meeting, application int64, e *Entry) (out []Receipt, err error) {
	var rows []Statement
	if err := s.db.Read(ctx).Where("meeting_id = ? AND application_id = ?", m.ID, application).Order("signed_at, receipt").Find(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		if !slices.ContainsFunc(e.Signed, func(w Wording) bool { return Digest(w.Spoken()) == r.Digest }) {
			continue
		}
		points, err := s.answersTo(ctx, m.Consultation, []int64{r.Submission})
		if err != nil {
			return nil, err
		}
		out = append(out, Receipt{Number: r.Receipt, Secret: s.submissions.SecretOf(r.Submission), Points: points[r.Submission]})
	}
	return out, nil
}

// AnswersPublished tells each speaker of a meeting whose own consultation's answers
// were published; once each. It is a consequence of that event.
func (s *Service) AnswersPublished(_ context.Context, tx *database.Tx, c consultation.Consultation, _ consultation.Event) error {
	var m meeting.Meeting
	err := tx.Where("consultation_id = ?", c.ID).Limit(1).Find(&m).Error
	if err != nil || m.ID == 0 {
		return err
	}
	var people []int64
	err = tx.Model(&Statement{}).Where("meeting_id = ? AND told_at IS NULL", m.ID).Distinct().Order("application_id").Pluck("application_id", &people).Error
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := s.tell(tx, m, person, TopicAnswer); err != nil {
			return err
		}
	}
	return tx.Model(&Statement{}).Where("meeting_id = ? AND told_at IS NULL", m.ID).Update("told_at", tx.Now).Error
}
