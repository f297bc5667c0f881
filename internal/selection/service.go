package selection

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/sortition"
)

// Solver finds the fair distribution of a pool.
type Solver func(ctx context.Context, p sortition.Pool, watch func(sortition.Progress)) (sortition.Distribution, error)

// Service keeps selections. It is safe for concurrent use.
type Service struct {
	db       *database.DB
	gate     *access.Gate
	meetings *meeting.Service
	solve    Solver
	shelf    shelf
}

// New makes the service and has it watch over frozen pools.
func New(db *database.DB, gate *access.Gate, meetings *meeting.Service) *Service {
	s := &Service{db: db, gate: gate, meetings: meetings, solve: sortition.Leximin, shelf: shelf{of: map[int64]figures{}}}
	meetings.Watch(s.keepFrozen)
	return s
}

// keepFrozen refuses to vet or to take in anybody between the freeze and the
// result, and to withdraw somebody else once the seed is entered: with a seed that
// is known, each would be a way to choose.
func (s *Service) keepFrozen(_ context.Context, tx *database.Tx, m meeting.Meeting, a meeting.Application, from meeting.ApplicationState) error {
	vetted := a.State == meeting.Refused || from == meeting.Refused
	arrives := from == "" && a.CarriedFrom == 0
	forOthers := a.State == meeting.Withdrawn && len(tx.Actor.RolesIn(m.Organisation)) > 0 && (a.Account == 0 || a.Account != tx.Actor.ID)
	if !vetted && !arrives && !forOthers {
		return nil
	}
	stages := []Stage{Computing, Infeasible, Computed, Published, Entered, Listed}
	if forOthers {
		stages = []Stage{Entered}
	}
	var frozen int64
	err := tx.Model(&Selection{}).Where("meeting_id = ? AND stage IN ?", m.ID, stages).Count(&frozen).Error
	if err == nil && frozen > 0 {
		return fault.New(fault.Conflict, "selection.frozen")
	}
	return err
}

// May reports whether the actor may do something here, whatever the stage.
func (s *Service) May(who actor.Actor, p access.Permission, m meeting.Meeting) bool {
	return s.gate.May(who, p, m.Organisation)
}

// Of finds the selection of a meeting, without its records, which may have
// megabytes; ok is false before its pool was frozen.
func (s *Service) Of(ctx context.Context, meetingID int64) (sel Selection, ok bool, err error) {
	return find(s.db.Read(ctx).Omit("record", "public_record"), meetingID)
}

func find(db *gorm.DB, meetingID int64) (sel Selection, ok bool, err error) {
	err = db.Where("meeting_id = ?", meetingID).Take(&sel).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Selection{}, false, nil
	}
	sel.times()
	return sel, err == nil, err
}

func (s *Selection) times() {
	s.FrozenAt = s.FrozenAt.UTC()
	for _, t := range []**time.Time{&s.ComputedAt, &s.PublishedAt, &s.SeedAt, &s.DrawnAt} {
		if *t != nil {
			u := (*t).UTC()
			*t = &u
		}
	}
}

// act is one change of a selection: the meeting is locked, and Selection is as
// stored; Found is false before the pool was frozen.
type act struct {
	ctx     context.Context
	tx      *database.Tx
	meeting meeting.Meeting
	Selection
	Found bool
}

// change runs a change for staff who hold the permission. It refuses in this
// order: the unknown, another organisation's meeting, a role that may not.
func (s *Service) change(ctx context.Context, who actor.Actor, slug string, p access.Permission, f func(*act) error) error {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return err
	}
	if err := s.gate.Require(who, p, m.Organisation); err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		a, err := s.locked(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		return f(a)
	})
}

func (s *Service) locked(ctx context.Context, tx *database.Tx, id int64) (*act, error) {
	m, err := s.meetings.Lock(tx, id)
	if err != nil {
		return nil, err
	}
	sel, found, err := find(tx.DB, id)
	return &act{ctx: ctx, tx: tx, meeting: m, Selection: sel, Found: found}, err
}

// at refuses an act in a stage that does not allow it.
func (a *act) at(stages ...Stage) error {
	for _, stage := range stages {
		if a.Found && a.Stage == stage {
			return nil
		}
	}
	stage := string(a.Stage)
	if !a.Found {
		stage = "open"
	}
	return fault.New(fault.Conflict, "selection.stage", "stage", stage)
}

// store writes the selection with what happened, in history and trail.
func (a *act) store(event, note string, was Stage) error {
	a.Version++
	if err := a.tx.Save(&a.Selection).Error; err != nil {
		return err
	}
	after := map[string]any{"stage": a.Stage}
	if note != "" {
		after["note"] = note
	}
	return a.remember(event, note, map[string]any{"stage": was}, after)
}

func (a *act) remember(event, note string, before, after map[string]any) error {
	past := Past{
		Meeting: a.meeting.ID, ID: a.tx.NextID(), Event: event, Actor: a.tx.Actor.Key(), ActorName: a.tx.Actor.Name, Note: note, At: a.tx.Now,
	}
	if err := a.tx.Create(&past).Error; err != nil {
		return err
	}
	return audit.Record(a.tx, audit.Entry{
		Organisation: a.meeting.Organisation, Action: event, Object: "selection", ObjectID: a.meeting.ID, Before: before, After: after,
	})
}

// History lists what was done, oldest first.
func (s *Service) History(ctx context.Context, meetingID int64) ([]Past, error) {
	var out []Past
	err := s.db.Read(ctx).Where("meeting_id = ?", meetingID).Order("id").Limit(500).Find(&out).Error
	for i := range out {
		out[i].At = out[i].At.UTC()
	}
	return out, err
}
