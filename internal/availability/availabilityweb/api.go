package availabilityweb

import (
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
)

// lossBody is what a consultation's period lost, in the words of the API.
type lossBody struct {
	Outages []outageBody `json:"outages"`
	Lost    int64        `json:"lost_seconds"`
	Answers []answerBody `json:"answers"`
	Pending int64        `json:"pending_seconds"`
	Days    int          `json:"proposed_days"`
	NewEnd  *time.Time   `json:"proposed_closes_at,omitempty"`
}

type outageBody struct {
	BeganAt time.Time          `json:"began_at"`
	EndedAt time.Time          `json:"ended_at"`
	Cause   availability.Cause `json:"cause"`
	Note    string             `json:"note,omitempty"`
}

type answerBody struct {
	Answer string    `json:"answer"`
	Days   int       `json:"days"`
	Lost   int64     `json:"lost_seconds"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// apiLoss tells what everybody may know.
func (h handlers) apiLoss(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	return h.tell(c, x)
}

func (h handlers) tell(c *web.Ctx, x consultation.Consultation) error {
	l, err := h.Availability.Of(c.UserContext(), x)
	if err != nil {
		return err
	}
	out := lossBody{
		Outages: []outageBody{}, Answers: []answerBody{}, Lost: int64(l.Total.Seconds()), Pending: int64(l.Pending.Seconds()), Days: l.Days,
	}
	for _, o := range l.Outages {
		out.Outages = append(out.Outages, outageBody{o.BeganAt, o.EndedAt, o.Cause, o.Note})
	}
	for _, a := range l.Answers {
		out.Answers = append(out.Answers, answerBody{a.Answer, a.Days, a.Lost, a.Reason, a.At.UTC()})
	}
	if !l.NewEnd.IsZero() {
		out.NewEnd = &l.NewEnd
	}
	return c.Answer(200, out)
}

// apiAnswer extends the period or declines to.
func (h handlers) apiAnswer(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	x, err := h.Consultations.Staff(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	if err := h.Availability.RequireAnswer(c.Who(), x); err != nil {
		return err
	}
	var body struct {
		Answer string `json:"answer"`
		Days   int    `json:"days"`
		Note   string `json:"note"`
		Reason string `json:"reason"`
	}
	if err := c.ReadJSON(&body); err != nil {
		return err
	}
	switch body.Answer {
	case availability.Extended:
		err = h.extend(c, x, body.Days, body.Note)
	case availability.Declined:
		err = h.Availability.Decline(c.UserContext(), c.Who(), slug, body.Reason)
	default:
		err = fault.Fields{{Name: "answer", Code: "availability.answer"}}.Err()
	}
	if err != nil {
		return err
	}
	if x, err = h.Consultations.Staff(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	return h.tell(c, x)
}

// extend takes the site's own notice when none is given.
func (h handlers) extend(c *web.Ctx, x consultation.Consultation, days int, note string) error {
	if note == "" {
		l, err := h.Availability.Of(c.UserContext(), x)
		if err != nil {
			return err
		}
		if l.Proposed() && !l.NewEnd.IsZero() {
			note = h.notice(x, l)
		}
	}
	return h.Availability.Extend(c.UserContext(), c.Who(), x.Slug, days, note)
}
