// Package audit writes who did what, in the transaction that did it.
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"guangyi/internal/platform/database"
)

// Table and columns of an entry, for the one writer that composes its own
// statement (the group commit of submissions).
const (
	Table   = "audit_entries"
	Columns = "id, organisation_id, consultation_id, actor_kind, actor_id, token_id, action, object, object_id, before, after, at"
)

// Entry is one row of the trail. Before and After hold what changed, never
// personal data: they are kept after personal data is erased.
type Entry struct {
	Organisation int64
	Consultation int64
	Action       string // the profession's verb: approve, gather, publish …
	Object       string // what it was done to: consultation, suggestion …
	ObjectID     int64
	Before       any
	After        any
}

// Row is an entry as stored.
type Row struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	ConsultationID int64
	ActorKind      string
	ActorID        int64
	TokenID        int64
	Action         string
	Object         string
	ObjectID       int64
	Before         string
	After          string
	At             time.Time
}

// TableName names the table for gorm.
func (Row) TableName() string { return Table }

// Record writes the entry in the caller's transaction, with the transaction's
// actor and time.
func Record(tx *database.Tx, e Entry) error {
	if !tx.Actor.Valid() {
		return database.ErrNoActor
	}
	if e.Action == "" || e.Object == "" {
		return errors.New("audit: an entry needs an action and an object")
	}
	before, err := text(e.Before)
	if err != nil {
		return err
	}
	after, err := text(e.After)
	if err != nil {
		return err
	}
	row := Row{
		ID: tx.NextID(), OrganisationID: e.Organisation, ConsultationID: e.Consultation,
		ActorKind: string(tx.Actor.Kind), ActorID: tx.Actor.ID, TokenID: tx.Actor.TokenID,
		Action: e.Action, Object: e.Object, ObjectID: e.ObjectID, Before: before, After: after, At: tx.Now,
	}
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	tx.Audited()
	return nil
}

func text(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	raw, err := json.Marshal(v)
	return string(raw), err
}

// OfConsultation lists the trail of a consultation, newest first, older than the
// entry before (0: from the newest), at most limit rows. Receipts of submissions
// are left out: each submission shows its own.
func OfConsultation(ctx context.Context, db *database.DB, consultation, before int64, limit int) ([]Row, error) {
	q := db.Read(ctx).Where("consultation_id = ? AND consultation_id <> 0 AND action <> 'receive'", consultation)
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var rows []Row
	return rows, q.Order("id DESC").Limit(limit).Find(&rows).Error
}
