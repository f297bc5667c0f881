package survey

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// counter says how many responses of a way and a kind of sender made a choice.
// Question "" counts all responses, choice "" all that answer the question.
type counter struct {
	Consultation  int64 `gorm:"column:consultation_id;primaryKey;autoIncrement:false"`
	Question      string
	Choice        string
	Way           Way
	SubmitterKind submission.Kind
	Responses     int64
}

// TableName names the table for gorm.
func (counter) TableName() string { return "survey_counters" }

// counts lists the counters that a response moves, each by one.
func (r row) counts() []counter {
	one := func(question, choice string) counter {
		return counter{Consultation: r.Consultation, Question: question, Choice: choice, Way: r.Way, SubmitterKind: r.SubmitterKind, Responses: 1}
	}
	out := []counter{one("", "")}
	for _, a := range r.Answers {
		out = append(out, one(a.Question, ""))
		for _, c := range a.Choices {
			out = append(out, one(a.Question, c))
		}
	}
	return out
}

// count moves the counters of one response, in one statement. Two responses cannot
// deadlock in it: the submission before it holds the consultation's own counters.
func count(tx *database.Tx, r row) error {
	moved := r.counts()
	return tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "consultation_id"}, {Name: "question"}, {Name: "choice"}, {Name: "way"}, {Name: "submitter_kind"}},
		DoUpdates: clause.Assignments(map[string]any{"responses": gorm.Expr("survey_counters.responses + excluded.responses")}),
	}).Create(&moved).Error
}

func (s *Service) counters(ctx context.Context, consultation int64) ([]counter, error) {
	var out []counter
	err := s.db.Read(ctx).Where("consultation_id = ?", consultation).Find(&out).Error
	return out, err
}
