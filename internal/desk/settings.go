package desk

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

type settings struct {
	OrganisationID int64 `gorm:"primaryKey;autoIncrement:false"`
	CheckShare     int
	UpdatedBy      string
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

// TableName names the table for gorm.
func (settings) TableName() string { return "desk_settings" }

// Demanded is how much of what is typed a second person checks, in percent (0 to
// 100); 0 when the organisation never said.
func (s *Service) Demanded(ctx context.Context, organisation int64) (int, error) {
	return share(s.db.Read(ctx), organisation)
}

func demanded(tx *database.Tx, organisation int64) (int, error) { return share(tx.DB, organisation) }

func share(g *gorm.DB, organisation int64) (int, error) {
	var row settings
	err := g.Where("organisation_id = ?", organisation).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return 0, nil
	}
	return row.CheckShare, err
}

// Demand sets the share. Faults: those of the gate; Invalid share.
func (s *Service) Demand(ctx context.Context, who actor.Actor, organisation int64, percent int) error {
	if err := s.gate.Require(who, PermissionDemand, organisation); err != nil {
		return err
	}
	if percent < 0 || percent > 100 {
		return fault.Fields{{Name: "share", Code: "desk.share"}}.Err()
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		before, err := share(tx.DB, organisation)
		if err != nil {
			return err
		}
		row := settings{organisation, percent, who.Key(), tx.Now}
		if err := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "organisation_id"}}, DoUpdates: clause.AssignmentColumns([]string{"check_share", "updated_by", "updated_at"})}).Create(&row).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: organisation, Action: "demand", Object: "desk", ObjectID: organisation,
			Before: map[string]any{"check_share": before}, After: map[string]any{"check_share": percent}})
	})
}
