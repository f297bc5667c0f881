package selection

import (
	"slices"

	"gorm.io/gorm"

	"guangyi/internal/meeting"
	"guangyi/internal/sortition"
)

func peopleIn(db *gorm.DB, meetingID int64) ([]Person, error) {
	var out []Person
	err := db.Where("meeting_id = ?", meetingID).Order("label").Find(&out).Error
	return out, err
}

// ruleLines are the rules as the call published them.
func ruleLines(m meeting.Meeting) []string { return []string{m.RulesText} }

// placeDrawn gives everybody in the draw their place.
func placeDrawn(people []Person, r sortition.Result) {
	rank := map[string]int{}
	for i, label := range Reserves(r) {
		rank[label] = i + 1
	}
	for i, p := range people {
		switch {
		case p.Rule != "" || p.Place != "":
		case slices.Contains(r.Selected, p.Label):
			people[i].Place = Selected
		case rank[p.Label] > 0:
			people[i].Place, people[i].Rank = Reserve, rank[p.Label]
		default:
			people[i].Place = NotSelected
		}
	}
}

// Reserves is the ranked list of reserves of a draw: first whoever would take the
// seat of each of the selected, in their order, then the second of each, until
// there are half as many reserves as seats. So one at least stands ready for
// every seat. Who is called when somebody leaves is for Next to say: of these,
// whoever keeps the quotas best.
func Reserves(r sortition.Result) []string {
	var out []string
	most := (len(r.Selected) + 1) / 2
	for depth := range sortition.ReserveDepth {
		if depth > 0 && len(out) >= most {
			break
		}
		for _, seat := range r.Reserves {
			if depth >= len(seat.Ranked) || depth > 0 && len(out) >= most {
				continue
			}
			if label := seat.Ranked[depth].Number; !slices.Contains(out, label) {
				out = append(out, label)
			}
		}
	}
	return out
}

// settle moves every application to its place and the meeting to selected. Who
// left between the freeze and now is replaced at once.
func (s *Service) settle(a *act, people []Person) error {
	states, err := s.statesNow(a)
	if err != nil {
		return err
	}
	for _, p := range people {
		err := a.tx.Model(&Person{}).Where("meeting_id = ? AND application_id = ?", p.Meeting, p.Application).
			Updates(map[string]any{"place": p.Place, "rank": p.Rank, "chance": p.Chance}).Error
		if err != nil {
			return err
		}
		to, rank := stateOf(p), 0
		if states[p.Application] != meeting.Applied || to == "" {
			continue
		}
		if to == meeting.Reserve {
			rank = p.Rank
		}
		if _, err := s.meetings.Move(a.ctx, a.tx, &a.meeting, p.Application, to, meeting.Change{Rank: rank}); err != nil {
			return err
		}
	}
	if err := s.meetings.Step(a.ctx, a.tx, &a.meeting, meeting.Select, meeting.Note{}); err != nil {
		return err
	}
	now, was := a.tx.Now, a.Stage
	a.Stage, a.DrawnAt, a.DrawnBy = Drawn, &now, a.tx.Actor.Key()
	if err := a.store(DrawnEvent, a.Seed, was); err != nil {
		return err
	}
	return s.fillGaps(a)
}

// stateOf is the application's state for a place; excluded people are told that
// they were not selected.
func stateOf(p Person) meeting.ApplicationState {
	switch {
	case p.Rule != "":
		return meeting.NotSelected
	case p.Place == Selected:
		return meeting.Chosen
	case p.Place == Reserve:
		return meeting.Reserve
	}
	return meeting.NotSelected
}

func (s *Service) statesNow(a *act) (map[int64]meeting.ApplicationState, error) {
	all, err := meeting.ApplicationsIn(a.tx, a.meeting.ID)
	out := make(map[int64]meeting.ApplicationState, len(all))
	for _, one := range all {
		out[one.ID] = one.State
	}
	return out, err
}

// fillGaps calls reserves for the selected who are not there any more.
func (s *Service) fillGaps(a *act) error {
	for {
		id, ok, err := s.Next(a.tx, &a.meeting, nil)
		if err != nil || !ok {
			return err
		}
		if _, err := s.meetings.Move(a.ctx, a.tx, &a.meeting, id, meeting.Chosen, meeting.Change{}); err != nil {
			return err
		}
	}
}
