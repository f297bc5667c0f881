package survey

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/submission"
)

// exportAtOnce is how many responses are read at a time.
const exportAtOnce = 500

// facts are the columns before the questions'. Receipt, name, contact, region and
// the exact instant are in none of them: together with the answers they could name
// somebody. received_at is the hour.
var facts = []string{"response", "received_at", "way", "kind", "language", "state"}

// Columns are those of the table of responses: a question's is its code and its
// words, “other” has one of its own.
func (s Survey) Columns() []string {
	out := append([]string{}, facts...)
	for _, q := range s.Questions {
		out = append(out, q.column())
		if q.Other {
			out = append(out, q.otherColumn())
		}
	}
	return out
}

func (q Question) column() string {
	return q.Code + " " + strings.Join(strings.Fields(q.Label.Text), " ")
}

func (q Question) otherColumn() string { return q.Code + "-" + OtherCode }

// MayRead reports whether the actor may export the responses of a consultation:
// nil, or the refusal.
func (s *Service) MayRead(ctx context.Context, who actor.Actor, slug string) error {
	_, _, err := s.readable(ctx, who, slug)
	return err
}

func (s *Service) readable(ctx context.Context, who actor.Actor, slug string) (consultation.Consultation, Survey, error) {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, Survey{}, err
	}
	if err := s.gate.Require(who, PermissionExport, c.Organisation); err != nil {
		return c, Survey{}, err
	}
	v, err := s.Of(ctx, c.ID)
	return c, v, err
}

// Export writes a row a response in the order of arrival, without who sent it.
// Memory does not grow with their number. Words that are withheld are left out,
// redacted ones stand as the public reads them.
func (s *Service) Export(ctx context.Context, who actor.Actor, slug string, out io.Writer, format sheet.Format) error {
	c, v, err := s.readable(ctx, who, slug)
	if err != nil {
		return err
	}
	w, err := sheet.NewWriter(out, format, v.Columns())
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		list, err := s.exported(ctx, c.ID, after)
		if err != nil {
			return err
		}
		for _, r := range list {
			if err := w.Write(r.cells(v)...); err != nil {
				return err
			}
		}
		if len(list) < exportAtOnce {
			return w.Close()
		}
		after = list[len(list)-1].Of.Submission
	}
}

// exportRow is one response on its way.
type exportRow struct {
	Of    row `gorm:"embedded"`
	State string
	Words map[int]string `gorm:"-"` // by the position of the comment
}

func (s *Service) exported(ctx context.Context, consultation, after int64) ([]exportRow, error) {
	var list []exportRow
	err := s.db.Read(ctx).Table("survey_responses r").Select("r.*, s.state").
		Joins("JOIN submissions s ON s.consultation_id = r.consultation_id AND s.id = r.submission_id").
		Where("r.consultation_id = ? AND r.submission_id > ?", consultation, after).
		Order("r.submission_id").Limit(exportAtOnce).Scan(&list).Error
	if err != nil || len(list) == 0 {
		return list, err
	}
	at := make(map[int64]int, len(list))
	numbers := make([]int64, len(list))
	for i := range list {
		at[list[i].Of.Submission], numbers[i] = i, list[i].Of.Submission
		list[i].Words = map[int]string{}
	}
	var words []struct {
		SubmissionID             int64
		Position                 int
		Text, Withheld, Redacted string
	}
	err = s.db.Read(ctx).Table("comments").Select("submission_id, position, text, withheld, redacted").
		Where("consultation_id = ? AND submission_id IN ? AND parent_id = 0", consultation, numbers).Scan(&words).Error
	for _, x := range words {
		switch {
		case x.Withheld != "":
			x.Text = ""
		case x.Redacted != "":
			x.Text = x.Redacted
		}
		list[at[x.SubmissionID]].Words[x.Position] = x.Text
	}
	return list, err
}

func (r exportRow) cells(v Survey) []any {
	// What waits to be looked at, and what its sender took back, is counted and not read.
	hidden := r.State == string(submission.Held) || r.State == string(submission.Withdrawn)
	hour := r.Of.ReceivedAt.UTC().Truncate(time.Hour).Format(time.RFC3339)
	out := []any{ids.Format(r.Of.Submission), hour, string(r.Of.Way), string(r.Of.SubmitterKind), r.Of.Lang, r.State}
	by := make(map[string]stored, len(r.Of.Answers))
	for _, a := range r.Of.Answers {
		by[a.Question] = a
	}
	for _, q := range v.Questions {
		a := by[q.Code]
		out = append(out, q.cell(a, r.Words, hidden))
		if q.Other {
			other := a.Other
			if hidden {
				other = ""
			}
			out = append(out, other)
		}
	}
	return out
}

// cell writes an answer: a number for a point, the options' words, or what was
// written.
func (q Question) cell(a stored, words map[int]string, hidden bool) any {
	switch {
	case a.Comment != nil && hidden:
		return ""
	case a.Comment != nil:
		return words[*a.Comment]
	case q.Kind == Scale && len(a.Choices) == 1:
		n, _ := strconv.Atoi(a.Choices[0])
		return n
	case len(a.Choices) == 0:
		return ""
	}
	labels := make([]string, len(a.Choices))
	for i, c := range a.Choices {
		labels[i] = OtherCode
		if o, ok := q.Option(c); ok {
			labels[i] = o.Label.Text
		}
	}
	if q.Kind == Single {
		return labels[0]
	}
	return strings.Join(labels, "; ")
}
