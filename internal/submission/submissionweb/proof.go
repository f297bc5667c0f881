package submissionweb

import (
	"errors"

	"guangyi/internal/challenge"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/views/submissionview"
)

// received takes a submission in from a program.
func (h handlers) received(c *web.Ctx, in submission.In, answer string) (r submission.Receipt, err error) {
	ctx := c.UserContext()
	err = h.Challenges.FromProgram(ctx, c.Who(), answer, challenge.Program{
		Receive: func() error {
			r, err = h.Submissions.Receive(ctx, c.Who(), in)
			return err
		},
		Accepted: func() (bool, error) {
			r, err = h.Submissions.Accepted(ctx, in)
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
			return h.Submissions.Check(ctx, x, in)
		},
	})
	return r, err
}

// sent takes a submission in from the form. What fell into the trap is put aside for
// somebody to look at.
func (h handlers) sent(c *web.Ctx, f submissionview.Form) (r submission.Receipt, err error) {
	what := in(c, f)
	if h.Challenges.Trapped(f.Proof) {
		what.Held = submission.HeldTrap
	}
	limits := challenge.Limits{Name: "send", Take: c.Limit, Sends: sendsPerMinute, Unanswered: unansweredPerMinute, Hasty: hastilyPerMinute}
	err = h.Challenges.FromForm(c.UserContext(), c.Who(), f.Proof, limits, func() error {
		r, err = h.Submissions.Receive(c.UserContext(), c.Who(), what)
		return err
	})
	return r, err
}
