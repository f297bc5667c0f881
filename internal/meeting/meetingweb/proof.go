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

// received takes an application in from a program; who has no token shows work
// first. What was taken under a key stays taken without a second answer.
func (h handlers) received(c *web.Ctx, slug string, in meeting.ApplicationIn, answer string) (a meeting.Application, secret string, err error) {
	ctx := c.UserContext()
	receive := func() error {
		a, secret, err = h.Meetings.Receive(ctx, c.Who(), slug, in)
		return err
	}
	if !h.Challenges.Asks(c.Who()) {
		err = receive()
		return a, secret, err
	}
	err = h.Challenges.Guard(ctx, answer, receive)
	if !challenge.Refused(err) {
		return a, secret, err
	}
	before, its, was, failed := h.Meetings.Accepted(ctx, slug, in)
	if was || failed != nil {
		return before, its, failed
	}
	h.Challenges.Note(challenge.Reason(err))
	return a, "", h.allFaults(c, slug, in, err)
}

// allFaults tells with the missing answer what else is wrong.
func (h handlers) allFaults(c *web.Ctx, slug string, in meeting.ApplicationIn, refusal error) error {
	m, err := h.Meetings.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	if err := m.Takes(c.Now()); err != nil {
		return err
	}
	fields := h.Meetings.Check(m, in)
	if f, ok := fault.AsInvalid(refusal); ok {
		fields = append(fields, f.Fields...)
	}
	return fields.Err()
}

// sent takes an application in from the form.
func (h handlers) sent(c *web.Ctx, slug string, in meeting.ApplicationIn) (a meeting.Application, secret string, err error) {
	ctx, answer := c.UserContext(), c.Form(challenge.Field)
	worked, err := h.Challenges.Worked(ctx, c.Who(), answer)
	if err != nil {
		return a, "", err
	}
	if !worked {
		if err := c.Limit("apply unanswered", unansweredPerMinute); err != nil {
			return a, "", err
		}
		h.Challenges.Note(challenge.KindUnanswered)
	}
	a, secret, err = h.Meetings.Receive(ctx, c.Who(), slug, in)
	if lost := h.Challenges.Back(ctx, c.Who(), answer, worked, err); lost != nil {
		return a, "", lost
	}
	return a, secret, err
}
