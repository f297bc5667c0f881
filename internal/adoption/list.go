package adoption

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// Filter chooses suggestions; empty fields choose all.
type Filter struct {
	State       State
	Disposition Code
	Text        string   // occurs in text or reason
	Provisions  []string // one of them was changed, or is what the suggestion is about
	Whole       bool     // about the draft as a whole
	After       int      // number after which the page begins
	Before      int      // number before which it ends; wins over After
	Limit       int      // at most 1,000; 0: 50
}

// List gives suggestions in the order of their numbers, for staff; next is the
// number to go on after, 0 at the end.
func (s *Service) List(ctx context.Context, who actor.Actor, slug string, f Filter) (list []Suggestion, next int, err error) {
	c, err := s.at(ctx, who, atSlug(slug), mayList)
	if err != nil {
		return nil, 0, err
	}
	return s.page(s.db.Read(ctx), c.ID, f)
}

func (s *Service) page(g *gorm.DB, consultation int64, f Filter) (list []Suggestion, next int, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 1000)
	q := f.narrow(g.Where("suggestions.consultation_id = ?", consultation))
	if f.Before > 0 {
		q = q.Where("number < ?", f.Before).Order("number DESC")
	} else {
		q = q.Where("number > ?", f.After).Order("number")
	}
	if err := q.Limit(limit + 1).Find(&list).Error; err != nil {
		return nil, 0, err
	}
	more := len(list) > limit
	if more {
		list = list[:limit]
	}
	if f.Before > 0 {
		slices.Reverse(list)
		more = len(list) > 0 // the page that was left lies behind
	}
	if more {
		next = list[len(list)-1].Number
	}
	return list, next, fillProvisions(g, consultation, list)
}

// narrow adds what the filter asks for.
func (f Filter) narrow(q *gorm.DB) *gorm.DB {
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if f.Disposition != "" {
		q = q.Where("disposition = ?", f.Disposition)
	}
	if f.Text != "" {
		like := "%" + escapeLike(f.Text) + "%"
		q = q.Where(`(text LIKE ? ESCAPE '\' OR reason LIKE ? ESCAPE '\')`, like, like)
	}
	if f.Whole {
		q = q.Where("provision = ''")
	}
	if len(f.Provisions) > 0 {
		keys := f.Provisions[:min(len(f.Provisions), atOnce)]
		q = q.Where(`(provision IN ? OR EXISTS (SELECT 1 FROM suggestion_provisions AS p WHERE p.consultation_id = suggestions.consultation_id
			AND p.suggestion_id = suggestions.id AND p.provision IN ?))`, keys, keys)
	}
	return q
}

func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// See gives one suggestion with what the person may do with it.
func (s *Service) See(ctx context.Context, who actor.Actor, id int64) (Seen, error) {
	c, err := s.at(ctx, who, atSuggestion(id), mayList)
	if err != nil {
		return Seen{}, err
	}
	g := s.db.Read(ctx)
	of, err := s.load(g, c, id, 0)
	if err != nil {
		return Seen{}, err
	}
	acts, err := s.acts(g, c, of, who)
	if err != nil {
		return Seen{}, err
	}
	history, err := happenings(g, c.ID, id)
	return Seen{Suggestion: of, Slug: c.Slug, Title: c.Title, Acts: acts, History: history}, err
}

// Seen is a suggestion as its page shows it to staff.
type Seen struct {
	Suggestion
	Slug    string
	Title   string
	Acts    Acts
	History []Happening // newest first, at most 100
}

func happenings(g *gorm.DB, consultation, suggestion int64) ([]Happening, error) {
	var list []Happening
	return list, g.Where("consultation_id = ? AND suggestion_id = ?", consultation, suggestion).
		Order("id DESC").Limit(100).Find(&list).Error
}

// Words is one comment as it stands in a suggestion.
type Words struct {
	ID            int64
	SubmissionID  int64
	Receipt       string
	Provision     string
	DraftVersion  int
	Text          string
	ProposedText  string
	Lang          string
	Channel       string
	SubmitterKind string
	PublicName    string
	Public        bool
	Withheld      string // why its words are not shown to the public; empty: they are
	Masked        bool   // the public reads *** where personal data stands
	Split         bool
	Position      int
	ParentID      int64
	SuggestionID  int64
	Version       int64
	ReceivedAt    time.Time
}

const wordsColumns = "c.text, c.proposed_text, c.public_name, " + wordsRest

const wordsRest = "c.id, c.submission_id, s.receipt, c.provision, c.draft_version, c.lang, c.channel, " +
	"c.submitter_kind, c.public, c.withheld, c.masks <> '' AS masked, c.split, c.position, c.parent_id, c.suggestion_id, c.version, c.received_at"

// publicColumns are the words as the public reads them.
var publicColumns = submission.PublicText("c.") + " AS text, " + submission.PublicProposed("c.") + " AS proposed_text, " +
	submission.PublicSender("c.") + " AS public_name, " + wordsRest

func words(g *gorm.DB) *gorm.DB {
	return g.Table("comments AS c").Select(wordsColumns).
		Joins("JOIN submissions AS s ON s.consultation_id = c.consultation_id AND s.id = c.submission_id")
}

// Comments lists the comments of a suggestion for staff, oldest first; next is the
// id to go on after, 0 at the end.
func (s *Service) Comments(ctx context.Context, who actor.Actor, id, after int64, limit int) (list []Words, next int64, err error) {
	c, err := s.at(ctx, who, atSuggestion(id), mayList)
	if err != nil {
		return nil, 0, err
	}
	return s.comments(s.db.Read(ctx), c.ID, id, after, limit, false)
}

func (s *Service) comments(g *gorm.DB, consultation, suggestion, after int64, limit int, public bool) (list []Words, next int64, err error) {
	q := words(g).Where("c.consultation_id = ? AND c.suggestion_id = ? AND c.id > ?", consultation, suggestion, after)
	if public {
		q = q.Select(publicColumns).Where("c.public")
	}
	err = q.Order("c.id").Limit(limit + 1).Find(&list).Error
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, database.Translate(err)
}
