package meeting

import (
	"context"
	"encoding/json"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// Past is something that happened to a meeting. Detail is JSON: dates before and
// after a move, a quota as it was and as it is.
type Past struct {
	MeetingID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID        int64 `gorm:"primaryKey;autoIncrement:false"`
	Event     Event
	FromState State
	ToState   State
	Actor     string
	ActorName string
	Note      string
	Detail    string
	At        time.Time
}

// TableName names the table for gorm.
func (Past) TableName() string { return "meeting_events" }

// historyMost bounds a page of history.
const historyMost = 500

// History lists what happened, oldest first. What precedes approval is not for
// the public; a note of Move, Extend, Cancel and Correct is.
func (s *Service) History(ctx context.Context, id int64) ([]Past, error) {
	var out []Past
	err := s.db.Read(ctx).Where("meeting_id = ?", id).Order("at, id").Limit(historyMost).Find(&out).Error
	for i := range out {
		out[i].At = out[i].At.UTC()
	}
	return out, err
}

// remember writes the event into history and trail.
func remember(tx *database.Tx, before, m Meeting, e Event, note string, detail map[string]any) error {
	raw := ""
	if len(detail) > 0 {
		b, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		raw = string(b)
	}
	past := Past{
		MeetingID: m.ID, ID: tx.NextID(), Event: e, FromState: before.State, ToState: m.State,
		Actor: tx.Actor.Key(), ActorName: tx.Actor.Name, Note: note, Detail: raw, At: tx.Now,
	}
	if err := tx.Create(&past).Error; err != nil {
		return err
	}
	is := map[string]any{"state": m.State}
	if note != "" {
		is["note"] = note
	}
	for k, v := range detail {
		is[k] = v
	}
	return audit.Record(tx, audit.Entry{
		Organisation: m.Organisation, Action: string(e), Object: "meeting", ObjectID: m.ID,
		Before: map[string]any{"state": before.State}, After: is,
	})
}

// Trail reads the audit rows of a meeting, its applications and its agenda for
// somebody who may, newest first, older than before (0: from the newest). Each
// application's arrival is left out: the application itself tells it.
func (s *Service) Trail(ctx context.Context, who actor.Actor, slug string, before int64, limit int) (Meeting, []audit.Row, error) {
	m, err := s.Staff(ctx, who, slug)
	if err != nil {
		return m, nil, err
	}
	if err := s.gate.Require(who, PermissionRecord, m.Organisation); err != nil {
		return m, nil, err
	}
	q := s.db.Read(ctx).Where(`action <> 'receive' AND (object = 'meeting' AND object_id = @meeting
		OR object = 'application' AND object_id IN (SELECT id FROM applications WHERE meeting_id = @meeting)
		OR object = 'agenda_item' AND object_id IN (SELECT id FROM agenda_items WHERE meeting_id = @meeting))`, map[string]any{"meeting": m.ID})
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var rows []audit.Row
	err = q.Order("id DESC").Limit(limit).Find(&rows).Error
	return m, rows, err
}
