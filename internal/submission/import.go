package submission

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
)

// importAtOnce is how many rows of a file share a transaction: enough that the
// commit costs nothing, few enough that memory stays flat.
const importAtOnce = 2500

// Bulk is a table of submissions, a row each.
type Bulk struct {
	Consultation string // slug
	Channel      string // on which the rows came
	Sum          string // SHA-256 of the file, hexadecimal: rows without an id are known by it and their line
	Name         string // of the file, for people
	Columns      Columns
	DryRun       bool // find out only
}

// Columns say which column of a table holds a field of Fields, where its name does
// not tell. An empty name: none does.
type Columns map[string]string

// text is how an import's columns are stored and compared.
func (c Columns) text() string {
	if len(c) == 0 {
		return ""
	}
	b, _ := json.Marshal(c) // strings; the keys come sorted
	return string(b)
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

// Watching is told of findings and of progress (rows so far), from two goroutines
// of the run. Either may be nil.
type Watching struct {
	Finding  func(Finding)
	Progress func(rows int)
}

// Import takes a table of submissions in. A second run of the same file adds
// nothing, and a run that broke off goes on where it was: each transaction settles
// some thousands of rows and notes how far it got. Rows are also known by their id
// and content or, without an id, by file and line. What is wrong with one row is
// found and reported; the rest goes in.
//
// Faults: those of access; Conflict submission.import_closed before opening and
// once the summary was submitted, submission.import_running while another process
// takes the same file in; Invalid for a channel that is none and for a table
// without a column of texts.
func (s *Service) Import(ctx context.Context, who actor.Actor, b Bulk, rows sheet.Reader, w Watching) (Imported, error) {
	c, err := s.mayImport(ctx, who, b)
	if err != nil {
		return Imported{}, err
	}
	tree, err := s.drafts.Tree(ctx, c.ID, draft.First)
	if err != nil {
		return Imported{}, err
	}
	read := reading{tree: tree, now: s.db.Now(), given: b.Columns}
	if names := rows.Columns(); names != nil && !read.hasText(names) {
		return Imported{}, fault.Fields{{Name: "text", Code: "submission.row.no_text"}}.Err()
	}
	ids, err := s.db.IDs(ctx)
	if err != nil {
		return Imported{}, err
	}
	job, err := s.importJob(ctx, who, c, b)
	if err != nil {
		return Imported{}, err
	}
	run := &importing{s: s, who: who, c: c, bulk: b, reading: read, watch: w, job: job,
		numbers: &numberer{db: s.db}, nextID: ids.Next}
	err = run.all(ctx, rows)
	return run.report, errors.Join(err, run.end(ctx, err))
}

// mayImport asks for permission, channel and state.
func (s *Service) mayImport(ctx context.Context, who actor.Actor, b Bulk) (consultation.Consultation, error) {
	c, err := s.consultations.Staff(ctx, who, b.Consultation)
	if err != nil {
		return c, err
	}
	if err := s.gate.Require(who, PermissionImport, c.Organisation); err != nil {
		return c, err
	}
	if !slices.Contains(consultation.Channels, b.Channel) {
		return c, fault.Fields{{Name: "channel", Code: "submission.channel"}}.Err()
	}
	if !takesBulk(c, s.db.Now()) {
		return c, fault.New(fault.Conflict, "submission.import_closed")
	}
	return c, nil
}

// takesBulk: while it is open, and afterwards for what came in time on paper,
// until the summary is submitted.
func takesBulk(c consultation.Consultation, now time.Time) bool {
	switch c.Status(now) {
	case consultation.Open, consultation.Closed, consultation.DecidedStatus:
		return true
	}
	return false
}

// importing is one run. Rows are read and made ready by one goroutine, and written
// by another.
type importing struct {
	s       *Service
	who     actor.Actor
	c       consultation.Consultation
	bulk    Bulk
	reading reading
	watch   Watching
	job     ImportJob
	numbers *numberer
	nextID  func() int64
	report  Imported
	chunk   chunk
	quoted  []byte         // of the row whose key is made; used again
	lite    *sqliteStorage // on SQLite
}

// chunk is what one transaction settles: its rows, and all lines up to line.
type chunk struct {
	rows    []*row
	line    int
	read    int // rows of the file so far
	known   int // of those since the last chunk, settled by an earlier run
	refused int // likewise, refused
	before  int // of the refused: noted by an earlier run
}

func (i *importing) all(ctx context.Context, rows sheet.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	full := make(chan chunk)
	written := make(chan error, 1)
	go func() {
		written <- i.writeAll(ctx, full)
		cancel()
	}()
	err := i.read(ctx, rows, full)
	close(full)
	if failed := <-written; failed != nil {
		return failed // reading then ended for this reason only
	}
	return err
}

// writeAll writes chunks as they come; after a failure it takes no more.
func (i *importing) writeAll(ctx context.Context, full <-chan chunk) error {
	for c := range full {
		if err := i.settle(ctx, c); err != nil {
			return err
		}
		if i.watch.Progress != nil {
			i.watch.Progress(c.read)
		}
	}
	return nil
}

func (i *importing) read(ctx context.Context, rows sheet.Reader, full chan<- chunk) error {
	for {
		line, err := rows.Next()
		var bad *sheet.RowError
		switch {
		case errors.Is(err, io.EOF):
			return i.hand(ctx, full)
		case errors.As(err, &bad):
			i.refuse(bad.Line, Finding{Line: bad.Line, Column: bad.Column, Name: bad.Name, Code: "submission.row." + string(bad.Reason)})
			continue
		case err != nil:
			return err
		}
		if err := i.one(ctx, line, full); err != nil {
			return err
		}
	}
}

func (i *importing) refuse(line int, findings ...Finding) {
	i.chunk.line = line
	i.chunk.read++
	i.chunk.refused++
	if line <= i.job.Line {
		i.chunk.before++
	}
	if i.watch.Finding == nil {
		return
	}
	for _, f := range findings {
		i.watch.Finding(f)
	}
}

func (i *importing) one(ctx context.Context, line sheet.Row, full chan<- chunk) error {
	in, findings := i.reading.submission(line)
	if len(findings) > 0 {
		i.refuse(line.Line, findings...)
		return ctx.Err()
	}
	i.chunk.line = line.Line
	i.chunk.read++
	if line.Line <= i.job.Line {
		i.chunk.known++
		return ctx.Err()
	}
	in.Channel, in.Key, in.Entry = i.bulk.Channel, i.key(line), EntryImport
	in.Origin.File, in.Origin.Import = i.bulk.Sum, i.job.ID
	r, err := i.s.ready(i.who, i.c, in, i.s.bodyHash(in), i.nextID)
	if err != nil {
		return err
	}
	i.chunk.rows = append(i.chunk.rows, r)
	if len(i.chunk.rows) < importAtOnce {
		return nil
	}
	return i.hand(ctx, full)
}

// hand gives the chunk to the writer.
func (i *importing) hand(ctx context.Context, full chan<- chunk) error {
	select {
	case full <- i.chunk:
	case <-ctx.Done():
		return ctx.Err()
	}
	i.chunk = chunk{rows: make([]*row, 0, importAtOnce), line: i.chunk.line, read: i.chunk.read}
	return nil
}

// settle writes one chunk, or foresees what writing it would do.
func (i *importing) settle(ctx context.Context, c chunk) error {
	taken, err := 0, error(nil)
	switch {
	case i.bulk.DryRun:
		taken, err = i.foresee(ctx, c.rows)
	case len(c.rows) > 0 || c.line > i.job.Line:
		taken, err = i.write(ctx, c)
	}
	if err != nil {
		return err
	}
	i.report.Rows = c.read
	i.report.Taken += taken
	i.report.Repeated += len(c.rows) - taken + c.known
	i.report.Refused += c.refused
	return nil
}

// foresee counts what a real run would take in: what is not in already.
func (i *importing) foresee(ctx context.Context, rows []*row) (int, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	var known int64
	keys := column(rows, func(r *row) string { return r.key })
	err := i.s.db.Read(ctx).Table("submissions").Where("consultation_id = ? AND idempotency_key IN ?", i.c.ID, keys).Count(&known).Error
	return len(rows) - int(known), err
}
