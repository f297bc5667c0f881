package submissionview

import (
	"strconv"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// LookUp is the form for number and secret.
type LookUp struct {
	Number, Secret string
	NumberFault    string   // what is wrong; one message answers a wrong number and a wrong secret
	SecretFault    string   // the secret was left empty
	Kept           []string // numbers that this browser has open
}

// Summary lists what is wrong, in the order of the fields.
func (v LookUp) Summary() []components.FieldError {
	var out []components.FieldError
	if v.NumberFault != "" {
		out = append(out, components.FieldError{ID: "number", Message: v.NumberFault})
	}
	if v.SecretFault != "" {
		out = append(out, components.FieldError{ID: "secret", Message: v.SecretFault})
	}
	return out
}

// Receipt is a submission as its sender sees it. Secret is shown to the browser
// that sent it, while its session lasts.
type Receipt struct {
	T       submission.Tracked
	Now     time.Time
	Secret  string
	Address string      // of the receipt on the site, for its code
	Tree    *draft.Tree // the draft that was read
	Next    *draft.Tree // the newest, whose provisions answers name

	Inclusion Inclusion
	Files     []File
	Questions int // of a survey that can be answered as well; 0: none
}

// imageText is what the image of the receipt says, a line each.
func (v Receipt) imageText(l *i18n.Locale) string {
	lines := []string{
		l.T("submission.receipt.sent"), v.T.Consultation.Title,
		l.T("site.receipt.number") + "  " + v.T.Submission.Receipt,
	}
	if v.Secret != "" {
		lines = append(lines, l.T("site.receipt.secret")+"  "+v.Secret)
	}
	return strings.Join(append(lines, v.lead(l), v.Address), "\n")
}

func (v Receipt) answered() bool { return v.T.Answered }

// Title is the page's title.
func (v Receipt) Title(l *i18n.Locale) string {
	switch {
	case v.answered():
		return l.T("submission.receipt.answered", "count", v.points())
	case v.Secret != "":
		return l.T("submission.receipt.sent")
	}
	return l.T("submission.receipt.title." + string(v.T.State))
}

func (v Receipt) points() int { return len(v.T.Parts) }

func (v Receipt) lead(l *i18n.Locale) string {
	at := minute(l, v.T.Submission.ReceivedAt)
	if v.answered() {
		return l.T("submission.receipt.answered.lead", "received", at, "answered", l.Date(*v.published())) + v.outcome(l)
	}
	if v.points() == 0 && len(v.T.Answers) > 0 {
		return l.T("survey.receipt.lead", "count", len(v.T.Answers), "at", at)
	}
	return l.T("submission.receipt.lead", "count", v.points(), "at", at)
}

func (v Receipt) published() *time.Time {
	if v.T.Consultation.PublishedAt != nil {
		return v.T.Consultation.PublishedAt
	}
	return &v.Now
}

// outcome counts the answers by disposition.
func (v Receipt) outcome(l *i18n.Locale) string {
	n := map[string]int{}
	for _, a := range v.T.Parts {
		for _, x := range leaves(a) {
			if x.Answer != nil {
				n[x.Answer.Disposition]++
			}
		}
	}
	var words []string
	for _, code := range components.Dispositions {
		if n[code] > 0 {
			words = append(words, l.T("submission.receipt.outcome", "word", l.T("site.disposition."+code), "count", n[code]))
		}
	}
	return strings.Join(words, l.T("submission.check.comma")) + l.T("submission.receipt.stop")
}

func leaves(p submission.TrackedPart) []submission.TrackedPart {
	if len(p.Spans) > 0 {
		return p.Spans
	}
	return []submission.TrackedPart{p}
}

func (v Receipt) status() *components.Status {
	switch v.T.State {
	case submission.Withheld:
		return &components.Status{State: components.Withheld}
	case submission.Withdrawn:
		return &components.Status{State: components.Withdrawn}
	case submission.Answered:
		return &components.Status{State: components.Answered}
	}
	return &components.Status{State: components.Received}
}

// timeline says what was, is and will be.
func (v Receipt) timeline(l *i18n.Locale) []components.Event {
	c := v.T.Consultation
	ev := []components.Event{{When: components.Done, Time: minute(l, v.T.Submission.ReceivedAt), What: l.T("submission.receipt.step.received")}}
	at := c.Status(v.Now)
	if c.WithdrawnAt != nil {
		return append(ev, components.Event{When: components.Done, Time: l.DateTime(*c.WithdrawnAt), What: l.T("submission.receipt.step.withdrawn"), Note: c.Note})
	}
	when := func(past bool, now bool) components.When {
		switch {
		case now:
			return components.Now
		case past:
			return components.Done
		}
		return components.Next
	}
	closed := at != consultation.Open && at != consultation.Scheduled
	if c.ClosesAt != nil {
		ev = append(ev, components.Event{When: when(closed, false), Time: l.Deadline(*c.ClosesAt), What: l.T("submission.receipt.step.closes")})
	}
	published := c.PublishedAt != nil
	ev = append(ev, components.Event{When: when(published, closed && !published), Time: v.workTime(l, closed), What: l.T("submission.receipt.step.work")})
	last := components.Event{When: when(published, false), What: l.T("submission.receipt.step.answer")}
	switch {
	case published:
		last.Time, last.Href = l.Date(*c.PublishedAt), "/consultations/"+c.Slug+"/summary"
	case c.AnswerDue != nil:
		last.Time = l.T("submission.receipt.before", "at", l.Deadline(*c.AnswerDue))
	default:
		last.Time = l.T("submission.receipt.then")
	}
	return append(ev, last)
}

func (v Receipt) workTime(l *i18n.Locale, closed bool) string {
	if closed {
		return ""
	}
	return l.T("submission.receipt.afterwards")
}

// rows are what was sent, for the receipt.
func (v Receipt) rows(l *i18n.Locale) []components.SummaryRow {
	out := make([]components.SummaryRow, 0, len(v.T.Parts))
	for _, p := range v.T.Parts {
		out = append(out, components.SummaryRow{Key: v.Tree.Label(l, p.AimedAt), Value: sentPart(l, p.Comment)})
	}
	return out
}

// answers lays out what became of each point; the spans of a split part under it.
func (v Receipt) answers(l *i18n.Locale) []components.Answer {
	var out []components.Answer
	for _, p := range v.T.Parts {
		for _, x := range leaves(p) {
			out = append(out, v.answer(l, x))
		}
	}
	return out
}

func (v Receipt) answer(l *i18n.Locale, p submission.TrackedPart) components.Answer {
	a := components.Answer{Provision: v.Tree.Label(l, p.Provision), Yours: orFiles(l, p.Text), YoursLang: p.Lang, Proposed: p.ProposedText}
	if p.Answer == nil {
		a.Waiting = l.T("submission.receipt.waiting")
		return a
	}
	a.Disposition, a.Reason, a.Lang = p.Answer.Disposition, p.Answer.Reason, p.Answer.Lang
	var changed []string
	for _, key := range p.Answer.Provisions {
		changed = append(changed, v.Next.Label(l, key))
	}
	a.Changed = l.List(changed)
	if p.Answer.People > 1 {
		a.Same = l.T("submission.receipt.same", "count", p.Answer.People-1)
	}
	a.Suggestion = &components.Link{
		Text: l.T("submission.receipt.suggestion", "number", p.Answer.Number),
		Href: "/consultations/" + v.T.Consultation.Slug + "/suggestions/" + strconv.Itoa(p.Answer.Number),
	}
	return a
}
