package bulk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"gorm.io/gorm"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/sheet"
)

// partSize is how much of a file is sealed and read at once, in bytes: memory
// stays flat however large the file is.
const partSize = 1 << 20

// unpacked bounds what a workbook may unpack to, in bytes.
const unpacked = 256 << 20

type partRow struct {
	ImportID int64 `gorm:"primaryKey;autoIncrement:false"`
	Position int64 `gorm:"primaryKey;autoIncrement:false"`
	Sealed   []byte
}

func (partRow) TableName() string { return "submission_import_parts" }

// place binds a sealed part to where it stands. The file's sum and not the
// import's number: the parts go to another import when the file is known there.
func place(sum string, position int64) string {
	return fmt.Sprintf("submission_import_parts/%s/%d", sum, position)
}

func (s *Service) keep(tx *database.Tx, id int64, sum string, data []byte) error {
	for at, position := 0, int64(0); at < len(data); at, position = at+partSize, position+1 {
		sealed, err := s.Keys.Seal(data[at:min(at+partSize, len(data))], place(sum, position))
		if err != nil {
			return err
		}
		if err := tx.Create(&partRow{ImportID: id, Position: position, Sealed: sealed}).Error; err != nil {
			return err
		}
	}
	return nil
}

func drop(g *gorm.DB, id int64) error {
	return g.Where("import_id = ?", id).Delete(&partRow{}).Error
}

// kept reads a stored file; one part of it is in memory.
type kept struct {
	*io.SectionReader
}

type parts struct {
	ctx  context.Context
	db   *database.DB
	keys *seal.Keys
	id   int64
	sum  string
	at   int64 // position of the part that is held; -1 none
	part []byte
}

func (s *Service) open(ctx context.Context, j Job) kept {
	return kept{io.NewSectionReader(&parts{ctx: ctx, db: s.DB, keys: s.Keys, id: j.ID, sum: j.File, at: -1}, 0, j.Size)}
}

// rows opens a stored table.
func (s *Service) rows(ctx context.Context, j Job) (sheet.Reader, error) {
	return sheet.NewReader(s.open(ctx, j), j.Name, sheet.Limits{FileBytes: MaxSize, UnpackedBytes: unpacked})
}

// ReadAt reads across parts.
func (p *parts) ReadAt(b []byte, off int64) (n int, err error) {
	for n < len(b) {
		if err := p.load((off + int64(n)) / partSize); err != nil {
			return n, err
		}
		from := int((off + int64(n)) % partSize)
		if from >= len(p.part) {
			return n, io.EOF
		}
		n += copy(b[n:], p.part[from:])
	}
	return n, nil
}

func (p *parts) load(position int64) error {
	if p.at == position {
		return nil
	}
	var row partRow
	err := p.db.Read(p.ctx).Where("import_id = ? AND position = ?", p.id, position).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	plain, err := p.keys.Unseal(row.Sealed, place(p.sum, position))
	if err != nil {
		return err
	}
	p.at, p.part = position, plain
	return nil
}

// sourceOf is a table that was just uploaded.
func sourceOf(data []byte, name string) (sheet.Reader, error) {
	return sheet.NewReader(bytes.NewReader(data), name, sheet.Limits{FileBytes: MaxSize, UnpackedBytes: unpacked})
}
