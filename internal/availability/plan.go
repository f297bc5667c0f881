package availability

import (
	"context"
	"strings"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Maintenance is work on the site that was announced: what the public reads is in
// both languages.
type Maintenance struct {
	ID          int64 `gorm:"primaryKey;autoIncrement:false"`
	BeginsAt    time.Time
	EndsAt      time.Time
	NoteZH      string `gorm:"column:note_zh"`
	NoteEN      string `gorm:"column:note_en"`
	Actor       string
	AnnouncedAt time.Time
	CancelledAt *time.Time
}

// TableName names the table for gorm.
func (Maintenance) TableName() string { return "maintenances" }

// Note is the announcement in a language.
func (m Maintenance) Note(tag string) string {
	if tag == "en" {
		return m.NoteEN
	}
	return m.NoteZH
}

// longestPlan bounds one announcement or report: more is a mistake in a date.
const longestPlan = 31 * 24 * time.Hour

// May reports whether an actor may do it for the site: by a role in any organisation
// or on the site itself.
func (s *Service) May(who actor.Actor, p access.Permission) bool {
	for _, o := range append(who.Organisations(), 0) {
		if s.gate.May(who, p, o) {
			return true
		}
	}
	return false
}

func (s *Service) require(who actor.Actor, p access.Permission) error {
	if s.May(who, p) {
		return nil
	}
	if !who.Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	if !s.May(who, PermissionSee) {
		return fault.Missing()
	}
	return fault.New(fault.Forbidden, "forbidden")
}

// RequireSee refuses whoever may not see the figures of the site.
func (s *Service) RequireSee(who actor.Actor) error { return s.require(who, PermissionSee) }

// Announce puts out planned work. Faults: Invalid with begins_at, ends_at, note_zh
// and note_en.
func (s *Service) Announce(ctx context.Context, who actor.Actor, m Maintenance) (Maintenance, error) {
	if err := s.require(who, PermissionPlan); err != nil {
		return m, err
	}
	m.NoteZH, m.NoteEN = strings.TrimSpace(m.NoteZH), strings.TrimSpace(m.NoteEN)
	f := frame("begins_at", "ends_at", Span{m.BeginsAt, m.EndsAt})
	if !m.EndsAt.IsZero() && !m.EndsAt.After(s.db.Now()) {
		f.Add("ends_at", "availability.past")
	}
	text(&f, "note_zh", m.NoteZH)
	text(&f, "note_en", m.NoteEN)
	if err := f.Err(); err != nil {
		return m, err
	}
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		m.ID, m.Actor, m.AnnouncedAt, m.CancelledAt = tx.NextID(), who.Key(), tx.Now, nil
		m.BeginsAt, m.EndsAt = stored(m.BeginsAt), stored(m.EndsAt)
		if err := tx.Create(&m).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Action: "announce", Object: "maintenance", ObjectID: m.ID, After: map[string]any{"begins_at": m.BeginsAt, "ends_at": m.EndsAt, "note": m.NoteZH},
		})
	})
	return m, err
}

// Cancel takes an announcement back. Faults: NotFound; Conflict
// availability.cancelled when it was, or is over.
func (s *Service) Cancel(ctx context.Context, who actor.Actor, id int64) error {
	if err := s.require(who, PermissionPlan); err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		var m Maintenance
		if err := tx.Lock().Where("id = ?", id).Take(&m).Error; err != nil {
			return database.Translate(err)
		}
		if m.CancelledAt != nil || !m.EndsAt.After(tx.Now) {
			return fault.New(fault.Conflict, "availability.cancelled")
		}
		if err := tx.Model(&Maintenance{}).Where("id = ?", id).Update("cancelled_at", tx.Now).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Action: "cancel", Object: "maintenance", ObjectID: id})
	})
}

// Planned lists announced work that is not over, the next first.
func (s *Service) Planned(ctx context.Context) ([]Maintenance, error) {
	var list []Maintenance
	err := s.db.Read(ctx).Where("cancelled_at IS NULL AND ends_at > ?", s.db.Now()).Order("begins_at, id").Limit(50).Find(&list).Error
	return list, err
}

// Report enters an outage that the site cannot have noticed itself. Faults: Invalid
// with began_at, ended_at and note.
func (s *Service) Report(ctx context.Context, who actor.Actor, o Outage) (Outage, error) {
	if err := s.require(who, PermissionPlan); err != nil {
		return o, err
	}
	o.Note = strings.TrimSpace(o.Note)
	f := frame("began_at", "ended_at", o.Span())
	if o.EndedAt.After(s.db.Now()) {
		f.Add("ended_at", "availability.future")
	}
	text(&f, "note", o.Note)
	if err := f.Err(); err != nil {
		return o, err
	}
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		o.ID, o.Cause, o.Actor, o.RecordedAt = tx.NextID(), Reported, who.Key(), tx.Now
		o.BeganAt, o.EndedAt = stored(o.BeganAt), stored(o.EndedAt)
		if err := tx.Create(&o).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{
			Action: "report", Object: "outage", ObjectID: o.ID, After: map[string]any{"began_at": o.BeganAt, "ended_at": o.EndedAt, "note": o.Note},
		})
	})
	return o, err
}

func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// frame checks that both ends are there, in order, and not absurdly far apart.
func frame(from, to string, s Span) (f fault.Fields) {
	if s.From.IsZero() {
		f.Add(from, "availability.when")
	}
	switch {
	case s.To.IsZero():
		f.Add(to, "availability.when")
	case s.From.IsZero():
	case !s.To.After(s.From):
		f.Add(to, "availability.order")
	case s.Length() > longestPlan:
		f.Add(to, "availability.length", "days", int(longestPlan/(24*time.Hour)))
	}
	return f
}

func text(f *fault.Fields, field, value string) {
	if p, ok := fault.As(written(field, value, "availability.note", MostNote)); ok {
		*f = append(*f, p.Fields...)
	}
}
