package submission

import (
	"context"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// ImportOf finds or makes the import of a file that another capability reads,
// such as a table of a survey's responses: its rows name it in their Origin.
func (s *Service) ImportOf(ctx context.Context, who actor.Actor, c consultation.Consultation, channel, sum, name string) (ImportJob, error) {
	job, err := s.importJob(ctx, who, c, Bulk{Consultation: c.Slug, Channel: channel, Sum: sum, Name: name})
	if err != nil || job.State == ImportDone {
		return job, err
	}
	// Whoever reads the file sees it through: it is nobody's to go on with.
	err = s.db.Upkeep(ctx, func(tx *database.Tx) error {
		return tx.Model(&ImportJob{}).Where("id = ?", job.ID).Updates(map[string]any{"state": ImportDone, "ended_at": tx.Now}).Error
	})
	return job, err
}

// CountImport adds what a run of such an import took in, in the caller's
// transaction, and leaves its trail.
func (s *Service) CountImport(tx *database.Tx, job ImportJob, done Imported) error {
	err := tx.Model(&ImportJob{}).Where("id = ?", job.ID).Updates(map[string]any{
		"taken": gorm.Expr("taken + ?", done.Taken), "repeated": gorm.Expr("repeated + ?", done.Repeated),
		"refused": gorm.Expr("refused + ?", done.Refused), "updated_at": tx.Now,
	}).Error
	if err != nil {
		return err
	}
	return job.Record(tx, "end", map[string]any{"report": done})
}
