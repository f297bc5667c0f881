package mailbox

import (
	"context"
	"errors"

	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/mailbox/reader"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Take makes a submission of a mail that was set aside or dismissed. slug names the
// consultation; a mail that belongs to none becomes one of this. Empty: the one that
// it was sent to. What a machine
// sent can be taken too, and is not answered.
//
// Faults: those of access; NotFound for a mail of another consultation; Conflict
// mailbox.decided when it is a submission already, stale for an older version, and
// whatever the submission's own rules say.
func (s *Service) Take(ctx context.Context, who actor.Actor, slug string, id, version int64) (receipt submission.Receipt, err error) {
	c, r, err := s.toDecide(ctx, who, slug, id)
	if err != nil {
		return receipt, err
	}
	var o originalRow
	if err := s.db.Read(ctx).Where("mail_id = ?", r.ID).Take(&o).Error; err != nil {
		return receipt, database.Translate(err)
	}
	raw, err := s.original(o)
	if err != nil {
		return receipt, err
	}
	m := reader.Read(raw)
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		r, err := s.lock(tx, id, version)
		if err != nil {
			return err
		}
		receipt, err = s.takeAside(tx, c, r, m)
		return err
	})
	var no refusal
	if errors.As(err, &no) {
		return receipt, fault.New(fault.Conflict, no.code)
	}
	return receipt, err
}

func (s *Service) takeAside(tx *database.Tx, c consultation.Consultation, r mailRow, m reader.Mail) (submission.Receipt, error) {
	content, err := s.opened(r)
	if err != nil {
		return submission.Receipt{}, err
	}
	e := entering{key: keyOf(r), received: r.ReceivedAt.UTC(), fresh: r.Reason == Addition}
	if c.OpensAt != nil && e.received.Before(*c.OpensAt) {
		e.received = *c.OpensAt // what came too early counts from the opening
	}
	done, err := s.enter(tx, c, m, e) // staff looked at it: no rule of moderation is asked
	receipt := done.Receipt
	if err != nil {
		return receipt, err
	}
	content.Refused, content.Why = done.unkept, ""
	if r.Reason == Addition {
		content.AddsTo = r.SubmissionID
	}
	sealed, err := s.sealContent(r.ID, content.Content)
	if err != nil {
		return receipt, err
	}
	err = s.settle(tx, r, map[string]any{"state": Taken, "consultation_id": c.ID, "submission_id": receipt.Submission, "sealed": sealed})
	if err != nil || receipt.Repeated || m.Kind != reader.Person || !writable(m.From.Address) {
		return receipt, err
	}
	return receipt, notice.Add(tx, notice.Request{Topic: TopicReceipt, Scope: c.ID, Ref: receipt.Submission, Way: notice.Mail})
}

// Dismiss notes that a mail is no submission. It stays, and can be taken later.
func (s *Service) Dismiss(ctx context.Context, who actor.Actor, id, version int64) error {
	r, err := s.mailFor(ctx, who, id, PermissionDecide)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		r, err = s.lock(tx, id, version)
		if err != nil {
			return err
		}
		if r.State == Dismissed {
			return fault.New(fault.Conflict, "mailbox.decided")
		}
		return s.settle(tx, r, map[string]any{"state": Dismissed})
	})
}

// toDecide reads a mail and the consultation that it is to be taken for.
func (s *Service) toDecide(ctx context.Context, who actor.Actor, slug string, id int64) (consultation.Consultation, mailRow, error) {
	r, err := s.mailFor(ctx, who, id, PermissionDecide)
	if err == nil && slug == "" {
		slug, err = s.slugOf(ctx, r)
	}
	if err != nil {
		return consultation.Consultation{}, r, err
	}
	c, err := s.staff(ctx, who, slug, PermissionDecide)
	if err == nil && (r.OrganisationID != c.Organisation || r.ConsultationID != 0 && r.ConsultationID != c.ID || c.Unlisted) {
		err = fault.Missing()
	}
	return c, r, err
}

// slugOf names the consultation that a mail was sent to. Invalid consultation for a
// mail that was sent to none.
func (s *Service) slugOf(ctx context.Context, r mailRow) (string, error) {
	if r.ConsultationID == 0 {
		return "", fault.Fields{{Name: "consultation", Code: "mailbox.which"}}.Err()
	}
	c, err := s.consultations.ByID(ctx, r.ConsultationID)
	return c.Slug, err
}

// lock reads a mail that nobody has taken as yet.
func (s *Service) lock(tx *database.Tx, id, version int64) (r mailRow, err error) {
	if err = tx.Lock().Where("id = ?", id).Take(&r).Error; err != nil {
		return r, err
	}
	switch {
	case version != 0 && version != r.Version:
		return r, fault.Stale()
	case r.State != Aside && r.State != Dismissed:
		return r, fault.New(fault.Conflict, "mailbox.decided")
	}
	return r, nil
}

// settle writes a decision.
func (s *Service) settle(tx *database.Tx, r mailRow, values map[string]any) error {
	values["decided_by"], values["decided_at"], values["version"], values["flagged"] = tx.Actor.Key(), tx.Now, r.Version+1, r.Flagged
	if err := tx.Model(&mailRow{}).Where("id = ?", r.ID).Updates(values).Error; err != nil {
		return err
	}
	return audit.Record(tx, audit.Entry{
		Organisation: r.OrganisationID, Consultation: r.ConsultationID, Action: "decide", Object: "mail", ObjectID: r.ID,
		Before: map[string]any{"state": r.State, "reason": r.Reason}, After: map[string]any{"state": values["state"], "submission": values["submission_id"]},
	})
}
