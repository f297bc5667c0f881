package consultation

import (
	"guangyi/internal/audit"
	"guangyi/internal/draft"
	"guangyi/internal/platform/database"
)

// AddUnlisted makes, in the caller's transaction, a consultation that belongs to
// something else, such as a meeting whose statements are answered like comments.
// It is public by its address and in no public list; it takes nothing from the
// public, for it opens and closes at the same instant (now). c gives organisation,
// language, title and texts; rows, when there are any, replace what the source was
// cut into.
func (s *Service) AddUnlisted(tx *database.Tx, c Consultation, src draft.Source, rows []draft.Row) (Consultation, error) {
	now := tx.Now
	c.Unlisted = true
	if err := s.add(tx, &c); err != nil {
		return c, err
	}
	if _, err := s.drafts.Import(tx, c.ID, src); err != nil {
		return c, err
	}
	if len(rows) > 0 {
		if _, err := s.drafts.Correct(tx, c.ID, draft.First, rows, 0); err != nil {
			return c, err
		}
	}
	if err := s.drafts.Publish(tx, c.ID, draft.First); err != nil {
		return c, err
	}
	c.State, c.OpensAt, c.ClosesAt, c.ApprovedAt = Approved, &now, &now, &now
	c.ApprovedBy = "clock"
	c.Channels = []Channel{{Channel: "meeting"}}
	columns := []string{"state", "opens_at", "closes_at", "approved_at", "approved_by", "channels"}
	if err := tx.Model(&Consultation{}).Where("id = ?", c.ID).Select(columns).Updates(&c).Error; err != nil {
		return c, err
	}
	return c, audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: "add", Object: "consultation", ObjectID: c.ID,
		After: map[string]any{"slug": c.Slug, "title": c.Title, "unlisted": true},
	})
}
