package submission

import (
	"slices"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Enter stores, in the caller's transaction, what staff take in for somebody: a
// letter, a call, a statement. It waits for no collector. ReceivedAt may lie
// before the end of the period when the paper was posted in time.
//
// Faults: those of Receive for the content; Conflict submission.not_now before the
// opening and once the summary was submitted.
func (s *Service) Enter(tx *database.Tx, who actor.Actor, in In) (Receipt, error) {
	c, err := s.hold(tx, in.Consultation, PermissionImport)
	if err != nil {
		return Receipt{}, err
	}
	return s.enterHeld(tx, c, who, in)
}

// EnterConfirmed is Enter for words that their speaker confirmed before another
// capability, which has asked whether this may be done: the person who confirms by
// a link has no role at all. It asks nothing but the state and the content.
func (s *Service) EnterConfirmed(tx *database.Tx, who actor.Actor, in In) (Receipt, error) {
	if in.Entry == "" {
		in.Entry = EntrySender
	}
	c, err := s.held(tx, in.Consultation)
	if err != nil {
		return Receipt{}, database.Translate(err)
	}
	return s.enterHeld(tx, c, who, in)
}

func (s *Service) enterHeld(tx *database.Tx, c consultation.Consultation, who actor.Actor, in In) (Receipt, error) {
	ctx := tx.Context()
	if err := changeable(c, tx.Now); err != nil {
		return Receipt{}, err
	}
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = tx.Now
	}
	hash := s.bodyHash(in)
	f := in.check()
	f = append(f, s.checkEntered(c, in, tx)...)
	in, err := s.complete(ctx, c, in, f)
	if err != nil {
		return Receipt{}, err
	}
	return s.put(tx, c, who, in, hash)
}

// put writes a checked submission, and gives it its files, in the caller's
// transaction.
func (s *Service) put(tx *database.Tx, c consultation.Consultation, who actor.Actor, in In, hash []byte) (Receipt, error) {
	r, err := s.ready(who, c, in, hash, tx.NextID)
	if err != nil {
		return Receipt{}, err
	}
	out, err := s.writeIn(tx, r)
	if err != nil || len(in.Files) == 0 {
		return out, err
	}
	if s.files == nil {
		return out, fault.Fields{{Name: "files", Code: "submission.files_none"}}.Err()
	}
	files := column(in.Files, func(f File) int64 { return f.ID })
	return out, s.files.Claim(tx, files, c.Organisation, c.ID, out.Submission)
}

func (s *Service) checkEntered(c consultation.Consultation, in In, tx *database.Tx) (f fault.Fields) {
	if !slices.Contains(consultation.Channels, in.Channel) {
		f.Add("channel", "submission.channel")
	}
	if p := in.Origin.PostedOn; p != nil && p.After(in.ReceivedAt) {
		f.Add("posted_on", "submission.posted_on")
	}
	if in.ReceivedAt.After(tx.Now) || c.OpensAt != nil && in.ReceivedAt.Before(*c.OpensAt) {
		f.Add("received_at", "submission.received_at")
	}
	return f
}

func (s *Service) writeIn(tx *database.Tx, r *row) (Receipt, error) {
	if err := numberIn(tx, r); err != nil {
		return Receipt{}, err
	}
	stored, err := writeRows(func(text string, args ...any) (int64, error) {
		res := tx.Exec(text, args...)
		return res.RowsAffected, res.Error
	}, []*row{r}, tx.Now)
	if err != nil {
		return Receipt{}, err
	}
	if !stored[r.id] {
		tx.Audited() // it was, when it was stored
		return s.byKey(tx.DB, r.consultation, r.key, r.bodyHash)
	}
	tx.Audited() // writeRows left the row
	return s.receipt(r), nil
}

// SecretOf derives a receipt's secret for a capability that knows who asks: the
// speaker who opened the link to their own statement.
func (s *Service) SecretOf(submission int64) string { return s.secret(submission) }
