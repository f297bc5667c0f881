package challenge

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/seal"
)

// Program is what a program sends, as seen from the work that it has to show.
type Program struct {
	Receive  func() error                 // takes it in
	Accepted func() (bool, error)         // it was taken in before, under its key: no second answer is asked for
	Faults   func() (fault.Fields, error) // what else is wrong with it
}

// FromProgram takes in what a program sends; who has no account shows work first. A
// refusal names everything else that is wrong too, so that nobody solves a task for
// what cannot be taken. Faults: Invalid with the field Field, and those of p.
func (s *Service) FromProgram(ctx context.Context, who actor.Actor, answer string, p Program) error {
	if !s.Asks(who) {
		return p.Receive()
	}
	refusal := s.guard(ctx, answer, p.Receive)
	if !Refused(refusal) {
		return refusal
	}
	if was, err := p.Accepted(); was || err != nil {
		return err
	}
	s.Note(Reason(refusal))
	fields, err := p.Faults()
	if err != nil {
		return err
	}
	if f, ok := fault.AsInvalid(refusal); ok {
		fields = append(fields, f.Fields...)
	}
	return fields.Err()
}

// Form is what tells people from programs on a form. It travels along like all else.
type Form struct {
	Asked  bool   // a script is to solve the site's task
	Answer string // to the task
	Trap   string // what stands in the field that nobody sees
	Began  string // when the form was opened, signed
}

// Opened is the form as it is first shown.
func (s *Service) Opened(who actor.Actor, now time.Time) Form {
	if s == nil {
		return Form{}
	}
	var head [8]byte
	binary.BigEndian.PutUint64(head[:], uint64(now.Unix()))
	return Form{Asked: s.Asks(who), Began: base64.RawURLEncoding.EncodeToString(append(head[:], s.beganMAC(head[:])...))}
}

// Trapped reports a form in which the field that no person sees was filled in.
func (s *Service) Trapped(f Form) bool {
	if f.Trap != "" && s != nil {
		s.Note(KindTrap)
	}
	return f.Trap != ""
}

// Limits slow a form down: requests a minute from one address, counted by Take
// under Name. Without an answer to the task nobody is refused, only slowed down
// sooner: many write with scripts off, few hundred of them at once. Zero: no limit
// of that kind.
type Limits struct {
	Name       string
	Take       func(kind string, most int) error
	Sends      int // with an answer
	Unanswered int
	Hasty      int // of these, those filled in faster than they can be read
}

// hasty is the time in which nobody reads a form and fills it in.
const hasty = 4 * time.Second

// FromForm takes in what a form sends, slowed down by whether its answer holds. The
// answer is given back when the form is refused, to be sent again.
func (s *Service) FromForm(ctx context.Context, who actor.Actor, f Form, l Limits, send func() error) error {
	worked, err := s.Worked(ctx, who, f.Answer)
	if err != nil {
		return err
	}
	if err = s.slow(f, l, worked); err == nil {
		err = send()
	}
	if lost := s.back(ctx, who, f.Answer, worked, err); lost != nil {
		return lost
	}
	return err
}

func (s *Service) slow(f Form, l Limits, worked bool) error {
	take := func(kind string, most int) error {
		if most == 0 {
			return nil
		}
		return l.Take(l.Name+kind, most)
	}
	if worked {
		return take("", l.Sends)
	}
	if l.Hasty > 0 && s.open(f.Began) < hasty {
		if err := take(" hastily", l.Hasty); err != nil {
			return err
		}
	}
	if err := take(" unanswered", l.Unanswered); err != nil {
		return err
	}
	s.Note(KindUnanswered)
	return nil
}

func (s *Service) beganMAC(head []byte) []byte {
	return s.keys.MAC(seal.Cookies, []byte("began"), head)[:12]
}

// open is how long a form was open; 0 when it does not say so truly.
func (s *Service) open(began string) time.Duration {
	raw, err := base64.RawURLEncoding.DecodeString(began)
	if err != nil || len(raw) != 20 || !hmac.Equal(raw[8:], s.beganMAC(raw[:8])) {
		return 0
	}
	return s.db.Now().Sub(time.Unix(int64(binary.BigEndian.Uint64(raw[:8])), 0))
}
