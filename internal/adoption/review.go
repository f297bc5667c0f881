package adoption

import (
	"context"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Apply moves a suggestion along its life: submit, agree or return. Faults:
// Forbidden for the role and for one's own work; Conflict when the state does not
// allow it; Invalid when the note or the disposition lacks something.
func (s *Service) Apply(ctx context.Context, who actor.Actor, id int64, event Event, note string, version int64) (Suggestion, error) {
	step, known := transition(event)
	if !known || event == Change || event == Sign {
		if _, err := s.at(ctx, who, atSuggestion(id), mayList); err != nil {
			return Suggestion{}, err // who may not even look is told nothing else
		}
		return Suggestion{}, (fault.Fields{{Name: "event", Code: "suggestion.event_unknown"}}).Err()
	}
	return s.alter(ctx, who, id, version, step.May, func(tx *database.Tx, c subject, of *Suggestion) error {
		if err := s.allow(tx, c, *of, step, note); err != nil {
			return err
		}
		before := *of
		of.State = step.To
		switch event {
		case Submit:
			of.SubmittedBy, of.Note = who.Key(), ""
		case Agree:
			of.AgreedBy, of.AgreedAt, of.Note = who.Key(), &tx.Now, ""
		case Return:
			of.SubmittedBy, of.Note = "", note
		}
		return s.keep(tx, c, before, of, string(event), note)
	})
}

// allow asks whose work it is, whether the state leads there, and what is missing.
func (s *Service) allow(tx *database.Tx, c subject, of Suggestion, step Transition, note string) error {
	if step.NotOwn {
		own, err := ownWork(tx.DB, c.ID, of.ID, tx.Actor)
		if err != nil {
			return err
		}
		if own {
			return fault.New(fault.Forbidden, "suggestion.own_work")
		}
	}
	if !step.leads(of.State) {
		return fault.New(fault.Conflict, "suggestion.not_in_state")
	}
	var faults fault.Fields
	if step.Note && strings.TrimSpace(note) == "" {
		faults.Add("note", "suggestion.note_required")
	}
	if utf8.RuneCountInString(note) > NoteLimit {
		faults.Add("note", "suggestion.too_long", "limit", NoteLimit)
	}
	if step.Complete {
		lacking, err := s.lacking(tx.DB, c, of)
		if err != nil {
			return err
		}
		faults = append(faults, lacking...)
	}
	return faults.Err()
}

// lacking tells what a suggestion needs before somebody else reads it.
func (s *Service) lacking(g *gorm.DB, c subject, of Suggestion) (fault.Fields, error) {
	var faults fault.Fields
	if of.Comments == 0 {
		faults.Add("comments", "suggestion.without_comments")
	}
	if of.Disposition == "" {
		faults.Add("disposition", "suggestion.disposition_required")
		return faults, nil
	}
	exists, err := provisionsThere(g, c.ID, of.Provisions)
	return append(faults, of.Decided().check(exists)...), err
}

// ownWork reports whether the person wrote the suggestion, drafted its disposition
// or submitted it, ever.
func ownWork(g *gorm.DB, consultation, suggestion int64, who actor.Actor) (bool, error) {
	var n int64
	err := g.Model(&Happening{}).Where("consultation_id = ? AND suggestion_id = ? AND actor = ? AND event IN ?",
		consultation, suggestion, who.Key(), handed).Limit(1).Count(&n).Error
	return n > 0, err
}

// Acts tells what a person may do with a suggestion now; a page shows only that.
type Acts struct {
	Change, Submit, Agree, Return bool
	Own                           bool // the person's own work: says why there is no agreeing
}

// acts asks role, state and whose work it is.
func (s *Service) acts(g *gorm.DB, c subject, of Suggestion, who actor.Actor) (Acts, error) {
	own, err := ownWork(g, c.ID, of.ID, who)
	if err != nil {
		return Acts{}, err
	}
	may := func(event Event, p access.Permission) bool {
		step, _ := transition(event)
		return changeable(c) && step.leads(of.State) && !(own && step.NotOwn) && s.gate.May(who, p, c.OrganisationID)
	}
	return Acts{Change: may(Change, mayDraft), Submit: may(Submit, maySubmit), Agree: may(Agree, mayAgree),
		Return: may(Return, mayReturn), Own: own && s.gate.May(who, mayAgree, c.OrganisationID)}, nil
}
