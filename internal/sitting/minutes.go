package sitting

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// MostMinutes is the length of internal minutes, in characters.
const MostMinutes = 100000

// Minutes are the internal minutes (会议纪要). They are never public unless one
// person recorded on what basis and another agreed.
type Minutes struct {
	Text     string
	Updated  time.Time
	Basis    string
	AgreedAt *time.Time
	Version  int64
}

// Public reports whether a basis was recorded and agreed to.
func (m Minutes) Public() bool { return m.AgreedAt != nil }

type minutesRow struct {
	MeetingID int64 `gorm:"primaryKey;autoIncrement:false"`
	Sealed    []byte
	Author    string
	UpdatedAt time.Time `gorm:"autoUpdateTime:false"`
	Basis     string
	BasisBy   string
	AgreedBy  string
	AgreedAt  *time.Time
	Version   int64
}

// TableName names the table for gorm.
func (minutesRow) TableName() string { return "sitting_minutes" }

func minutesPlace(meeting int64) string { return fmt.Sprintf("sitting_minutes/%d", meeting) }

// Minutes gives the internal minutes to the organisation's own staff.
func (s *Service) Minutes(ctx context.Context, who actor.Actor, slug string) (meeting.Meeting, Minutes, error) {
	m, err := s.staff(ctx, who, slug, PermissionSee)
	if err != nil {
		return m, Minutes{}, err
	}
	out, err := s.minutes(ctx, m.ID)
	return m, out, err
}

func (s *Service) minutes(ctx context.Context, id int64) (Minutes, error) {
	var row minutesRow
	if err := s.db.Read(ctx).Where("meeting_id = ?", id).Limit(1).Find(&row).Error; err != nil || row.MeetingID == 0 {
		return Minutes{}, err
	}
	raw, err := s.keys.Unseal(row.Sealed, minutesPlace(id))
	return Minutes{Text: string(raw), Updated: row.UpdatedAt.UTC(), Basis: row.Basis, AgreedAt: row.AgreedAt, Version: row.Version}, err
}

// PublicMinutes gives minutes that may be public; NotFound otherwise.
func (s *Service) PublicMinutes(ctx context.Context, slug string) (Minutes, error) {
	m, err := s.meetings.BySlug(ctx, slug)
	if err != nil {
		return Minutes{}, err
	}
	out, err := s.minutes(ctx, m.ID)
	if err == nil && !out.Public() {
		return Minutes{}, fault.Missing()
	}
	return out, err
}

// SaveMinutes keeps text and basis. A change takes an agreement back: what was
// agreed to was another text.
func (s *Service) SaveMinutes(ctx context.Context, who actor.Actor, slug, text, basis string, version int64) error {
	text, basis = strings.TrimSpace(text), strings.TrimSpace(basis)
	var f fault.Fields
	if utf8.RuneCountInString(text) > MostMinutes {
		f.Add("text", "sitting.act_long", "most", MostMinutes)
	}
	if utf8.RuneCountInString(basis) > MostReason {
		f.Add("basis", "sitting.act_long", "most", MostReason)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.onMinutes(ctx, who, slug, PermissionDraft, "draft_minutes", func(tx *database.Tx, row *minutesRow) error {
		if version != 0 && row.Version != version {
			return fault.Stale()
		}
		var err error
		row.Sealed, err = s.keys.Seal([]byte(text), minutesPlace(row.MeetingID))
		row.Author, row.UpdatedAt, row.AgreedBy, row.AgreedAt = tx.Actor.Key(), tx.Now, "", nil
		if basis != row.Basis || basis == "" {
			row.Basis, row.BasisBy = basis, ""
		}
		if basis != "" {
			row.BasisBy = tx.Actor.Key()
		}
		return err
	})
}

// AgreeMinutes lets the minutes be public on the recorded basis; by somebody who
// neither wrote them nor recorded it.
func (s *Service) AgreeMinutes(ctx context.Context, who actor.Actor, slug string) error {
	return s.onMinutes(ctx, who, slug, PermissionAgree, "agree_minutes", func(tx *database.Tx, row *minutesRow) error {
		switch {
		case row.Basis == "" || len(row.Sealed) == 0:
			return fault.New(fault.Conflict, "sitting.no_basis")
		case tx.Actor.Key() == row.Author || tx.Actor.Key() == row.BasisBy:
			return fault.New(fault.Forbidden, "meeting.own_work")
		}
		now := tx.Now
		row.AgreedBy, row.AgreedAt = tx.Actor.Key(), &now
		return nil
	})
}

func (s *Service) onMinutes(ctx context.Context, who actor.Actor, slug string, may access.Permission, action string, do func(*database.Tx, *minutesRow) error) error {
	m, err := s.staff(ctx, who, slug, may)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		if _, err := s.meetings.Lock(tx, m.ID); err != nil {
			return err
		}
		row := minutesRow{}
		if err := tx.Where("meeting_id = ?", m.ID).Limit(1).Find(&row).Error; err != nil {
			return err
		}
		row.MeetingID = m.ID
		if err := do(tx, &row); err != nil {
			return err
		}
		row.Version++
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: m.Organisation, Action: action, Object: "meeting", ObjectID: m.ID,
			After: map[string]any{"basis": row.Basis, "version": row.Version}})
	})
}
