package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/submission"
)

// importAtOnce is how many rows of a table share a transaction.
const importAtOnce = 100

// Bulk is a table of responses, a row each.
type Bulk struct {
	Consultation string // slug
	Sum          string // SHA-256 of the file, hexadecimal: it stands in each leaf
	Name         string // of the file; may be empty
	DryRun       bool   // find out only
}

// Finding is what stands against one row; the others still go in. Code is a
// message key below "error.".
type Finding struct {
	Line, Column int // from 1; column 1 where the whole row is meant
	Name         string
	Code         string
	Args         []any
}

// Imported says how a table fared. Rows = Taken + Repeated + Refused.
type Imported = submission.Imported

// errTried undoes what a dry run wrote.
var errTried = errors.New("survey: a dry run")

// Import takes a table of responses in. A second run of the same file adds nothing.
// What is wrong with one row is told to found and the rest goes in; a dry run does
// all of it and undoes it.
//
// Faults: those of access; NotFound without a survey; Conflict of submission.Enter
// before the opening and once the summary was submitted; Invalid for a table of
// which no column is a question.
func (s *Service) Import(ctx context.Context, who actor.Actor, b Bulk, rows sheet.Reader, found func(Finding)) (Imported, error) {
	c, err := s.consultations.Staff(ctx, who, b.Consultation)
	if err != nil {
		return Imported{}, err
	}
	if err := s.gate.Require(who, PermissionEnter, c.Organisation); err != nil {
		return Imported{}, err
	}
	v, err := s.Of(ctx, c.ID)
	if err != nil {
		return Imported{}, err
	}
	run := &importing{s: s, who: who, c: c, v: v, bulk: b, found: found}
	if names := rows.Columns(); names != nil && len(v.columnsIn(names).questions) == 0 {
		return Imported{}, fault.Fields{{Name: "file", Code: "survey.import_columns"}}.Err()
	}
	if !b.DryRun {
		if run.job, err = s.submissions.ImportOf(ctx, who, c, Channel, b.Sum, b.Name); err != nil {
			return Imported{}, err
		}
	}
	if err := run.all(ctx, rows); err != nil {
		return run.report, err
	}
	return run.report, run.leaveTrail(ctx)
}

// importing is one run.
type importing struct {
	s      *Service
	who    actor.Actor
	c      consultation.Consultation
	v      Survey
	bulk   Bulk
	found  func(Finding)
	report Imported
	job    submission.ImportJob
	batch  []importedRow
	table  tableColumns
	of     int // how many columns the table had when they were found
}

// importedRow is a row that reads well so far.
type importedRow struct {
	line sheet.Row
	in   Response
}

func (i *importing) all(ctx context.Context, rows sheet.Reader) error {
	for {
		line, err := rows.Next()
		var bad *sheet.RowError
		switch {
		case errors.Is(err, io.EOF):
			return i.flush(ctx)
		case errors.As(err, &bad):
			i.refuse(Finding{Line: bad.Line, Column: bad.Column, Name: bad.Name, Code: "submission.row." + string(bad.Reason)})
			continue
		case err != nil:
			return err
		}
		if err := i.one(ctx, line); err != nil {
			return err
		}
	}
}

func (i *importing) refuse(findings ...Finding) {
	i.report.Rows++
	i.report.Refused++
	if i.found == nil {
		return
	}
	for _, f := range findings {
		i.found(f)
	}
}

func (i *importing) one(ctx context.Context, line sheet.Row) error {
	if i.of != len(line.Columns) {
		i.table, i.of = i.v.columnsIn(line.Columns), len(line.Columns)
	}
	in, findings := i.read(line)
	if len(findings) > 0 {
		i.refuse(findings...)
		return ctx.Err()
	}
	i.batch = append(i.batch, importedRow{line, in})
	if len(i.batch) < importAtOnce {
		return nil
	}
	return i.flush(ctx)
}

// flush writes the batch as one transaction. A row that is refused there has
// written nothing by then.
func (i *importing) flush(ctx context.Context) error {
	if len(i.batch) == 0 {
		return ctx.Err()
	}
	var taken, repeated int
	var refused [][]Finding
	err := i.s.db.Write(ctx, i.who, func(tx *database.Tx) error {
		taken, repeated, refused = 0, 0, nil
		tx.Audited() // each submission has its own row, written with it
		for _, r := range i.batch {
			receipt, err := i.s.Enter(tx, i.who, i.c, i.v, r.in)
			if f, ok := fault.AsInvalid(err); ok {
				refused = append(refused, i.findings(r.line, f.Fields))
				continue
			}
			switch {
			case err != nil:
				return err
			case receipt.Repeated:
				repeated++
			default:
				taken++
			}
		}
		if i.bulk.DryRun {
			return errTried
		}
		return nil
	})
	if err != nil && !(i.bulk.DryRun && errors.Is(err, errTried)) {
		return err
	}
	i.report.Rows += taken + repeated
	i.report.Taken += taken
	i.report.Repeated += repeated
	for _, f := range refused {
		i.refuse(f...)
	}
	i.batch = i.batch[:0]
	return ctx.Err()
}

// key knows a row again: by its number and content, else by file and line.
func (i *importing) key(line sheet.Row) string {
	if i.table.value(line, "number") == "" {
		return "import:" + i.bulk.Sum[:min(32, len(i.bulk.Sum))] + ":" + strconv.Itoa(line.Line)
	}
	h := sha256.New()
	for n, v := range line.Values {
		io.WriteString(h, strconv.Quote(line.Columns[n])+strconv.Quote(v))
	}
	return "import:" + hex.EncodeToString(h.Sum(nil)[:20])
}

// leaveTrail records the run itself.
func (i *importing) leaveTrail(ctx context.Context) error {
	if i.bulk.DryRun || i.report.Taken == 0 {
		return nil
	}
	return i.s.db.Write(ctx, i.who, func(tx *database.Tx) error {
		return i.s.submissions.CountImport(tx, i.job, i.report)
	})
}
