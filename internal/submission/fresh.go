package submission

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"guangyi/internal/audit"
	"guangyi/internal/notice"
	"guangyi/internal/register"
)

// The statements for rows that people sent themselves, without files, of which
// none is a repetition, as nearly all are. They
// go out together and are one transaction; none asks what another one took, which
// costs PostgreSQL a quarter less than the intake statement.
const (
	freshSubmissions = `INSERT INTO submissions (consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, region,
		public_name, person, idempotency_key, body_hash, salt, leaf_hash, entered_by, received_at, state, held, entry)
		SELECT *, '` + string(EntrySender) + `' FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[],
		$8::text[], $9::text[], $10::bigint[], $11::text[], $12::bytea[], $13::bytea[], $14::bytea[], $15::text[], $16::timestamptz[],
		$17::text[], $18::text[])`
	freshComments = `INSERT INTO comments (consultation_id, id, submission_id, position, provision, text, proposed_text, lang,
		draft_version, channel, submitter_kind, public_name, public, received_at, waiting, masks, redacted, redacted_proposed, aimed_at)
		SELECT u.*, provision FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
		$8::text[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::boolean[], $14::timestamptz[],
		$15::boolean[], $16::text[], $17::text[], $18::text[])
		AS u (consultation, id, submission, position, provision, text, proposed, lang, version, channel, kind, name, public, received,
		waiting, masks, redacted, redacted_proposed)`
	freshSenders = `INSERT INTO submitters (consultation_id, submission_id, sealed, email_index, phone_index)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[])`
	freshLetters = `INSERT INTO ` + notice.Table + ` (` + notice.Columns + `)
		SELECT id, '` + notice.Received + `', consultation, id, $3::timestamptz, $3::timestamptz
		FROM unnest($1::bigint[], $2::bigint[]) AS u (consultation, id)`
	freshAudit = `INSERT INTO ` + audit.Table + ` (` + audit.Columns + `)
		SELECT id, organisation, consultation, actor, actor_id, token, 'receive', 'submission', id, '', after, $8::timestamptz
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::text[])
		AS u (id, organisation, consultation, actor, actor_id, token, after)`
	freshPending = `INSERT INTO ` + register.PendingTable + ` (` + register.PendingColumns + `)
		SELECT id, '` + LeafKind + `', id, leaf FROM unnest($1::bigint[], $2::bytea[]) AS u (id, leaf)`

	freshCounters = `UPDATE consultation_counters SET submissions = submissions + $2, comments = comments + $3, held = held + $4
		WHERE consultation_id = $1`
	freshChannel = `INSERT INTO channel_counters (consultation_id, channel, submissions) VALUES ($1, $2, $3)
		ON CONFLICT (consultation_id, channel) DO UPDATE SET submissions = channel_counters.submissions + excluded.submissions`
	freshProvision = `INSERT INTO provision_counters (consultation_id, provision, comments, public) VALUES ($1, $2, $3, $4)
		ON CONFLICT (consultation_id, provision) DO UPDATE
		SET comments = provision_counters.comments + excluded.comments, public = provision_counters.public + excluded.public`
)

// writeFresh writes rows in one round trip. A repetition violates the key and
// undoes the whole.
func writeFresh(ctx context.Context, conn *pgx.Conn, rows []*row, now time.Time) error {
	b := &pgx.Batch{}
	queueSubmissions(b, rows, now)
	queueComments(b, rows)
	queueSenders(b, rows, now)
	var sums counts
	for _, r := range rows {
		sums.add(r)
	}
	sums.queue(b)
	return conn.SendBatch(ctx, b).Close()
}

// column collects what f says of each element.
func column[E, T any](from []E, f func(E) T) []T {
	out := make([]T, len(from))
	for i, e := range from {
		out[i] = f(e)
	}
	return out
}

func queueSubmissions(b *pgx.Batch, rows []*row, now time.Time) {
	consultation := column(rows, func(r *row) int64 { return r.consultation })
	id := column(rows, func(r *row) int64 { return r.id })
	b.Queue(freshSubmissions, consultation, id,
		column(rows, func(r *row) string { return r.receipt }),
		column(rows, func(r *row) string { return r.channel }),
		column(rows, func(r *row) string { return r.lang }),
		column(rows, func(r *row) int64 { return r.version }),
		column(rows, func(r *row) string { return r.kind }),
		column(rows, func(r *row) string { return r.region }),
		column(rows, func(r *row) string { return r.publicName }),
		column(rows, func(r *row) int64 { return r.person }),
		column(rows, func(r *row) string { return r.key }),
		column(rows, func(r *row) []byte { return r.bodyHash }),
		column(rows, func(r *row) []byte { return r.salt }),
		column(rows, func(r *row) []byte { return r.leafHash }),
		column(rows, func(r *row) string { return r.enteredBy }),
		column(rows, func(r *row) time.Time { return r.receivedAt }),
		column(rows, func(r *row) string { return string(r.state()) }),
		column(rows, func(r *row) string { return r.held }))
	b.Queue(freshAudit, id,
		column(rows, func(r *row) int64 { return r.organisation }),
		consultation,
		column(rows, func(r *row) string { return string(r.by.Kind) }),
		column(rows, func(r *row) int64 { return r.by.ID }),
		column(rows, func(r *row) int64 { return r.by.TokenID }),
		column(rows, (*row).auditText),
		now)
	b.Queue(freshPending, id, column(rows, func(r *row) []byte { return r.leaf }))
}

// point is a comment with the submission that it came in.
type point struct {
	of *row
	commentRow
}

func queueComments(b *pgx.Batch, rows []*row) {
	var points []point
	for _, r := range rows {
		for _, c := range r.comments {
			points = append(points, point{r, c})
		}
	}
	b.Queue(freshComments,
		column(points, func(p point) int64 { return p.of.consultation }),
		column(points, func(p point) int64 { return p.id }),
		column(points, func(p point) int64 { return p.of.id }),
		column(points, func(p point) int64 { return p.position }),
		column(points, func(p point) string { return p.Provision }),
		column(points, func(p point) string { return p.Text }),
		column(points, func(p point) string { return p.ProposedText }),
		column(points, func(p point) string { return p.of.lang }),
		column(points, func(p point) int64 { return p.of.version }),
		column(points, func(p point) string { return p.of.channel }),
		column(points, func(p point) string { return p.of.kind }),
		column(points, func(p point) string { return p.of.publicName }),
		column(points, func(p point) bool { return p.of.public }),
		column(points, func(p point) time.Time { return p.of.receivedAt }),
		column(points, func(p point) bool { return p.of.waiting }),
		column(points, func(p point) string { return p.masks }),
		column(points, func(p point) string { return p.redacted }),
		column(points, func(p point) string { return p.redactedProposed }))
}

// queueSenders writes what senders left of themselves, and who gets a letter.
func queueSenders(b *pgx.Batch, rows []*row, now time.Time) {
	var named, mailed []*row
	for _, r := range rows {
		if r.sealed != nil {
			named = append(named, r)
		}
		if r.mail {
			mailed = append(mailed, r)
		}
	}
	if len(named) > 0 {
		b.Queue(freshSenders,
			column(named, func(r *row) int64 { return r.consultation }),
			column(named, func(r *row) int64 { return r.id }),
			column(named, func(r *row) []byte { return r.sealed }),
			column(named, func(r *row) []byte { return r.emailIndex }),
			column(named, func(r *row) []byte { return r.phoneIndex }))
	}
	if len(mailed) > 0 {
		b.Queue(freshLetters,
			column(mailed, func(r *row) int64 { return r.consultation }),
			column(mailed, func(r *row) int64 { return r.id }),
			now)
	}
}

// queue moves each counter once, in the order in which every writer takes them.
func (c *counts) queue(b *pgx.Batch) {
	for _, id := range slices.Sorted(maps.Keys(c.letters)) {
		b.Queue(freshCounters, id, c.letters[id][0], c.letters[id][1], c.letters[id][2])
	}
	for _, at := range slices.SortedFunc(maps.Keys(c.channels), under.compare) {
		b.Queue(freshChannel, at.consultation, at.name, c.channels[at])
	}
	for _, at := range slices.SortedFunc(maps.Keys(c.provision), under.compare) {
		b.Queue(freshProvision, at.consultation, at.name, c.provision[at][0], c.provision[at][1])
	}
}
