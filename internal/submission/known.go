package submission

import (
	"context"
	"strings"
)

// KnownContact reports whether an e-mail address or telephone number sent something
// to a consultation of the organisation before.
func (s *Service) KnownContact(ctx context.Context, organisation int64, email, phone string) (bool, error) {
	look := map[string][]byte{}
	if e := strings.ToLower(strings.TrimSpace(email)); e != "" {
		look["email_index"] = s.blind("email", e)
	}
	if d := digitsOf(phone); d != "" {
		look["phone_index"] = s.blind("phone", d)
	}
	for column, index := range look {
		var found []int64
		err := s.db.Read(ctx).Table("submitters AS w").Joins("JOIN consultations c ON c.id = w.consultation_id").
			Where("w."+column+" = ? AND c.organisation_id = ?", index, organisation).Limit(1).Pluck("w.submission_id", &found).Error
		if err != nil || len(found) > 0 {
			return err == nil, err
		}
	}
	return false, nil
}

// Drawer names where a browser keeps the receipts that were sent or looked up from
// it: the pages of every capability that speaks to a sender find them there.
const Drawer = "gy_sent"
