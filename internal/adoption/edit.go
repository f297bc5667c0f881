package adoption

import (
	"context"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Wording is the text of a suggestion.
type Wording struct {
	Text string
	Lang string // empty: as it was
}

// Edit rewrites the text of a suggestion. A stale version is a Conflict; the
// suggestion as it stands comes back with it, so that both texts can be shown.
func (s *Service) Edit(ctx context.Context, who actor.Actor, id int64, w Wording, version int64) (Suggestion, error) {
	return s.alter(ctx, who, id, version, mayDraft, func(tx *database.Tx, c subject, of *Suggestion) error {
		if err := checkText(w.Text).Err(); err != nil {
			return err
		}
		before := *of
		if err := reopen(of); err != nil {
			return err
		}
		of.Text, of.Author = w.Text, tx.Actor.Key()
		if w.Lang != "" {
			of.Lang = w.Lang
		}
		return s.keep(tx, c, before, of, Rewrote, "")
	})
}

// MayGather refuses who may not gather comments of a consultation, whatever its
// state; for handlers that must read something before the change itself asks.
func (s *Service) MayGather(ctx context.Context, who actor.Actor, slug string) error {
	_, err := s.at(ctx, who, atSlug(slug), mayGather)
	return err
}

// Merge puts every comment of one suggestion into another of the same consultation
// and drops the emptied one; its number stays unused as long as later ones exist.
func (s *Service) Merge(ctx context.Context, who actor.Actor, into, from, version int64) (Suggestion, error) {
	return s.alter(ctx, who, into, version, mayGather, func(tx *database.Tx, c subject, of *Suggestion) error {
		if into == from {
			return (fault.Fields{{Name: "from", Code: "suggestion.merge_itself"}}).Err()
		}
		other, err := s.load(tx.DB, c, from, 0)
		if err != nil {
			return err
		}
		held, err := heldBy(tx, c.ID, from)
		if err != nil {
			return err
		}
		if err := s.letGo(tx, c, &other, held, Releasing); err != nil {
			return err
		}
		if err := s.hold(tx, c, of, held, Merging); err != nil {
			return err
		}
		return s.drop(tx, c, other)
	})
}

// Drop removes a suggestion that holds no comment.
func (s *Service) Drop(ctx context.Context, who actor.Actor, id, version int64) error {
	_, err := s.alter(ctx, who, id, version, mayGather, func(tx *database.Tx, c subject, of *Suggestion) error {
		if of.Comments > 0 {
			return fault.New(fault.Conflict, "suggestion.not_empty")
		}
		return s.drop(tx, c, *of)
	})
	return err
}

func (s *Service) drop(tx *database.Tx, c subject, of Suggestion) error {
	for _, table := range []any{&provisionRow{}, &sender{}, &Happening{}} {
		if err := tx.Where("consultation_id = ? AND suggestion_id = ?", c.ID, of.ID).Delete(table).Error; err != nil {
			return err
		}
	}
	if err := tx.Where("consultation_id = ? AND id = ?", c.ID, of.ID).Delete(&Suggestion{}).Error; err != nil {
		return err
	}
	d := stateDelta(of.State, "")
	d.Suggestions = -1
	if err := consultation.Count(tx, c.ID, d); err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Organisation: c.OrganisationID, Consultation: c.ID, Action: "drop",
		Object: "suggestion", ObjectID: of.ID, Before: fields(of)})
}

// heldBy reads every comment that a suggestion holds.
func heldBy(tx *database.Tx, consultation, suggestion int64) ([]comment, error) {
	var out []comment
	return out, tx.Table("comments AS c").Select("c.id, c.submission_id, s.person, c.provision, c.split, c.suggestion_id").
		Joins("JOIN submissions AS s ON s.consultation_id = c.consultation_id AND s.id = c.submission_id").
		Where("c.consultation_id = ? AND c.suggestion_id = ?", consultation, suggestion).Order("c.id").Find(&out).Error
}
