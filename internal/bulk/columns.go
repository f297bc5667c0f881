package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

type rememberedRow struct {
	OrganisationID int64  `gorm:"primaryKey;autoIncrement:false"`
	Header         string `gorm:"primaryKey"`
	Channel        string
	Columns        string
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
}

func (rememberedRow) TableName() string { return "submission_import_columns" }

// Channels are those on which the rows of a table can have come.
func Channels() []string { return submission.ImportChannels(consultation.Channels) }

// Proposal is what a table's columns probably hold: as it was for the last table
// of the organisation with the same columns, else by their names.
type Proposal struct {
	Channel    string
	Columns    submission.Columns
	Remembered bool
}

// Propose says what the columns of a table probably hold.
func (s *Service) Propose(ctx context.Context, j Job) (Proposal, error) {
	if j.Channel != "" { // it was said of this table itself
		return Proposal{Channel: j.Channel, Columns: j.Columns}, nil
	}
	var row rememberedRow
	err := s.DB.Read(ctx).Where("organisation_id = ? AND header = ?", j.OrganisationID, sumOf(j.Header)).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Proposal{Columns: submission.ProposeColumns(j.Header)}, nil
	}
	p := Proposal{Channel: row.Channel, Remembered: true}
	_ = json.Unmarshal([]byte(row.Columns), &p.Columns) // written below
	return p, err
}

func sumOf(header []string) string {
	sum := sha256.Sum256([]byte(text(header)))
	return hex.EncodeToString(sum[:])
}

// Confirm says on which channel a table's rows came and what its columns hold,
// remembers it, and has the table tried. It gives the table's number, which is
// another one when the same file was confirmed so before.
//
// Faults: those of access; Invalid for channel and columns; Conflict bulk.working
// while a node works on it, and bulk.begun once rows are in.
func (s *Service) Confirm(ctx context.Context, who actor.Actor, slug string, id int64, channel string, columns submission.Columns) (int64, error) {
	c, err := s.may(ctx, who, slug)
	if err != nil {
		return 0, err
	}
	err = s.DB.Write(ctx, who, func(tx *database.Tx) error {
		j, err := one(tx.Lock(), c.ID, id)
		if err != nil {
			return err
		}
		if err := confirmable(j, channel, columns); err != nil {
			return err
		}
		if j, err = s.settle(tx, j, channel, columns); err != nil {
			return err
		}
		id = j.ID
		return j.Record(tx, "change", map[string]any{"columns": columns})
	})
	s.wake()
	return id, err
}

func confirmable(j Job, channel string, columns submission.Columns) error {
	switch {
	case !j.Rests():
		return fault.New(fault.Conflict, "bulk.working")
	case j.Begun():
		return fault.New(fault.Conflict, "bulk.begun")
	}
	var f fault.Fields
	if !slices.Contains(Channels(), channel) {
		f.Add("channel", "submission.channel")
	}
	if columns["text"] == "" {
		f.Add("columns", "bulk.no_text")
	}
	for field, column := range columns {
		if !slices.Contains(submission.ImportFields, field) || !slices.Contains(j.Header, column) {
			f.Add("columns", "bulk.no_column")
			break
		}
	}
	return f.Err()
}

// settle writes channel and columns down, on the import of the same file under the
// same ones where there is one.
func (s *Service) settle(tx *database.Tx, j Job, channel string, columns submission.Columns) (Job, error) {
	if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&rememberedRow{OrganisationID: j.OrganisationID, Header: sumOf(j.Header),
		Channel: channel, Columns: text(columns), UpdatedAt: tx.Now}).Error; err != nil {
		return j, err
	}
	var same submission.ImportJob
	err := tx.Lock().Where("consultation_id = ? AND file = ? AND channel = ? AND columns = ? AND id <> ?", j.ConsultationID, j.File, channel,
		text(columns), j.ID).Take(&same).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return j, s.try(tx, j, map[string]any{"channel": channel, "columns": text(columns)})
	case err != nil:
		return j, err
	}
	return s.join(tx, j, read(same))
}

func (s *Service) try(tx *database.Tx, j Job, to map[string]any) error {
	to["state"], to["seen"], to["failure"], to["halt"], to["lease"] = submission.ImportChecking, 0, "", false, 0
	to["started_by"], to["updated_at"] = tx.Actor.Key(), tx.Now
	return tx.Model(&submission.ImportJob{}).Where("id = ?", j.ID).Updates(to).Error
}

// join gives an import the file again that it had before.
func (s *Service) join(tx *database.Tx, j, same Job) (Job, error) {
	if same.Size > 0 || same.State == submission.ImportDone {
		return same, forget(tx.DB, j)
	}
	if err := tx.Model(&partRow{}).Where("import_id = ?", j.ID).Update("import_id", same.ID).Error; err != nil {
		return same, err
	}
	if err := forget(tx.DB, j); err != nil {
		return same, err
	}
	to := map[string]any{"size": j.Size, "header": text(j.Header), "state": submission.ImportStopped, "updated_at": tx.Now}
	return same, tx.Model(&submission.ImportJob{}).Where("id = ?", same.ID).Updates(to).Error
}
