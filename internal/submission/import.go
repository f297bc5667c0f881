package submission

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strconv"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
)

// importAtOnce is how many rows of a file share a transaction: enough that the
// commit costs nothing, few enough that memory stays flat.
const importAtOnce = 500

// Bulk is a table of submissions, a row each.
type Bulk struct {
	Consultation string // slug
	Channel      string // on which the rows came
	Sum          string // SHA-256 of the file, hexadecimal: rows without an id are known by it and their line
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
type Imported struct {
	Rows     int `json:"rows"`
	Taken    int `json:"taken"`
	Repeated int `json:"repeated"` // in already, by an earlier run
	Refused  int `json:"refused"`
}

// Watching is told of findings and of progress (rows so far). Either may be nil.
type Watching struct {
	Finding  func(Finding)
	Progress func(rows int)
}

// Import takes a table of submissions in. A second run of the same file adds
// nothing, so a run that broke off is simply repeated: its rows are known by
// their id and content or, without an id, by file and line. What is wrong with
// one row is found and reported; the rest goes in.
//
// Faults: those of access; Conflict submission.import_closed before opening and
// once the summary was submitted; Invalid for a channel that is none and for a
// table without a column of texts.
func (s *Service) Import(ctx context.Context, who actor.Actor, b Bulk, rows sheet.Reader, w Watching) (Imported, error) {
	c, err := s.consultations.Staff(ctx, who, b.Consultation)
	if err != nil {
		return Imported{}, err
	}
	if err := s.gate.Require(who, PermissionImport, c.Organisation); err != nil {
		return Imported{}, err
	}
	if !slices.Contains(consultation.Channels, b.Channel) {
		return Imported{}, fault.Fields{{Name: "channel", Code: "submission.channel"}}.Err()
	}
	if !s.takesBulk(c) {
		return Imported{}, fault.New(fault.Conflict, "submission.import_closed")
	}
	tree, err := s.drafts.Tree(ctx, c.ID, draft.First)
	if err != nil {
		return Imported{}, err
	}
	read := reading{tree: tree, now: s.db.Now()}
	if names := rows.Columns(); names != nil && !read.hasText(names) {
		return Imported{}, fault.Fields{{Name: "text", Code: "submission.row.no_text"}}.Err()
	}
	ids, err := s.db.IDs(ctx)
	if err != nil {
		return Imported{}, err
	}
	run := &importing{s: s, who: who, c: c, bulk: b, reading: read, watch: w,
		numbers: &numberer{db: s.db}, nextID: ids.Next}
	if err := run.all(ctx, rows); err != nil {
		return run.report, err
	}
	return run.report, run.record(ctx)
}

// takesBulk: while it is open, and afterwards for what came in time on paper,
// until the summary is submitted.
func (s *Service) takesBulk(c consultation.Consultation) bool {
	switch c.Status(s.db.Now()) {
	case consultation.Open, consultation.Closed, consultation.DecidedStatus:
		return true
	}
	return false
}

// importing is one run.
type importing struct {
	s       *Service
	who     actor.Actor
	c       consultation.Consultation
	bulk    Bulk
	reading reading
	watch   Watching
	numbers *numberer
	nextID  func() int64
	report  Imported
	batch   []*row
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
	if i.watch.Finding == nil {
		return
	}
	for _, f := range findings {
		i.watch.Finding(f)
	}
}

func (i *importing) one(ctx context.Context, line sheet.Row) error {
	in, findings := i.reading.submission(line)
	if len(findings) > 0 {
		i.refuse(findings...)
		return ctx.Err()
	}
	in.Channel, in.Key, in.Entry, in.Origin.File = i.bulk.Channel, i.key(line), EntryImport, i.bulk.Sum
	r, err := i.s.ready(i.who, i.c, in, i.s.bodyHash(in), i.nextID)
	if err != nil {
		return err
	}
	i.report.Rows++
	i.batch = append(i.batch, r)
	if len(i.batch) < importAtOnce {
		return nil
	}
	return i.flush(ctx)
}

// key knows a row again: by its id and content, else by file and line.
func (i *importing) key(line sheet.Row) string {
	id := i.reading.value(line, "id")
	if id == "" {
		return "import:" + i.bulk.Sum[:min(32, len(i.bulk.Sum))] + ":" + strconv.Itoa(line.Line)
	}
	h := sha256.New()
	for n, v := range line.Values {
		io.WriteString(h, strconv.Quote(line.Columns[n])+strconv.Quote(v))
	}
	return "import:" + hex.EncodeToString(h.Sum(nil)[:20])
}

// flush writes the batch as one transaction.
func (i *importing) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(i.batch) > 0 && i.bulk.DryRun {
		if err := i.foresee(ctx); err != nil {
			return err
		}
	} else if len(i.batch) > 0 {
		if err := i.write(ctx); err != nil {
			return err
		}
	}
	i.batch = i.batch[:0]
	if i.watch.Progress != nil {
		i.watch.Progress(i.report.Rows)
	}
	return nil
}

func (i *importing) write(ctx context.Context) error {
	if err := i.numbers.give(ctx, i.batch); err != nil {
		return err
	}
	// The order in which every writer takes keys, or two deadlock.
	slices.SortFunc(i.batch, inOrder)
	taken := 0
	err := i.s.db.Write(ctx, i.who, func(tx *database.Tx) error {
		c, err := consultation.Lock(tx, i.c.ID)
		if err != nil {
			return err
		}
		if !i.s.takesBulk(c) {
			return fault.New(fault.Conflict, "submission.import_closed")
		}
		stored, err := insertIn(tx, i.batch)
		taken = len(stored)
		tx.Audited() // each submission has its own row, written with it
		return err
	})
	if err != nil {
		return err
	}
	i.report.Taken += taken
	i.report.Repeated += len(i.batch) - taken
	return nil
}

// insertIn writes rows in the caller's transaction: on PostgreSQL by the one
// statement of the intake, on SQLite row by row.
func insertIn(tx *database.Tx, rows []*row) (map[int64]bool, error) {
	if tx.Dialect() == database.SQLite {
		return writeRows(func(text string, args ...any) (int64, error) {
			res := tx.Exec(text, args...)
			return res.RowsAffected, res.Error
		}, rows, tx.Now)
	}
	found, err := tx.Statement.ConnPool.QueryContext(tx.Context(), intake, arrays(rows, tx.Now)...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	stored := make(map[int64]bool, len(rows))
	for found.Next() {
		var id int64
		if err := found.Scan(&id); err != nil {
			return nil, err
		}
		stored[id] = true
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return stored, writeOrigins(tx, rows, stored)
}

// writeOrigins notes where the new ones among rows come from.
func writeOrigins(tx *database.Tx, rows []*row, stored map[int64]bool) error {
	for _, r := range rows {
		if !stored[r.id] {
			continue
		}
		err := r.writeAttached(func(text string, args ...any) (int64, error) {
			res := tx.Exec(text, args...)
			return res.RowsAffected, res.Error
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// foresee counts what a real run would find in already.
func (i *importing) foresee(ctx context.Context) error {
	keys := make([]string, len(i.batch))
	for n, r := range i.batch {
		keys[n] = r.key
	}
	var known int64
	err := i.s.db.Read(ctx).Table("submissions").Where("consultation_id = ? AND idempotency_key IN ?", i.c.ID, keys).Count(&known).Error
	i.report.Repeated += int(known)
	i.report.Taken += len(i.batch) - int(known)
	return err
}

// record leaves the trail of the run itself.
func (i *importing) record(ctx context.Context) error {
	if i.bulk.DryRun || i.report.Taken == 0 {
		return nil
	}
	return i.s.db.Write(ctx, i.who, func(tx *database.Tx) error {
		return audit.Record(tx, audit.Entry{Organisation: i.c.Organisation, Consultation: i.c.ID, Action: "import",
			Object: "submission", ObjectID: i.c.ID, After: map[string]any{"channel": i.bulk.Channel, "file": i.bulk.Sum, "report": i.report}})
	})
}
