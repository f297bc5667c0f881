// Package site reads what joins the capabilities: the home page and what waits
// for a member of staff today. It writes nothing.
package site

import (
	"context"
	"time"

	"guangyi/internal/platform/database"
)

// Service answers the questions of the home page and of the page “today”.
type Service struct {
	db      *database.DB
	sources []Source
}

// New makes the service.
func New(db *database.DB) *Service { return &Service{db: db} }

// Entry is a consultation as the home page lists it.
type Entry struct {
	ID               int64
	Slug             string
	Lang             string
	Title            string
	Ask              string
	OrganisationName string
	OpensAt          time.Time
	ClosesAt         time.Time
	PublishedAt      *time.Time
	Submissions      int
	HideCount        bool // the notice keeps the count back while it is open
	Suggestions      int
	ByDisposition    map[string]int `gorm:"-"`
}

// entries is the one query of the home page's lists.
const entries = `SELECT c.id, c.slug, c.lang, c.title, c.ask, o.name AS organisation_name, c.opens_at, c.closes_at,
	c.published_at, COALESCE(n.submissions, 0) AS submissions, c.hide_count, COALESCE(n.suggestions, 0) AS suggestions
	FROM consultations c JOIN organisations o ON o.id = c.organisation_id
	LEFT JOIN consultation_counters n ON n.consultation_id = c.id `

// Open lists the consultations open at an instant, the one that closes first
// first; at most limit.
func (s *Service) Open(ctx context.Context, at time.Time, limit int) ([]Entry, error) {
	var out []Entry
	err := s.db.Read(ctx).Raw(entries+`WHERE c.state = 'approved' AND c.opens_at <= ? AND c.closes_at > ?
		ORDER BY c.closes_at, c.id LIMIT ?`, at, at, limit).Scan(&out).Error
	return out, err
}

// Coming lists what will open, the next first.
func (s *Service) Coming(ctx context.Context, at time.Time, limit int) ([]Entry, error) {
	var out []Entry
	err := s.db.Read(ctx).Raw(entries+`WHERE c.state = 'approved' AND c.opens_at > ? ORDER BY c.opens_at, c.id LIMIT ?`,
		at, limit).Scan(&out).Error
	return out, err
}

// Answered lists the newest published summaries with how the suggestions fared.
func (s *Service) Answered(ctx context.Context, limit int) ([]Entry, error) {
	var out []Entry
	err := s.db.Read(ctx).Raw(entries+`WHERE c.published_at IS NOT NULL AND NOT c.unlisted AND c.state IN ('published', 'archived')
		ORDER BY c.published_at DESC, c.id DESC LIMIT ?`, limit).Scan(&out).Error
	if err != nil || len(out) == 0 {
		return out, err
	}
	return out, s.dispositions(ctx, out)
}

func (s *Service) dispositions(ctx context.Context, list []Entry) error {
	at := map[int64]*Entry{}
	var ids []int64
	for i := range list {
		list[i].ByDisposition = map[string]int{}
		at[list[i].ID] = &list[i]
		ids = append(ids, list[i].ID)
	}
	var rows []struct {
		ConsultationID int64
		Disposition    string
		N              int
	}
	err := s.db.Read(ctx).Raw(`SELECT consultation_id, disposition, COUNT(*) AS n FROM suggestions
		WHERE consultation_id IN ? GROUP BY consultation_id, disposition`, ids).Scan(&rows).Error
	for _, r := range rows {
		at[r.ConsultationID].ByDisposition[r.Disposition] = r.N
	}
	return err
}
