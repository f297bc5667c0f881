package adoption

import (
	"slices"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// keep stores what changed on a suggestion, with its line in the history, its audit
// row and the figures of the consultation.
func (s *Service) keep(tx *database.Tx, c subject, before Suggestion, after *Suggestion, event, note string) error {
	after.Version, after.UpdatedAt = before.Version+1, tx.Now
	err := tx.Model(&Suggestion{}).Where("consultation_id = ? AND id = ?", c.ID, before.ID).Updates(map[string]any{
		"text": after.Text, "lang": after.Lang, "provision": after.About, "state": after.State,
		"disposition": after.Disposition, "reason": after.Reason, "reason_lang": after.ReasonLang, "note": after.Note,
		"author": after.Author, "drafted_by": after.DraftedBy, "submitted_by": after.SubmittedBy,
		"agreed_by": after.AgreedBy, "agreed_at": after.AgreedAt, "comments": after.Comments,
		"submissions": after.Submissions, "people": after.People, "updated_at": after.UpdatedAt, "version": after.Version,
	}).Error
	if err != nil {
		return err
	}
	if !slices.Equal(before.Provisions, after.Provisions) {
		if err := storeProvisions(tx, *after); err != nil {
			return err
		}
	}
	if err := consultation.Count(tx, c.ID, stateDelta(before.State, after.State)); err != nil {
		return err
	}
	return s.note(tx, c, after.ID, event, note, difference(before, *after))
}

// note writes the line of the history and the audit row.
func (s *Service) note(tx *database.Tx, c subject, id int64, event, note string, change [2]map[string]any) error {
	err := tx.Create(&Happening{ConsultationID: c.ID, SuggestionID: id, ID: tx.NextID(), Event: event,
		Actor: tx.Actor.Key(), ActorName: nameOf(tx.Actor), Note: note, At: tx.Now}).Error
	if err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{Organisation: c.OrganisationID, Consultation: c.ID, Action: event,
		Object: "suggestion", ObjectID: id, Before: change[0], After: change[1]})
}

func storeProvisions(tx *database.Tx, of Suggestion) error {
	err := tx.Where("consultation_id = ? AND suggestion_id = ?", of.ConsultationID, of.ID).Delete(&provisionRow{}).Error
	if err != nil || len(of.Provisions) == 0 {
		return err
	}
	rows := make([]provisionRow, len(of.Provisions))
	for i, key := range of.Provisions {
		rows[i] = provisionRow{ConsultationID: of.ConsultationID, SuggestionID: of.ID, Position: i + 1, Provision: key}
	}
	return tx.Create(&rows).Error
}

// stateDelta is what a step of a suggestion does to the figures.
func stateDelta(from, to State) consultation.Delta {
	var d consultation.Delta
	for _, step := range []struct {
		state State
		by    int
	}{{from, -1}, {to, 1}} {
		switch step.state {
		case InReview:
			d.InReview += step.by
		case Agreed, Signed:
			d.Agreed += step.by
		}
	}
	return d
}

// difference gives the fields that changed, as they were and as they are.
func difference(before, after Suggestion) [2]map[string]any {
	was, is := fields(before), fields(after)
	for key := range is {
		if same(was[key], is[key]) {
			delete(was, key)
			delete(is, key)
		}
	}
	return [2]map[string]any{was, is}
}

func same(a, b any) bool {
	x, list := a.([]string)
	if !list {
		return a == b
	}
	return slices.Equal(x, b.([]string))
}

func fields(s Suggestion) map[string]any {
	return map[string]any{"text": s.Text, "state": s.State, "disposition": s.Disposition, "reason": s.Reason,
		"provisions": s.Provisions, "note": s.Note, "comments": s.Comments, "submissions": s.Submissions, "people": s.People}
}

// reopen brings a suggestion back to drafted, because what was read in review is no
// longer what stands there. A signed one cannot change.
func reopen(of *Suggestion) error {
	change, _ := transition(Change)
	if !change.leads(of.State) {
		return fault.New(fault.Conflict, "suggestion.not_now")
	}
	if of.State != change.To {
		of.State, of.SubmittedBy, of.AgreedBy, of.AgreedAt = change.To, "", "", nil
	}
	return nil
}
