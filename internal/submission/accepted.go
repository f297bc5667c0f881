package submission

import "context"

// HeldTrap is why a submission is held that came with the field filled in which no
// person sees.
const HeldTrap = "honeypot"

// ErrNoKey says that nothing was stored under a key.
var ErrNoKey = errNoKey

// Accepted gives the receipt that was given before under the same key for the same
// content; ErrNoKey when there is none. Faults: Conflict submission.key_reused for
// another content; NotFound for a consultation that is not public.
func (s *Service) Accepted(ctx context.Context, in In) (Receipt, error) {
	c, err := s.consultations.BySlug(ctx, in.Consultation)
	if err != nil {
		return Receipt{}, err
	}
	if in.Key == "" || len(in.Key) > MostKey || !readable(in.Key) {
		return Receipt{}, ErrNoKey
	}
	return s.byKey(s.db.Read(ctx), c.ID, in.Key, s.bodyHash(in))
}
