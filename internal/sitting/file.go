package sitting

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// MostFile is the size of a written statement, in bytes.
const MostFile = 8 << 20

// fileKinds are what a written statement may be, by content.
var fileKinds = []string{"application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "image/jpeg", "image/png"}

// File is a written or signed statement. It holds names and is sealed.
type File struct {
	Name, MediaType string
	Data            []byte
}

type fileRow struct {
	MeetingID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID        int64 `gorm:"primaryKey;autoIncrement:false"`
	Entry     string
	Name      string
	MediaType string
	Size      int64
	Sealed    []byte
	AddedBy   string
	AddedAt   time.Time
}

// TableName names the table for gorm.
func (fileRow) TableName() string { return "sitting_files" }

func filePlace(meeting, id int64) string { return fmt.Sprintf("sitting_files/%d/%d", meeting, id) }

// Attach keeps a file with a turn and notes it as an act.
func (s *Service) Attach(ctx context.Context, who actor.Actor, slug string, a Act, f File) error {
	m, err := s.staff(ctx, who, slug, PermissionRecord)
	if err != nil {
		return err
	}
	if !slices.Contains(fileKinds, f.MediaType) || len(f.Data) > MostFile {
		return fault.Fields{{Name: "file", Code: "sitting.file_kind"}}.Err()
	}
	a.Kind = Attach
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		row := fileRow{MeetingID: m.ID, ID: tx.NextID(), Entry: a.Entry, Name: safeName(f.Name), MediaType: f.MediaType, Size: int64(len(f.Data)),
			AddedBy: tx.Actor.Key(), AddedAt: tx.Now}
		var err error
		if row.Sealed, err = s.keys.Seal(f.Data, filePlace(m.ID, row.ID)); err != nil {
			return err
		}
		a.File = ids.Format(row.ID)
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return s.trail(tx, m, a, "")
	})
	if err != nil {
		return err
	}
	code, err := s.take(ctx, who, m.ID, a, 0)
	if err == nil && code != "" {
		return fault.New(fault.Conflict, code)
	}
	return err
}

func safeName(name string) string {
	clean := bytes.Map(func(r rune) rune {
		if r < 0x20 || r == '/' || r == '\\' || r == '"' {
			return '_'
		}
		return r
	}, []byte(name))
	if len(clean) > 120 {
		clean = clean[len(clean)-120:]
	}
	return string(bytes.ToValidUTF8(clean, nil))
}

// OpenFile gives a file to staff who may see the day.
func (s *Service) OpenFile(ctx context.Context, who actor.Actor, slug string, id int64) (File, error) {
	m, err := s.staff(ctx, who, slug, PermissionSee)
	if err != nil {
		return File{}, err
	}
	var row fileRow
	if err := s.db.Read(ctx).Where("meeting_id = ? AND id = ?", m.ID, id).Take(&row).Error; err != nil {
		return File{}, database.Translate(err)
	}
	data, err := s.keys.Unseal(row.Sealed, filePlace(m.ID, row.ID))
	return File{Name: row.Name, MediaType: row.MediaType, Data: data}, err
}
