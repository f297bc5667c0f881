package consultation

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Note goes with an event: why, and for an extension the new end. The text of a
// withdrawal and of an extension is public.
type Note struct {
	Text     string
	ClosesAt *time.Time
}

// Apply does an event. In this order it refuses: somebody unknown
// (Unauthenticated), another organisation's consultation (NotFound), a role that
// may not (Forbidden), a state that does not allow it (Conflict
// consultation.state), own work (Forbidden consultation.own_work), a missing or
// wrong note (Invalid), what the event itself asks for, and what guards say.
func (s *Service) Apply(ctx context.Context, who actor.Actor, slug string, e Event, n Note) (Consultation, error) {
	var out Consultation
	err := s.change(ctx, who, slug, func(tx *database.Tx, c *Consultation) error {
		if err := s.gate.Require(who, e.Permission(), c.Organisation); err != nil {
			return err
		}
		if err := s.moments(tx, c); err != nil {
			return err
		}
		t, err := s.allowed(ctx, tx, *c, e)
		if err != nil {
			return err
		}
		n.Text = strings.TrimSpace(n.Text)
		if err := t.checkNote(n); err != nil {
			return err
		}
		before := *c
		if err := s.effect(ctx, tx, c, t, n); err != nil {
			return err
		}
		for _, g := range s.guards[e] {
			if err := g(ctx, tx, before, e); err != nil {
				return err
			}
		}
		if err := s.store(tx, before, c, e, n); err != nil {
			return err
		}
		for _, f := range s.consequences[e] {
			if err := f(ctx, tx, *c, e); err != nil {
				return err
			}
		}
		out = *c
		return nil
	})
	return out, err
}

// allowed asks state and four eyes.
func (s *Service) allowed(ctx context.Context, tx *database.Tx, c Consultation, e Event) (Transition, error) {
	status := c.Status(tx.Now)
	t, ok := Step(status, e)
	if !ok {
		return t, fault.New(fault.Conflict, "consultation.state", "event", string(e), "status", string(status))
	}
	if t.Others && c.OwnWork(tx.Actor.Key()) {
		return t, fault.New(fault.Forbidden, "consultation.own_work")
	}
	if e != PublishSummary || tx.Actor.Key() != c.ApprovedBy {
		return t, nil
	}
	org, err := s.orgs.ByID(ctx, c.Organisation)
	if err != nil {
		return t, err
	}
	if org.SignerDiffers {
		return t, fault.New(fault.Forbidden, "consultation.signer_differs")
	}
	return t, nil
}

func (t Transition) checkNote(n Note) error {
	var f fault.Fields
	length := utf8.RuneCountInString(n.Text)
	switch {
	case t.Note && length == 0:
		f.Add("note", "consultation.note_required."+string(t.Event))
	case length > LineLength*4:
		f.Add("note", "consultation.too_long", "most", LineLength*4, "count", length-LineLength*4)
	}
	return f.Err()
}

// effect changes the consultation as the event demands; nothing is stored yet.
func (s *Service) effect(ctx context.Context, tx *database.Tx, c *Consultation, t Transition, n Note) error {
	c.State, c.UpdatedAt = t.To, tx.Now
	c.Version++
	key := tx.Actor.Key()
	switch t.Event {
	case Submit:
		c.SubmittedBy, c.Note = key, ""
		return s.complete(ctx, *c, tx.Now)
	case Return:
		c.Note = n.Text
		if t.To == Decided {
			c.SummaryBy = ""
		}
	case Approve:
		return s.approve(tx, c)
	case Extend:
		return c.extend(n.ClosesAt)
	case Withdraw:
		now := tx.Now
		c.Note, c.WithdrawnAt = n.Text, &now
	case SubmitSummary:
		c.SummaryBy, c.Note = key, ""
	case PublishSummary:
		now := tx.Now
		c.PublishedAt = &now
	}
	return nil
}

// approve fixes the draft and the period. An opening that has passed, or that
// was left to the approval, is now.
func (s *Service) approve(tx *database.Tx, c *Consultation) error {
	now := tx.Now
	if c.ClosesAt == nil || !c.ClosesAt.After(now) {
		return fault.New(fault.Conflict, "consultation.period_over")
	}
	if c.OpensAt == nil || c.OpensAt.Before(now) {
		c.OpensAt = &now
	}
	c.ApprovedBy, c.ApprovedAt, c.Note = tx.Actor.Key(), &now, ""
	return s.drafts.Publish(tx, c.ID, draft.First)
}

func (c *Consultation) extend(end *time.Time) error {
	var f fault.Fields
	switch {
	case end == nil || end.IsZero():
		f.Add("closes_at", "consultation.closes_required")
	case !end.After(*c.ClosesAt):
		f.Add("closes_at", "consultation.closes_earlier")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if c.FirstClosesAt == nil {
		c.FirstClosesAt = c.ClosesAt
	}
	t := end.UTC().Truncate(time.Microsecond)
	c.ClosesAt = &t
	return nil
}

// lifeColumns are what events change.
var lifeColumns = []string{
	"state", "submitted_by", "approved_by", "approved_at", "summary_by", "published_at", "withdrawn_at", "note",
	"opens_at", "closes_at", "first_closes_at", "updated_at", "version",
}

func (s *Service) store(tx *database.Tx, before Consultation, c *Consultation, e Event, n Note) error {
	if err := tx.Model(&Consultation{}).Where("id = ?", c.ID).Select(lifeColumns).Updates(c).Error; err != nil {
		return err
	}
	past := Past{
		ConsultationID: c.ID, ID: tx.NextID(), Event: e, FromState: before.State, ToState: c.State,
		Actor: tx.Actor.Key(), ActorName: tx.Actor.Name, Note: n.Text, At: tx.Now,
	}
	if err := tx.Create(&past).Error; err != nil {
		return err
	}
	was, is := map[string]any{"state": before.State}, map[string]any{"state": c.State}
	if n.Text != "" {
		is["note"] = n.Text
	}
	if !sameTime(before.OpensAt, c.OpensAt) {
		was["opens_at"], is["opens_at"] = before.OpensAt, c.OpensAt
	}
	if !sameTime(before.ClosesAt, c.ClosesAt) {
		was["closes_at"], is["closes_at"] = before.ClosesAt, c.ClosesAt
	}
	return audit.Record(tx, audit.Entry{
		Organisation: c.Organisation, Consultation: c.ID, Action: string(e), Object: "consultation", ObjectID: c.ID, Before: was, After: is,
	})
}
