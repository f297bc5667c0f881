package consultation

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/platform/actor"
)

// Filter narrows the public list; zero values do not.
type Filter struct {
	Status       PublicStatus
	Organisation int64
	Q            string // a part of the title
	Cursor       int64  // the last identifier of the page before
	Limit        int    // 1 to 1,000; 0 is 50
}

// Page is one page of a list. Next is the cursor of the following one, 0 at the end.
type Page struct {
	Items []Consultation
	Next  int64
}

const (
	pageUsual = 50
	pageMost  = 1000
)

// listed is what public lists, feeds and site maps hold.
const listed = "consultations.state NOT IN ('prepared', 'in_review', 'returned') AND NOT consultations.unlisted"

// rank orders the public list: what can be commented on, what soon can be, the rest.
const rank = `CASE WHEN consultations.state = 'approved' AND opens_at > @now THEN 1
	WHEN consultations.state = 'approved' AND closes_at > @now THEN 0 ELSE 2 END`

// List lists what everybody may see: open ones closing first, then scheduled
// ones opening first, then the rest, newest first.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	now := s.db.Now()
	q := s.rows(ctx).Where(listed)
	q = withStatus(q, f.Status, now)
	if f.Organisation != 0 {
		q = q.Where("consultations.organisation_id = ?", f.Organisation)
	}
	q = titleHas(q, f.Q)
	if f.Cursor != 0 {
		last, err := s.ByID(ctx, f.Cursor)
		if err != nil || !last.Public() {
			return Page{Items: []Consultation{}}, nil // a forged cursor ends the list
		}
		q = after(q, last, now)
	}
	order := clause.NamedExpr{SQL: rank + `, CASE WHEN consultations.state = 'approved' AND opens_at > @now THEN opens_at
		WHEN consultations.state = 'approved' AND closes_at > @now THEN closes_at END, consultations.id DESC`, Vars: []any{sql.Named("now", now)}}
	return page(q.Clauses(clause.OrderBy{Expression: order}), f.Limit)
}

// after continues behind the last row of the page before.
func after(q *gorm.DB, last Consultation, now time.Time) *gorm.DB {
	at := map[string]any{"now": now, "id": last.ID, "opens": last.OpensAt, "closes": last.ClosesAt}
	switch last.Status(now) {
	case Open:
		return q.Where("("+rank+" > 0 OR closes_at > @closes OR closes_at = @closes AND consultations.id < @id)", at)
	case Scheduled:
		return q.Where("("+rank+" = 2 OR "+rank+" = 1 AND (opens_at > @opens OR opens_at = @opens AND consultations.id < @id))", at)
	}
	return q.Where(rank+" = 2 AND consultations.id < @id", at)
}

func withStatus(q *gorm.DB, status PublicStatus, now time.Time) *gorm.DB {
	switch status {
	case PublicScheduled:
		return q.Where("consultations.state = 'approved' AND opens_at > ?", now)
	case PublicOpen:
		return q.Where("consultations.state = 'approved' AND opens_at <= ? AND closes_at > ?", now, now)
	case PublicClosed:
		return q.Where("(consultations.state = 'approved' AND closes_at <= ? OR consultations.state IN ('decided', 'summary_in_review'))", now)
	case PublicSummarised:
		return q.Where("consultations.state IN ('published', 'archived')")
	case PublicWithdrawn:
		return q.Where("consultations.state = 'withdrawn'")
	}
	return q
}

func titleHas(q *gorm.DB, words string) *gorm.DB {
	words = strings.TrimSpace(words)
	if words == "" {
		return q
	}
	if r := []rune(words); len(r) > TitleLength {
		words = string(r[:TitleLength])
	}
	like := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(words))
	return q.Where(`lower(consultations.title) LIKE ? ESCAPE '\'`, "%"+like+"%")
}

func page(q *gorm.DB, limit int) (Page, error) {
	if limit <= 0 {
		limit = pageUsual
	}
	limit = min(limit, pageMost)
	var rows []joined
	if err := q.Limit(limit + 1).Find(&rows).Error; err != nil {
		return Page{}, err
	}
	p := Page{Items: make([]Consultation, 0, len(rows))}
	for i, r := range rows {
		if i == limit {
			p.Next = p.Items[i-1].ID
			break
		}
		p.Items = append(p.Items, r.consultation())
	}
	return p, nil
}

// StaffFilter narrows the list of the staff side; zero values do not.
type StaffFilter struct {
	Status Status
	Q      string
	Cursor int64
	Limit  int
}

// StaffList lists the consultations of the organisations that the actor works
// for, in every state, newest first.
func (s *Service) StaffList(ctx context.Context, who actor.Actor, f StaffFilter) (Page, error) {
	if err := known(who); err != nil {
		return Page{}, err
	}
	var mine []int64
	for _, o := range who.Organisations() {
		if s.gate.May(who, PermissionSee, o) {
			mine = append(mine, o)
		}
	}
	if len(mine) == 0 {
		return Page{Items: []Consultation{}}, nil
	}
	q := s.rows(ctx).Where("consultations.organisation_id IN ?", mine)
	switch f.Status {
	case "":
	case Scheduled, Open:
		q = withStatus(q, PublicStatus(f.Status), s.db.Now())
	case Closed:
		q = q.Where("consultations.state = 'approved' AND closes_at <= ?", s.db.Now())
	default:
		q = q.Where("consultations.state = ?", string(f.Status))
	}
	q = titleHas(q, f.Q)
	if f.Cursor != 0 {
		q = q.Where("consultations.id < ?", f.Cursor)
	}
	return page(q.Order("consultations.id DESC"), f.Limit)
}

// RecentlySummarised lists the consultations answered last, newest first.
func (s *Service) RecentlySummarised(ctx context.Context, limit int) ([]Consultation, error) {
	p, err := page(s.rows(ctx).Where("published_at IS NOT NULL AND NOT consultations.unlisted").Order("published_at DESC, consultations.id DESC"), limit)
	return p.Items, err
}

// Newest lists what was approved last, for feeds and site maps.
func (s *Service) Newest(ctx context.Context, limit int) ([]Consultation, error) {
	p, err := page(s.rows(ctx).Where(listed).
		Order("approved_at DESC, consultations.id DESC"), limit)
	return p.Items, err
}
