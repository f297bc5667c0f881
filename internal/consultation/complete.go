package consultation

import (
	"context"
	"strings"
	"time"

	"guangyi/internal/draft"
	"guangyi/internal/platform/fault"
)

// Missing lists what a notice still lacks before it can be submitted, as faults
// of its fields; draft is a field of it too.
func (s *Service) Missing(ctx context.Context, c Consultation) (fault.Fields, error) {
	err := s.complete(ctx, c, s.db.Now())
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		return f.Fields, nil
	}
	return nil, err
}

// complete is what submit demands.
func (s *Service) complete(ctx context.Context, c Consultation, now time.Time) error {
	var f fault.Fields
	for _, t := range []struct{ field, text string }{
		{"title", c.Title}, {"background", c.Background}, {"explanation", c.Explanation}, {"contact", c.Contact},
	} {
		if strings.TrimSpace(t.text) == "" {
			f.Add(t.field, "consultation.missing."+t.field)
		}
	}
	if len(c.Channels) == 0 {
		f.Add("channels", "consultation.missing.channels")
	}
	switch {
	case c.ClosesAt == nil:
		f.Add("closes_at", "consultation.missing.closes_at")
	case !c.ClosesAt.After(now):
		f.Add("closes_at", "consultation.closes_passed")
	case c.OpensAt != nil && !c.ClosesAt.After(*c.OpensAt):
		f.Add("closes_at", "consultation.closes_before_opens")
	}
	tree, err := s.drafts.Tree(ctx, c.ID, draft.First)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || len(tree.Rows) == 0 {
		f.Add("draft", "consultation.missing.draft")
	}
	return f.Err()
}
