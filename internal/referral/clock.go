package referral

import (
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/procedure"
)

// plain is the profile of a consultation that follows none: its numbers are this
// program's proposals and are shown as such.
const plain = "plain"

// clock finds the two periods: from the arrival of the submission to its passing
// on, and from there to the recipient's answer. The second is counted from the
// passing on, because nobody tells us when the recipient took the matter up: the
// answer can rightly come later, and the date only says when to ask.
func (s *Service) clock(c consultation.Consultation) (*procedure.Profile, bool) {
	id := c.Procedure
	if id == "" {
		id = plain
	}
	p, ok := s.Consultations.Procedures()[id]
	return p, ok
}

// ends is when a period of the consultation's profile is over, and by which rule;
// nil when the profile knows none.
func (s *Service) ends(c consultation.Consultation, to procedure.Event, from time.Time) (*time.Time, string, string) {
	p, ok := s.clock(c)
	if !ok {
		return nil, "", ""
	}
	for _, r := range p.RulesFor([]string{procedure.Referral}) {
		if r.To == to {
			end, _ := p.Calendar.End(from, r.Number, r.Unit, r.As)
			return &end, r.ID, p.ID
		}
	}
	return nil, "", p.ID
}

// Rule finds the rule by which a date of the referral was counted.
func (s *Service) Rule(r Referral, id string) (procedure.Rule, bool) {
	p, ok := s.Consultations.Procedures()[r.Profile]
	if !ok {
		return procedure.Rule{}, false
	}
	return p.Rule(id)
}

// endOf is 24:00 of a day as a date field writes it.
func (s *Service) endOf(day string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, s.Zone)
	if err != nil {
		return t, err
	}
	return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, s.Zone).UTC(), nil
}
