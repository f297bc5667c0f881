package submission

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// ImportState is where the taking in of a file stands.
type ImportState string

// The states of an import.
const (
	ImportWaiting  ImportState = "waiting"  // uploaded; its columns are to be confirmed
	ImportChecking ImportState = "checking" // a trial goes through its rows
	ImportChecked  ImportState = "checked"  // tried; nothing of it is in yet
	ImportQueued   ImportState = "queued"   // taken in next
	ImportRunning  ImportState = "running"  // or broken off: goes on at its line
	ImportStopped  ImportState = "stopped"  // by hand
	ImportDone     ImportState = "done"
	ImportFailed   ImportState = "failed" // with Failure; may be tried again
)

// ImportJob is a file of submissions that was taken in or is being taken in.
type ImportJob struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	ConsultationID int64
	OrganisationID int64
	Channel        string
	File           string // SHA-256, hexadecimal
	Columns        string // as Columns.text
	Name           string
	Size           int64  // of the uploaded file that is kept, in bytes; 0: none is
	Header         string // the file's column names, as JSON
	State          ImportState
	Tried          string // what a trial found: Imported as JSON; "" before one
	Seen           int    // rows read by the present pass
	Findings       int    // of the last pass
	Halt           bool   // somebody asked it to stop
	Lease          int64  // until when a node holds it, in milliseconds since 1970
	Line           int    // all lines up to it are settled
	Taken          int
	Repeated       int
	Refused        int
	StartedBy      string // actor's key
	Failure        string // a message key below "error."
	CreatedAt      time.Time
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"` // of its last progress
	EndedAt        *time.Time
}

// TableName names the table for gorm.
func (ImportJob) TableName() string { return "submission_imports" }

// importJob finds or makes the job of a file. A dry run only finds.
func (s *Service) importJob(ctx context.Context, who actor.Actor, c consultation.Consultation, b Bulk) (job ImportJob, err error) {
	find := func(g *gorm.DB) error {
		return g.Where("consultation_id = ? AND file = ? AND channel = ? AND columns = ?", c.ID, b.Sum, b.Channel, b.Columns.text()).Take(&job).Error
	}
	if err := find(s.db.Read(ctx)); !errors.Is(err, gorm.ErrRecordNotFound) || b.DryRun {
		return job, notFoundIsNone(err)
	}
	job = ImportJob{ConsultationID: c.ID, OrganisationID: c.Organisation, Channel: b.Channel, File: b.Sum, Columns: b.Columns.text(), Name: b.Name,
		State: ImportRunning, StartedBy: who.Key()}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		job.ID, job.CreatedAt, job.UpdatedAt = tx.NextID(), tx.Now, tx.Now
		if err := tx.Create(&job).Error; err != nil {
			return err
		}
		return job.Record(tx, "add", nil)
	})
	if database.IsDuplicate(err) {
		return job, find(s.db.Read(ctx))
	}
	return job, err
}

func notFoundIsNone(err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	return err
}

// Record leaves the trail of an import. Its submissions have this one.
func (j ImportJob) Record(tx *database.Tx, action string, after map[string]any) error {
	all := map[string]any{"channel": j.Channel, "file": j.File}
	for k, v := range after {
		all[k] = v
	}
	return audit.Record(tx, audit.Entry{Organisation: j.OrganisationID, Consultation: j.ConsultationID, Action: action,
		Object: "import", ObjectID: j.ID, After: all})
}

// end notes how a run ended.
func (i *importing) end(ctx context.Context, failed error) error {
	if i.bulk.DryRun || ctx.Err() != nil || i.job.ID == 0 {
		return nil
	}
	change := map[string]any{"state": ImportDone, "failure": ""}
	if failed != nil {
		change = map[string]any{"state": ImportFailed, "failure": ImportFailure(failed)}
	}
	if i.job.State == ImportDone && failed == nil && i.report.Taken == 0 {
		return nil // it was done before, and nothing has changed
	}
	return i.s.db.Write(ctx, i.who, func(tx *database.Tx) error {
		change["ended_at"], change["updated_at"] = tx.Now, tx.Now
		if err := tx.Model(&ImportJob{}).Where("id = ?", i.job.ID).Updates(change).Error; err != nil {
			return err
		}
		return i.job.Record(tx, "end", map[string]any{"report": i.report, "failure": change["failure"]})
	})
}

// ImportFailure is the message of a failure for the page of the import: a key
// below "error.".
func ImportFailure(err error) string {
	if f, ok := fault.As(err); ok && f.Code != "" {
		return f.Code
	}
	return "submission.import_failed"
}
