package submission

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"guangyi/internal/platform/database"
)

// PublicComment is a comment as everybody may see it.
type PublicComment struct {
	ID           int64
	Provision    string
	Text         string // as the public reads it: with *** for what is masked, empty when it is withheld
	ProposedText string
	Lang         string
	Kind         Kind
	PublicName   string
	ReceivedAt   time.Time
	Withheld     string // why its words are not shown; empty: they are
	Masked       bool   // personal data was taken out of its words
}

// PublicText, PublicProposed and PublicSender are what the public reads of a
// comment: its words, what stands instead of them where something is masked,
// nothing where they are withheld; then its name is not shown either. Every query
// for the public takes its words by these. at is the table's name with its dot.
func PublicText(at string) string {
	return "CASE WHEN " + at + "withheld <> '' THEN '' WHEN " + at + "redacted <> '' THEN " + at + "redacted ELSE " + at + "text END"
}

// PublicProposed is the proposed wording in the same way.
func PublicProposed(at string) string {
	return "CASE WHEN " + at + "withheld <> '' THEN '' WHEN " + at + "redacted_proposed <> '' THEN " + at + "redacted_proposed ELSE " +
		at + "proposed_text END"
}

// PublicSender is the published name in the same way.
func PublicSender(at string) string {
	return "CASE WHEN " + at + "withheld <> '' THEN '' ELSE " + at + "public_name END"
}

var publicColumns = "SELECT id, provision, " + PublicText("") + ", " + PublicProposed("") + ", lang, submitter_kind, " + PublicSender("") +
	", received_at, withheld, masks <> '' FROM comments "

// The conditions are literal, so that the partial indexes serve them. So is the
// limit that follows, and the first page has no cursor: with either as a parameter
// PostgreSQL plans every time anew, which costs as much as finding the rows.
var publicAll = publicColumns + "WHERE consultation_id = $1 AND public AND NOT split"

const (
	publicOlder = " AND id < "
	publicAbout = " AND provision = "
	publicOrder = " ORDER BY id DESC LIMIT "
)

// publicQuery is the query of a page and its arguments.
func publicQuery(consultation int64, provision *string, cursor int64, limit int) (string, []any) {
	query, args := publicAll, []any{consultation}
	if cursor > 0 {
		args = append(args, cursor)
		query += publicOlder + "$" + strconv.Itoa(len(args))
	}
	if provision != nil {
		args = append(args, *provision)
		query += publicAbout + "$" + strconv.Itoa(len(args))
	}
	return query + publicOrder + strconv.Itoa(limit+1), args
}

// publicCounts are the counters of a consultation's provisions.
const publicCounts = "SELECT provision, public FROM provision_counters WHERE consultation_id = $1 AND public > 0"

// PublicPage is a page of the comments that everybody may see.
type PublicPage struct {
	Comments []PublicComment // newest first
	Next     int64           // cursor of what follows, 0 at the end
	Counts   map[string]int  // public comments by provision; "" is the draft as a whole
}

// PublicComments gives the comments that everybody may see; provision nil: on
// every provision. Whether the consultation is public is the caller's to ask. Two
// plain queries in one round trip: this is the hot path of reading.
func (s *Service) PublicComments(ctx context.Context, consultation int64, provision *string, cursor int64, limit int) (PublicPage, error) {
	query, args := publicQuery(consultation, provision, cursor, limit)
	p := PublicPage{Comments: make([]PublicComment, 0, limit+1), Counts: map[string]int{}}
	var err error
	if s.db.Dialect() == database.Postgres {
		err = s.publicPostgres(ctx, &p, query, args)
	} else {
		err = s.publicSQLite(ctx, &p, query, args)
	}
	if len(p.Comments) > limit {
		p.Comments = p.Comments[:limit]
		p.Next = p.Comments[limit-1].ID
	}
	return p, err
}

// rowsOf is what both drivers give.
type rowsOf interface {
	Scan(dest ...any) error
	Next() bool
	Err() error
}

func (p *PublicPage) scanComments(rows rowsOf) error {
	for rows.Next() {
		p.Comments = append(p.Comments, PublicComment{})
		c := &p.Comments[len(p.Comments)-1]
		err := rows.Scan(&c.ID, &c.Provision, &c.Text, &c.ProposedText, &c.Lang, &c.Kind, &c.PublicName, &c.ReceivedAt, &c.Withheld, &c.Masked)
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p *PublicPage) scanCounts(rows rowsOf) error {
	for rows.Next() {
		var provision string
		var n int
		if err := rows.Scan(&provision, &n); err != nil {
			return err
		}
		p.Counts[provision] = n
	}
	return rows.Err()
}

func (s *Service) publicPostgres(ctx context.Context, p *PublicPage, query string, args []any) error {
	b := &pgx.Batch{}
	b.Queue(query, args...).Query(func(rows pgx.Rows) error { return p.scanComments(rows) })
	b.Queue(publicCounts, args[0]).Query(func(rows pgx.Rows) error { return p.scanCounts(rows) })
	return s.db.Pool().SendBatch(ctx, b).Close()
}

func (s *Service) publicSQLite(ctx context.Context, p *PublicPage, query string, args []any) error {
	if err := s.publicRows(ctx, p.scanComments, query, args...); err != nil {
		return err
	}
	return s.publicRows(ctx, p.scanCounts, publicCounts, args[0])
}

func (s *Service) publicRows(ctx context.Context, scan func(rowsOf) error, query string, args ...any) error {
	st, err := s.publicStatement(ctx, query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	return scan(rows)
}

// publicStatement prepares each query once.
func (s *Service) publicStatement(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.statements[query]; st != nil {
		return st, nil
	}
	st, err := s.db.Reader().PrepareContext(ctx, query)
	if err == nil {
		s.statements[query] = st
	}
	return st, err
}
