package representative

import (
	"context"
	"strings"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Term is from when until when somebody serves; Until is the instant at which it
// is over.
type Term struct{ From, Until time.Time }

// MostYears is the longest term.
const MostYears = 10

func (t Term) check(f *fault.Fields, now time.Time) {
	switch {
	case t.From.IsZero():
		f.Add("from", "representative.term_from")
	case t.Until.IsZero() || !t.Until.After(t.From) || !t.Until.After(now):
		f.Add("until", "representative.term_until")
	case t.Until.After(t.From.AddDate(MostYears, 0, 1)):
		f.Add("until", "representative.term_long", "years", MostYears)
	}
}

// stored is an instant as both databases keep and compare it.
func stored(t time.Time) time.Time { return t.UTC().Truncate(clock.Precision) }

func reason(f *fault.Fields, name, text string, needed bool) {
	if needed && text == "" {
		f.Add(name, "representative.reason")
	}
	tooLong(f, name, text, AboutLimit)
}

// Vet is the first of two: it proposes to admit or, with a note, to refuse.
func (s *Service) Vet(ctx context.Context, who actor.Actor, id int64, admits bool, note string, version int64) (Representative, error) {
	note = strings.TrimSpace(note)
	return s.alter(ctx, who, id, version, mayVet, func(tx *database.Tx, r *Representative) (Act, string, error) {
		var f fault.Fields
		reason(&f, "note", note, !admits)
		if err := f.Err(); err != nil {
			return Vet, "", err
		}
		r.FirstBy, r.FirstName, r.FirstAt, r.FirstAdmits, r.FirstNote = who.Key(), nameOf(who), &tx.Now, admits, note
		return Vet, note, r.step(Vet)
	})
}

// Decide is the second of two: another person admits for a term, or refuses with a
// reason that the applicant is told. Who decides against the first says why, too.
func (s *Service) Decide(ctx context.Context, who actor.Actor, id int64, admit bool, term Term, why string, version int64) (Representative, error) {
	why, term = strings.TrimSpace(why), Term{stored(term.From), stored(term.Until)}
	return s.alter(ctx, who, id, version, mayAdmit, func(tx *database.Tx, r *Representative) (Act, string, error) {
		act := Refuse
		if admit {
			act = Admit
		}
		if !act.Leads(r.State) {
			return act, "", r.step(act)
		}
		if r.FirstBy == who.Key() {
			return act, "", fault.New(fault.Forbidden, "representative.same_person")
		}
		var f fault.Fields
		reason(&f, "reason", why, !admit || !r.FirstAdmits)
		if admit {
			term.check(&f, tx.Now)
		}
		if err := f.Err(); err != nil {
			return act, "", err
		}
		r.SecondBy, r.SecondName, r.SecondAt, r.Reason = who.Key(), nameOf(who), &tx.Now, why
		if admit {
			r.TermFrom, r.TermUntil = &term.From, &term.Until
		} else if err := s.end(tx, r); err != nil {
			return act, "", err
		}
		return act, why, r.step(act)
	})
}

// Renew gives another term to who wants it: before the old one ends, or after it
// while the contact is still kept.
func (s *Service) Renew(ctx context.Context, who actor.Actor, id int64, until time.Time, version int64) (Representative, error) {
	until = stored(until)
	return s.alter(ctx, who, id, version, mayAdmit, func(tx *database.Tx, r *Representative) (Act, string, error) {
		if err := r.step(Renew); err != nil {
			return Renew, "", err
		}
		if r.RenewalWantedAt == nil || r.ErasedAt != nil {
			return Renew, "", fault.New(fault.Conflict, "representative.not_wanted")
		}
		from := *r.TermUntil
		if from.Before(tx.Now) {
			from = tx.Now
		}
		var f fault.Fields
		Term{from, until}.check(&f, tx.Now)
		if err := f.Err(); err != nil {
			return Renew, "", err
		}
		p, err := s.person(tx.DB, *r)
		if err != nil {
			return Renew, "", err
		}
		r.Person = livingKey(s.indexes(p))
		r.TermUntil, r.RenewalAskedAt, r.RenewalWantedAt, r.EndedAt, r.ForgetAt = &until, nil, nil, nil, nil
		return Renew, "", nil
	})
}

// Suspend keeps somebody from being invited, with a reason that the person is told.
func (s *Service) Suspend(ctx context.Context, who actor.Actor, id int64, why string, version int64) (Representative, error) {
	why = strings.TrimSpace(why)
	return s.alter(ctx, who, id, version, maySuspend, func(tx *database.Tx, r *Representative) (Act, string, error) {
		var f fault.Fields
		reason(&f, "reason", why, true)
		if err := f.Err(); err != nil {
			return Suspend, "", err
		}
		r.SuspendedBy, r.SuspendedAt, r.SuspendedFor = who.Key(), &tx.Now, why
		r.AppealedAt, r.AppealAnswer, r.AnsweredBy, r.AnsweredAt = nil, "", "", nil
		return Suspend, why, r.step(Suspend)
	})
}

// Lift ends a suspension that nobody appealed against, or whose appeal was answered.
func (s *Service) Lift(ctx context.Context, who actor.Actor, id int64, why string, version int64) (Representative, error) {
	why = strings.TrimSpace(why)
	return s.alter(ctx, who, id, version, maySuspend, func(tx *database.Tx, r *Representative) (Act, string, error) {
		if r.AppealedAt != nil && r.AnsweredAt == nil {
			return Lift, "", fault.New(fault.Conflict, "representative.appeal_waits")
		}
		var f fault.Fields
		reason(&f, "reason", why, false)
		if err := f.Err(); err != nil {
			return Lift, "", err
		}
		return Lift, why, r.step(Lift)
	})
}

// AnswerAppeal decides on an appeal, with a reason that the person is told; who
// suspended may not.
func (s *Service) AnswerAppeal(ctx context.Context, who actor.Actor, id int64, lift bool, why string, version int64) (Representative, error) {
	why = strings.TrimSpace(why)
	return s.alter(ctx, who, id, version, mayAnswer, func(tx *database.Tx, r *Representative) (Act, string, error) {
		act := Uphold
		if lift {
			act = Lift
		}
		if err := r.step(act); err != nil {
			return act, "", err
		}
		if r.AppealedAt == nil || r.AnsweredAt != nil {
			return act, "", fault.New(fault.Conflict, "representative.no_appeal")
		}
		if r.SuspendedBy == who.Key() {
			return act, "", fault.New(fault.Forbidden, "representative.suspended_by_you")
		}
		var f fault.Fields
		reason(&f, "reason", why, true)
		if err := f.Err(); err != nil {
			return act, "", err
		}
		r.AppealAnswer, r.AnsweredBy, r.AnsweredAt = why, who.Key(), &tx.Now
		return act, why, nil
	})
}
