package adoption

import (
	"context"
	"fmt"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// GatherLimit is how many comments one act may gather.
const GatherLimit = 5000

// Gather makes a suggestion of comments that say the same. Faults: Invalid with
// text or comments[i]; Conflict when a comment already lies in another suggestion
// or the consultation takes no more changes.
func (s *Service) Gather(ctx context.Context, who actor.Actor, slug string, in In) (Suggestion, error) {
	var made Suggestion
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.enter(tx, atSlug(slug), mayGather)
		if err != nil {
			return err
		}
		if err := checkText(in.Text).Err(); err != nil {
			return err
		}
		made, err = s.begin(tx, c, in)
		if err != nil || len(in.Comments) == 0 {
			return err
		}
		return s.take(tx, c, &made, in.Comments, in.Move, Gathering)
	})
	return made, err
}

// begin writes a new suggestion without comments. Numbers are safe from races: the
// consultation's counters are locked.
func (s *Service) begin(tx *database.Tx, c subject, in In) (Suggestion, error) {
	var last int
	err := tx.Table("suggestions").Where("consultation_id = ?", c.ID).Select("COALESCE(MAX(number), 0)").Scan(&last).Error
	if err != nil {
		return Suggestion{}, err
	}
	lang := in.Lang
	if lang == "" {
		lang = c.Lang
	}
	made := Suggestion{ConsultationID: c.ID, ID: tx.NextID(), Number: last + 1, Text: in.Text, Lang: lang, State: Drafted,
		ReasonLang: c.Lang, Author: tx.Actor.Key(), CreatedAt: tx.Now, UpdatedAt: tx.Now, Version: 1, Provisions: []string{}}
	if err := tx.Create(&made).Error; err != nil {
		return made, err
	}
	if err := consultation.Count(tx, c.ID, consultation.Delta{Suggestions: 1}); err != nil {
		return made, err
	}
	return made, s.note(tx, c, made.ID, Wrote, "", [2]map[string]any{nil, {"number": made.Number, "text": made.Text, "state": made.State}})
}

// AddComments gathers more comments into a suggestion; with move, also those that
// lie in another. One in review or agreed goes back to drafted. Comments that lie
// in it already are passed over.
func (s *Service) AddComments(ctx context.Context, who actor.Actor, id int64, comments []int64, move bool) (Suggestion, error) {
	event := Gathering
	if move {
		event = Moving
	}
	return s.alter(ctx, who, id, 0, mayGather, func(tx *database.Tx, c subject, of *Suggestion) error {
		return s.take(tx, c, of, comments, move, event)
	})
}

// Release lets comments go from a suggestion; they wait to be gathered again.
func (s *Service) Release(ctx context.Context, who actor.Actor, id int64, comments []int64) (Suggestion, error) {
	return s.alter(ctx, who, id, 0, mayGather, func(tx *database.Tx, c subject, of *Suggestion) error {
		found, err := s.lookUp(tx, c, comments)
		if err != nil {
			return err
		}
		var held []comment
		for i, one := range found {
			if one.SuggestionID != of.ID {
				return fieldFault(fault.Invalid, i, "suggestion.comment_not_here")
			}
			held = append(held, one)
		}
		return s.letGo(tx, c, of, held, Releasing)
	})
}

// alter runs one change of one suggestion.
func (s *Service) alter(ctx context.Context, who actor.Actor, id, version int64, may access.Permission,
	do func(*database.Tx, subject, *Suggestion) error) (Suggestion, error) {
	var of Suggestion
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.enter(tx, atSuggestion(id), may)
		if err != nil {
			return err
		}
		if of, err = s.load(tx.DB, c, id, version); err != nil {
			return err
		}
		return do(tx, c, &of)
	})
	return of, err
}

// take puts comments into a suggestion, out of others when move allows it.
func (s *Service) take(tx *database.Tx, c subject, into *Suggestion, ids []int64, move bool, event string) error {
	found, err := s.lookUp(tx, c, ids)
	if err != nil {
		return err
	}
	var fresh []comment
	elsewhere := map[int64][]comment{}
	for i, one := range found {
		switch one.SuggestionID {
		case 0:
			fresh = append(fresh, one)
		case into.ID:
		default:
			if !move {
				return fieldFault(fault.Conflict, i, "suggestion.comment_taken")
			}
			elsewhere[one.SuggestionID] = append(elsewhere[one.SuggestionID], one)
			fresh = append(fresh, one)
		}
	}
	for from, some := range elsewhere {
		if err := s.takeFrom(tx, c, from, some); err != nil {
			return err
		}
	}
	return s.hold(tx, c, into, fresh, event)
}

func (s *Service) takeFrom(tx *database.Tx, c subject, from int64, some []comment) error {
	other, err := s.load(tx.DB, c, from, 0)
	if err != nil {
		return err
	}
	return s.letGo(tx, c, &other, some, Releasing)
}

// hold notes free comments on a suggestion and moves every figure that they touch.
func (s *Service) hold(tx *database.Tx, c subject, into *Suggestion, free []comment, event string) error {
	if len(free) == 0 {
		// Nothing moved; the trail still says that it was asked.
		return s.note(tx, c, into.ID, event, "", [2]map[string]any{nil, {"comments": []string{}}})
	}
	before := *into
	if err := reopen(into); err != nil {
		return err
	}
	if into.About == "" && into.Comments == 0 {
		into.About = free[0].Provision
	}
	return s.shift(tx, c, before, into, free, 1, event)
}

// letGo is hold backwards.
func (s *Service) letGo(tx *database.Tx, c subject, from *Suggestion, held []comment, event string) error {
	if len(held) == 0 {
		return s.note(tx, c, from.ID, event, "", [2]map[string]any{nil, {"comments": []string{}}})
	}
	before := *from
	if err := reopen(from); err != nil {
		return err
	}
	return s.shift(tx, c, before, from, held, -1, event)
}

// shift moves comments in (sign 1) or out (sign -1) with all figures.
func (s *Service) shift(tx *database.Tx, c subject, before Suggestion, of *Suggestion, some []comment, sign int, event string) error {
	holder := of.ID
	if sign < 0 {
		holder = 0
	}
	if err := moved(tx, c.ID, some, holder); err != nil {
		return err
	}
	letters, people, err := shiftSenders(tx, c.ID, of.ID, some, sign)
	if err != nil {
		return err
	}
	of.Comments += sign * len(some)
	of.Submissions += letters
	of.People += people
	if err := consultation.Count(tx, c.ID, consultation.Delta{Gathered: sign * len(some)}); err != nil {
		return err
	}
	return s.keep(tx, c, before, of, event, fmt.Sprint(len(some)))
}

func fieldFault(kind fault.Kind, at int, code string) error {
	return &fault.Error{Kind: kind, Code: code, Fields: []fault.Field{{Name: fmt.Sprintf("comments[%d]", at), Code: code}}}
}
