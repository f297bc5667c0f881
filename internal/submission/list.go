package submission

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
)

// looked is how many rows one page of a filtered list looks at, at most: a page
// costs the same however many submissions there are. The list says how far it got.
const looked = 5000

// Submission is one as received, without its sender's name and contact.
type Submission struct {
	ConsultationID int64 `gorm:"primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Receipt        string
	Channel        string
	Lang           string
	DraftVersion   int64
	SubmitterKind  Kind
	Region         string
	PublicName     string
	Person         int64 // the same number for the same contact
	State          State
	Held           string // why it waits for moderation; empty when it does not
	EnteredBy      string // key of who typed it in; empty when it came by itself
	ReceivedAt     time.Time

	Comments []Comment `gorm:"-"` // parts in their order, each followed by its spans
}

// TableName names the table for gorm.
func (Submission) TableName() string { return "submissions" }

const submissionColumns = "consultation_id, id, receipt, channel, lang, draft_version, submitter_kind, region, public_name, person, state, held, entered_by, received_at"

// Filter narrows a list. Zero values do not.
type Filter struct {
	Channel    string
	Kind       Kind
	Provision  *string // of comments; "" the draft as a whole
	Gathered   *bool   // of comments
	Suggestion int64   // of comments: those that it holds
	Q          string  // occurs in the text or in a file of the submission, whatever the case of its letters
	Cursor     int64   // id before which the page begins; 0: the newest
	Limit      int     // 0: 100
}

// Page is a page of a list, newest first. Next is the cursor of what follows, 0 at
// the end. Looked is set when the page ended because it had looked at that many
// rows: there may be more, and there may be none.
type Page[T any] struct {
	Items  []T
	Next   int64
	Looked int
}

// staff finds the consultation for somebody who may do this with submissions.
func (s *Service) staff(ctx context.Context, who actor.Actor, slug string, may access.Permission) (consultation.Consultation, error) {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, err
	}
	return c, s.gate.Require(who, may, c.Organisation)
}

// MayContact reports whether the actor may see senders' names and contacts.
func (s *Service) MayContact(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, PermissionContact, organisation)
}

// May reports whether the actor's role allows something with submissions there.
func (s *Service) May(who actor.Actor, p access.Permission, organisation int64) bool {
	return s.gate.May(who, p, organisation)
}

// List gives submissions, newest first, each with the beginnings of its parts.
func (s *Service) List(ctx context.Context, who actor.Actor, slug string, f Filter) (Page[Submission], error) {
	c, err := s.staff(ctx, who, slug, PermissionList)
	if err != nil {
		return Page[Submission]{}, err
	}
	g := s.db.Read(ctx)
	narrow := func(q *gorm.DB) *gorm.DB {
		if f.Channel != "" {
			q = q.Where("channel = ?", f.Channel)
		}
		if f.Kind != "" {
			q = q.Where("submitter_kind = ?", f.Kind)
		}
		if f.Q != "" || f.Provision != nil || f.Gathered != nil {
			within := s.about(g.Table("comments AS c").Select("1"), "c.", f)
			within = within.Where("c.consultation_id = w.consultation_id AND c.submission_id = w.id AND NOT c.split")
			q = numbered(g, q, within, f)
		}
		return q
	}
	free := f.Channel == "" && f.Kind == "" && f.Q == "" && f.Provision == nil && f.Gathered == nil
	p, err := pageOf(g, s.looked, "submissions", submissionColumns, c.ID, f, free, narrow, func(x Submission) int64 { return x.ID })
	if err != nil {
		return p, err
	}
	return p, s.beginnings(g, c.ID, p.Items)
}

// numbered finds by words or, where nothing else is asked for, by a number: that of
// the receipt or the one that it had elsewhere.
func numbered(g, q, within *gorm.DB, f Filter) *gorm.DB {
	number := strings.TrimSpace(f.Q)
	if number == "" || f.Provision != nil || f.Gathered != nil {
		return q.Where("EXISTS (?)", within)
	}
	elsewhere := g.Table("submission_origins AS o").Select("1").
		Where("o.consultation_id = w.consultation_id AND o.submission_id = w.id AND o.number = ?", number)
	receipt, _ := ReadNumber(number)
	return q.Where("EXISTS (?) OR EXISTS (?) OR w.receipt = ?", within, elsewhere, receipt)
}

// about narrows comments; at is the table's name with its dot.
func (s *Service) about(q *gorm.DB, at string, f Filter) *gorm.DB {
	if f.Provision != nil {
		q = q.Where(at+"provision = ?", *f.Provision)
	}
	if f.Gathered != nil {
		if *f.Gathered {
			q = q.Where(at + "suggestion_id <> 0")
		} else {
			q = q.Where(at + "suggestion_id = 0")
		}
	}
	if f.Q != "" {
		find := "instr(lower(" + at + "text), lower(?)) > 0"
		if s.db.Dialect() == database.Postgres {
			find = "strpos(lower(" + at + "text), lower(?)) > 0"
		}
		// What stands in a file is as good as written: many comments are nothing else.
		q = q.Where("("+find+" OR "+attachment.Holding(s.db.Dialect(), at+"submission_id")+")", f.Q, f.Q, f.Q)
	}
	return q
}

// pageOf reads one page. Without a filter it reads the page itself; with one it
// filters a window of the table and tells where the window ended.
func pageOf[T any](g *gorm.DB, most int, table, columns string, consultation int64, f Filter, free bool, narrow func(*gorm.DB) *gorm.DB, id func(T) int64) (Page[T], error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	window := g.Table(table).Select(columns).Where("consultation_id = ?", consultation).Order("id DESC")
	if f.Cursor > 0 {
		window = window.Where("id < ?", f.Cursor)
	}
	p := Page[T]{Items: []T{}}
	if free {
		if err := window.Limit(limit + 1).Find(&p.Items).Error; err != nil {
			return p, err
		}
		p.cutTo(limit, id)
		return p, nil
	}
	window = window.Limit(most)
	err := narrow(g.Table("(?) AS w", window)).Order("w.id DESC").Limit(limit + 1).Find(&p.Items).Error
	if err != nil {
		return p, err
	}
	if p.cutTo(limit, id) {
		return p, nil
	}
	var end struct{ N, Last int64 }
	if err := g.Table("(?) AS w", window.Select("id")).Select("count(*) AS n, coalesce(min(id), 0) AS last").Take(&end).Error; err != nil {
		return p, err
	}
	if end.N == int64(most) {
		p.Next, p.Looked = end.Last, most
	}
	return p, nil
}

// cutTo takes the one row too many off; true: there are more.
func (p *Page[T]) cutTo(limit int, id func(T) int64) bool {
	if len(p.Items) <= limit {
		return false
	}
	p.Items = p.Items[:limit]
	p.Next = id(p.Items[limit-1])
	return true
}

// beginning is how many characters of a part a list shows.
const beginning = 160

const beginningColumns = "consultation_id, id, submission_id, position, parent_id, span_start, span_end, split, provision, aimed_at, " +
	"substr(text, 1, 160) AS text, lang, draft_version, public, waiting, withheld, masks, suggestion_id, received_at, version"

// beginnings reads the parts of a page of submissions, shortened.
func (s *Service) beginnings(g *gorm.DB, consultation int64, items []Submission) error {
	if len(items) == 0 {
		return nil
	}
	at, ids := map[int64]int{}, make([]int64, len(items))
	for i, x := range items {
		at[x.ID], ids[i] = i, x.ID
		items[i].Comments = []Comment{}
	}
	var parts []Comment
	err := g.Select(beginningColumns).Where("consultation_id = ? AND submission_id IN ?", consultation, ids).
		Order("submission_id, position, span_start, id").Find(&parts).Error
	for _, p := range parts {
		i := at[p.SubmissionID]
		items[i].Comments = append(items[i].Comments, p)
	}
	return err
}

// Comments gives comments that are not split, newest first.
func (s *Service) Comments(ctx context.Context, who actor.Actor, slug string, f Filter) (Page[Comment], error) {
	c, err := s.staff(ctx, who, slug, PermissionList)
	if err != nil {
		return Page[Comment]{}, err
	}
	g := s.db.Read(ctx)
	direct := f.Channel == "" && f.Kind == "" && f.Q == "" && f.Gathered == nil
	if direct && (f.Provision != nil || f.Suggestion != 0) {
		return s.indexed(g, c.ID, f)
	}
	narrow := func(q *gorm.DB) *gorm.DB {
		q = s.about(q.Where("NOT w.split"), "w.", f)
		if f.Channel != "" {
			q = q.Where("w.channel = ?", f.Channel)
		}
		if f.Kind != "" {
			q = q.Where("w.submitter_kind = ?", f.Kind)
		}
		if f.Suggestion != 0 {
			q = q.Where("w.suggestion_id = ?", f.Suggestion)
		}
		return q
	}
	return pageOf(g, s.looked, "comments", "*", c.ID, f, false, narrow, func(x Comment) int64 { return x.ID })
}

// indexed reads what an index leads to: the comments on one provision, or those of
// one suggestion.
func (s *Service) indexed(g *gorm.DB, consultation int64, f Filter) (Page[Comment], error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	q := g.Where("consultation_id = ? AND NOT split", consultation)
	if f.Suggestion != 0 {
		q = q.Where("suggestion_id = ?", f.Suggestion)
	}
	if f.Provision != nil {
		q = q.Where("provision = ?", *f.Provision)
	}
	if f.Cursor > 0 {
		q = q.Where("id < ?", f.Cursor)
	}
	p := Page[Comment]{Items: []Comment{}}
	if err := q.Order("id DESC").Limit(limit + 1).Find(&p.Items).Error; err != nil {
		return p, err
	}
	p.cutTo(limit, func(x Comment) int64 { return x.ID })
	return p, nil
}

// MayExport is nil when the actor may take the table of comments along.
func (s *Service) MayExport(ctx context.Context, who actor.Actor, slug string) error {
	_, err := s.staff(ctx, who, slug, PermissionExport)
	return err
}

// MayImport is nil when the actor may take tables of submissions in there.
func (s *Service) MayImport(who actor.Actor, organisation int64) error {
	return s.gate.Require(who, PermissionImport, organisation)
}
