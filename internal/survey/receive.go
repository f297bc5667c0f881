package survey

import (
	"context"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Way is how a response came in; its channel is always survey.
type Way string

// The ways.
const (
	ByWeb    Way = "web"    // the form
	ByAPI    Way = "api"    // a program
	ByClerk  Way = "clerk"  // paper, entered by staff
	ByImport Way = "import" // a table
)

// Ways lists them in the order in which they are shown.
var Ways = []Way{ByWeb, ByAPI, ByClerk, ByImport}

// Response is a response as it comes in.
type Response struct {
	Consultation string // slug
	Key          string // idempotency key; empty: none
	Way          Way
	Answers      Answers
	Language     string // of the words; empty: as their letters tell, else the consultation's
	Submitter    submission.Submitter
	Consent      bool
	Held         string            // why it waits for moderation, "" when it does not
	ReceivedAt   time.Time         // zero: now
	Origin       submission.Origin // of paper and tables
}

// row is a response as stored.
type row struct {
	Consultation  int64 `gorm:"column:consultation_id;primaryKey;autoIncrement:false"`
	Submission    int64 `gorm:"column:submission_id;primaryKey;autoIncrement:false"`
	Way           Way
	SubmitterKind submission.Kind
	Lang          string
	Answers       []stored `gorm:"serializer:json"`
	ReceivedAt    time.Time
}

// TableName names the table for gorm.
func (row) TableName() string { return "survey_responses" }

// Receive takes a response from the public and returns when it is stored for good,
// with its submission, its comments and its counts.
//
// Faults: NotFound where there is no survey; those of consultation.Open for the
// instant of receipt, unless the key was accepted before; Invalid with fields
// answers.CODE and those of submission.Receive; Conflict submission.key_reused.
func (s *Service) Receive(ctx context.Context, who actor.Actor, in Response) (submission.Receipt, error) {
	c, err := s.consultations.BySlug(ctx, in.Consultation)
	if err != nil {
		return submission.Receipt{}, err
	}
	if err := s.gate.Require(who, PermissionAnswer, c.Organisation); err != nil {
		return submission.Receipt{}, err
	}
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = s.db.Now()
	}
	v, err := s.Of(ctx, c.ID)
	if err != nil {
		return submission.Receipt{}, err
	}
	// After the end a key that was accepted still gives its receipt; that is for
	// submission to say, so that faults of the content come second.
	faults, err := s.faults(ctx, c, v, &in)
	if err != nil {
		return submission.Receipt{}, err
	}
	if refusal := c.Takes(in.ReceivedAt); refusal == nil {
		if err := faults.Err(); err != nil {
			return submission.Receipt{}, err
		}
	} else if len(faults) > 0 {
		return submission.Receipt{}, refusal
	}
	var r submission.Receipt
	// Who leaves meanwhile does not cancel what was sent.
	err = s.db.Write(context.WithoutCancel(ctx), who, func(tx *database.Tx) error {
		r, err = s.take(tx, c, v, in, func(body submission.In) (submission.Receipt, error) {
			body.Entry = submission.EntrySender
			return s.submissions.ReceiveIn(tx, who, body)
		})
		return err
	})
	return r, err
}

// Enter takes in, in the caller's transaction, a response that staff hold on paper
// or in a table. Faults are those of Receive and of submission.Enter.
func (s *Service) Enter(tx *database.Tx, who actor.Actor, c consultation.Consultation, v Survey, in Response) (submission.Receipt, error) {
	if err := s.gate.Require(who, PermissionEnter, c.Organisation); err != nil {
		return submission.Receipt{}, err
	}
	in.Consent, in.ReceivedAt = true, onTheDay(c, in.ReceivedAt)
	in.Answers = in.Answers.tidy(v)
	if err := v.checkAnswers(in.Answers).Err(); err != nil {
		return submission.Receipt{}, err
	}
	return s.take(tx, c, v, in, func(body submission.In) (submission.Receipt, error) {
		return s.submissions.Enter(tx, who, body)
	})
}

// faults brings a response into its form and lists all that is wrong with it.
func (s *Service) faults(ctx context.Context, c consultation.Consultation, v Survey, in *Response) (fault.Fields, error) {
	in.Answers = in.Answers.tidy(v)
	f := v.checkAnswers(in.Answers)
	more, err := s.submissions.Check(ctx, c, v.body(c, *in))
	for _, x := range more {
		if !strings.HasPrefix(x.Name, "comments") { // said of the answer already
			f = append(f, x)
		}
	}
	return f, err
}

// CheckResponse finds what is wrong with a response without taking it in.
func (s *Service) CheckResponse(ctx context.Context, c consultation.Consultation, v Survey, in Response) (fault.Fields, error) {
	return s.faults(ctx, c, v, &in)
}

// body is the submission that a response is.
func (v Survey) body(c consultation.Consultation, in Response) submission.In {
	_, told, parts := v.read(in.Answers)
	lang := in.Language
	for _, p := range parts {
		if lang == "" {
			lang = submission.LanguageOf(p.Text)
		}
	}
	if lang == "" {
		lang = c.Lang
	}
	return submission.In{
		Consultation: c.Slug, Key: in.Key, Channel: Channel, Version: draft.First, Language: lang, Submitter: in.Submitter,
		Comments: parts, Answers: told, Consent: in.Consent, Held: in.Held, ReceivedAt: in.ReceivedAt, Origin: in.Origin,
	}
}

// Accepted gives the receipt that a response's key had before; submission.ErrNoKey
// when it had none.
func (s *Service) Accepted(ctx context.Context, in Response) (submission.Receipt, error) {
	c, err := s.consultations.BySlug(ctx, in.Consultation)
	if err != nil {
		return submission.Receipt{}, err
	}
	v, err := s.Of(ctx, c.ID)
	if err != nil {
		return submission.Receipt{}, err
	}
	in.Answers = in.Answers.tidy(v)
	return s.submissions.Accepted(ctx, v.body(c, in))
}

// take stores the submission by put and, when it is new, what was chosen.
func (s *Service) take(tx *database.Tx, c consultation.Consultation, v Survey, in Response, put func(submission.In) (submission.Receipt, error)) (submission.Receipt, error) {
	body := v.body(c, in)
	r, err := put(body)
	if err != nil {
		return r, err
	}
	if r.Repeated {
		tx.Audited() // it was, when it was stored
		return r, nil
	}
	kept, _, _ := v.read(in.Answers)
	one := row{
		Consultation: c.ID, Submission: r.Submission, Way: in.Way, SubmitterKind: in.Submitter.Kind, Lang: body.Language,
		Answers: kept, ReceivedAt: r.ReceivedAt,
	}
	if err := tx.Create(&one).Error; err != nil {
		return r, err
	}
	return r, count(tx, one)
}

// onTheDay lets a day on paper be the day of the opening: its first instant lies
// before the hour at which the consultation opened.
func onTheDay(c consultation.Consultation, at time.Time) time.Time {
	if c.OpensAt != nil && at.Before(*c.OpensAt) && at.Add(24*time.Hour).After(*c.OpensAt) {
		return *c.OpensAt
	}
	return at
}
