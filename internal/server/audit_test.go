package server_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"guangyi/internal/platform/database"
	"guangyi/internal/register"
	"guangyi/internal/submission"
)

// finding is a question to the whole database whose answer must be no rows. Each
// row it gives is one breach, told by its columns.
type finding struct{ what, query string }

// orphans are rows that belong to nothing. Where there is a foreign key the
// database says so itself; the intake's tables have none.
var orphans = []finding{
	{"a submission of no consultation", `SELECT s.id FROM submissions s WHERE NOT EXISTS (SELECT 1 FROM consultations c WHERE c.id = s.consultation_id)`},
	{"a comment of no submission", `SELECT m.id FROM comments m WHERE NOT EXISTS (SELECT 1 FROM submissions s WHERE s.consultation_id = m.consultation_id AND s.id = m.submission_id)`},
	{"a submission without a comment", `SELECT s.id FROM submissions s WHERE NOT EXISTS (SELECT 1 FROM comments m WHERE m.consultation_id = s.consultation_id AND m.submission_id = s.id)`},
	{"a point of no comment", `SELECT m.id FROM comments m WHERE m.parent_id <> 0 AND NOT EXISTS
		(SELECT 1 FROM comments p WHERE p.consultation_id = m.consultation_id AND p.id = m.parent_id AND p.submission_id = m.submission_id AND p.split)`},
	{"a comment that is split into nothing", `SELECT m.id FROM comments m WHERE m.split AND NOT EXISTS
		(SELECT 1 FROM comments p WHERE p.consultation_id = m.consultation_id AND p.parent_id = m.id)`},
	{"a split comment in a suggestion", `SELECT m.id FROM comments m WHERE m.split AND m.suggestion_id <> 0`},
	{"a comment in no suggestion of its consultation", `SELECT m.id FROM comments m WHERE m.suggestion_id <> 0 AND NOT EXISTS
		(SELECT 1 FROM suggestions g WHERE g.consultation_id = m.consultation_id AND g.id = m.suggestion_id)`},
	{"a comment on a provision that its draft does not have", `SELECT m.id, m.aimed_at FROM comments m WHERE m.aimed_at <> '' AND NOT EXISTS
		(SELECT 1 FROM provisions p WHERE p.consultation_id = m.consultation_id AND p.draft_version = m.draft_version AND p.key = m.aimed_at)`},
	{"a comment that staff put to a provision that its draft does not have", `SELECT m.id, m.provision FROM comments m WHERE m.provision <> '' AND NOT EXISTS
		(SELECT 1 FROM provisions p WHERE p.consultation_id = m.consultation_id AND p.draft_version = m.draft_version AND p.key = m.provision)`},
	{"a sender of no submission", `SELECT u.submission_id FROM submitters u WHERE NOT EXISTS (SELECT 1 FROM submissions s WHERE s.consultation_id = u.consultation_id AND s.id = u.submission_id)`},
	{"a suggestion's sender without its comments", `SELECT x.suggestion_id, x.submission_id, x.comments FROM suggestion_senders x WHERE x.comments <>
		(SELECT COUNT(*) FROM comments m WHERE m.consultation_id = x.consultation_id AND m.suggestion_id = x.suggestion_id AND m.submission_id = x.submission_id AND NOT m.split)`},
	{"an attachment of nothing", `SELECT a.id, a.owner FROM attachments a WHERE a.owner = 'consultation' AND NOT EXISTS (SELECT 1 FROM consultations c WHERE c.id = a.owner_id)`},
	{"a consultation without a draft", `SELECT c.id FROM consultations c WHERE NOT EXISTS (SELECT 1 FROM provisions p WHERE p.consultation_id = c.id)`},
}

// counters are figures that are kept and must equal the rows that they count.
var counters = []finding{
	{"the counters of a consultation", `SELECT k.consultation_id, k.submissions, r.submissions, k.comments, r.comments, k.gathered, r.gathered, k.suggestions, r.suggestions,
		k.in_review, r.in_review, k.agreed, r.agreed FROM consultation_counters k JOIN (SELECT c.id,
		(SELECT COUNT(*) FROM submissions s WHERE s.consultation_id = c.id) AS submissions,
		(SELECT COUNT(*) FROM comments m WHERE m.consultation_id = c.id AND NOT m.split) AS comments,
		(SELECT COUNT(*) FROM comments m WHERE m.consultation_id = c.id AND NOT m.split AND m.suggestion_id <> 0) AS gathered,
		(SELECT COUNT(*) FROM suggestions g WHERE g.consultation_id = c.id) AS suggestions,
		(SELECT COUNT(*) FROM suggestions g WHERE g.consultation_id = c.id AND g.state = 'in_review') AS in_review,
		(SELECT COUNT(*) FROM suggestions g WHERE g.consultation_id = c.id AND g.state IN ('agreed', 'signed')) AS agreed
		FROM consultations c) r ON r.id = k.consultation_id
		WHERE k.submissions <> r.submissions OR k.comments <> r.comments OR k.gathered <> r.gathered OR k.suggestions <> r.suggestions
		OR k.in_review <> r.in_review OR k.agreed <> r.agreed`},
	{"the counters of what is held, withheld and withdrawn", `SELECT k.consultation_id, k.held, k.withheld, k.withdrawn FROM consultation_counters k
		WHERE k.held <> (SELECT COUNT(*) FROM submissions s WHERE s.consultation_id = k.consultation_id AND s.state = 'held')
		OR k.withheld <> (SELECT COUNT(*) FROM submissions s WHERE s.consultation_id = k.consultation_id AND s.state = 'withheld')
		OR k.withdrawn <> (SELECT COUNT(*) FROM submissions s WHERE s.consultation_id = k.consultation_id AND s.state = 'withdrawn')`},
	{"a consultation without counters", `SELECT c.id FROM consultations c WHERE NOT EXISTS (SELECT 1 FROM consultation_counters k WHERE k.consultation_id = c.id)`},
	{"the counters by channel", `SELECT k.consultation_id, k.channel, k.submissions FROM channel_counters k WHERE k.submissions <>
		(SELECT COUNT(*) FROM submissions s WHERE s.consultation_id = k.consultation_id AND s.channel = k.channel)`},
	{"a channel without a counter", `SELECT DISTINCT s.consultation_id, s.channel FROM submissions s WHERE NOT EXISTS
		(SELECT 1 FROM channel_counters k WHERE k.consultation_id = s.consultation_id AND k.channel = s.channel)`},
	{"the counters by provision", `SELECT k.consultation_id, k.provision, k.comments, k.public FROM provision_counters k WHERE k.comments <>
		(SELECT COUNT(*) FROM comments m WHERE m.consultation_id = k.consultation_id AND m.provision = k.provision AND NOT m.split) OR k.public <>
		(SELECT COUNT(*) FROM comments m WHERE m.consultation_id = k.consultation_id AND m.provision = k.provision AND NOT m.split AND m.public)`},
	{"a provision without a counter", `SELECT DISTINCT m.consultation_id, m.provision FROM comments m WHERE NOT m.split AND NOT EXISTS
		(SELECT 1 FROM provision_counters k WHERE k.consultation_id = m.consultation_id AND k.provision = m.provision)`},
	{"the figures of a suggestion", `SELECT g.id, g.comments, r.comments, g.submissions, r.submissions, g.people, r.people FROM suggestions g JOIN
		(SELECT g.id AS id, COUNT(m.id) AS comments, COUNT(DISTINCT m.submission_id) AS submissions, COUNT(DISTINCT s.person) AS people
		FROM suggestions g LEFT JOIN comments m ON m.consultation_id = g.consultation_id AND m.suggestion_id = g.id AND NOT m.split
		LEFT JOIN submissions s ON s.consultation_id = m.consultation_id AND s.id = m.submission_id GROUP BY g.id) r ON r.id = g.id
		WHERE g.comments <> r.comments OR g.submissions <> r.submissions OR g.people <> r.people`},
}

// trails say that each change left a row with an actor.
var trails = []finding{
	{"an audit row without an actor", `SELECT a.id, a.action FROM audit_entries a WHERE a.actor_kind NOT IN ('anonymous', 'account', 'token', 'cli', 'clock')
		OR (a.actor_kind = 'account' AND a.actor_id = 0) OR (a.actor_kind = 'token' AND a.token_id = 0)`},
	{"an audit row of an actor that is not there", `SELECT a.id, a.actor_id FROM audit_entries a WHERE a.actor_id <> 0 AND NOT EXISTS (SELECT 1 FROM accounts p WHERE p.id = a.actor_id)`},
	{"an audit row of another organisation than its consultation's", `SELECT a.id, a.action FROM audit_entries a JOIN consultations c ON c.id = a.consultation_id WHERE a.organisation_id <> c.organisation_id`},
	{"a submission without its audit row", `SELECT s.id FROM submissions s WHERE NOT EXISTS
		(SELECT 1 FROM audit_entries a WHERE a.consultation_id = s.consultation_id AND (a.object = 'submission' AND a.object_id = s.id
		OR a.object = 'import' AND a.object_id = s.import_id))`},
	{"a consultation without its first audit row", `SELECT c.id FROM consultations c WHERE NOT EXISTS (SELECT 1 FROM audit_entries a
		WHERE a.consultation_id = c.id AND a.action = CASE WHEN c.unlisted THEN 'add' ELSE 'import' END)`}, // a meeting makes its own
	{"a change of state without its audit row", `SELECT e.consultation_id, e.event FROM consultation_events e WHERE
		(SELECT COUNT(*) FROM audit_entries a WHERE a.consultation_id = e.consultation_id AND a.object = 'consultation' AND a.action = e.event)
		<> (SELECT COUNT(*) FROM consultation_events f WHERE f.consultation_id = e.consultation_id AND f.event = e.event)`},
	{"an event of a suggestion without its audit row", `SELECT e.suggestion_id, e.event FROM suggestion_events e WHERE NOT EXISTS
		(SELECT 1 FROM audit_entries a WHERE a.consultation_id = e.consultation_id AND a.object = 'suggestion' AND a.object_id = e.suggestion_id AND a.at = e.at)`},
	{"an organisation that nobody made", `SELECT o.id FROM organisations o WHERE NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.object = 'organisation' AND a.object_id = o.id)`},
	{"an account that nobody made", `SELECT o.id FROM accounts o WHERE NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.object = 'account' AND a.object_id = o.id)`},
	{"a token that nobody made", `SELECT o.id FROM api_tokens o WHERE NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.object = 'token' AND a.object_id = o.id)`},
	{"an attachment that nobody added", `SELECT o.id FROM attachments o WHERE NOT EXISTS (SELECT 1 FROM audit_entries a WHERE a.object = 'attachment' AND a.object_id = o.id)`},
}

// lives are rules between the states of things.
var lives = []finding{
	{"approved by who wrote it", `SELECT c.id FROM consultations c WHERE c.approved_by <> '' AND (c.approved_by = c.author OR c.approved_by = c.submitted_by)`},
	{"published without a summary", `SELECT c.id FROM consultations c WHERE c.state IN ('published', 'archived') AND NOT EXISTS (SELECT 1 FROM summaries s WHERE s.consultation_id = c.id)`},
	{"published with a comment in no suggestion", `SELECT c.id, m.id FROM consultations c JOIN comments m ON m.consultation_id = c.id
		WHERE c.state IN ('published', 'archived') AND NOT m.split AND m.suggestion_id = 0`},
	{"published with a suggestion that nobody signed", `SELECT c.id, g.id FROM consultations c JOIN suggestions g ON g.consultation_id = c.id
		WHERE c.state IN ('published', 'archived') AND g.state <> 'signed'`},
	{"agreed by who drafted it", `SELECT g.id FROM suggestions g WHERE g.agreed_by <> '' AND (g.agreed_by = g.drafted_by OR g.agreed_by = g.author OR g.agreed_by = g.submitted_by)`},
	{"agreed without a disposition", `SELECT g.id FROM suggestions g WHERE g.state IN ('in_review', 'agreed', 'signed') AND (g.disposition = '' OR g.comments = 0)`},
	{"a submission whose state does not follow from its comments", `SELECT s.id, s.state FROM submissions s WHERE (s.state = 'held') <> (s.held <> '')
		OR (s.state = 'withheld') <> (s.state NOT IN ('held', 'withdrawn') AND EXISTS (SELECT 1 FROM comments m
		WHERE m.consultation_id = s.consultation_id AND m.submission_id = s.id AND NOT m.split AND m.withheld <> ''))`},
	{"a comment that is public though its submission is held", `SELECT m.id FROM comments m JOIN submissions s
		ON s.consultation_id = m.consultation_id AND s.id = m.submission_id WHERE s.state = 'held' AND m.public AND NOT m.split`},
	{"a public comment where the notice shows none", `SELECT m.id FROM comments m JOIN consultations c ON c.id = m.consultation_id
		WHERE m.public AND NOT m.split AND c.comments_public = 'no'`},
	{"withheld by nobody", `SELECT m.id FROM comments m WHERE m.withheld <> '' AND NOT EXISTS (SELECT 1 FROM moderation_events e
		WHERE e.consultation_id = m.consultation_id AND e.submission_id = m.submission_id)`},
	{"two numbers of a suggestion", `SELECT g.consultation_id, g.number FROM suggestions g GROUP BY g.consultation_id, g.number HAVING COUNT(*) > 1`},
	{"received outside the period", `SELECT s.id, s.channel FROM submissions s JOIN consultations c ON c.id = s.consultation_id
		WHERE s.channel IN ('web', 'api') AND (s.received_at < c.opens_at OR s.received_at >= c.closes_at)`},
	{"open for comment with a draft that can change", `SELECT c.id FROM consultations c WHERE c.state NOT IN ('prepared', 'in_review', 'returned')
		AND NOT EXISTS (SELECT 1 FROM draft_versions v WHERE v.consultation_id = c.id AND v.number = 1 AND v.published_at IS NOT NULL)`},
}

// leaves says that each submission is in the register or waits for its place there,
// once, and that the register has no gap.
var leaves = []finding{
	{"a submission without a leaf, or with two", `SELECT s.id FROM submissions s WHERE (SELECT COUNT(*) FROM register_pending r WHERE r.ref = s.id AND r.kind = 'submission')
		+ (SELECT COUNT(*) FROM register_leaves r WHERE r.ref = s.id AND r.kind = 'submission') <> 1`},
	{"a leaf of no submission waits", `SELECT r.id FROM register_pending r WHERE r.kind = 'submission' AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = r.ref)`},
	{"a leaf of no submission", `SELECT r.idx FROM register_leaves r WHERE r.kind = 'submission' AND NOT EXISTS (SELECT 1 FROM submissions s WHERE s.id = r.ref)`},
	{"a gap in the register", `SELECT COUNT(*) AS leaves, MAX(idx) AS last FROM register_leaves HAVING COUNT(*) <> COALESCE(MAX(idx), -1) + 1`},
	{"a checkpoint of more than there is", `SELECT c.number FROM register_checkpoints c WHERE c.size > (SELECT COUNT(*) FROM register_leaves)`},
}

// auditDatabase looks at the whole database: nothing is orphaned, each figure
// equals the rows that it counts, each change has its row in the trail, each
// submission its leaf, and each point of a comment is a piece of its words.
func auditDatabase(t testing.TB, db *database.DB) {
	t.Helper()
	for _, list := range [][]finding{orphans, counters, trails, lives, leaves} {
		for _, f := range list {
			for _, row := range rowsOf(t, db, f.query) {
				t.Errorf("%s: %s", f.what, row)
			}
		}
	}
	auditLeaves(t, db)
	auditPoints(t, db)
}

// rowsOf gives at most five rows of a query, each as one line.
func rowsOf(t testing.TB, db *database.DB, query string) []string {
	t.Helper()
	rows, err := db.Reader().QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	must(t, err)
	var out []string
	for rows.Next() && len(out) < 5 {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		must(t, rows.Scan(values...))
		var line []string
		for i, v := range values {
			line = append(line, fmt.Sprintf("%s=%v", names[i], *v.(*any)))
		}
		out = append(out, strings.Join(line, " "))
	}
	must(t, rows.Err())
	return out
}

// countOf gives the one number of a query.
func countOf(t testing.TB, db *database.DB, query string) int {
	t.Helper()
	var n int
	must(t, db.Reader().QueryRowContext(context.Background(), query).Scan(&n))
	return n
}

// auditLeaves makes each submission's leaf again from the rows.
func auditLeaves(t testing.TB, db *database.DB) {
	t.Helper()
	var all []struct {
		ConsultationID, ID int64
		LeafHash           []byte
	}
	g := db.Read(context.Background())
	must(t, g.Table("submissions").Select("consultation_id, id, leaf_hash").Find(&all).Error)
	for _, one := range all {
		stored, err := submission.StoredOf(g, one.ConsultationID, one.ID)
		must(t, err)
		leaf, _ := submission.Leaf(stored)
		if !bytes.Equal(register.LeafHash(leaf), one.LeafHash) {
			t.Errorf("submission %d: its leaf cannot be made from its rows again", one.ID)
		}
	}
}

// auditPoints holds each point of a split comment against the words it is of.
func auditPoints(t testing.TB, db *database.DB) {
	t.Helper()
	rows, err := db.Reader().QueryContext(context.Background(), `SELECT m.id, m.span_start, m.span_end, m.text, p.text FROM comments m
		JOIN comments p ON p.consultation_id = m.consultation_id AND p.id = m.parent_id WHERE m.parent_id <> 0`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var id int64
		var from, to int
		var text, whole sql.NullString
		must(t, rows.Scan(&id, &from, &to, &text, &whole))
		signs := []rune(whole.String)
		if from < 0 || to > len(signs) || from >= to || string(signs[from:to]) != text.String {
			t.Errorf("point %d is not what stands from %d to %d of its comment", id, from, to)
		}
	}
	must(t, rows.Err())
}
