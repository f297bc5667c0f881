package referral

import (
	"context"
	"strings"
	"unicode/utf8"

	"guangyi/internal/access"
	"guangyi/internal/audit"
	"guangyi/internal/consultation"
	"guangyi/internal/notice"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/procedure"
	"guangyi/internal/submission"
)

// In is what staff decide. Without Recipient the matter is only recorded, so that
// its clock is seen.
type In struct {
	Submission int64 // of a new one
	Kind       Kind
	Recipient  int64
	Reason     string
	Note       string
	Due        string // day until which an answer is expected, 2006-01-02; empty: by the profile
	Version    int64  // of the referral that was read; 0: not checked
}

func (in *In) check(due bool) error {
	var f fault.Fields
	in.Note, in.Due = strings.TrimSpace(in.Note), strings.TrimSpace(in.Due)
	if !known(in.Kind) {
		f.Add("kind", "referral.kind")
	}
	if in.Recipient != 0 && !contains(Reasons, in.Reason) {
		f.Add("reason", "referral.reason")
	}
	if in.Reason == Other && in.Note == "" {
		f.Add("note", "referral.note")
	}
	if n := utf8.RuneCountInString(in.Note); n > MostNote {
		f.Add("note", "referral.long", "most", MostNote, "count", n-MostNote)
	}
	if !due {
		f.Add("due", "referral.due")
	}
	return f.Err()
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// hold finds the consultation for whoever decides, while anything can be decided.
func (s *Service) hold(tx *database.Tx, slug string) (consultation.Consultation, error) {
	c, err := s.Submissions.Hold(tx, slug, PermissionDecide)
	if err != nil {
		return c, err
	}
	if !c.Public() {
		return c, fault.New(fault.Conflict, "referral.not_now")
	}
	return c, nil
}

// Record keeps that a submission holds a petition or an accusation, and passes it
// on when a recipient is named. Faults: Invalid, NotFound, Conflict referral.already
// while the same matter waits.
func (s *Service) Record(ctx context.Context, who actor.Actor, slug string, in In) (Referral, error) {
	var r Referral
	err := s.DB.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.hold(tx, slug)
		if err != nil {
			return err
		}
		if err := in.check(s.validDay(in.Due)); err != nil {
			return err
		}
		if r, err = s.begin(tx, c, in); err != nil {
			return err
		}
		if in.Recipient != 0 {
			if err := s.pass(tx, c, &r, in); err != nil {
				return err
			}
		}
		if err := tx.Create(&r).Error; err != nil {
			return err
		}
		return s.trail(tx, c, "record", r, nil)
	})
	return r, err
}

func (s *Service) validDay(day string) bool {
	if strings.TrimSpace(day) == "" {
		return true
	}
	t, err := s.endOf(strings.TrimSpace(day))
	return err == nil && t.After(s.DB.Now())
}

// begin finds the submission and sets the clock.
func (s *Service) begin(tx *database.Tx, c consultation.Consultation, in In) (Referral, error) {
	r := Referral{
		ConsultationID: c.ID, ID: tx.NextID(), OrganisationID: c.Organisation, SubmissionID: in.Submission, Kind: in.Kind, Note: in.Note, Reason: in.Reason,
		State: Recorded, RecordedBy: tx.Actor.Key(), RecordedAt: tx.Now, Version: 1,
	}
	var x submission.Submission
	// The row is locked, so that two clerks do not pass the same matter on twice.
	err := tx.Lock().Table("submissions").Select("received_at, receipt").Where("consultation_id = ? AND id = ?", c.ID, in.Submission).Take(&x).Error
	if err != nil {
		return r, database.Translate(err)
	}
	var open int64
	err = tx.Model(&Referral{}).Where("consultation_id = ? AND submission_id = ? AND kind = ? AND state IN ?", c.ID, in.Submission, in.Kind, []State{Recorded, Passed}).Count(&open).Error
	if err != nil {
		return r, err
	}
	if open > 0 {
		return r, fault.New(fault.Conflict, "referral.already")
	}
	r.ReceivedAt, r.Receipt = x.ReceivedAt, x.Receipt
	r.PassDue, r.PassRule, r.Profile = s.ends(c, procedure.PassedOn, x.ReceivedAt)
	return r, nil
}

// pass gives the matter to the recipient and asks for the word to its sender.
func (s *Service) pass(tx *database.Tx, c consultation.Consultation, r *Referral, in In) error {
	var to Recipient
	err := tx.Where("organisation_id = ? AND id = ? AND active", c.Organisation, in.Recipient).Take(&to).Error
	if fault.Is(database.Translate(err), fault.NotFound) {
		return fault.Fields{{Name: "recipient", Code: "referral.recipient"}}.Err()
	}
	if err != nil {
		return err
	}
	r.State, r.Reason, r.Note, r.Kind = Passed, in.Reason, in.Note, in.Kind
	r.Recipient, r.Address, r.Phone = to.Name, to.Address, to.Phone
	now := tx.Now
	r.PassedAt, r.PassedBy = &now, tx.Actor.Key()
	r.AnswerDue, r.AnswerRule, r.Profile = s.ends(c, procedure.RecipientAnswered, now)
	if in.Due != "" {
		end, err := s.endOf(in.Due)
		if err != nil {
			return err
		}
		r.AnswerDue, r.AnswerRule = &end, ""
	}
	return s.tell(tx, r, TopicPassed)
}

// tell leaves the letter to the sender; where no address is known, one is printed.
func (s *Service) tell(tx *database.Tx, r *Referral, topic string) error {
	sender, err := s.Submissions.Sender(tx, r.ConsultationID, r.SubmissionID)
	if err != nil {
		return err
	}
	now := tx.Now
	switch {
	case sender == nil:
		r.Told, r.ToldAt = OnPage, &now
		return nil
	case sender.Email == "":
		r.Told, r.ToldAt = Unposted, nil
		return nil
	}
	r.Told, r.ToldAt = ByMail, &now
	return notice.Add(tx, notice.Request{Topic: topic, Organisation: r.OrganisationID, Scope: r.ConsultationID, Ref: r.ID, Way: notice.Mail})
}

// change is an act on a referral that is locked, and its trail. do says false when
// the state does not allow it.
func (s *Service) change(ctx context.Context, who actor.Actor, slug string, id, version int64, act string, do func(*database.Tx, consultation.Consultation, *Referral) error) (Referral, error) {
	var r Referral
	err := s.DB.Write(ctx, who, func(tx *database.Tx) error {
		c, err := s.hold(tx, slug)
		if err != nil {
			return err
		}
		if err := tx.Lock().Where("consultation_id = ? AND id = ?", c.ID, id).Take(&r).Error; err != nil {
			return database.Translate(err)
		}
		if version != 0 && version != r.Version {
			return fault.Stale()
		}
		was := r
		if err := do(tx, c, &r); err != nil {
			return err
		}
		r.Version++
		err = tx.Model(&Referral{}).Where("consultation_id = ? AND id = ?", c.ID, r.ID).Updates(map[string]any{
			"kind": r.Kind, "reason": r.Reason, "note": r.Note, "state": r.State, "recipient": r.Recipient, "address": r.Address, "phone": r.Phone,
			"answer_due": r.AnswerDue, "answer_rule": r.AnswerRule, "profile": r.Profile, "told": r.Told, "told_at": r.ToldAt,
			"passed_at": r.PassedAt, "passed_by": r.PassedBy, "answer": r.Answer, "answered_at": r.AnsweredAt, "version": r.Version,
		}).Error
		if err != nil {
			return err
		}
		return s.trail(tx, c, act, r, &was)
	})
	return r, err
}

// fact is what the trail keeps: never words of the sender or about them.
type fact struct {
	State     State  `json:"state"`
	Kind      Kind   `json:"kind,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Recipient string `json:"recipient,omitempty"`
	Told      Told   `json:"told,omitempty"`
}

func factOf(r Referral) fact { return fact{r.State, r.Kind, r.Reason, r.Recipient, r.Told} }

func (s *Service) trail(tx *database.Tx, c consultation.Consultation, act string, r Referral, was *Referral) error {
	e := audit.Entry{Organisation: c.Organisation, Consultation: c.ID, Action: act, Object: "referral", ObjectID: r.ID, After: factOf(r)}
	if was != nil {
		e.Before = factOf(*was)
	}
	return audit.Record(tx, e)
}

// PassOn gives a recorded matter to a recipient. Faults: Invalid, Stale, Conflict
// referral.passed.
func (s *Service) PassOn(ctx context.Context, who actor.Actor, slug string, id int64, in In) (Referral, error) {
	return s.change(ctx, who, slug, id, in.Version, "pass_on", func(tx *database.Tx, c consultation.Consultation, r *Referral) error {
		if r.State != Recorded {
			return fault.New(fault.Conflict, "referral.passed")
		}
		if in.Kind == "" {
			in.Kind = r.Kind
		}
		if in.Recipient == 0 {
			return fault.Fields{{Name: "recipient", Code: "referral.recipient"}}.Err()
		}
		if err := in.check(s.validDay(in.Due)); err != nil {
			return err
		}
		return s.pass(tx, c, r, in)
	})
}

// Note keeps the recipient's answer, and tells the sender. Faults: Invalid, Stale,
// Conflict referral.not_passed.
func (s *Service) Note(ctx context.Context, who actor.Actor, slug string, id int64, answer string, version int64) (Referral, error) {
	return s.change(ctx, who, slug, id, version, "answer", func(tx *database.Tx, _ consultation.Consultation, r *Referral) error {
		if r.State != Passed {
			return fault.New(fault.Conflict, "referral.not_passed")
		}
		r.Answer = strings.TrimSpace(answer)
		var f fault.Fields
		switch n := utf8.RuneCountInString(r.Answer); {
		case n == 0:
			f.Add("answer", "referral.answer")
		case n > MostAnswer:
			f.Add("answer", "referral.long", "most", MostAnswer, "count", n-MostAnswer)
		}
		if err := f.Err(); err != nil {
			return err
		}
		now := tx.Now
		r.State, r.AnsweredAt = Answered, &now
		return s.tell(tx, r, TopicAnswered)
	})
}

// Posted keeps that the printed letter to the sender was posted. Conflict
// referral.posted when none waits.
func (s *Service) Posted(ctx context.Context, who actor.Actor, slug string, id, version int64) (Referral, error) {
	return s.change(ctx, who, slug, id, version, "post", func(tx *database.Tx, _ consultation.Consultation, r *Referral) error {
		if r.Told != Unposted {
			return fault.New(fault.Conflict, "referral.posted")
		}
		now := tx.Now
		r.Told, r.ToldAt = ByPost, &now
		return nil
	})
}

// TakeBack ends a matter that was none; once it went out, nothing takes it back:
// its recipient has it and its sender was told.
func (s *Service) TakeBack(ctx context.Context, who actor.Actor, slug string, id, version int64) (Referral, error) {
	return s.change(ctx, who, slug, id, version, "take_back", func(_ *database.Tx, _ consultation.Consultation, r *Referral) error {
		if r.State != Recorded {
			return fault.New(fault.Conflict, "referral.passed")
		}
		r.State = TakenBack
		return nil
	})
}

// Allow finds the consultation for somebody who may do this; it asks before
// anything that was sent is looked at.
func (s *Service) Allow(ctx context.Context, who actor.Actor, slug string, may access.Permission) (consultation.Consultation, error) {
	c, err := s.Consultations.Staff(ctx, who, slug)
	if err != nil {
		return c, err
	}
	return c, s.Gate.Require(who, may, c.Organisation)
}
