package availability

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// MostReason and MostNote are characters.
const (
	MostReason = 1000
	MostNote   = 500
)

// Extend makes up for the lost time: the consultation's end moves by the proposed
// days, with the public notice. It is consultation's own event with all its rules.
// Faults beside those: Conflict availability.nothing when nothing is proposed, and
// availability.changed when more was lost than the days that were shown make up for.
func (s *Service) Extend(ctx context.Context, who actor.Actor, slug string, days int, notice string) error {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return err
	}
	if err := s.gate.Require(who, consultation.Extend.Permission(), c.Organisation); err != nil {
		return err
	}
	l, err := s.Of(ctx, c)
	switch {
	case err != nil:
		return err
	case !l.Proposed():
		return fault.New(fault.Conflict, "availability.nothing")
	case days != 0 && days != l.Days:
		return fault.New(fault.Conflict, "availability.changed")
	case l.NewEnd.IsZero():
		return fault.New(fault.Conflict, "availability.over")
	}
	_, err = s.consultations.Apply(ctx, who, slug, consultation.Extend, consultation.Note{Text: notice, ClosesAt: &l.NewEnd})
	return err
}

// extended is the consequence of every extension: one that makes up for what was
// lost answers the proposal, by whichever door it came.
func (s *Service) extended(_ context.Context, tx *database.Tx, c consultation.Consultation, _ consultation.Event) error {
	l, err := s.loss(tx.DB, c, tx.Now)
	if err != nil || !l.Proposed() {
		return err
	}
	given, err := s.given(tx, c)
	if err != nil || given < l.Days {
		return err
	}
	return s.store(tx, Answer{
		Organisation: c.Organisation, Consultation: c.ID, Answer: Extended, Lost: seconds(l.Pending), Days: given,
	})
}

// given is by how many whole days the extension at hand moves the end. The trail
// of this very change tells where the end was before.
func (s *Service) given(tx *database.Tx, c consultation.Consultation) (int, error) {
	var row audit.Row
	err := tx.Where("consultation_id = ? AND action = ?", c.ID, string(consultation.Extend)).Order("id DESC").Take(&row).Error
	if err != nil {
		return 0, database.Translate(err)
	}
	var before struct {
		ClosesAt time.Time `json:"closes_at"`
	}
	if err := json.Unmarshal([]byte(row.Before), &before); err != nil {
		return 0, err
	}
	return int(c.ClosesAt.Sub(before.ClosesAt) / (24 * time.Hour)), nil
}

// Decline answers that the period stays, with a reason. Faults: Invalid reason;
// Conflict availability.nothing when nothing is proposed.
func (s *Service) Decline(ctx context.Context, who actor.Actor, slug, reason string) error {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return err
	}
	if err := s.gate.Require(who, PermissionAnswer, c.Organisation); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if f := written("reason", reason, "availability.reason", MostReason); f != nil {
		return f
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		locked, err := consultation.Lock(tx, c.ID)
		if err != nil {
			return err
		}
		l, err := s.loss(tx.DB, locked, tx.Now)
		if err != nil {
			return err
		}
		if !l.Proposed() {
			return fault.New(fault.Conflict, "availability.nothing")
		}
		return s.store(tx, Answer{
			Organisation: c.Organisation, Consultation: c.ID, Answer: Declined, Lost: seconds(l.Pending), Days: l.Days, Reason: reason,
		})
	})
}

func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

func (s *Service) store(tx *database.Tx, a Answer) error {
	a.ID, a.Actor, a.At = tx.NextID(), tx.Actor.Key(), tx.Now
	if err := tx.Create(&a).Error; err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: a.Organisation, Consultation: a.Consultation, Action: a.Answer, Object: "outage", ObjectID: a.ID,
		After: map[string]any{"lost_seconds": a.Lost, "days": a.Days, "reason": a.Reason},
	})
}

// written wants a text of 1 to most characters.
func written(field, text, code string, most int) error {
	var f fault.Fields
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		f.Add(field, code)
	case n > most:
		f.Add(field, "availability.long", "most", most, "count", n-most)
	}
	return f.Err()
}

// MayAnswer reports whether an actor's role may decline.
func (s *Service) MayAnswer(who actor.Actor, c consultation.Consultation) bool {
	return s.gate.May(who, PermissionAnswer, c.Organisation)
}

// RequireAnswer refuses whose role may not answer the proposal.
func (s *Service) RequireAnswer(who actor.Actor, c consultation.Consultation) error {
	return s.gate.Require(who, PermissionAnswer, c.Organisation)
}

// Pending is a consultation with lost time that nobody has answered yet.
type Pending struct {
	Consultation consultation.Consultation
	Loss         Loss
}

// mostWaiting bounds how many running consultations are looked at.
const mostWaiting = 200

// Waiting lists the running consultations of the actor's organisations with lost
// time to be answered.
func (s *Service) Waiting(ctx context.Context, who actor.Actor) ([]Pending, error) {
	recent, err := s.Latest(ctx, 1)
	if err != nil || len(recent) == 0 {
		return nil, err // nothing was ever lost
	}
	page, err := s.consultations.StaffList(ctx, who, consultation.StaffFilter{Status: consultation.Open, Limit: mostWaiting})
	if err != nil {
		return nil, err
	}
	var out []Pending
	for _, c := range page.Items {
		l, err := s.Of(ctx, c)
		if err != nil {
			return nil, err
		}
		if l.Proposed() {
			out = append(out, Pending{c, l})
		}
	}
	return out, nil
}
