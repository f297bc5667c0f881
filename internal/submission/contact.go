package submission

import (
	"context"
	"strings"
)

// OfContact finds what one e-mail address or telephone number sent to a consultation
// before, newest first, with all words; most bounds how many.
func (s *Service) OfContact(ctx context.Context, consultation int64, email, phone string, most int) ([]Submission, error) {
	g := s.db.Read(ctx)
	seen := map[int64]bool{}
	var out []Submission
	look := func(column string, index []byte) error {
		var found []int64
		err := g.Table("submitters").Select("submission_id").Where("consultation_id = ? AND "+column+" = ?", consultation, index).
			Order("submission_id DESC").Limit(most).Pluck("submission_id", &found).Error
		if err != nil {
			return err
		}
		for _, id := range found {
			if seen[id] {
				continue
			}
			seen[id] = true
			x, err := whole(g, consultation, id)
			if err != nil {
				return err
			}
			out = append(out, x)
		}
		return nil
	}
	if e := strings.ToLower(strings.TrimSpace(email)); e != "" {
		if err := look("email_index", s.blind("email", e)); err != nil {
			return nil, err
		}
	}
	if d := digitsOf(phone); d != "" {
		if err := look("phone_index", s.blind("phone", d)); err != nil {
			return nil, err
		}
	}
	return out, nil
}
