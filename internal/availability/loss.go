package availability

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
)

// The two answers to a proposal.
const (
	Extended = "extended"
	Declined = "declined"
)

// Answer is what an organisation decided about lost time. It covers every outage
// that was recorded before it.
type Answer struct {
	ID           int64 `gorm:"primaryKey;autoIncrement:false"`
	Organisation int64 `gorm:"column:organisation_id"`
	Consultation int64 `gorm:"column:consultation_id"`
	Answer       string
	Lost         int64 // seconds that the answer is about
	Days         int   // of the extension; of a declined one, those proposed
	Reason       string
	Actor        string
	At           time.Time
}

// TableName names the table for gorm.
func (Answer) TableName() string { return "outage_answers" }

// Loss is what a consultation's period lost, and what to do about it.
type Loss struct {
	Outages []Outage // that touch the period so far, oldest first; cut to it
	Total   time.Duration
	Answers []Answer // oldest first

	// Pending is the lost time that nobody has answered yet. Days and NewEnd are the
	// proposal; Days is 0 when there is none, NewEnd zero when the end cannot be
	// moved any more.
	Pending time.Duration
	Days    int
	NewEnd  time.Time
}

// Proposed reports whether an answer is awaited.
func (l Loss) Proposed() bool { return l.Days > 0 }

// period is the part of a consultation's time that has passed; ok is false before
// it opens.
func period(c consultation.Consultation, now time.Time) (Span, bool) {
	if !c.Public() || c.OpensAt == nil || c.ClosesAt == nil {
		return Span{}, false
	}
	frame := Span{*c.OpensAt, *c.ClosesAt}
	if c.WithdrawnAt != nil && c.WithdrawnAt.Before(frame.To) {
		frame.To = *c.WithdrawnAt
	}
	if now.Before(frame.To) {
		frame.To = now
	}
	return frame, frame.Length() > 0
}

// Of works out what a consultation lost.
func (s *Service) Of(ctx context.Context, c consultation.Consultation) (Loss, error) {
	return s.loss(s.db.Read(ctx), c, s.db.Now())
}

func (s *Service) loss(g *gorm.DB, c consultation.Consultation, now time.Time) (l Loss, err error) {
	frame, ok := period(c, now)
	if !ok {
		return l, nil
	}
	all, err := between(g, frame)
	if err != nil {
		return l, err
	}
	if err := g.Where("consultation_id = ?", c.ID).Order("id").Find(&l.Answers).Error; err != nil {
		return l, err
	}
	l.settle(all, frame)
	if l.Days > 0 && c.Status(now) == consultation.Open {
		l.NewEnd = c.ClosesAt.In(s.zone).AddDate(0, 0, l.Days).UTC()
	}
	return l, nil
}

// settle works out what was lost in a frame and what of it nobody answered.
func (l *Loss) settle(all []Outage, frame Span) {
	l.Total = Lost(all, frame)
	var answered time.Time
	if n := len(l.Answers); n > 0 {
		answered = l.Answers[n-1].At
	}
	var old []Outage
	for _, o := range all {
		if !o.RecordedAt.After(answered) && !o.EndedAt.After(answered) {
			old = append(old, o)
		}
	}
	l.Pending = l.Total - Lost(old, frame)
	l.Days = Days(l.Pending)
	for _, o := range all {
		cut := o.Span().Within(frame)
		o.BeganAt, o.EndedAt = cut.From, cut.To
		l.Outages = append(l.Outages, o)
	}
}

// between lists the outages that touch a frame, oldest first.
func between(g *gorm.DB, frame Span) ([]Outage, error) {
	var list []Outage
	err := g.Where("ended_at > ? AND began_at < ?", frame.From.UTC(), frame.To.UTC()).Order("began_at, id").Find(&list).Error
	for i := range list {
		list[i].BeganAt, list[i].EndedAt, list[i].RecordedAt = list[i].BeganAt.UTC(), list[i].EndedAt.UTC(), list[i].RecordedAt.UTC()
	}
	return list, database.Translate(err)
}

// Latest lists the outages that ended last, newest first.
func (s *Service) Latest(ctx context.Context, most int) ([]Outage, error) {
	var list []Outage
	err := s.db.Read(ctx).Order("ended_at DESC, id DESC").Limit(most).Find(&list).Error
	return list, err
}

// Share is the part of the last days in which the site could take things in, from
// 0 to 1; since tells from when on signs of life are known. ok is false before the
// first one.
func (s *Service) Share(ctx context.Context, days int) (share float64, since time.Time, ok bool, err error) {
	now := s.db.Now()
	var first []time.Time
	if err := s.db.Read(ctx).Model(&run{}).Order("began_at").Limit(1).Pluck("began_at", &first).Error; err != nil || len(first) == 0 {
		return 0, since, false, err
	}
	since = slices.MaxFunc([]time.Time{first[0].UTC(), now.AddDate(0, 0, -days)}, time.Time.Compare)
	frame := Span{since, now}
	if frame.Length() == 0 {
		return 1, since, true, nil
	}
	list, err := between(s.db.Read(ctx), frame)
	return 1 - float64(Lost(list, frame))/float64(frame.Length()), since, true, err
}

// Nodes counts the nodes that gave a sign of life within the tolerance, and tells
// the latest.
func (s *Service) Nodes(ctx context.Context) (alive int, last time.Time, err error) {
	var rows []run
	err = s.db.Read(ctx).Where("last_at > ?", s.db.Now().Add(-Tolerance)).Order("last_at DESC").Find(&rows).Error
	if err == nil && len(rows) > 0 {
		last = rows[0].LastAt.UTC()
	}
	return len(rows), last, err
}
