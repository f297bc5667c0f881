package meeting

import (
	"context"
	"fmt"
	"time"

	"guangyi/internal/platform/fault"
)

// Missing lists what a call still lacks before it can be submitted, as faults of
// its fields.
func (s *Service) Missing(ctx context.Context, m Meeting) (fault.Fields, error) {
	err := s.complete(ctx, m, s.db.Now())
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return f.Fields, nil
	}
	return nil, err
}

// complete is what submit demands, and approval again on its day.
func (s *Service) complete(_ context.Context, m Meeting, now time.Time) error {
	var f fault.Fields
	need := func(field string, there bool) {
		if !there {
			f.Add(field, "meeting.missing."+field)
		}
	}
	need("contact", m.Contact != "")
	need("place", m.Place != "" || m.Link != "")
	if !m.StartsAt.After(now) {
		f.Add("starts_at", "meeting.starts_passed")
	}
	if m.Kind.Decides() || m.Kind == Hearing {
		need("matter", m.Matter != "")
		need("seats", m.Seats > 0)
		need("categories", len(m.Categories) > 0 || m.Sides)
	} else {
		need("seats", m.Seats > 0 || len(m.Sessions) > 0)
	}
	switch {
	case m.ClosesAt == nil:
		need("closes_at", false)
	case !m.ClosesAt.After(now):
		f.Add("closes_at", "meeting.closes_passed")
	}
	for i, c := range m.Categories {
		if m.Method == Mixed && c.Seats == 0 {
			f.Add(fmt.Sprintf("categories[%d].seats", i), "meeting.missing.seats")
		}
	}
	need("privacy", m.Privacy != "" || m.ForgetAt != nil)
	m.completeDraw(&f)
	periodFaults(s.Periods(m, now), &f)
	return f.Err()
}

// completeDraw asks for what a draw needs.
func (m Meeting) completeDraw(f *fault.Fields) {
	if !m.Draws() {
		return
	}
	if m.Panels < 1 {
		f.Add("panels", "meeting.missing.panels")
	}
	if m.Seed.Source == "" {
		f.Add("seed.source", "meeting.missing.seed")
		return
	}
	if m.Seed.KnownAt.IsZero() {
		f.Add("seed.known_at", "meeting.missing.seed_known_at")
	} else if m.Seed.KnownAt.After(m.StartsAt) {
		f.Add("seed.known_at", "meeting.after_start")
	}
	if (m.Seed.Source == "lottery" || m.Seed.Source == "beacon") && (m.Seed.Name == "" || m.Seed.Reference == "") {
		f.Add("seed.reference", "meeting.missing.seed_reference")
	}
}

// Draws reports whether any seat is given by draw.
func (m Meeting) Draws() bool {
	if m.Method != Mixed {
		return m.Method == ByDraw
	}
	for _, c := range m.AllCategories() {
		if m.MethodOf(c.Code) == ByDraw {
			return true
		}
	}
	return false
}
