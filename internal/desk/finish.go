package desk

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Done is what became of an entry whose typing is finished.
type Done struct {
	Entry   Entry
	Receipt *submission.Receipt // nil while it waits for the second person
}

// DuplicateError says that an entry looks like letters that are there already.
type DuplicateError struct{ List []Duplicate }

// Error names how many.
func (e *DuplicateError) Error() string {
	return fmt.Sprintf("desk: looks like %d that are there", len(e.List))
}

// Finish ends the typing of a draft: it becomes a submission, or waits for the second
// person when one must check it. What the form sends is kept first, so that a
// refusal loses nothing. An entry that is past that already answers as it stands when
// the same words come again; other words under its key are refused, not dropped.
//
// Faults: those of Keep; Invalid with fields as in the API of submissions, and
// received_on, received_at, posted_on, late, signers, note, number; *DuplicateError
// unless in.Distinct; Conflict desk.key_reused.
func (s *Service) Finish(ctx context.Context, who actor.Actor, slug string, batch int64, in In) (Done, error) {
	e, err := s.Keep(ctx, who, slug, batch, in)
	if err != nil {
		return Done{Entry: e}, err
	}
	if e.ID == 0 {
		return Done{}, fault.Fields{{Name: "comments[0].text", Code: "submission.text_empty"}}.Err()
	}
	if e.State != Draft {
		return s.again(ctx, e, in.Content)
	}
	c, err := s.consultations.ByID(ctx, e.ConsultationID)
	if err != nil {
		return Done{Entry: e}, err
	}
	if err := s.complete(ctx, c, e, s.db.Now()); err != nil {
		return Done{Entry: e}, err
	}
	if !in.Distinct {
		list, err := s.duplicates(ctx, c.ID, e)
		if err != nil {
			return Done{Entry: e}, err
		}
		if len(list) > 0 {
			return Done{Entry: e}, &DuplicateError{list}
		}
	}
	return s.finish(ctx, who, slug, e)
}

// again answers a form or request that came twice.
func (s *Service) again(ctx context.Context, e Entry, content Content) (Done, error) {
	typed, err := s.typed(s.db.Read(ctx), e)
	if err != nil {
		return Done{Entry: e}, err
	}
	content = content.tidy()
	content.Note, typed.Note = "", "" // of colleagues, who may have changed it
	if !same(typed, content) {
		return Done{Entry: e}, fault.New(fault.Conflict, "desk.key_reused")
	}
	return s.done(e), nil
}

func (s *Service) done(e Entry) Done {
	if e.State != Taken {
		return Done{Entry: e}
	}
	return Done{e, &submission.Receipt{Number: e.Receipt, Secret: s.submissions.SecretOf(e.SubmissionID), Submission: e.SubmissionID, Repeated: true}}
}

func (s *Service) finish(ctx context.Context, who actor.Actor, slug string, was Entry) (Done, error) {
	var out Done
	e, err := s.change(ctx, who, slug, was.ID, PermissionEnter, func(tx *database.Tx, c consultation.Consultation, e *Entry) error {
		if e.State != Draft {
			out = s.done(*e)
			tx.Audited() // nothing changes: the same form came twice
			return nil
		}
		if e.Version != was.Version {
			return fault.Stale()
		}
		share, err := demanded(tx, c.Organisation)
		if err != nil {
			return err
		}
		e.Clerk = who.Key()
		e.typedBy(e.Clerk)
		e.Drawn = e.Content.Check || s.draw(share)
		if err := s.mark(tx, e); err != nil {
			return err
		}
		if err := s.remember(tx, e, "typed", kept{Content: &e.Content}); err != nil {
			return err
		}
		if !e.Drawn {
			r, err := s.take(tx, c, e)
			out.Receipt = &r
			return err
		}
		before := e.State
		if e.State, err = Step(e.State, Finish); err != nil {
			return err
		}
		if err := s.store(tx, e); err != nil {
			return err
		}
		return trail(tx, e, string(Finish), before, nil)
	})
	if out.Entry.ID == 0 {
		out.Entry = e
	}
	return out, err
}

// take makes the submission of an entry, in the caller's transaction.
func (s *Service) take(tx *database.Tx, c consultation.Consultation, e *Entry) (submission.Receipt, error) {
	before := e.State
	to, err := Step(e.State, Take)
	if err != nil {
		return submission.Receipt{}, err
	}
	in, late, err := s.asSubmission(tx.Context(), c, *e, tx.Now)
	if err != nil {
		return submission.Receipt{}, err
	}
	if in.Files, err = s.hand(tx, c, e); err != nil {
		return submission.Receipt{}, err
	}
	r, err := s.submissions.EnterConfirmed(tx, tx.Actor, in)
	if err != nil {
		return r, err
	}
	e.State, e.SubmissionID, e.Receipt, e.Late, e.Refused = to, r.Submission, r.Number, late, ""
	if err := s.store(tx, e); err != nil {
		return r, err
	}
	return r, trail(tx, e, string(Take), before, map[string]any{"submission": r.Submission, "late": late, "checked_by": e.CheckedBy})
}

// asSubmission writes an entry as what the record takes in. Consent is given: who
// writes to the address that the notice names sends it on the notice's terms.
func (s *Service) asSubmission(ctx context.Context, c consultation.Consultation, e Entry, now time.Time) (in submission.In, late bool, err error) {
	t, f := s.timing(c, e.Way, e.Content, now)
	if t.posted != nil && len(e.Files) == 0 {
		f.Add("file", "desk.postmark_photo")
	}
	tree, err := s.drafts.Tree(ctx, c.ID, firstVersion)
	if err != nil {
		return in, false, err
	}
	content, wrong := aimed(tree, e.Content)
	for _, i := range wrong {
		f.Add(fmt.Sprintf("comments[%d].provision", i), "desk.provision", "typed", content.Points[i].Provision)
	}
	if err := f.Err(); err != nil {
		return in, t.late, err
	}
	in = submission.In{Consultation: c.Slug, Key: fmt.Sprintf("desk-%d", e.ID), Channel: e.Way.Channel(), Consent: true, ReceivedAt: t.received, Submitter: content.submitter(),
		Entry: submission.EntryClerk, Origin: submission.Origin{Number: content.Number, PostedOn: t.posted}}
	if c.ClosesAt != nil && !now.Before(*c.ClosesAt) {
		in.Entry = submission.EntryAfter
	}
	var all strings.Builder
	for _, p := range content.Points {
		in.Comments = append(in.Comments, submission.Part{Provision: p.Provision, Text: p.Text, ProposedText: p.Proposed})
		all.WriteString(p.Text)
	}
	in.Language = submission.LanguageOf(all.String())
	return in, t.late, nil
}

// submitter is the sender as the record knows senders: a body by its own name.
func (c Content) submitter() submission.Submitter {
	name := c.Sender.Name
	if (c.Sender.Kind == "enterprise" || c.Sender.Kind == "organisation") && c.Sender.Unit != "" {
		name = c.Sender.Unit
	}
	return submission.Submitter{Kind: c.Sender.Kind, Name: name, Email: c.Sender.Email, Phone: c.Sender.Phone, Region: c.Sender.Region}
}

// complete finds what an entry lacks, before anything is changed.
func (s *Service) complete(ctx context.Context, c consultation.Consultation, e Entry, now time.Time) error {
	f := e.Content.check()
	in, _, err := s.asSubmission(ctx, c, e, now)
	switch p, ok := fault.As(err); {
	case ok && p.Kind == fault.Invalid:
		f = append(f, p.Fields...)
		in = submission.In{Consultation: c.Slug, Consent: true, Submitter: e.Content.submitter(), Channel: e.Way.Channel()}
		for _, x := range e.Content.Points {
			in.Comments = append(in.Comments, submission.Part{Text: x.Text, ProposedText: x.Proposed})
		}
	case err != nil:
		return err
	}
	found, err := s.submissions.Check(ctx, c, in)
	if err != nil {
		return err
	}
	for _, x := range found {
		if strings.HasSuffix(x.Code, "_demanded") { // of who fills in the form; paper comes as it comes
			continue
		}
		f = append(f, x)
	}
	return f.Err()
}

// check finds what is wrong with what only the desk knows.
func (c Content) check() (f fault.Fields) {
	if len(c.Signers) > MostSigners {
		f.Add("signers", "desk.signers_many", "most", MostSigners)
	}
	for _, n := range c.Signers {
		if utf8.RuneCountInString(n) > submission.MostName {
			f.Add("signers", "submission.line_long", "most", submission.MostName)
			break
		}
	}
	for _, x := range []struct {
		name, text string
		most       int
	}{{"submitter.unit", c.Sender.Unit, submission.MostName}, {"submitter.address", c.Sender.Address, MostAddress}, {"note", c.Note, MostNote}, {"number", c.Number, MostNumber}} {
		if utf8.RuneCountInString(x.text) > x.most {
			f.Add(x.name, "submission.line_long", "most", x.most)
		}
	}
	return f
}

// drawn decides by chance whether a second person checks: nobody at the desk can
// tell beforehand which entry it will be.
func drawn(share int) bool {
	n, err := rand.Int(rand.Reader, big.NewInt(100))
	return err != nil || n.Int64() < int64(share)
}
