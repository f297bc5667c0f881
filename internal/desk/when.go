package desk

import (
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
)

// timing is when an entry counts as received.
type timing struct {
	received time.Time
	posted   *time.Time // the day of the postmark, when it is what proves it to be in time
	late     bool
}

// timing works out when the paper counts as received, and whether that was in time.
// A day without an hour is taken for its middle, and never for a moment before the
// opening or after the end of that same day's period: what a clerk cannot know is
// not held against the sender. After the end a postmark of a day that began before
// the end proves it in time; whatever else came after the end must be marked late.
func (s *Service) timing(c consultation.Consultation, w Way, in Content, now time.Time) (t timing, f fault.Fields) {
	day, received, ok := s.received(in, now, &f)
	if !ok {
		return t, f
	}
	t.received = within(c, day, received, in.ReceivedAt == "" && !sameDay(day, now.In(s.zone)))
	if c.OpensAt != nil && t.received.Before(*c.OpensAt) {
		f.Add("received_on", "desk.before_opening")
		return t, f
	}
	posted, ok := s.posted(w, in, day, &f)
	if !ok {
		return t, f
	}
	if c.ClosesAt == nil || t.received.Before(*c.ClosesAt) {
		if in.Late {
			f.Add("late", "desk.not_late")
		}
		return t, f
	}
	if posted != nil && posted.Before(*c.ClosesAt) {
		t.posted = posted
		if in.Late {
			f.Add("late", "desk.not_late")
		}
		return t, f
	}
	t.late = true
	if in.Late {
		return t, f
	}
	switch {
	case posted != nil:
		f.Add("posted_on", "desk.posted_late")
	case w == Letter:
		f.Add("posted_on", "desk.postmark_none")
	default:
		f.Add("received_on", "desk.came_late")
	}
	return t, f
}

// received reads the day and hour at which it arrived or was said.
func (s *Service) received(in Content, now time.Time, f *fault.Fields) (day, at time.Time, ok bool) {
	day, err := time.ParseInLocation(dayForm, in.ReceivedOn, s.zone)
	if err != nil {
		f.Add("received_on", "desk.day")
		return day, at, false
	}
	here := now.In(s.zone)
	at = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, s.zone)
	if sameDay(day, here) {
		at = now
	}
	if in.ReceivedAt != "" {
		hour, err := time.Parse("15:04", in.ReceivedAt)
		if err != nil {
			f.Add("received_at", "desk.hour")
			return day, at, false
		}
		at = time.Date(day.Year(), day.Month(), day.Day(), hour.Hour(), hour.Minute(), 0, 0, s.zone)
	}
	if at.After(now) {
		f.Add("received_on", "desk.day_future")
		return day, at, false
	}
	return day, at.UTC(), true
}

func (s *Service) posted(w Way, in Content, received time.Time, f *fault.Fields) (*time.Time, bool) {
	if in.PostedOn == "" {
		return nil, true
	}
	if w != Letter {
		f.Add("posted_on", "desk.no_postmark")
		return nil, false
	}
	day, err := time.ParseInLocation(dayForm, in.PostedOn, s.zone)
	switch {
	case err != nil:
		f.Add("posted_on", "desk.day")
		return nil, false
	case day.After(received):
		f.Add("posted_on", "desk.posted_after")
		return nil, false
	}
	day = day.UTC()
	return &day, true
}

// within moves an unknown hour of a day into the part of that day in which the
// consultation was open.
func within(c consultation.Consultation, day, at time.Time, unknown bool) time.Time {
	if !unknown {
		return at
	}
	next := day.AddDate(0, 0, 1)
	if c.ClosesAt != nil && !at.Before(*c.ClosesAt) && c.ClosesAt.After(day) && c.ClosesAt.Before(next) {
		at = c.ClosesAt.Add(-time.Microsecond)
	}
	if c.OpensAt != nil && at.Before(*c.OpensAt) && c.OpensAt.Before(next) {
		at = *c.OpensAt
	}
	return at.UTC()
}

func sameDay(a, b time.Time) bool { return a.Format(dayForm) == b.Format(dayForm) }
