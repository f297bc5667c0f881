package submission

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guangyi/internal/audit"
	"guangyi/internal/notice"
	"guangyi/internal/platform/database"
	"guangyi/internal/register"
)

// sqliteStorage writes a batch as one transaction on the one writing connection.
type sqliteStorage struct {
	db    *database.DB
	ready map[string]*sql.Stmt
}

// The statements, each prepared once.
const (
	liteSubmission = `INSERT INTO submissions (consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, region,
		public_name, person, state, idempotency_key, body_hash, salt, leaf_hash, entered_by, received_at, entry, late, held, import_id)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`
	liteComment = `INSERT INTO comments (consultation_id, id, submission_id, position, provision, aimed_at, text, proposed_text, lang,
		draft_version, channel, submitter_kind, public_name, public, received_at, waiting, masks, redacted, redacted_proposed)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`
	liteSubmitter = `INSERT INTO submitters (consultation_id, submission_id, sealed, email_index, phone_index) VALUES (?,?,?,?,?)`
	liteAudit     = `INSERT INTO ` + audit.Table + ` (` + audit.Columns + `) VALUES (?,?,?,?,?,?,'receive','submission',?,'',?,?)`
	litePending   = `INSERT INTO ` + register.PendingTable + ` (` + register.PendingColumns + `) VALUES (?,'` + LeafKind + `',?,?)`
	liteOutbox    = `INSERT INTO ` + notice.Table + ` (` + notice.Columns + `) VALUES (?,'` + notice.Received + `',?,?,?,?)`
	liteOrigin    = `INSERT INTO submission_origins (consultation_id, submission_id, number, posted_on) VALUES (?,?,?,?)`
	liteFile      = `INSERT INTO submission_files (consultation_id, submission_id, position, attachment_id, name, size, sha256) VALUES (?,?,?,?,?,?,?)`
	liteAnswer    = `INSERT INTO submission_answers (consultation_id, submission_id, position, question, answer) VALUES (?,?,?,?,?)`
	liteCounters  = `UPDATE consultation_counters SET submissions = submissions + ?, comments = comments + ?, held = held + ? WHERE consultation_id = ?`
	liteChannel   = `INSERT INTO channel_counters (consultation_id, channel, submissions) VALUES (?,?,?)
		ON CONFLICT (consultation_id, channel) DO UPDATE SET submissions = channel_counters.submissions + excluded.submissions`
	liteProvision = `INSERT INTO provision_counters (consultation_id, provision, comments, public) VALUES (?,?,?,?)
		ON CONFLICT (consultation_id, provision) DO UPDATE
		SET comments = provision_counters.comments + excluded.comments, public = provision_counters.public + excluded.public`
)

// passing: another process held the file longer than the driver waits.
func (l *sqliteStorage) passing(err error) bool {
	var coded interface{ Code() int }
	return errors.As(err, &coded) && (coded.Code()&0xff == 5 || coded.Code()&0xff == 6) // SQLITE_BUSY, SQLITE_LOCKED
}

func (l *sqliteStorage) close() {
	for _, st := range l.ready {
		_ = st.Close() // the database closes next
	}
}

func (l *sqliteStorage) prepare(ctx context.Context) error {
	if l.ready != nil {
		return nil
	}
	ready := map[string]*sql.Stmt{}
	for _, text := range []string{liteSubmission, liteComment, liteSubmitter, liteAudit, litePending, liteOutbox, liteOrigin, liteFile, liteAnswer, liteCounters, liteChannel, liteProvision} {
		st, err := l.db.Writer().PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		ready[text] = st
	}
	l.ready = ready
	return nil
}

func (l *sqliteStorage) write(ctx context.Context, rows []*row, now time.Time) (map[int64]bool, error) {
	if err := l.prepare(ctx); err != nil {
		return nil, err
	}
	tx, err := l.db.Writer().BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	stored, err := writeRows(l.within(ctx, tx), rows, now)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return stored, tx.Commit()
}

// within runs the prepared statements, and others as they come, in a transaction.
func (l *sqliteStorage) within(ctx context.Context, tx *sql.Tx) run {
	return func(text string, args ...any) (int64, error) {
		var res sql.Result
		var err error
		if ready := l.ready[text]; ready != nil {
			res, err = tx.StmtContext(ctx, ready).ExecContext(ctx, args...)
		} else {
			res, err = tx.ExecContext(ctx, text, args...)
		}
		if err != nil {
			return 0, err
		}
		return res.RowsAffected()
	}
}

// run executes a statement and tells how many rows it changed.
type run func(text string, args ...any) (int64, error)

// writeRows writes a batch row by row and its counters together. The statements
// are those above, which PostgreSQL takes too.
func writeRows(do run, rows []*row, now time.Time) (map[int64]bool, error) {
	stored := make(map[int64]bool, len(rows))
	var sums counts
	for _, r := range rows {
		n, err := do(liteSubmission, r.consultation, r.id, r.receipt, r.channel, r.lang, r.version, r.kind, r.region,
			r.publicName, r.person, string(r.state()), r.key, r.bodyHash, r.salt, r.leafHash, r.enteredBy, r.receivedAt,
			string(r.entry), r.late, r.held, r.origin.Import)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		stored[r.id] = true
		sums.add(r)
		if err := r.writeRest(do, now); err != nil {
			return nil, err
		}
	}
	return stored, sums.write(do)
}

// writeRest writes what belongs to a submission that is new.
func (r *row) writeRest(do run, now time.Time) error {
	for _, c := range r.comments {
		if _, err := do(liteComment, r.consultation, c.id, r.id, c.position, c.Provision, c.Provision, c.Text, c.ProposedText, r.lang,
			r.version, r.channel, r.kind, r.publicName, r.public, r.receivedAt, r.waiting, c.masks, c.redacted, c.redactedProposed); err != nil {
			return err
		}
	}
	if r.sealed != nil {
		if _, err := do(liteSubmitter, r.consultation, r.id, r.sealed, orNull(r.emailIndex), orNull(r.phoneIndex)); err != nil {
			return err
		}
	}
	if r.mail {
		if _, err := do(liteOutbox, r.id, r.consultation, r.id, now, now); err != nil {
			return err
		}
	}
	if r.origin.Import != 0 {
		return r.writeLeaf(do) // the trail has one row for all that came with it
	}
	if _, err := do(liteAudit, r.id, r.organisation, r.consultation, string(r.by.Kind), r.by.ID, r.by.TokenID, r.id, r.auditText(), now); err != nil {
		return err
	}
	return r.writeLeaf(do)
}

func (r *row) writeLeaf(do run) error {
	if _, err := do(litePending, r.id, r.id, r.leaf); err != nil {
		return err
	}
	return r.writeAttached(do)
}

// writeAttached writes what few submissions have: origin, files, answers.
func (r *row) writeAttached(do run) error {
	if !r.origin.empty() {
		if _, err := do(liteOrigin, r.consultation, r.id, r.origin.Number, r.origin.posted()); err != nil {
			return err
		}
	}
	for i, f := range r.files {
		if _, err := do(liteFile, r.consultation, r.id, i, f.ID, f.Name, f.Size, f.SHA256); err != nil {
			return err
		}
	}
	for i, a := range r.answers {
		if _, err := do(liteAnswer, r.consultation, r.id, i, a.Question, a.Answer); err != nil {
			return err
		}
	}
	return nil
}

// posted is the postmark as it is stored: UTC, whole microseconds.
func (o Origin) posted() any {
	if o.PostedOn == nil {
		return nil
	}
	return o.PostedOn.UTC().Truncate(time.Microsecond)
}

// orNull keeps an index that does not exist from being stored as an empty one.
func orNull(index []byte) any {
	if index == nil {
		return nil
	}
	return index
}
