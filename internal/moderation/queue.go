package moderation

import (
	"context"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/submission"
)

// Pile is a part of what is moderated.
type Pile string

// The piles, in the order of the page. Waiting are accepted ones that a notice
// shows only after somebody has read them; Masked are shown with something taken
// out, those first of which nobody has looked at the masks.
const (
	PileHeld      Pile = "held"
	PileWaiting   Pile = "waiting"
	PileMasked    Pile = "masked"
	PileWithheld  Pile = "withheld"
	PileWithdrawn Pile = "withdrawn"
	PileShown     Pile = "shown"
)

// Piles lists them.
var Piles = []Pile{PileHeld, PileWaiting, PileMasked, PileWithheld, PileWithdrawn, PileShown}

// countedTo is how far a pile is counted: a page of staff needs no more.
const countedTo = 1000

// Count is how much lies in a pile; More: at least so much.
type Count struct {
	Pile  Pile
	Count int
	More  bool
}

// Entry is a submission in a list.
type Entry struct {
	ID         int64
	Receipt    string
	Channel    string
	Lang       string
	State      submission.State
	Held       string
	ReceivedAt time.Time
	Beginning  string // the first words
}

// Queue is a pile with how much lies in each.
type Queue struct {
	Consultation consultation.Consultation
	Counts       []Count
	Pile         Pile
	Entries      []Entry // oldest first where a decision waits, else newest first
	Next         int64   // go on after this submission, 0 at the end
	Decide       bool    // the reader may act
	Reports      int     // people who say that something was not theirs, undecided; -1: the reader may not know
}

// Queue reads a pile for staff; limit at most 100.
func (s *Service) Queue(ctx context.Context, who actor.Actor, slug string, p Pile, after int64, limit int) (Queue, error) {
	c, err := s.staff(ctx, who, slug, PermissionSee)
	if err != nil {
		return Queue{}, err
	}
	q := Queue{Consultation: c, Pile: p, Decide: s.May(who, PermissionDecide, c.Organisation), Reports: -1}
	g := s.DB.Read(ctx)
	for _, one := range Piles {
		if one == PileShown {
			continue
		}
		n := Count{Pile: one}
		err := g.Table("(?) AS p", pile(g, c.ID, one).Limit(countedTo+1)).Select("COUNT(*)").Scan(&n.Count).Error
		if err != nil {
			return q, err
		}
		if n.Count > countedTo {
			n.Count, n.More = countedTo, true
		}
		q.Counts = append(q.Counts, n)
	}
	if s.May(who, PermissionReports, c.Organisation) {
		var n int64
		if err := g.Model(&Report{}).Where("consultation_id = ? AND state = ?", c.ID, ReportOpen).Count(&n).Error; err != nil {
			return q, err
		}
		q.Reports = int(n)
	}
	return q, s.list(g, &q, after, limit)
}

// First is the first pile in which something lies, the held ones if none does.
func (q Queue) First() Pile {
	for _, c := range q.Counts {
		if c.Count > 0 && (c.Pile == PileHeld || c.Pile == PileWaiting || c.Pile == PileMasked) {
			return c.Pile
		}
	}
	return PileHeld
}

// pile selects the submissions of a pile by the partial index of each.
func pile(g *gorm.DB, consultation int64, p Pile) *gorm.DB {
	of := func(condition string) *gorm.DB {
		return g.Table("comments").Select("DISTINCT submission_id AS id").Where("consultation_id = ?", consultation).Where(condition)
	}
	switch p {
	case PileHeld:
		return g.Table("submissions").Select("id").Where("consultation_id = ? AND held <> ''", consultation)
	case PileWithdrawn:
		return g.Table("submissions").Select("id").Where("consultation_id = ? AND state = 'withdrawn'", consultation)
	case PileWaiting:
		return of("waiting AND NOT split")
	case PileMasked:
		return of("masks <> '' AND NOT split AND withheld = ''")
	case PileWithheld:
		return of("withheld <> '' AND NOT split AND withheld <> '" + submission.ByItsSender + "'")
	}
	return of("public AND NOT split AND withheld = ''")
}

// newestFirst are the piles in which nothing waits.
func newestFirst(p Pile) bool { return p != PileHeld && p != PileWaiting }

func (s *Service) list(g *gorm.DB, q *Queue, after int64, limit int) error {
	var ids []int64
	sel := g.Table("(?) AS p", pile(g, q.Consultation.ID, q.Pile))
	order := "id"
	if newestFirst(q.Pile) {
		order = "id DESC"
		if after > 0 {
			sel = sel.Where("id < ?", after)
		}
	} else if after > 0 {
		sel = sel.Where("id > ?", after)
	}
	if err := sel.Order(order).Limit(limit+1).Pluck("id", &ids).Error; err != nil {
		return err
	}
	if len(ids) > limit {
		ids = ids[:limit]
		q.Next = ids[limit-1]
	}
	if len(ids) == 0 {
		return nil
	}
	err := g.Table("submissions AS s").
		Select("s.id, s.receipt, s.channel, s.lang, s.state, s.held, s.received_at, (SELECT substr(c.text, 1, 80) FROM comments c "+
			"WHERE c.consultation_id = s.consultation_id AND c.submission_id = s.id AND c.parent_id = 0 ORDER BY c.position LIMIT 1) AS beginning").
		Where("s.consultation_id = ? AND s.id IN ?", q.Consultation.ID, ids).Order(order).Find(&q.Entries).Error
	return err
}

// Opened is one submission with all that a decision needs.
type Opened struct {
	Letter   submission.Letter
	Standing submission.Standing
	Comments []submission.Comment // those that stand, in order; Standing.Comments goes with them
	Proposed map[int64]submission.Masks
	Events   []Event // newest first, at most 50
	Last     int64   // id of the newest event, 0 none
	Undo     bool    // there is an act to take back
	Decide   bool
}

// Open reads one submission for staff. NotFound for another consultation's.
func (s *Service) Open(ctx context.Context, who actor.Actor, slug string, id int64) (Opened, error) {
	c, err := s.staff(ctx, who, slug, PermissionSee)
	if err != nil {
		return Opened{}, err
	}
	var o Opened
	if o.Letter, err = s.Submissions.One(ctx, who, slug, id); err != nil {
		return o, err
	}
	o.Decide = s.May(who, PermissionDecide, c.Organisation) && o.Letter.State != submission.Withdrawn
	o.Standing = submission.Standing{State: o.Letter.State, Held: o.Letter.Held}
	o.Proposed = map[int64]submission.Masks{}
	for _, one := range o.Letter.Comments {
		if one.Split {
			continue
		}
		o.Comments = append(o.Comments, one)
		o.Standing.Comments = append(o.Standing.Comments, submission.Shown{
			Comment: one.ID, Public: one.Public, Waiting: one.Waiting, Withheld: one.Withheld, Masks: one.MaskedAs(),
		})
		o.Proposed[one.ID] = proposals(one)
	}
	err = s.DB.Read(ctx).Where("consultation_id = ? AND submission_id = ?", c.ID, id).Order("id DESC").Limit(50).Find(&o.Events).Error
	for i, e := range o.Events {
		if i == 0 {
			o.Last = e.ID
		}
		o.Undo = o.Undo || o.Decide && !e.Undone && e.Act != TakeBack && e.Act != Withdraw
	}
	return o, err
}

// proposals are the masks that a comment has and those that the detector would put.
func proposals(c submission.Comment) submission.Masks {
	has, found := c.MaskedAs(), submission.Detected(c.Text, c.ProposedText)
	return submission.Masks{Text: merged(has.Text, found.Text), Proposed: merged(has.Proposed, found.Proposed), Auto: has.Auto}
}

// merged adds the detected masks that no other touches.
func merged(has, found []submission.Mask) []submission.Mask {
	out := append([]submission.Mask{}, has...)
	for _, f := range found {
		touched := false
		for _, h := range has {
			touched = touched || f.Start < h.End && h.Start < f.End
		}
		if !touched {
			out = append(out, f)
		}
	}
	return out
}

// Rulings tells the sender of a submission what was decided about showing it,
// oldest first, at most 100; whoever calls has asked for the secret. It implements
// submission.Rulings.
func (s *Service) Rulings(ctx context.Context, consultationID, id int64) ([]submission.Ruling, error) {
	var list []Event
	err := s.DB.Read(ctx).Where("consultation_id = ? AND submission_id = ? AND act IN ?", consultationID, id, []Act{Withhold, TakeBack, Mask, Withdraw}).
		Order("id").Limit(100).Find(&list).Error
	out := make([]submission.Ruling, len(list))
	for i, e := range list {
		out[i] = submission.Ruling{Act: string(e.Act), Reason: e.Reason, Words: e.Words, At: e.At}
	}
	return out, database.Translate(err)
}

// Due is what waits in a consultation, for the first page of staff.
type Due struct {
	Slug, Title, Lang string
	Held, Waiting     bool
	Reports           int
	Overdue           int // reports past their day
}

// Today lists the consultations of organisations in which something waits for
// whoever may decide there.
func (s *Service) Today(ctx context.Context, who actor.Actor, organisations []int64) ([]Due, error) {
	var mine []int64
	for _, o := range organisations {
		if s.May(who, PermissionDecide, o) {
			mine = append(mine, o)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	var out []Due
	err := s.DB.Read(ctx).Raw(`SELECT * FROM (SELECT c.id, c.slug, c.title, c.lang,
			k.held > 0 AS held,
			EXISTS (SELECT 1 FROM comments m WHERE m.consultation_id = c.id AND m.waiting AND NOT m.split) AS waiting,
			(SELECT COUNT(*) FROM identity_reports r WHERE r.consultation_id = c.id AND r.state = 'open') AS reports,
			(SELECT COUNT(*) FROM identity_reports r WHERE r.consultation_id = c.id AND r.state = 'open' AND r.due_at <= ?) AS overdue
		FROM consultations c JOIN consultation_counters k ON k.consultation_id = c.id
		WHERE c.organisation_id IN ? AND c.state NOT IN ('prepared', 'in_review', 'returned')) AS d
		WHERE held OR waiting OR reports > 0 ORDER BY overdue DESC, id LIMIT 20`, s.DB.Now(), mine).Scan(&out).Error
	return out, err
}
