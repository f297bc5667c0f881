package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// fill adds submissions of one comment each by SQL, until the consultation holds
// n, with its counters, and tells how many it then holds (a consultation that has
// as many gets a thousand more): the state that n submissions leave behind, in less time.
func fill(ctx context.Context, db lent, slug string, n int) (int, error) {
	conn, err := pgx.Connect(ctx, db.site)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	var id, have int64
	err = conn.QueryRow(ctx, `SELECT c.id, COALESCE(k.submissions, 0) FROM consultations c
		LEFT JOIN consultation_counters k ON k.consultation_id = c.id WHERE c.slug = $1`, slug).Scan(&id, &have)
	if err != nil {
		return 0, err
	}
	if int64(n) <= have {
		n = int(have) + 1000
	}
	fmt.Printf("filling the consultation from %d to %d submissions\n", have, n)
	began := time.Now()
	for from := have; from < int64(n); from += 50_000 {
		if err := fillPart(ctx, conn, id, slug, from, min(from+50_000, int64(n))); err != nil {
			return 0, err
		}
	}
	fmt.Printf("filled in %s\n", time.Since(began).Round(time.Second))
	return n, settle(ctx, conn)
}

// settle waits until the running program has given every leaf its place, and does
// what PostgreSQL would do in the minutes after such a load: else both would fall
// into the windows.
func settle(ctx context.Context, conn *pgx.Conn) error {
	began := time.Now()
	for waiting := true; waiting; {
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM register_pending)").Scan(&waiting); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	fmt.Printf("in the register after %s more\n", time.Since(began).Round(100*time.Millisecond))
	for _, sql := range []string{"VACUUM (ANALYZE) submissions", "VACUUM (ANALYZE) comments", "VACUUM (ANALYZE) register_pending",
		"VACUUM (ANALYZE) register_leaves", "CHECKPOINT"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// filledLeaf writes the leaf of the i-th made submission: of the form and the length
// of a real one. Nobody has a receipt for it, so its commitment is to nothing.
const filledLeaf = `convert_to('{"v":2,"kind":"submission","consultation":"' || $5 || '","channel":"api","received_at":"' ||
	to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","entered":"sender","parts":1,"commitment":"' ||
	encode(sha256(convert_to('fill-' || i, 'UTF8')), 'hex') || '"}', 'UTF8')`

// base keeps the made identifiers below those of real submissions of today, so
// that the newest comments are those of the load; the last thousand lie above.
const base = int64(1) << 40

func fillPart(ctx context.Context, conn *pgx.Conn, id int64, slug string, from, to int64) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	newest := base
	if to-from <= 1000 {
		newest = int64(1) << 61 // these stand at the top of the page
	}
	_, err = tx.Exec(ctx, `WITH made AS (SELECT i, $4 + i AS id, `+filledLeaf+` AS leaf FROM generate_series($2::bigint, $3::bigint - 1) i),
		waiting AS (INSERT INTO register_pending (id, kind, ref, leaf) SELECT id, 'submission', id, leaf FROM made)
		INSERT INTO submissions (consultation_id, id, receipt, channel, lang, draft_version, submitter_kind,
			person, state, idempotency_key, body_hash, salt, leaf_hash, received_at, entry)
		SELECT $1, id, 'bench-' || i, 'api', 'zh-CN', 1, 'individual', i, 'accepted', 'fill-' || i, sha256('a'),
			substr(sha256(convert_to('salt-' || i, 'UTF8')), 1, 16), sha256('\x00'::bytea || leaf), now(), 'sender' FROM made`,
		id, from, to, newest, slug)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO comments (consultation_id, id, submission_id, position, provision, aimed_at, text, lang,
		draft_version, channel, submitter_kind, public, received_at)
		SELECT $1, $4 + i, $4 + i, 1, 'art-2', 'art-2', '第' || i || '条意见：' || $5, 'zh-CN', 1, 'api', 'individual', true, now()
		FROM generate_series($2::bigint, $3::bigint - 1) i`, id, from, to, newest, words)
	if err != nil {
		return err
	}
	n := to - from
	for _, sql := range []string{
		`UPDATE consultation_counters SET submissions = submissions + $2, comments = comments + $2 WHERE consultation_id = $1`,
		`INSERT INTO channel_counters VALUES ($1, 'api', $2) ON CONFLICT (consultation_id, channel) DO UPDATE SET submissions = channel_counters.submissions + $2`,
		`INSERT INTO provision_counters VALUES ($1, 'art-2', $2, $2) ON CONFLICT (consultation_id, provision) DO UPDATE SET comments = provision_counters.comments + $2, public = provision_counters.public + $2`,
	} {
		if _, err := tx.Exec(ctx, sql, id, n); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}
