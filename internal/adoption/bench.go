package adoption

import (
	"context"

	"gorm.io/gorm"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// QueueFilter chooses what waits on the workbench.
type QueueFilter struct {
	Provision string // comments aimed at it
	Whole     bool   // comments on the draft as a whole
	Text      string // occurs in the comment
	Gathered  bool   // those already gathered instead of those that wait
	After     int64  // comment id after which the page begins
	Limit     int    // 0: 30
}

// Bench is the workbench at one comment.
type Bench struct {
	ConsultationID int64
	Slug           string
	Title          string
	Lang           string
	Changeable     bool // the consultation's state allows gathering
	Queue          []Words
	Next           int64 // the queue goes on after this comment
	Comments       int   // of the whole consultation
	Gathered       int
	Suggestions    int
	Undecided      int // suggestions that have no disposition yet
	Current        *Words
	Parts          []Words // every comment of the same letter, in its order, parents of splits left out
	Holder         *Suggestion
	Offers         []Suggestion // about the same provision first
}

// offersShown is how many suggestions are offered, one key each: more would push the
// disposition out of sight.
const offersShown = 6

// Bench lays out the workbench: the queue, one comment (0: the first that waits)
// with its letter, and the suggestions it may belong to. find narrows these.
func (s *Service) Bench(ctx context.Context, who actor.Actor, slug string, f QueueFilter, current int64, find string) (Bench, error) {
	c, err := s.at(ctx, who, atSlug(slug), mayList)
	if err != nil {
		return Bench{}, err
	}
	g := s.db.Read(ctx)
	b := Bench{ConsultationID: c.ID, Slug: c.Slug, Title: c.Title, Lang: c.Lang,
		Changeable: changeable(c) && s.gate.May(who, mayGather, c.OrganisationID)}
	if b.Queue, b.Next, err = queue(g, c.ID, f); err != nil {
		return b, err
	}
	if err := b.readFigures(g); err != nil {
		return b, err
	}
	if current == 0 && len(b.Queue) > 0 {
		current = b.Queue[0].ID
	}
	if current == 0 {
		return b, nil
	}
	return b, s.layOut(g, &b, current, find)
}

func queue(g *gorm.DB, consultation int64, f QueueFilter) (list []Words, next int64, err error) {
	limit := f.Limit
	if limit <= 0 {
		limit = 30
	}
	q := words(g).Where("c.consultation_id = ? AND c.id > ? AND NOT c.split", consultation, f.After)
	if f.Gathered {
		q = q.Where("c.suggestion_id <> 0")
	} else {
		q = q.Where("c.suggestion_id = 0")
	}
	switch {
	case f.Whole:
		q = q.Where("c.provision = ''")
	case f.Provision != "":
		q = q.Where("c.provision = ?", f.Provision)
	}
	if f.Text != "" {
		q = q.Where(`c.text LIKE ? ESCAPE '\'`, "%"+escapeLike(f.Text)+"%")
	}
	err = q.Order("c.id").Limit(limit + 1).Find(&list).Error
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, err
}

func (b *Bench) readFigures(g *gorm.DB) error {
	err := g.Raw("SELECT comments, gathered, suggestions FROM consultation_counters WHERE consultation_id = ?", b.ConsultationID).
		Row().Scan(&b.Comments, &b.Gathered, &b.Suggestions)
	if err != nil {
		return err
	}
	return g.Raw("SELECT COUNT(*) FROM suggestions WHERE consultation_id = ? AND disposition = ''", b.ConsultationID).Scan(&b.Undecided).Error
}

func (s *Service) layOut(g *gorm.DB, b *Bench, current int64, find string) error {
	at, err := readWords(g, b.ConsultationID, current)
	if err != nil {
		return err
	}
	b.Current = &at
	err = words(g).Where("c.consultation_id = ? AND c.submission_id = ? AND NOT c.split", b.ConsultationID, at.SubmissionID).
		Order("c.position, c.span_start, c.id").Limit(200).Find(&b.Parts).Error
	if err != nil {
		return err
	}
	if at.SuggestionID != 0 {
		holder, err := s.load(g, subject{ID: b.ConsultationID}, at.SuggestionID, 0)
		if err != nil {
			return err
		}
		b.Holder = &holder
	}
	b.Offers, err = offers(g, b.ConsultationID, at.Provision, find)
	return err
}

// readWords reads a comment; in place of one that was split, its first part.
func readWords(g *gorm.DB, consultation, id int64) (Words, error) {
	var at Words
	err := words(g).Where("c.consultation_id = ? AND c.id = ?", consultation, id).Take(&at).Error
	if err != nil || !at.Split {
		return at, database.Translate(err)
	}
	var part Words
	err = words(g).Where("c.consultation_id = ? AND c.submission_id = ? AND c.parent_id = ?", consultation, at.SubmissionID, at.ID).
		Order("c.span_start, c.id").Limit(1).Take(&part).Error
	return part, database.Translate(err)
}

// offers lists suggestions about the provision first, then those worked on last.
func offers(g *gorm.DB, consultation int64, provision, find string) ([]Suggestion, error) {
	q := g.Where("consultation_id = ?", consultation)
	if find != "" {
		q = q.Where(`text LIKE ? ESCAPE '\'`, "%"+escapeLike(find)+"%")
	}
	var list []Suggestion
	err := q.Order(gorm.Expr("CASE WHEN provision = ? THEN 0 ELSE 1 END, updated_at DESC, number", provision)).
		Limit(offersShown).Find(&list).Error
	if err != nil {
		return nil, err
	}
	return list, fillProvisions(g, consultation, list)
}

// NextWaiting gives the comment that waits after one, from the start again at the
// end; 0 when nothing waits.
func (s *Service) NextWaiting(ctx context.Context, who actor.Actor, slug string, f QueueFilter, after int64) (int64, error) {
	c, err := s.at(ctx, who, atSlug(slug), mayList)
	if err != nil {
		return 0, err
	}
	f.Limit, f.Gathered = 1, false
	for _, from := range []int64{after, 0} {
		f.After = from
		list, _, err := queue(s.db.Read(ctx), c.ID, f)
		if err != nil {
			return 0, err
		}
		if len(list) > 0 {
			return list[0].ID, nil
		}
	}
	return 0, nil
}

// Placing is what “save and next” does with one comment.
type Placing struct {
	Comment     int64
	CommentSeen int64        // its version as it was seen; 0: not asked
	Into        int64        // the suggestion; 0: a new one with Text
	Seen        int64        // the suggestion's version as it was seen; 0: not asked
	Text        string       // of the new suggestion
	Disposition *Disposition // nil leaves it as it is
}

// Place gathers one comment and, if asked, drafts the disposition, as one change. A
// comment that lies elsewhere moves. Faults as Gather and Dispose; the suggestion
// as stored comes back with a stale version.
func (s *Service) Place(ctx context.Context, who actor.Actor, slug string, p Placing) (Suggestion, error) {
	var of Suggestion
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.enter(tx, atSlug(slug), mayGather)
		if err != nil {
			return err
		}
		if err := unchanged(tx, c, p); err != nil {
			return err
		}
		if of, err = s.target(tx, c, p); err != nil {
			return err
		}
		if err := s.take(tx, c, &of, []int64{p.Comment}, true, Gathering); err != nil {
			return err
		}
		if p.Disposition == nil {
			return nil
		}
		return s.dispose(tx, c, &of, *p.Disposition)
	})
	return of, err
}

func unchanged(tx *database.Tx, c subject, p Placing) error {
	var version int64
	err := tx.Table("comments").Select("version").Where("consultation_id = ? AND id = ?", c.ID, p.Comment).Take(&version).Error
	if err == nil && p.CommentSeen != 0 && p.CommentSeen != version {
		return fault.Stale()
	}
	return database.Translate(err)
}

func (s *Service) target(tx *database.Tx, c subject, p Placing) (Suggestion, error) {
	if p.Into != 0 {
		return s.load(tx.DB, c, p.Into, p.Seen)
	}
	if err := checkText(p.Text).Err(); err != nil {
		return Suggestion{}, err
	}
	return s.begin(tx, c, In{Text: p.Text})
}
