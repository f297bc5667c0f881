package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

const dayForm = "2006-01-02"

// Begin opens a batch: the way, the day and, for a seminar or hearing, its name
// hold for all that is entered in it.
//
// Faults: those of Place; Conflict desk.not_yet, desk.over; Invalid for way, day, title.
func (s *Service) Begin(ctx context.Context, who actor.Actor, slug string, in Batch) (Batch, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return in, err
	}
	now := s.db.Now()
	if err := takes(c, now); err != nil {
		return in, err
	}
	in.Title = strings.TrimSpace(in.Title)
	if err := in.check(now.In(s.zone)); err != nil {
		return in, err
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		in.ConsultationID, in.ID, in.Clerk, in.OpenedAt = c.ID, tx.NextID(), who.Key(), tx.Now
		if err := tx.Create(&in).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: c.Organisation, Consultation: c.ID, Action: "begin", Object: "desk", ObjectID: in.ID,
			After: map[string]any{"way": in.Way, "day": in.Day}})
	})
	return in, err
}

func (b Batch) check(today time.Time) error {
	var f fault.Fields
	if !slices.Contains(Ways, b.Way) {
		f.Add("way", "desk.way")
	}
	switch day, err := time.Parse(dayForm, b.Day); {
	case err != nil:
		f.Add("day", "desk.day")
	case day.Format(dayForm) > today.Format(dayForm):
		f.Add("day", "desk.day_future")
	}
	if b.Way.Titled() && b.Title == "" {
		f.Add("title", "desk.title_none")
	}
	if utf8.RuneCountInString(b.Title) > MostTitle {
		f.Add("title", "submission.line_long", "most", MostTitle)
	}
	return f.Err()
}

// Sitting is a batch with what it took in.
type Sitting struct {
	Batch
	Entries []Entry // newest first, contents unsealed
	Totals  Totals
}

// Totals are the figures of a batch.
type Totals struct {
	By      map[State]int
	Entries int
	Points  int
	Signers int // who signed besides the senders
	Late    int
}

// mostListed is how many entries of a batch a page shows.
const mostListed = 200

// Sitting reads a batch for who enters there. NotFound for another consultation's.
func (s *Service) Sitting(ctx context.Context, who actor.Actor, slug string, id int64) (Sitting, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return Sitting{}, err
	}
	var out Sitting
	g := s.db.Read(ctx)
	if err := g.Where("consultation_id = ? AND id = ?", c.ID, id).Take(&out.Batch).Error; err != nil {
		return out, database.Translate(err)
	}
	if err := g.Where("consultation_id = ? AND batch_id = ?", c.ID, id).Order("id DESC").Limit(mostListed).Find(&out.Entries).Error; err != nil {
		return out, err
	}
	for i := range out.Entries {
		if err := s.unseal(&out.Entries[i]); err != nil {
			return out, err
		}
	}
	out.Totals, err = s.totals(ctx, c.ID, id)
	return out, err
}

func (s *Service) totals(ctx context.Context, consultation, batch int64) (Totals, error) {
	var rows []struct {
		State                    State
		N, Points, Signers, Late int
	}
	err := s.db.Read(ctx).Table("desk_entries").
		Select("state, COUNT(*) AS n, SUM(points) AS points, SUM(signers) AS signers, SUM(CASE WHEN late THEN 1 ELSE 0 END) AS late").
		Where("consultation_id = ? AND batch_id = ?", consultation, batch).Group("state").Scan(&rows).Error
	t := Totals{By: map[State]int{}}
	for _, r := range rows {
		t.By[r.State] = r.N
		t.Entries += r.N
		if r.State != Discarded {
			t.Points += r.Points
			t.Signers += r.Signers
			t.Late += r.Late
		}
	}
	return t, err
}

// Batches lists the newest batches of a consultation, most of them at most.
func (s *Service) Batches(ctx context.Context, who actor.Actor, slug string, most int) (out []Batch, err error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return nil, err
	}
	err = s.db.Read(ctx).Where("consultation_id = ?", c.ID).Order("id DESC").Limit(most).Find(&out).Error
	return out, err
}

// BatchFor finds the actor's batch of this way, day and title, or begins it: for
// programs, which send one entry after the other.
func (s *Service) BatchFor(ctx context.Context, who actor.Actor, slug string, in Batch) (b Batch, err error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return in, err
	}
	err = s.db.Read(ctx).Where("consultation_id = ? AND way = ? AND day = ? AND title = ? AND clerk = ?", c.ID, in.Way, in.Day, strings.TrimSpace(in.Title), who.Key()).
		Order("id DESC").Take(&b).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return s.Begin(ctx, who, slug, in)
	}
	return b, err
}
