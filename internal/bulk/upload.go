package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/submission"
)

// looked is how many rows are looked at for a table's columns and their values.
const looked = 50

// shownValues is how many values of a column are shown.
const shownValues = 3

// Upload keeps a table until its columns are confirmed. The same file again is the
// same one that waits.
//
// Faults: those of access; Invalid names file: missing, too large, or none of CSV,
// XLSX and JSONL with names in its first row.
func (s *Service) Upload(ctx context.Context, who actor.Actor, slug, name string, data []byte) (Job, error) {
	c, err := s.may(ctx, who, slug)
	if err != nil {
		return Job{}, err
	}
	header, err := headerOf(data, name)
	if err != nil {
		return Job{}, err
	}
	sum := sha256.Sum256(data)
	row := submission.ImportJob{ConsultationID: c.ID, OrganisationID: c.Organisation, File: hex.EncodeToString(sum[:]), Name: clip(name),
		Size: int64(len(data)), Header: text(header), State: submission.ImportWaiting, StartedBy: who.Key()}
	err = s.DB.Write(ctx, who, func(tx *database.Tx) error {
		row.ID, row.CreatedAt, row.UpdatedAt = tx.NextID(), tx.Now, tx.Now
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		if err := s.keep(tx, row.ID, row.File, data); err != nil {
			return err
		}
		return row.Record(tx, "add", nil)
	})
	if fault.Is(err, fault.Conflict) {
		var same submission.ImportJob
		err = s.DB.Read(ctx).Where("consultation_id = ? AND file = ? AND channel = '' AND columns = ''", c.ID, row.File).Take(&same).Error
		return read(same), err
	}
	return read(row), err
}

// longestName of a file is kept, in characters.
const longestName = 200

func clip(name string) string {
	r := []rune(sheet.Printable(name))
	return string(r[max(0, len(r)-longestName):]) // its end tells the format
}

func text(v any) string {
	b, _ := json.Marshal(v) // strings and numbers
	return string(b)
}

func fileFault(code string, args ...any) error {
	return fault.Fields{{Name: "file", Code: code, Args: args}}.Err()
}

// headerOf are a table's column names; a JSONL has those of its first rows.
func headerOf(data []byte, name string) ([]string, error) {
	switch {
	case len(data) == 0:
		return nil, fileFault("bulk.file")
	case len(data) > MaxSize:
		return nil, fileFault("file_too_large", "megabytes", MaxSize>>20)
	}
	rows, err := sourceOf(data, name)
	if err != nil {
		return nil, fileFault("bulk.unreadable")
	}
	defer rows.Close()
	header := slices.Clone(rows.Columns())
	if header == nil {
		err = each(rows, func(r sheet.Row) {
			for _, c := range r.Columns {
				if !slices.Contains(header, c) {
					header = append(header, c)
				}
			}
		})
	}
	if err != nil || len(header) == 0 {
		return nil, fileFault("bulk.unreadable")
	}
	return header, nil
}

// each goes through the first rows that can be read.
func each(rows sheet.Reader, do func(sheet.Row)) error {
	for range looked {
		r, err := rows.Next()
		var bad *sheet.RowError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
		case err != nil:
			return err
		default:
			do(r)
		}
	}
	return nil
}

// Values are the first values of each column of a table that is kept, beside its
// header.
func (s *Service) Values(ctx context.Context, j Job) ([][]string, error) {
	rows, err := s.rows(ctx, j)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([][]string, len(j.Header))
	err = each(rows, func(r sheet.Row) {
		for n, c := range j.Header {
			if v := r.Value(c); v != "" && len(out[n]) < shownValues {
				out[n] = append(out[n], v)
			}
		}
	})
	return out, err
}

// Discard forgets a table of which nothing is in, and of others the file: what is
// in stays.
func (s *Service) Discard(ctx context.Context, who actor.Actor, slug string, id int64) error {
	c, err := s.may(ctx, who, slug)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, who, func(tx *database.Tx) error {
		j, err := one(tx.Lock(), c.ID, id)
		if err != nil {
			return err
		}
		if !j.Rests() {
			return fault.New(fault.Conflict, "bulk.working")
		}
		if err := forget(tx.DB, j); err != nil {
			return err
		}
		return j.Record(tx, "remove", nil)
	})
}

func forget(g *gorm.DB, j Job) error {
	if err := drop(g, j.ID); err != nil {
		return err
	}
	if j.Begun() {
		return g.Model(&submission.ImportJob{}).Where("id = ?", j.ID).Update("size", 0).Error
	}
	if err := clear(g, j.ID); err != nil {
		return err
	}
	return g.Where("id = ?", j.ID).Delete(&submission.ImportJob{}).Error
}
