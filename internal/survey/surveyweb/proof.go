package surveyweb

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"

	"guangyi/internal/challenge"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/views/surveyview"
)

// A response is a submission: it stands under the same limits, and what an address
// sends on one form counts on the other. Without an answer to the task nobody is
// refused, only slowed down sooner. hastily is for a form that was filled in faster
// than it can be read.
const (
	sendsPerMinute      = 40
	unansweredPerMinute = 20
	hastilyPerMinute    = 10
	hasty               = 4 * time.Second
)

// received takes a response in from a program; who has no account shows work
// first. What was accepted under a key stays accepted without a second answer.
func (h handlers) received(c *web.Ctx, in survey.Response, answer string) (r submission.Receipt, err error) {
	ctx := c.UserContext()
	receive := func() error {
		r, err = h.Surveys.Receive(ctx, c.Who(), in)
		return err
	}
	if !h.Challenges.Asks(c.Who()) {
		return r, receive()
	}
	err = h.Challenges.Guard(ctx, answer, receive)
	if err == nil || !challenge.Refused(err) {
		return r, err
	}
	r, was := h.Surveys.Accepted(ctx, in)
	if !errors.Is(was, submission.ErrNoKey) {
		return r, was
	}
	h.Challenges.Note(challenge.Reason(err))
	return r, h.allFaults(c, in, err)
}

// allFaults tells with the missing answer what else is wrong, so that nobody solves
// a task for a response that cannot be taken.
func (h handlers) allFaults(c *web.Ctx, in survey.Response, refusal error) error {
	x, err := h.Consultations.Open(c.UserContext(), in.Consultation, in.ReceivedAt)
	if err != nil {
		return err
	}
	v, err := h.Surveys.Of(c.UserContext(), x.ID)
	if err != nil {
		return err
	}
	fields, err := h.Surveys.CheckResponse(c.UserContext(), x, v, in)
	if err != nil {
		return err
	}
	if f, ok := fault.AsInvalid(refusal); ok {
		fields = append(fields, f.Fields...)
	}
	return fields.Err()
}

// worked uses the form's answer up, if it holds, and slows down accordingly.
func (h handlers) worked(c *web.Ctx, f surveyview.Form) (bool, error) {
	worked, err := h.Challenges.Worked(c.UserContext(), c.Who(), f.Proof.Answer)
	if err != nil {
		return false, err
	}
	if worked {
		err = c.Limit("send", sendsPerMinute)
		return true, errors.Join(err, h.Challenges.Back(c.UserContext(), c.Who(), f.Proof.Answer, true, err))
	}
	if h.filledIn(f.Proof.Began, c.Now()) < hasty {
		if err := c.Limit("send hastily", hastilyPerMinute); err != nil {
			return false, err
		}
	}
	if err := c.Limit("send unanswered", unansweredPerMinute); err != nil {
		return false, err
	}
	h.Challenges.Note(challenge.KindUnanswered)
	return false, nil
}

// trapped says why a response is put aside for somebody to look at: a field that
// no person sees was filled in.
func (h handlers) trapped(f surveyview.Form) string {
	if f.Proof.Trap == "" {
		return ""
	}
	h.Challenges.Note(challenge.KindTrap)
	return submission.HeldTrap
}

// beganNow signs the time at which a form is opened.
func (h handlers) beganNow(now time.Time) string {
	var head [8]byte
	binary.BigEndian.PutUint64(head[:], uint64(now.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(head[:], h.beganMAC(head[:])...))
}

func (h handlers) beganMAC(head []byte) []byte {
	return h.Keys.MAC(seal.Cookies, []byte("survey began"), head)[:12]
}

// filledIn is how long a form was open; 0 when it does not say so truly.
func (h handlers) filledIn(began string, now time.Time) time.Duration {
	raw, err := base64.RawURLEncoding.DecodeString(began)
	if err != nil || len(raw) != 20 || !hmac.Equal(raw[8:], h.beganMAC(raw[:8])) {
		return 0
	}
	return now.Sub(time.Unix(int64(binary.BigEndian.Uint64(raw[:8])), 0))
}
