package submission

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"guangyi/internal/audit"
	"guangyi/internal/notice"
	"guangyi/internal/platform/database"
	"guangyi/internal/register"
)

// postgresStorage writes a batch over a connection of its own: one round trip, one
// commit. With a repetition among the rows it takes a second one.
type postgresStorage struct {
	config *pgx.ConnConfig
	conn   *pgx.Conn
}

func (p *postgresStorage) connect(ctx context.Context) error {
	if p.conn != nil && !p.conn.IsClosed() {
		return nil
	}
	config := p.config.Copy()
	// The statement is planned once. Its joins are over what unnest gives, whose
	// size the planner cannot know: a nested loop would cost its square.
	config.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.RuntimeParams["enable_nestloop"] = "off"
	config.RuntimeParams["enable_mergejoin"] = "off"
	conn, err := pgx.ConnectConfig(ctx, config)
	p.conn = conn
	return err
}

func (p *postgresStorage) close() {
	if p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.conn.Close(ctx) // everything was committed or refused by then
}

// passing: without an answer from the server the outcome is unknown; a deadlock,
// a serialization failure, a server going down or short of resources passes
// (PostgreSQL manual, appendix A).
func (p *postgresStorage) passing(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return true
	}
	switch pg.Code[:2] {
	case "40", "53", "57", "08":
		return true
	}
	return pg.Code == "55P03"
}

// intake is the statement. $1 to $28 are arrays over submissions, $29 to $34 over
// comments, $35 to $39 over senders who left something, $40 is now, $41 to $44 again over
// comments: how they are shown. What came with
// a file has its trail with the file. Audit row,
// pending leaf and outbox row carry the submission's own number: each table has
// one of them.
var intake = strings.NewReplacer(
	"@audited", audit.Columns, "@audit", audit.Table, "@outbox", notice.Table, "@posted", notice.Columns, "@topic", notice.Received,
	"@pending", register.PendingTable, "@waiting", register.PendingColumns, "@leaf", LeafKind,
).Replace(`
WITH t AS (
	SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[],
		$9::text[], $10::bigint[], $11::text[], $12::bytea[], $13::bytea[], $14::bytea[], $15::text[], $16::timestamptz[],
		$17::bigint[], $18::text[], $19::bigint[], $20::bigint[], $21::boolean[], $22::text[],
		$23::text[], $24::text[], $25::text[], $26::boolean[], $27::bytea[], $28::bigint[])
	AS t (consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, region, public_name, person, idempotency_key,
		body_hash, salt, leaf_hash, entered_by, received_at, organisation_id, actor_kind, actor_id, token_id, public, after,
		state, entry, held, late, leaf, import_id)
), s AS (
	INSERT INTO submissions (consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, region, public_name, person,
		state, idempotency_key, body_hash, salt, leaf_hash, entered_by, received_at, entry, held, late, import_id)
	SELECT consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, region, public_name, person,
		state, idempotency_key, body_hash, salt, leaf_hash, entered_by, received_at, entry, held, late, import_id FROM t
	ON CONFLICT (consultation_id, idempotency_key) DO NOTHING
	RETURNING id
), n AS (
	SELECT t.* FROM t JOIN s ON s.id = t.id
), c AS (
	INSERT INTO comments (consultation_id, id, submission_id, position, provision, aimed_at, text, proposed_text, lang,
		draft_version, channel, submitter_kind, public_name, public, received_at, waiting, masks, redacted, redacted_proposed)
	SELECT n.consultation_id, u.id, n.id, u.position, u.provision, u.provision, u.text, u.proposed_text, n.lang,
		n.draft_version, n.channel, n.submitter_kind, n.public_name, n.public, n.received_at,
		u.waiting, u.masks, u.redacted, u.redacted_proposed
	FROM unnest($29::bigint[], $30::bigint[], $31::bigint[], $32::text[], $33::text[], $34::text[],
		$41::boolean[], $42::text[], $43::text[], $44::text[])
		AS u (submission_id, id, position, provision, text, proposed_text, waiting, masks, redacted, redacted_proposed) JOIN n ON n.id = u.submission_id
	RETURNING consultation_id, provision, public
), p AS (
	SELECT n.consultation_id, u.* FROM unnest($35::bigint[], $36::bytea[], $37::bytea[], $38::bytea[], $39::boolean[])
		AS u (submission_id, sealed, email_index, phone_index, mail) JOIN n ON n.id = u.submission_id
), w AS (
	INSERT INTO submitters (consultation_id, submission_id, sealed, email_index, phone_index)
	SELECT consultation_id, submission_id, sealed, email_index, phone_index FROM p
), a AS (
	INSERT INTO @audit (@audited)
	SELECT id, organisation_id, consultation_id, actor_kind, actor_id, token_id, 'receive', 'submission', id, '', after, $40::timestamptz FROM n WHERE import_id = 0
), r AS (
	INSERT INTO @pending (@waiting) SELECT id, '@leaf', id, leaf FROM n
), o AS (
	INSERT INTO @outbox (@posted)
	SELECT submission_id, '@topic', consultation_id, submission_id, $40::timestamptz, $40::timestamptz FROM p WHERE mail
), k AS (
	UPDATE consultation_counters k SET submissions = k.submissions + g.letters, comments = k.comments + g.points, held = k.held + g.held
	FROM (SELECT l.consultation_id, l.letters, l.held, m.points
		FROM (SELECT consultation_id, count(*) AS letters, count(*) FILTER (WHERE held <> '') AS held FROM n GROUP BY 1) l
		JOIN (SELECT consultation_id, count(*) AS points FROM c GROUP BY 1) m ON m.consultation_id = l.consultation_id
		ORDER BY 1) g
	WHERE k.consultation_id = g.consultation_id
), h AS (
	INSERT INTO channel_counters (consultation_id, channel, submissions)
	SELECT consultation_id, channel, count(*) FROM n GROUP BY 1, 2 ORDER BY 1, 2
	ON CONFLICT (consultation_id, channel) DO UPDATE SET submissions = channel_counters.submissions + excluded.submissions
), v AS (
	INSERT INTO provision_counters (consultation_id, provision, comments, public)
	SELECT consultation_id, provision, count(*), count(*) FILTER (WHERE public) FROM c GROUP BY 1, 2 ORDER BY 1, 2
	ON CONFLICT (consultation_id, provision) DO UPDATE SET
		comments = provision_counters.comments + excluded.comments, public = provision_counters.public + excluded.public
)
SELECT id FROM s`)

func (p *postgresStorage) write(ctx context.Context, rows []*row, now time.Time) (map[int64]bool, error) {
	if err := p.connect(ctx); err != nil {
		return nil, err
	}
	err := writeFresh(ctx, p.conn, rows, now)
	if database.IsDuplicate(err) {
		return insert(ctx, p.conn, rows, now)
	}
	stored := make(map[int64]bool, len(rows))
	for _, r := range rows {
		stored[r.id] = err == nil
	}
	return stored, err
}

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func insert(ctx context.Context, q querier, rows []*row, now time.Time) (map[int64]bool, error) {
	found, err := q.Query(ctx, intake, arrays(rows, now)...)
	if err != nil {
		return nil, err
	}
	stored := make(map[int64]bool, len(rows))
	for found.Next() {
		var id int64
		if err := found.Scan(&id); err != nil {
			found.Close()
			return nil, err
		}
		stored[id] = true
	}
	return stored, found.Err()
}

// auditText is what the audit row of a receipt keeps.
func (r *row) auditText() string {
	return fmt.Sprintf(`{"receipt":%q,"channel":%q,"comments":%d}`, r.receipt, r.channel, len(r.comments))
}
