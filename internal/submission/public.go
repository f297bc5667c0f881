package submission

import (
	"context"
	"database/sql"
	"time"

	"guangyi/internal/platform/database"
)

// PublicComment is a comment as everybody may see it.
type PublicComment struct {
	ID           int64
	Provision    string
	Text         string
	ProposedText string
	Lang         string
	Kind         Kind
	PublicName   string
	ReceivedAt   time.Time
}

const publicColumns = "SELECT id, provision, text, proposed_text, lang, submitter_kind, public_name, received_at FROM comments "

// The conditions are literal, so that the partial indexes serve them.
const (
	publicAll   = publicColumns + "WHERE consultation_id = $1 AND id < $2 AND public AND NOT split ORDER BY id DESC LIMIT $3"
	publicAbout = publicColumns + "WHERE consultation_id = $1 AND id < $2 AND provision = $4 AND public AND NOT split ORDER BY id DESC LIMIT $3"
)

// newest stands above every identifier.
const newest = int64(1<<63 - 1)

// PublicComments gives the comments that everybody may see, newest first; next is
// the cursor of what follows, 0 at the end. provision nil: on every provision.
// Whether the consultation is public is the caller's to ask. One plain query: this
// is the hot path of reading.
func (s *Service) PublicComments(ctx context.Context, consultation int64, provision *string, cursor int64, limit int) (list []PublicComment, next int64, err error) {
	if cursor <= 0 {
		cursor = newest
	}
	query, args := publicAll, []any{consultation, cursor, limit + 1}
	if provision != nil {
		query, args = publicAbout, append(args, *provision)
	}
	list = make([]PublicComment, 0, limit+1)
	if s.db.Dialect() == database.Postgres {
		list, err = s.publicPostgres(ctx, list, query, args)
	} else {
		list, err = s.publicSQLite(ctx, list, query, args)
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, err
}

// scanner is a row of either driver.
type scanner interface{ Scan(dest ...any) error }

func (c *PublicComment) scan(row scanner) error {
	return row.Scan(&c.ID, &c.Provision, &c.Text, &c.ProposedText, &c.Lang, &c.Kind, &c.PublicName, &c.ReceivedAt)
}

func (s *Service) publicPostgres(ctx context.Context, list []PublicComment, query string, args []any) ([]PublicComment, error) {
	rows, err := s.db.Pool().Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		list = append(list, PublicComment{})
		if err := list[len(list)-1].scan(rows); err != nil {
			return nil, err
		}
	}
	return list, rows.Err()
}

func (s *Service) publicSQLite(ctx context.Context, list []PublicComment, query string, args []any) ([]PublicComment, error) {
	st, err := s.publicStatement(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		list = append(list, PublicComment{})
		if err := list[len(list)-1].scan(rows); err != nil {
			return nil, err
		}
	}
	return list, rows.Err()
}

// publicStatement prepares each of the two queries once.
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

// CountsByProvision tells how many public comments each provision has, from the
// counters; "" is the draft as a whole.
func (s *Service) CountsByProvision(ctx context.Context, consultation int64) (map[string]int, error) {
	var rows []struct {
		Provision string
		Public    int
	}
	err := s.db.Read(ctx).Table("provision_counters").Select("provision, public").
		Where("consultation_id = ? AND public > 0", consultation).Find(&rows).Error
	out := make(map[string]int, len(rows))
	for _, r := range rows {
		out[r.Provision] = r.Public
	}
	return out, err
}
