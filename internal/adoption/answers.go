package adoption

import (
	"context"

	"guangyi/internal/submission"
)

// AnswersTo tells what became of suggestions, for receipts: of those whose summary
// was published, and of no others.
func (s *Service) AnswersTo(ctx context.Context, consultation int64, suggestions []int64) (map[int64]submission.Answer, error) {
	out := make(map[int64]submission.Answer, len(suggestions))
	g := s.db.Read(ctx)
	for start := 0; start < len(suggestions); start += atOnce {
		var list []Suggestion
		err := g.Where("consultation_id = ? AND id IN ? AND state = ?", consultation, suggestions[start:min(start+atOnce, len(suggestions))], Signed).
			Where("EXISTS (SELECT 1 FROM consultations AS c WHERE c.id = suggestions.consultation_id AND c.state IN ?)", published).
			Find(&list).Error
		if err != nil {
			return nil, err
		}
		if err := fillProvisions(g, consultation, list); err != nil {
			return nil, err
		}
		for _, one := range list {
			out[one.ID] = submission.Answer{Number: one.Number, Disposition: string(one.Disposition), Reason: one.Reason,
				Lang: one.ReasonLang, Provisions: one.Provisions, Comments: one.Comments, People: one.People}
		}
	}
	return out, nil
}
