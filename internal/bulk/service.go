// Package bulk takes uploaded tables of submissions in: it keeps the file, asks
// which column holds what, tries it row by row, and takes it in while nobody waits.
//
// A table is an ImportJob of package submission, which does the reading and the
// writing. This package moves it from one state to the next, and holds it for the
// one node that works on it.
package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// MaxSize is the largest file that is taken by upload; the command line takes
// larger ones. Bytes.
const MaxSize = 30 << 20

// People knows with which roles somebody acts now.
type People interface {
	// Acting fails with NotFound for an account that is closed.
	Acting(ctx context.Context, account int64) (actor.Actor, error)
}

// Deps are what the service is made of.
type Deps struct {
	DB            *database.DB
	Keys          *seal.Keys
	Consultations *consultation.Service
	Submissions   *submission.Service
	People        People
	Log           *slog.Logger
}

// Service keeps and works on uploaded tables.
type Service struct {
	Deps
	kick chan struct{} // something was queued here
}

// New makes the service.
func New(d Deps) *Service { return &Service{Deps: d, kick: make(chan struct{}, 1)} }

// Job is a table with what is stored of it as JSON read.
type Job struct {
	submission.ImportJob
	Columns submission.Columns
	Header  []string
	Tried   *submission.Imported // nil before a trial
}

func read(row submission.ImportJob) Job {
	j := Job{ImportJob: row}
	// Written by this program; a column that is empty stays empty.
	_ = json.Unmarshal([]byte(row.Columns), &j.Columns)
	_ = json.Unmarshal([]byte(row.Header), &j.Header)
	if row.Tried != "" {
		j.Tried = &submission.Imported{}
		_ = json.Unmarshal([]byte(row.Tried), j.Tried)
	}
	return j
}

// Begun reports whether rows of it are in: its columns are fixed from then on.
func (j Job) Begun() bool { return j.Line > 0 || j.State == submission.ImportDone }

// Working reports whether a node works on it or will.
func (j Job) Working() bool {
	switch j.State {
	case submission.ImportChecking, submission.ImportQueued, submission.ImportRunning:
		return j.Size > 0
	}
	return false
}

// Rests reports whether a person decides what comes next: its file is there.
func (j Job) Rests() bool { return j.Size > 0 && !j.Working() && j.State != submission.ImportDone }

// may finds the consultation for who may take tables in there.
func (s *Service) may(ctx context.Context, who actor.Actor, slug string) (consultation.Consultation, error) {
	c, err := s.Consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, err
	}
	return c, s.Submissions.MayImport(who, c.Organisation)
}

// May is nil when somebody may take tables in there.
func (s *Service) May(ctx context.Context, who actor.Actor, slug string) error {
	_, err := s.may(ctx, who, slug)
	return err
}

// List gives the tables of a consultation, newest first: those of the command line
// too.
func (s *Service) List(ctx context.Context, who actor.Actor, slug string) (consultation.Consultation, []Job, error) {
	c, err := s.may(ctx, who, slug)
	if err != nil {
		return c, nil, err
	}
	var rows []submission.ImportJob
	err = s.DB.Read(ctx).Where("consultation_id = ?", c.ID).Order("id DESC").Limit(listed).Find(&rows).Error
	out := make([]Job, len(rows))
	for n, r := range rows {
		out[n] = read(r)
	}
	return c, out, err
}

// listed is how many tables a list shows.
const listed = 200

// One is a table of a consultation.
func (s *Service) One(ctx context.Context, who actor.Actor, slug string, id int64) (consultation.Consultation, Job, error) {
	c, err := s.may(ctx, who, slug)
	if err != nil {
		return c, Job{}, err
	}
	j, err := one(s.DB.Read(ctx), c.ID, id)
	return c, j, err
}

func one(g *gorm.DB, consultation, id int64) (Job, error) {
	var row submission.ImportJob
	err := g.Where("id = ? AND consultation_id = ?", id, consultation).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Job{}, fault.Missing()
	}
	return read(row), err
}

// change moves a table on in one transaction with its trail. do gives what changes
// of the row; nil changes nothing.
func (s *Service) change(ctx context.Context, who actor.Actor, slug string, id int64, action string, do func(*database.Tx, consultation.Consultation, Job) (map[string]any, error)) error {
	c, err := s.may(ctx, who, slug)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, who, func(tx *database.Tx) error {
		j, err := one(tx.Lock(), c.ID, id)
		if err != nil {
			return err
		}
		to, err := do(tx, c, j)
		if err != nil {
			return err
		}
		if to != nil {
			to["updated_at"] = tx.Now
			if err := tx.Model(&submission.ImportJob{}).Where("id = ?", id).Updates(to).Error; err != nil {
				return err
			}
		}
		return j.Record(tx, action, nil)
	})
}

func (s *Service) wake() {
	select {
	case s.kick <- struct{}{}:
	default: // it is awake
	}
}

func ms(t time.Time) int64 { return t.UnixMilli() }
