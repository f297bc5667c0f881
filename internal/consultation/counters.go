package consultation

import (
	"fmt"

	"guangyi/internal/platform/database"
)

// Delta is by how much a change moves the figures of a consultation.
type Delta struct {
	Submissions int // letters received
	Comments    int // comments that are not split
	Gathered    int // of these, gathered into a suggestion
	Suggestions int
	InReview    int // suggestions in review
	Agreed      int // suggestions agreed, and later signed
	Held        int // submissions that wait for moderation
	Withheld    int // submissions of which words are kept from the public
	Withdrawn   int // submissions that their senders took back
}

// Count moves the figures in the transaction of what they count, so that no page
// counts rows. Figures by channel and by provision are the intake's to move.
func Count(tx *database.Tx, consultation int64, d Delta) error {
	if d == (Delta{}) {
		return nil
	}
	res := tx.Exec(`UPDATE consultation_counters SET submissions = submissions + ?, comments = comments + ?,
		gathered = gathered + ?, suggestions = suggestions + ?, in_review = in_review + ?, agreed = agreed + ?,
		held = held + ?, withheld = withheld + ?, withdrawn = withdrawn + ?
		WHERE consultation_id = ?`,
		d.Submissions, d.Comments, d.Gathered, d.Suggestions, d.InReview, d.Agreed, d.Held, d.Withheld, d.Withdrawn, consultation)
	if res.Error != nil {
		return res.Error
	}
	if res.RowsAffected != 1 {
		return fmt.Errorf("consultation %d has no row of counters", consultation)
	}
	return nil
}
