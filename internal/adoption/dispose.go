package adoption

import (
	"context"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// Dispose drafts what becomes of a suggestion. Faults: Invalid with disposition,
// reason or provisions; Conflict for a stale version (the stored suggestion comes
// back with it) and once the summary is in review.
func (s *Service) Dispose(ctx context.Context, who actor.Actor, id int64, d Disposition, version int64) (Suggestion, error) {
	return s.alter(ctx, who, id, version, mayDraft, func(tx *database.Tx, c subject, of *Suggestion) error {
		return s.dispose(tx, c, of, d)
	})
}

func (s *Service) dispose(tx *database.Tx, c subject, of *Suggestion, d Disposition) error {
	d = d.tidied()
	exists, err := provisionsThere(tx.DB, c.ID, d.Provisions)
	if err != nil {
		return err
	}
	if err := d.check(exists).Err(); err != nil {
		return err
	}
	before := *of
	if err := reopen(of); err != nil {
		return err
	}
	of.Disposition, of.Reason, of.Provisions = d.Code, d.Reason, d.Provisions
	of.ReasonLang, of.DraftedBy, of.Note = d.ReasonLang, tx.Actor.Key(), ""
	if of.ReasonLang == "" {
		of.ReasonLang = c.Lang
	}
	return s.keep(tx, c, before, of, Disposed, "")
}

// provisionsThere tells which keys the next version of the draft has, or, while
// there is none, the version that was put out for comment: the newest of the two.
func provisionsThere(g *gorm.DB, consultation int64, keys []string) (map[string]bool, error) {
	there := make(map[string]bool, len(keys))
	for start := 0; start < len(keys); start += atOnce {
		var found []string
		err := g.Table("provisions").Where("consultation_id = ? AND key IN ?", consultation, keys[start:min(start+atOnce, len(keys))]).
			Where("draft_version = (SELECT MAX(number) FROM draft_versions WHERE consultation_id = ?)", consultation).
			Pluck("key", &found).Error
		if err != nil {
			return nil, err
		}
		for _, key := range found {
			there[key] = true
		}
	}
	return there, nil
}
