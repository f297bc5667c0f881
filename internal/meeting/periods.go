package meeting

import (
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/procedure"
)

// UseProcedures says by which profiles periods are measured; without them none is.
func (s *Service) UseProcedures(p procedure.Profiles) { s.procedures = p }

// Profile is the profile that a meeting follows; nil when it is not known.
func (s *Service) Profile(m Meeting) *procedure.Profile { return s.procedures[m.Procedure] }

// Tags say what the meeting is, for the rules of its profile.
func (m Meeting) Tags() []string {
	var tags []string
	switch m.Rules {
	case "major":
		tags = append(tags, procedure.Major)
	case "rule":
		tags = append(tags, procedure.MakingRule)
	}
	if m.Kind == Hearing {
		tags = append(tags, procedure.Hearing)
	}
	if m.Kind.Decides() {
		tags = append(tags, procedure.Attendance)
	}
	if m.Method != ByOrder {
		tags = append(tags, procedure.Selected)
	}
	return tags
}

// Facts are the dates of the call as a rule measures them; published is when the
// call is, or would be, out. Higher capabilities add what they know: when the
// list was published, when the last paper was delivered.
func (m Meeting) Facts(published time.Time) map[procedure.Event]time.Time {
	facts := map[procedure.Event]time.Time{procedure.CallPublished: published, procedure.MethodPublished: published}
	put := func(e procedure.Event, t *time.Time) {
		if t != nil && !t.IsZero() {
			facts[e] = *t
		}
	}
	put(procedure.MeetingBegins, &m.StartsAt)
	if m.Kind == Hearing {
		put(procedure.HearingBegins, &m.StartsAt)
	}
	put(procedure.ApplicationsClose, m.ClosesAt)
	put(procedure.PapersDelivered, m.PapersAt)
	return facts
}

// Reasons is the published reason for a short period, for every general rule.
func (s *Service) Reasons(m Meeting) map[string]string {
	out := map[string]string{}
	if p := s.Profile(m); p != nil && m.ShortReason != "" {
		for _, r := range p.Rules {
			out[r.ID] = m.ShortReason
		}
	}
	return out
}

// Periods compares the call's dates with its profile. Until it is approved the
// call counts as published now.
func (s *Service) Periods(m Meeting, now time.Time) []procedure.Finding {
	published := now
	if m.ApprovedAt != nil {
		published = *m.ApprovedAt
	}
	return s.periods(m, published)
}

func (s *Service) periods(m Meeting, published time.Time) []procedure.Finding {
	p := s.Profile(m)
	if p == nil || m.StartsAt.IsZero() {
		return nil
	}
	return procedure.Check(p, m.Tags(), m.Facts(published), s.Reasons(m))
}

// periodFaults puts what refuses beside the date of the meeting.
func periodFaults(found []procedure.Finding, f *fault.Fields) {
	err := procedure.Fault(found)
	if err == nil {
		return
	}
	if e, ok := fault.As(err); ok {
		for _, x := range e.Fields {
			f.Add("starts_at", x.Code, x.Args...)
		}
	}
}
