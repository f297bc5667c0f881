package surveyweb

import (
	"errors"

	"guangyi/internal/challenge"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/views/surveyview"
)

// A response is a submission: it stands under the same limits, and what an address
// sends on one form counts on the other.
const (
	sendsPerMinute      = 120
	unansweredPerMinute = 20
	hastilyPerMinute    = 10
)

// received takes a response in from a program.
func (h handlers) received(c *web.Ctx, in survey.Response, answer string) (r submission.Receipt, err error) {
	ctx := c.UserContext()
	err = h.Challenges.FromProgram(ctx, c.Who(), answer, challenge.Program{
		Receive: func() error {
			r, err = h.Surveys.Receive(ctx, c.Who(), in)
			return err
		},
		Accepted: func() (bool, error) {
			r, err = h.Surveys.Accepted(ctx, in)
			if errors.Is(err, submission.ErrNoKey) {
				return false, nil
			}
			return true, err
		},
		Faults: func() (fault.Fields, error) {
			x, err := h.Consultations.Open(ctx, in.Consultation, in.ReceivedAt)
			if err != nil {
				return nil, err
			}
			v, err := h.Surveys.Of(ctx, x.ID)
			if err != nil {
				return nil, err
			}
			return h.Surveys.CheckResponse(ctx, x, v, in)
		},
	})
	return r, err
}

// sent takes a response in from the form. What fell into the trap is put aside for
// somebody to look at.
func (h handlers) sent(c *web.Ctx, f surveyview.Form) (r submission.Receipt, err error) {
	what := survey.Response{
		Consultation: f.C.Slug, Key: f.Key, Way: survey.ByWeb, Answers: f.Answers, Submitter: f.Sender, Consent: f.Consent,
		Language: languageOf(c, f), ReceivedAt: c.Now(),
	}
	if h.Challenges.Trapped(f.Proof) {
		what.Held = submission.HeldTrap
	}
	limits := challenge.Limits{Name: "send", Take: c.Limit, Sends: sendsPerMinute, Unanswered: unansweredPerMinute, Hasty: hastilyPerMinute}
	err = h.Challenges.FromForm(c.UserContext(), c.Who(), f.Proof, limits, func() error {
		r, err = h.Surveys.Receive(c.UserContext(), c.Who(), what)
		return err
	})
	return r, err
}
