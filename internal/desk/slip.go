package desk

import (
	"context"

	"guangyi/internal/platform/actor"
)

// Slip is what the person takes home: number and secret of the receipt. Only who
// enters at this desk can print it, and only for what came over this desk.
type Slip struct {
	Entry  Entry
	Number string
	Secret string
}

// mostSlips bounds one printing.
const mostSlips = 200

// Slips gives the slips of a batch in the order of the pile, or of one entry of it
// (entry not 0). Entries that are no submission yet have none.
func (s *Service) Slips(ctx context.Context, who actor.Actor, slug string, batch, entry int64) ([]Slip, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return nil, err
	}
	q := s.db.Read(ctx).Where("consultation_id = ? AND state = ?", c.ID, Taken)
	if entry != 0 {
		q = q.Where("id = ?", entry)
	} else {
		q = q.Where("batch_id = ?", batch)
	}
	var list []Entry
	if err := q.Order("id").Limit(mostSlips).Find(&list).Error; err != nil {
		return nil, err
	}
	out := make([]Slip, 0, len(list))
	for _, e := range list {
		if err := s.unseal(&e); err != nil {
			return nil, err
		}
		out = append(out, Slip{e, e.Receipt, s.submissions.SecretOf(e.SubmissionID)})
	}
	return out, nil
}
