package submissionview

import (
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// ClosedView is the form of a consultation that takes no comments at the moment.
type ClosedView struct {
	C     consultation.Consultation
	Tree  *draft.Tree
	Now   time.Time
	Parts []submission.Part // what was typed before
	Note  string            // why it was withdrawn
}

func (c ClosedView) public() consultation.PublicStatus {
	s, _ := c.C.PublicStatus(c.Now)
	return s
}

func (c ClosedView) status(l *i18n.Locale) *components.Status {
	switch c.public() {
	case consultation.PublicScheduled:
		return &components.Status{State: components.Scheduled}
	case consultation.PublicWithdrawn:
		return &components.Status{State: components.Withdrawn}
	case consultation.PublicSummarised:
		return &components.Status{State: components.Answered}
	}
	return &components.Status{State: components.Closed}
}

// Title is the page's title.
func (c ClosedView) Title(l *i18n.Locale) string { return c.title(l) }

func (c ClosedView) title(l *i18n.Locale) string {
	switch c.public() {
	case consultation.PublicScheduled:
		return l.T("submission.closed.scheduled", "at", l.DateTime(*c.C.OpensAt))
	case consultation.PublicWithdrawn:
		return l.T("submission.closed.withdrawn")
	}
	if len(c.Parts) > 0 {
		return l.T("submission.closed.writing")
	}
	return l.T("submission.closed.title", "at", l.Deadline(*c.C.ClosesAt))
}

func (c ClosedView) lead(l *i18n.Locale) string {
	if len(c.Parts) > 0 {
		return l.T("submission.closed.kept")
	}
	switch c.public() {
	case consultation.PublicScheduled:
		return l.T("submission.closed.scheduled.text")
	case consultation.PublicWithdrawn:
		return l.T("submission.closed.withdrawn.text")
	}
	return l.T("submission.closed.text")
}

func (c ClosedView) kept(l *i18n.Locale, i int) components.Area {
	return components.Area{Rows: 6, Field: components.Field{ID: partID("text", i), Name: "text", Label: l.T("submission.form.text"), Value: c.Parts[i].Text}}
}

func (c ClosedView) keptProposed(l *i18n.Locale, i int) components.Area {
	return components.Area{Rows: 4, Field: components.Field{
		ID: partID("proposed_text", i), Name: "proposed_text", Label: l.T("submission.form.proposed"), Value: c.Parts[i].ProposedText,
	}}
}
