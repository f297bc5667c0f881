package desk

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// firstVersion is the draft that paper speaks of: the one that was put out.
const firstVersion = draft.First

// Return gives an entry back to the clerk, with what is wrong: a page is missing.
// Faults: those of change; Invalid note.
func (s *Service) Return(ctx context.Context, who actor.Actor, slug string, id int64, note string) (Entry, error) {
	note = strings.TrimSpace(note)
	switch n := utf8.RuneCountInString(note); {
	case n == 0:
		return Entry{}, fault.Fields{{Name: "note", Code: "desk.note_none"}}.Err()
	case n > MostNote:
		return Entry{}, fault.Fields{{Name: "note", Code: "submission.line_long", Args: []any{"most", MostNote}}}.Err()
	}
	return s.change(ctx, who, slug, id, PermissionCheck, func(tx *database.Tx, _ consultation.Consultation, e *Entry) error {
		before := e.State
		var err error
		if e.State, err = Step(e.State, Back); err != nil {
			return err
		}
		e.Content.Note, e.CheckedBy, e.CheckedAt, e.Refused = note, "", nil, ""
		if err := s.remember(tx, e, "returned", kept{Remark: note}); err != nil {
			return err
		}
		if err := s.store(tx, e); err != nil {
			return err
		}
		return trail(tx, e, string(Back), before, nil)
	})
}

// Discard sets an entry aside for a reason of Reasons. All that was typed stays, and
// the entry stays in every count of the desk.
func (s *Service) Discard(ctx context.Context, who actor.Actor, slug string, id int64, reason string) (Entry, error) {
	if !slices.Contains(Reasons, reason) {
		return Entry{}, fault.Fields{{Name: "reason", Code: "desk.reason"}}.Err()
	}
	return s.change(ctx, who, slug, id, PermissionEnter, func(tx *database.Tx, _ consultation.Consultation, e *Entry) error {
		return s.step(tx, e, Discard, reason)
	})
}

// Restore takes up again what was discarded.
func (s *Service) Restore(ctx context.Context, who actor.Actor, slug string, id int64) (Entry, error) {
	return s.change(ctx, who, slug, id, PermissionEnter, func(tx *database.Tx, _ consultation.Consultation, e *Entry) error {
		return s.step(tx, e, Restore, "")
	})
}

func (s *Service) step(tx *database.Tx, e *Entry, event Event, reason string) error {
	before := e.State
	var err error
	if e.State, err = Step(e.State, event); err != nil {
		return err
	}
	e.Reason = reason
	if err := s.store(tx, e); err != nil {
		return err
	}
	var more map[string]any
	if reason != "" {
		more = map[string]any{"reason": reason}
	}
	return trail(tx, e, string(event), before, more)
}

// Remark adds what was found out after an entry was taken. Its words do not change:
// they are in the register.
func (s *Service) Remark(ctx context.Context, who actor.Actor, slug string, id int64, text string) (Entry, error) {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return Entry{}, fault.Fields{{Name: "remark", Code: "desk.note_none"}}.Err()
	case n > MostNote:
		return Entry{}, fault.Fields{{Name: "remark", Code: "submission.line_long", Args: []any{"most", MostNote}}}.Err()
	}
	return s.change(ctx, who, slug, id, PermissionEnter, func(tx *database.Tx, _ consultation.Consultation, e *Entry) error {
		if e.State != Taken {
			return fault.New(fault.Conflict, "desk.state")
		}
		if err := s.remember(tx, e, "remark", kept{Remark: text}); err != nil {
			return err
		}
		return trail(tx, e, "remark", "", nil)
	})
}

// Correct begins another entry with the words of one that was taken, to be put right
// and taken beside it: both stay, and each names the other.
func (s *Service) Correct(ctx context.Context, who actor.Actor, slug string, id int64, key string) (Entry, error) {
	c, err := s.Place(ctx, who, slug, PermissionEnter)
	if err != nil {
		return Entry{}, err
	}
	was, err := s.read(s.db.Read(ctx), c.ID, id)
	if err != nil {
		return was, err
	}
	if was.State != Taken {
		return was, fault.New(fault.Conflict, "desk.state")
	}
	return s.Keep(ctx, who, slug, was.BatchID, In{Key: key, Content: was.Content, Corrects: id})
}
