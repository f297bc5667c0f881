package selection

import (
	"context"
	"encoding/json"
	"errors"

	"gorm.io/gorm"

	"guangyi/internal/audit"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/sortition"
)

// Record is the draw as everybody may read it: rows that could point at a person
// are merged into totals. It is NotFound selection.no_draw before the chances
// are public, and where nothing is drawn.
func (s *Service) Record(ctx context.Context, slug string) (sortition.Record, error) {
	_, sel, err := s.public(ctx, slug)
	if err != nil {
		return sortition.Record{}, err
	}
	var r sortition.Record
	return r, json.Unmarshal([]byte(sel.PublicRecord), &r)
}

func (s *Service) public(ctx context.Context, slug string) (meeting.Meeting, Selection, error) {
	m, err := s.meetings.BySlug(ctx, slug)
	if err != nil {
		return m, Selection{}, err
	}
	sel, found, err := find(s.db.Read(ctx), m.ID)
	if err != nil {
		return m, sel, err
	}
	if !found || !sel.Public() || !sel.Draws() {
		return m, sel, fault.New(fault.NotFound, "selection.no_draw")
	}
	return m, sel, nil
}

// FullFor is the record with every row, for an applicant of the meeting.
func (s *Service) FullFor(ctx context.Context, slug, reference, secret string) (sortition.Record, error) {
	m, sel, err := s.public(ctx, slug)
	if err != nil {
		return sortition.Record{}, err
	}
	own, err := s.meetings.Mine(ctx, reference, secret)
	if err != nil {
		return sortition.Record{}, err
	}
	if own.Application.Meeting != m.ID {
		return sortition.Record{}, fault.Missing()
	}
	return sel.full()
}

// FullForWitness is the record with every row, for a named witness.
func (s *Service) FullForWitness(ctx context.Context, slug, token string) (sortition.Record, error) {
	m, sel, err := s.public(ctx, slug)
	if err != nil {
		return sortition.Record{}, err
	}
	var w Witness
	err = s.db.Read(ctx).Where("meeting_id = ? AND token_hash = ?", m.ID, hashed(token)).Take(&w).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return sortition.Record{}, fault.Missing()
	}
	if err != nil {
		return sortition.Record{}, err
	}
	return sel.full()
}

// FullForStaff is the record with every row, for the auditor and those who run
// the draw; who looked is recorded.
func (s *Service) FullForStaff(ctx context.Context, who actor.Actor, slug string) (sortition.Record, error) {
	m, err := s.meetings.Staff(ctx, who, slug)
	if err != nil {
		return sortition.Record{}, err
	}
	if err := s.gate.Require(who, PermissionAudit, m.Organisation); err != nil {
		return sortition.Record{}, err
	}
	sel, found, err := find(s.db.Read(ctx), m.ID)
	if err != nil {
		return sortition.Record{}, err
	}
	if !found || sel.Record == "" {
		return sortition.Record{}, fault.New(fault.NotFound, "selection.no_draw")
	}
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		return audit.Record(tx, audit.Entry{Organisation: m.Organisation, Action: "read", Object: "selection", ObjectID: m.ID})
	})
	if err != nil {
		return sortition.Record{}, err
	}
	return sel.full()
}

// Chance is what one applicant may know of their own.
type Chance struct {
	Label       string
	Rule        Rule    // why not in the pool; empty: in it
	Probability float64 // of being selected, before the draw; 1 where nothing was drawn
	On          int     // panels of the lottery on which the applicant sits
	Panels      int     // in the lottery; 0 where nothing was drawn
	Drawn       bool    // the result is known
	Index       int     // panel drawn, where Panels > 0
}

// ChanceFor is the chance of one application, once it is public; ok is false
// before that, and for one that came after the pool was frozen.
func (s *Service) ChanceFor(ctx context.Context, meetingID, application int64) (c Chance, ok bool, err error) {
	sel, found, err := s.Of(ctx, meetingID)
	if err != nil || !found || !sel.Public() {
		return c, false, err
	}
	var p Person
	err = s.db.Read(ctx).Where("meeting_id = ? AND application_id = ?", meetingID, application).Take(&p).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	c = Chance{Label: p.Label, Rule: p.Rule, Probability: p.Probability(), On: p.On, Panels: sel.Panels, Drawn: sel.Stage == Drawn}
	if c.Drawn && sel.Result != "" {
		var r sortition.Result
		err = json.Unmarshal([]byte(sel.Result), &r)
		c.Index = r.Index
	}
	return c, true, err
}

// ChanceOf is ChanceFor in figures: the share, and in how many of how many panels.
func (s *Service) ChanceOf(ctx context.Context, meetingID, application int64) (share float64, in, of int, ok bool, err error) {
	c, ok, err := s.ChanceFor(ctx, meetingID, application)
	return c.Probability, c.On, c.Panels, ok && c.Rule == "", err
}

// DrawPublished reports whether chances, or who comes, are public.
func (s *Service) DrawPublished(ctx context.Context, meetingID int64) (bool, error) {
	sel, found, err := s.Of(ctx, meetingID)
	return found && sel.Public(), err
}

// Bundle is the public record as a ZIP file with draw.json, for guangyi verify.
func (s *Service) Bundle(ctx context.Context, slug string) ([]byte, error) {
	_, sel, err := s.public(ctx, slug)
	if err != nil {
		return nil, err
	}
	return bundle(sel.PublicRecord)
}
