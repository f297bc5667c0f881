package submission

import (
	"context"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Located is where a receipt's submission is kept.
type Located struct {
	Consultation int64
	Submission   int64
	Opens        bool // the secret was right
}

// Locate finds the submission of a receipt, both as typed. The secret may be left
// out: then only what the register shows to everybody may be told. NotFound
// submission.receipt for a wrong number and for a wrong secret.
func (s *Service) Locate(ctx context.Context, number, secret string) (Located, error) {
	wrong := fault.New(fault.NotFound, "submission.receipt")
	number, ok := ReadNumber(number)
	if !ok {
		return Located{}, wrong
	}
	var at struct{ ConsultationID, ID int64 }
	err := s.db.Read(ctx).Table("submissions").Select("consultation_id, id").Where("receipt = ?", number).Take(&at).Error
	if fault.Is(database.Translate(err), fault.NotFound) {
		return Located{}, wrong
	}
	if err != nil {
		return Located{}, err
	}
	out := Located{Consultation: at.ConsultationID, Submission: at.ID, Opens: secret != ""}
	if out.Opens && !s.opens(at.ID, secret) {
		return Located{}, wrong
	}
	return out, nil
}
