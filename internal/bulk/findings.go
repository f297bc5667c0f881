package bulk

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// KeptFindings is how many findings of a pass are kept; the others are counted.
const KeptFindings = 20000

// writtenAtOnce is how many findings share a statement.
const writtenAtOnce = 500

type findingRow struct {
	ImportID int64 `gorm:"primaryKey;autoIncrement:false"`
	Position int   `gorm:"primaryKey;autoIncrement:false"`
	Line     int
	Place    int
	Name     string
	Code     string
	Args     string
}

func (findingRow) TableName() string { return "submission_import_findings" }

func clear(g *gorm.DB, id int64) error {
	return g.Where("import_id = ?", id).Delete(&findingRow{}).Error
}

// findings collects those of a pass and writes them by the hundred.
type findings struct {
	s     *Service
	ctx   context.Context
	id    int64
	count int
	wait  []findingRow
	err   error
}

func (f *findings) add(x submission.Finding) {
	f.count++
	if f.count > KeptFindings || f.err != nil {
		return
	}
	row := findingRow{ImportID: f.id, Position: f.count, Line: x.Line, Place: x.Column, Name: clip(x.Name), Code: x.Code}
	if len(x.Args) > 0 {
		row.Args = text(x.Args)
	}
	if f.wait = append(f.wait, row); len(f.wait) == writtenAtOnce {
		f.flush()
	}
}

func (f *findings) flush() {
	if len(f.wait) == 0 || f.err != nil {
		return
	}
	f.err = f.s.DB.Upkeep(f.ctx, func(tx *database.Tx) error { return tx.Create(f.wait).Error })
	f.wait = nil
}

// Findings are the first of what stands against a table's rows, in the order of the
// file.
func (s *Service) Findings(ctx context.Context, j Job, most int) ([]submission.Finding, error) {
	var rows []findingRow
	err := s.DB.Read(ctx).Where("import_id = ?", j.ID).Order("position").Limit(most).Find(&rows).Error
	out := make([]submission.Finding, len(rows))
	for n, r := range rows {
		out[n] = submission.Finding{Line: r.Line, Column: r.Place, Name: r.Name, Code: r.Code, Args: arguments(r.Args)}
	}
	return out, err
}

// arguments reads what a message's words take: whole numbers stay such.
func arguments(stored string) []any {
	var out []any
	_ = json.Unmarshal([]byte(stored), &out) // written by add; "" is none
	for n, v := range out {
		if f, ok := v.(float64); ok && f == float64(int(f)) {
			out[n] = int(f)
		}
	}
	return out
}
