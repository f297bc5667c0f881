package meeting

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
	Kind         Kind
	Q            string // a part of title or matter
	Cursor       int64  // the last identifier of the page before
	Limit        int    // 1 to 1,000; 0 is 50
}

// Page is one page of a list. Next is the cursor of the following one, 0 at the end.
type Page struct {
	Items []Meeting
	Next  int64
}

const (
	pageUsual = 50
	pageMost  = 1000
)

// rank orders the public list: calls that are open, those announced or being
// settled for a day to come, then what is past, newest first.
const rank = `CASE WHEN meetings.state = 'approved' AND opens_at <= @now AND closes_at > @now THEN 0
	WHEN meetings.state IN ('approved', 'selected', 'invited') AND ends_at > @now THEN 1 ELSE 2 END`

// List lists what everybody may see: open calls closing first, then what is still
// to come, the nearest first, then the rest, latest first.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	now := s.db.Now()
	q := s.db.Read(ctx).Model(&Meeting{}).Where("meetings.state NOT IN ('prepared', 'in_review', 'returned')")
	q = withStatus(q, f.Status, now)
	if f.Organisation != 0 {
		q = q.Where("organisation_id = ?", f.Organisation)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", string(f.Kind))
	}
	q = hasWords(q, f.Q)
	if f.Cursor != 0 {
		var last Meeting
		if err := s.db.Read(ctx).Where("id = ?", f.Cursor).Take(&last).Error; err != nil || !last.Public() {
			return Page{Items: []Meeting{}}, nil // a forged cursor ends the list
		}
		q = after(q, last, now)
	}
	order := clause.NamedExpr{SQL: rank + `, CASE WHEN meetings.state = 'approved' AND opens_at <= @now AND closes_at > @now THEN closes_at END,
		CASE WHEN meetings.state IN ('approved', 'selected', 'invited') AND ends_at > @now THEN starts_at END,
		starts_at DESC, meetings.id DESC`, Vars: []any{sql.Named("now", now)}}
	return s.page(ctx, q.Clauses(clause.OrderBy{Expression: order}), f.Limit)
}

// after continues behind the last row of the page before.
func after(q *gorm.DB, last Meeting, now time.Time) *gorm.DB {
	at := map[string]any{"now": now, "id": last.ID, "starts": last.StartsAt, "closes": last.ClosesAt}
	switch status, _ := last.PublicStatus(now); status {
	case PublicOpen:
		return q.Where("("+rank+" > 0 OR closes_at > @closes OR closes_at = @closes AND (starts_at > @starts OR starts_at = @starts AND meetings.id < @id))", at)
	case PublicAnnounced, PublicClosed, PublicSelected:
		return q.Where("("+rank+" = 2 OR "+rank+" = 1 AND (starts_at > @starts OR starts_at = @starts AND meetings.id < @id))", at)
	}
	return q.Where(rank+" = 2 AND (starts_at < @starts OR starts_at = @starts AND meetings.id < @id)", at)
}

func withStatus(q *gorm.DB, status PublicStatus, now time.Time) *gorm.DB {
	switch status {
	case PublicAnnounced:
		return q.Where("meetings.state = 'approved' AND opens_at > ? AND ends_at > ?", now, now)
	case PublicOpen:
		return q.Where("meetings.state = 'approved' AND opens_at <= ? AND closes_at > ? AND ends_at > ?", now, now, now)
	case PublicClosed:
		return q.Where("meetings.state = 'approved' AND opens_at <= ? AND (closes_at IS NULL OR closes_at <= ?) AND ends_at > ?", now, now, now)
	case PublicSelected:
		return q.Where("meetings.state IN ('selected', 'invited') AND ends_at > ?", now)
	case PublicHeld:
		return q.Where("(meetings.state IN ('approved', 'selected', 'invited') AND ends_at <= ? OR meetings.state IN ('held', 'account_in_review'))", now)
	case PublicAccount, PublicCancelled:
		return q.Where("meetings.state = ?", string(status))
	}
	return q
}

func hasWords(q *gorm.DB, words string) *gorm.DB {
	words = strings.TrimSpace(words)
	if words == "" {
		return q
	}
	if r := []rune(words); len(r) > TitleLength {
		words = string(r[:TitleLength])
	}
	like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(words)) + "%"
	return q.Where(`(lower(meetings.title) LIKE ? ESCAPE '\' OR lower(meetings.matter) LIKE ? ESCAPE '\')`, like, like)
}

func (s *Service) page(ctx context.Context, q *gorm.DB, limit int) (Page, error) {
	if limit <= 0 {
		limit = pageUsual
	}
	limit = min(limit, pageMost)
	var rows []Meeting
	if err := q.Limit(limit + 1).Find(&rows).Error; err != nil {
		return Page{}, err
	}
	p := Page{Items: rows}
	if len(rows) > limit {
		p.Items = rows[:limit]
		p.Next = rows[limit-1].ID
	}
	return p, s.fill(ctx, p.Items)
}

// StaffFilter narrows the list of the staff side; zero values do not.
type StaffFilter struct {
	Status Status
	Q      string
	Cursor int64
	Limit  int
}

// StaffList lists the meetings of the organisations that the actor works for, in
// every state, newest first.
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
		return Page{Items: []Meeting{}}, nil
	}
	q := s.db.Read(ctx).Model(&Meeting{}).Where("organisation_id IN ?", mine)
	q = withStaffStatus(q, f.Status, s.db.Now())
	q = hasWords(q, f.Q)
	if f.Cursor != 0 {
		q = q.Where("meetings.id < ?", f.Cursor)
	}
	return s.page(ctx, q.Order("meetings.id DESC"), f.Limit)
}

func withStaffStatus(q *gorm.DB, status Status, now time.Time) *gorm.DB {
	switch status {
	case "":
		return q
	case Announced, Open, Closed:
		return withStatus(q, PublicStatus(status), now)
	case SelectedStatus, InvitedStatus:
		return q.Where("meetings.state = ? AND ends_at > ?", string(status), now)
	case Due:
		return q.Where("meetings.state IN ('approved', 'selected', 'invited') AND ends_at <= ?", now)
	}
	return q.Where("meetings.state = ?", string(status))
}
