package meeting

import (
	"encoding/binary"
	"strings"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// referenceMark begins every reference, so that nobody takes it for a receipt.
const referenceMark = "M"

// ReadReference brings a reference as somebody typed it into its form, such as
// M26-000172-8. ok is false when it cannot be one.
func ReadReference(typed string) (reference string, ok bool) {
	typed = strings.TrimSpace(typed)
	for _, mark := range []string{"M", "m", "Ｍ", "ｍ"} {
		if rest, found := strings.CutPrefix(typed, mark); found {
			typed = rest
			break
		}
	}
	n, ok := submission.ReadNumber(typed)
	return referenceMark + n, ok
}

// newReference gives the next reference of the year.
func newReference(tx *database.Tx, at time.Time) (string, error) {
	var last int64
	err := tx.Raw("INSERT INTO application_numbers (year, value) VALUES (?, 1)"+
		" ON CONFLICT (year) DO UPDATE SET value = application_numbers.value + 1 RETURNING value", at.Year()).Scan(&last).Error
	return referenceMark + submission.Number(at.Year(), last), err
}

// Secret derives an application's secret, so that a repeated request gets the same
// one and none is stored.
func (s *Service) Secret(application int64) string {
	return submission.WriteSecret(s.keys.MAC(seal.Receipts, []byte("application"), binary.BigEndian.AppendUint64(nil, uint64(application))))
}
