package submission

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/register"
)

// The statements that keep an import's place. The line is the condition: of two
// processes at the same file one finds that the other was there.
const (
	moveImport = `UPDATE submission_imports SET line = $1, taken = taken + $2, repeated = repeated + $3, refused = refused + $4,
		updated_at = $5, state = 'running', ended_at = NULL WHERE id = $6 AND line = $7`
	noteImport  = `INSERT INTO ` + audit.Table + ` (` + audit.Columns + `) VALUES ($1,$2,$3,$4,$5,$6,'take','import',$7,'',$8,$9)`
	importState = `SELECT state, opens_at, closes_at FROM consultations WHERE id = $1`
)

// write settles a chunk as one transaction: rows, counters, the trail, the place.
func (i *importing) write(ctx context.Context, c chunk) (taken int, err error) {
	if err := i.numbers.give(ctx, c.rows); err != nil {
		return 0, err
	}
	// The order in which every writer takes keys, or two deadlock.
	slices.SortFunc(c.rows, inOrder)
	if i.s.db.Dialect() == database.SQLite {
		taken, err = i.writeSQLite(ctx, c)
	} else {
		taken, err = i.writePostgres(ctx, c)
	}
	if err == nil {
		i.job.Line = c.line
	}
	return taken, err
}

// keep notes in the transaction how far the import is, and leaves its trail.
func (i *importing) keep(do run, c chunk, taken int, now time.Time) error {
	repeated := len(c.rows) - taken
	n, err := do(moveImport, c.line, taken, repeated, c.refused-c.before, now, i.job.ID, i.job.Line)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "submission.import_running")
	}
	text := fmt.Sprintf(`{"file":%q,"line":%d,"taken":%d,"repeated":%d,"refused":%d}`, i.job.File, c.line, taken, repeated, c.refused)
	_, err = do(noteImport, i.nextID(), i.c.Organisation, i.c.ID, string(i.who.Kind), i.who.ID, i.who.TokenID, i.job.ID, text, now)
	return err
}

// stillTakes asks again at each chunk: the consultation may have gone on meanwhile.
func (i *importing) stillTakes(scan func(dest ...any) error, now time.Time) error {
	var c consultation.Consultation
	if err := scan(&c.State, &c.OpensAt, &c.ClosesAt); err != nil {
		return err
	}
	if !takesBulk(c, now) {
		return fault.New(fault.Conflict, "submission.import_closed")
	}
	return nil
}

func (i *importing) writeSQLite(ctx context.Context, c chunk) (int, error) {
	if i.lite == nil {
		i.lite = &sqliteStorage{db: i.s.db}
	}
	if err := i.lite.prepare(ctx); err != nil {
		return 0, err
	}
	tx, err := i.s.db.Writer().BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	taken, err := 0, i.stillTakes(tx.QueryRowContext(ctx, importState, i.c.ID).Scan, i.s.db.Now())
	if err == nil {
		do := i.lite.within(ctx, tx)
		var stored map[int64]bool
		if stored, err = writeRows(do, c.rows, i.s.db.Now()); err == nil {
			taken = len(stored)
			err = i.keep(do, c, taken, i.s.db.Now())
		}
	}
	if err != nil {
		return 0, errors.Join(err, tx.Rollback())
	}
	return taken, tx.Commit()
}

// writePostgres copies the rows in. COPY knows no ON CONFLICT: when one of them
// is a repetition the chunk goes through the statement of the intake.
func (i *importing) writePostgres(ctx context.Context, c chunk) (taken int, err error) {
	for _, put := range []func(context.Context, pgx.Tx, []*row, time.Time) (int, error){copyRows, insertRows} {
		taken, err = i.postgresChunk(ctx, c, put)
		if !database.IsDuplicate(err) {
			return taken, err
		}
	}
	return taken, err
}

func (i *importing) postgresChunk(ctx context.Context, c chunk, put func(context.Context, pgx.Tx, []*row, time.Time) (int, error)) (taken int, err error) {
	now := i.s.db.Now()
	err = pgx.BeginFunc(ctx, i.s.db.Pool(), func(tx pgx.Tx) error {
		if err := i.stillTakes(tx.QueryRow(ctx, importState+" FOR SHARE", i.c.ID).Scan, now); err != nil {
			return err
		}
		if len(c.rows) > 0 {
			if taken, err = put(ctx, tx, c.rows, now); err != nil {
				return err
			}
		}
		return i.keep(execIn(ctx, tx), c, taken, now)
	})
	return taken, err
}

func execIn(ctx context.Context, tx pgx.Tx) run {
	return func(text string, args ...any) (int64, error) {
		tag, err := tx.Exec(ctx, text, args...)
		return tag.RowsAffected(), err
	}
}

// insertRows is for chunks in which some are in already.
func insertRows(ctx context.Context, tx pgx.Tx, rows []*row, now time.Time) (int, error) {
	stored, err := insert(ctx, tx, rows, now)
	if err != nil {
		return 0, err
	}
	var placed []*row
	for _, r := range rows {
		if stored[r.id] && !r.origin.empty() {
			placed = append(placed, r)
		}
	}
	return len(stored), copyInto(ctx, tx, "submission_origins", originCopied, placed, (*row).copiedOrigin)
}

// copyRows streams rows of which none is in yet into their tables.
func copyRows(ctx context.Context, tx pgx.Tx, rows []*row, _ time.Time) (int, error) {
	var points []point
	var named, placed []*row
	var sums counts
	for _, r := range rows {
		for _, one := range r.comments {
			points = append(points, point{r, one})
		}
		if r.sealed != nil {
			named = append(named, r)
		}
		if !r.origin.empty() {
			placed = append(placed, r)
		}
		sums.add(r)
	}
	err := copyInto(ctx, tx, "submissions", submissionCopied, rows, (*row).copied)
	if err != nil {
		return 0, err
	}
	if err := copyInto(ctx, tx, "comments", commentCopied, points, point.copied); err != nil {
		return 0, err
	}
	if err := copyInto(ctx, tx, "submitters", senderCopied, named, (*row).copiedSender); err != nil {
		return 0, err
	}
	if err := copyInto(ctx, tx, register.PendingTable, pendingCopied, rows, (*row).copiedLeaf); err != nil {
		return 0, err
	}
	if err := copyInto(ctx, tx, "submission_origins", originCopied, placed, (*row).copiedOrigin); err != nil {
		return 0, err
	}
	b := &pgx.Batch{}
	sums.queue(b)
	return len(rows), tx.SendBatch(ctx, b).Close()
}

var submissionCopied = []string{"consultation_id", "id", "receipt", "channel", "lang", "draft_version", "submitter_kind", "region", "public_name",
	"person", "state", "idempotency_key", "body_hash", "salt", "leaf_hash", "entered_by", "received_at", "entry", "late", "held", "import_id"}

func (r *row) copied(t *tuples) {
	t.add(r.consultation, r.id, r.receipt, r.channel, r.lang, r.version, r.kind, r.region, r.publicName, r.person, string(r.state()), r.key,
		r.bodyHash, r.salt, r.leafHash, r.enteredBy, r.receivedAt, string(r.entry), r.late, r.held, r.origin.Import)
}

var senderCopied = []string{"consultation_id", "submission_id", "sealed", "email_index", "phone_index"}

func (r *row) copiedSender(t *tuples) {
	t.add(r.consultation, r.id, r.sealed, r.emailIndex, r.phoneIndex)
}

var originCopied = []string{"consultation_id", "submission_id", "number", "posted_on"}

func (r *row) copiedOrigin(t *tuples) {
	t.add(r.consultation, r.id, r.origin.Number, r.origin.posted())
}

var pendingCopied = strings.Split(register.PendingColumns, ", ")

func (r *row) copiedLeaf(t *tuples) { t.add(r.id, LeafKind, r.id, r.leaf) }

var commentCopied = []string{"consultation_id", "id", "submission_id", "position", "provision", "aimed_at", "text", "proposed_text", "lang",
	"draft_version", "channel", "submitter_kind", "public_name", "public", "received_at", "waiting", "masks", "redacted", "redacted_proposed"}

func (p point) copied(t *tuples) {
	r := p.of
	t.add(r.consultation, p.id, r.id, p.position, p.Provision, p.Provision, p.Text, p.ProposedText, r.lang, r.version, r.channel, r.kind,
		r.publicName, r.public, r.receivedAt, r.waiting, p.masks, p.redacted, p.redactedProposed)
}
