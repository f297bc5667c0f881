package meetingweb

import (
	"guangyi/internal/challenge"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
)

// unansweredPerMinute bounds applications by a form that came without an answer to
// the site's task: from a browser without scripts, or from a program.
const unansweredPerMinute = 20

// received takes an application in from a program.
func (h handlers) received(c *web.Ctx, slug string, in meeting.ApplicationIn, answer string) (a meeting.Application, secret string, err error) {
	ctx := c.UserContext()
	err = h.Challenges.FromProgram(ctx, c.Who(), answer, challenge.Program{
		Receive: func() error {
			a, secret, err = h.Meetings.Receive(ctx, c.Who(), slug, in)
			return err
		},
		Accepted: func() (was bool, err error) {
			a, secret, was, err = h.Meetings.Accepted(ctx, slug, in)
			return was, err
		},
		Faults: func() (fault.Fields, error) {
			m, err := h.Meetings.BySlug(ctx, slug)
			if err != nil {
				return nil, err
			}
			if err := m.Takes(c.Now()); err != nil {
				return nil, err
			}
			return h.Meetings.Check(m, in), nil
		},
	})
	return a, secret, err
}

// sent takes an application in from the form.
func (h handlers) sent(c *web.Ctx, slug string, in meeting.ApplicationIn) (a meeting.Application, secret string, err error) {
	limits := challenge.Limits{Name: "apply", Take: c.Limit, Unanswered: unansweredPerMinute}
	err = h.Challenges.FromForm(c.UserContext(), c.Who(), challenge.Form{Answer: c.Form(challenge.Field)}, limits, func() error {
		a, secret, err = h.Meetings.Receive(c.UserContext(), c.Who(), slug, in)
		return err
	})
	return a, secret, err
}
