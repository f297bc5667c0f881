package meeting

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Note goes with an event: why; for an extension the new end of applications, for
// a move the new dates and place (an empty value keeps the old one). The text of
// a move, an extension, a correction and a cancellation is public.
type Note struct {
	Text                       string
	ClosesAt                   *time.Time
	StartsAt, EndsAt           *time.Time
	Place, Link                string
	AnswerBy, PapersAt, Forget *time.Time
}

// Apply does an event. In this order it refuses: somebody unknown
// (Unauthenticated), another organisation's meeting (NotFound), a role that may
// not (Forbidden), a state that does not allow it (Conflict meeting.state), own
// work (Forbidden meeting.own_work), a missing or wrong note (Invalid), what the
// event itself asks for, and what guards say. Events that belong to a higher
// capability (Select, Invite, Hold, accounts, Correct) are a Conflict
// meeting.elsewhere here; it does them by Step.
func (s *Service) Apply(ctx context.Context, who actor.Actor, slug string, e Event, n Note) (Meeting, error) {
	var out Meeting
	err := s.change(ctx, who, slug, func(tx *database.Tx, m *Meeting) error {
		if err := s.gate.Require(who, e.Permission(), m.Organisation); err != nil {
			return err
		}
		if e.Higher() {
			return fault.New(fault.Conflict, "meeting.elsewhere", "event", string(e))
		}
		if err := s.Step(ctx, tx, m, e, n); err != nil {
			return err
		}
		out = *m
		return nil
	})
	return out, err
}

// Step does an event inside a higher capability's transaction, with every check
// of Apply. m is locked (see Lock) and is afterwards as it was stored.
func (s *Service) Step(ctx context.Context, tx *database.Tx, m *Meeting, e Event, n Note) error {
	if err := s.gate.Require(tx.Actor, e.Permission(), m.Organisation); err != nil {
		return err
	}
	t, err := allowed(tx, *m, e)
	if err != nil {
		return err
	}
	n.Text = strings.TrimSpace(n.Text)
	if err := t.checkNote(n); err != nil {
		return err
	}
	before := *m
	detail, err := s.effect(ctx, tx, m, t, n)
	if err != nil {
		return err
	}
	for _, g := range s.guards[e] {
		if err := g(ctx, tx, before, e); err != nil {
			return err
		}
	}
	if err := tx.Model(&Meeting{}).Where("id = ?", m.ID).Select(lifeColumns).Updates(m).Error; err != nil {
		return err
	}
	if err := remember(tx, before, *m, e, n.Text, detail); err != nil {
		return err
	}
	for _, f := range s.consequences[e] {
		if err := f(ctx, tx, *m, e); err != nil {
			return err
		}
	}
	return nil
}

// allowed asks state and four eyes.
func allowed(tx *database.Tx, m Meeting, e Event) (Transition, error) {
	status := m.Status(tx.Now)
	t, ok := Allowed(status, e)
	if !ok {
		return t, fault.New(fault.Conflict, "meeting.state", "event", string(e), "status", string(status))
	}
	if t.Others && m.OwnWork(tx.Actor.Key()) {
		return t, fault.New(fault.Forbidden, "meeting.own_work")
	}
	return t, nil
}

func (t Transition) checkNote(n Note) error {
	var f fault.Fields
	length := utf8.RuneCountInString(n.Text)
	switch {
	case t.Note && length == 0:
		f.Add("note", "meeting.note_required."+string(t.Event))
	case length > NoteLength:
		f.Add("note", "meeting.too_long", "most", NoteLength, "count", length-NoteLength)
	}
	return f.Err()
}

// effect changes the meeting as the event demands; nothing is stored yet. detail
// is what history keeps besides.
func (s *Service) effect(ctx context.Context, tx *database.Tx, m *Meeting, t Transition, n Note) (detail map[string]any, err error) {
	if t.To != "" {
		m.State = t.To
	}
	m.UpdatedAt = tx.Now
	m.Version++
	key, now := tx.Actor.Key(), tx.Now
	switch t.Event {
	case Submit:
		m.SubmittedBy, m.Note = key, ""
		return nil, s.complete(ctx, *m, now)
	case Return:
		m.Note = n.Text
		if t.To == Held {
			m.AccountBy = ""
		}
	case Approve:
		return nil, s.approve(ctx, tx, m)
	case Extend:
		return m.extend(n.ClosesAt)
	case MoveDate:
		return s.moveTo(m, n, now)
	case Cancel:
		m.Note, m.CancelledAt = n.Text, &now
	case SubmitAccount:
		m.AccountBy, m.Note = key, ""
	case PublishAccount:
		m.PublishedAt = &now
	}
	return nil, nil
}

// approve publishes the call and fixes its rules. An opening that has passed, or
// that was left to the approval, is now.
func (s *Service) approve(ctx context.Context, tx *database.Tx, m *Meeting) error {
	now := tx.Now
	if m.OpensAt == nil || m.OpensAt.Before(now) {
		m.OpensAt = &now
	}
	if err := s.complete(ctx, *m, now); err != nil {
		return err
	}
	m.ApprovedBy, m.ApprovedAt, m.Note = tx.Actor.Key(), &now, ""
	return m.fixRules()
}

func (m *Meeting) extend(end *time.Time) (map[string]any, error) {
	var f fault.Fields
	switch {
	case end == nil || end.IsZero():
		f.Add("closes_at", "meeting.closes_required")
	case !end.After(*m.ClosesAt):
		f.Add("closes_at", "meeting.closes_earlier")
	case end.After(m.StartsAt):
		f.Add("closes_at", "meeting.closes_after_start")
	case !m.Seed.KnownAt.IsZero() && !end.Before(m.Seed.KnownAt):
		f.Add("closes_at", "meeting.closes_after_seed")
	case m.AnswerBy != nil && m.AnswerBy.Before(*end) || m.ForgetAt != nil && m.ForgetAt.Before(*end):
		f.Add("closes_at", "meeting.closes_after_answer")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	was := *m.ClosesAt
	if m.FirstClosesAt == nil {
		m.FirstClosesAt = &was
	}
	m.ClosesAt = instant(end)
	return map[string]any{"closes_at_before": was, "closes_at": m.ClosesAt}, nil
}

// moveTo gives the meeting new dates or another place. Whoever is told of it is
// for consequences to say.
func (s *Service) moveTo(m *Meeting, n Note, now time.Time) (map[string]any, error) {
	was := *m
	if n.StartsAt != nil && !n.StartsAt.IsZero() {
		m.StartsAt = *instant(n.StartsAt)
		m.EndsAt = m.StartsAt.Add(was.EndsAt.Sub(was.StartsAt))
	}
	if n.EndsAt != nil && !n.EndsAt.IsZero() {
		m.EndsAt = *instant(n.EndsAt)
	}
	if n.Place != "" {
		m.Place = n.Place
	}
	if n.Link != "" {
		m.Link = n.Link
	}
	setTime(&m.AnswerBy, n.AnswerBy)
	setTime(&m.PapersAt, n.PapersAt)
	setTime(&m.ForgetAt, n.Forget)
	var f fault.Fields
	switch {
	case !m.StartsAt.After(now):
		f.Add("starts_at", "meeting.starts_passed")
	case !m.EndsAt.After(m.StartsAt):
		f.Add("ends_at", "meeting.ends_before_starts")
	case m.ClosesAt != nil && m.ClosesAt.After(m.StartsAt):
		f.Add("starts_at", "meeting.closes_after_start")
	case m.StartsAt.Equal(was.StartsAt) && m.EndsAt.Equal(was.EndsAt) && m.Place == was.Place && m.Link == was.Link:
		f.Add("starts_at", "meeting.moved_nowhere")
	}
	m.checkAround(&f)
	if !m.StartsAt.Equal(was.StartsAt) {
		periodFaults(s.periods(*m, now), &f) // the new date is published now
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	m.Note = strings.TrimSpace(n.Text)
	if !m.StartsAt.Equal(was.StartsAt) && m.FirstStartsAt == nil {
		m.FirstStartsAt = &was.StartsAt
	}
	return map[string]any{
		"starts_at_before": was.StartsAt, "starts_at": m.StartsAt, "ends_at_before": was.EndsAt, "ends_at": m.EndsAt,
		"place_before": was.Place, "place": m.Place, "link_before": was.Link, "link": m.Link,
	}, nil
}

// lifeColumns are what events change.
var lifeColumns = []string{
	"state", "submitted_by", "approved_by", "approved_at", "account_by", "published_at", "cancelled_at", "note",
	"opens_at", "closes_at", "first_closes_at", "starts_at", "ends_at", "first_starts_at", "place", "link", "answer_by", "papers_at", "forget_at",
	"quotas", "rules_text", "rules_digest", "updated_at", "version",
}
