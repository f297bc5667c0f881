package submission

import (
	"guangyi/internal/platform/database"
)

// gatheredAtOnce is how many rows one statement moves: both databases allow more
// parameters than this.
const gatheredAtOnce = 500

// Gathered notes on comments the suggestion that holds them (0: none), in the
// caller's transaction. Comments that are split or of another consultation are not
// touched; it returns how many were. Only package adoption, which keeps the rules
// and the figures of gathering, calls it.
func Gathered(tx *database.Tx, consultation int64, comments []int64, suggestion int64) (int, error) {
	moved := 0
	for start := 0; start < len(comments); start += gatheredAtOnce {
		part := comments[start:min(start+gatheredAtOnce, len(comments))]
		res := tx.Exec(`UPDATE comments SET suggestion_id = ?, version = version + 1
			WHERE consultation_id = ? AND id IN ? AND NOT split`, suggestion, consultation, part)
		if res.Error != nil {
			return moved, res.Error
		}
		moved += int(res.RowsAffected)
	}
	return moved, nil
}
