package submission

import (
	"context"
	"database/sql"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

var errNoRows = sql.ErrNoRows

// Tracked is a submission as its sender sees it.
type Tracked struct {
	Submission   Submission
	Consultation consultation.Consultation
	State        State
	Answered     bool // each comment has its published answer, whatever the state
	Parts        []TrackedPart
	Rulings      []Ruling       // what was decided about showing it, oldest first
	Answers      []SurveyAnswer // of a response to a survey
	Referrals    []Referral     // what of it was passed on to others, oldest first
}

// TrackedPart is a part as received with what became of it: an answer, or its spans.
type TrackedPart struct {
	Comment
	Answer *Answer // nil: not published yet, or it was split
	Spans  []TrackedPart
}

// Track shows a submission to whoever has its number and secret, both as typed.
// One fault, NotFound submission.receipt, for a wrong number and for a wrong secret.
func (s *Service) Track(ctx context.Context, number, secret string) (Tracked, error) {
	wrong := fault.New(fault.NotFound, "submission.receipt")
	number, ok := ReadNumber(number)
	if !ok {
		return Tracked{}, wrong
	}
	g := s.db.Read(ctx)
	var at struct{ ConsultationID, ID int64 }
	err := g.Table("submissions").Select("consultation_id, id").Where("receipt = ?", number).Take(&at).Error
	if fault.Is(database.Translate(err), fault.NotFound) {
		return Tracked{}, wrong
	}
	if err != nil {
		return Tracked{}, err
	}
	if !s.opens(at.ID, secret) {
		return Tracked{}, wrong
	}
	x, err := whole(g, at.ConsultationID, at.ID)
	if err != nil {
		return Tracked{}, err
	}
	t := Tracked{Submission: x, State: x.State}
	if t.Consultation, err = s.consultations.ByID(ctx, at.ConsultationID); err != nil {
		return t, err
	}
	if t.Answers, err = answersOf(g, x); err != nil {
		return t, err
	}
	if s.rulings != nil {
		if t.Rulings, err = s.rulings.Rulings(ctx, at.ConsultationID, at.ID); err != nil {
			return t, err
		}
	}
	if t.Referrals, err = s.PassedOn(ctx, at.ConsultationID, at.ID); err != nil {
		return t, err
	}
	return t, s.tell(ctx, &t)
}

// tell lays the comments out with their answers and works the state out.
func (s *Service) tell(ctx context.Context, t *Tracked) error {
	var held []int64
	for _, c := range t.Submission.Comments {
		if !c.Split && c.SuggestionID != 0 {
			held = append(held, c.SuggestionID)
		}
	}
	answers := map[int64]Answer{}
	if s.answers != nil && len(held) > 0 {
		var err error
		if answers, err = s.answers.AnswersTo(ctx, t.Submission.ConsultationID, held); err != nil {
			return err
		}
	}
	at := map[int64]int{}
	all := true
	for _, c := range t.Submission.Comments {
		one := TrackedPart{Comment: c}
		if a, ok := answers[c.SuggestionID]; ok && !c.Split {
			one.Answer = &a
		}
		all = all && (c.Split || one.Answer != nil)
		if c.ParentID == 0 {
			at[c.ID] = len(t.Parts)
			t.Parts = append(t.Parts, one)
			continue
		}
		// A part stands before its spans: same position, span_start and end not less than 0.
		i := at[c.ParentID]
		t.Parts[i].Spans = append(t.Parts[i].Spans, one)
	}
	t.Answered = all && len(t.Parts) > 0
	if t.Answered && t.State == Accepted {
		t.State = Answered
	}
	return nil
}

// Ruling is a decision about showing a submission, for its sender.
type Ruling struct {
	Act    string // withhold, mask, take_back, withdraw
	Reason string
	Words  string
	At     time.Time
}

// Rulings are told by who moderates.
type Rulings interface {
	Rulings(ctx context.Context, consultation, submission int64) ([]Ruling, error)
}

// RuleWith says who tells them; without it none are told.
func (s *Service) RuleWith(r Rulings) { s.rulings = r }

// Referral is a petition or accusation in a submission that was passed on, for its
// sender.
type Referral struct {
	Kind       string // petition, accusation, request
	Recipient  string
	Address    string
	Phone      string
	At         time.Time
	Due        *time.Time // when an answer can be expected; nil: not known
	Answer     string
	AnsweredAt *time.Time
}

// Referrals are told by who passes on.
type Referrals interface {
	Referrals(ctx context.Context, consultation, submission int64) ([]Referral, error)
}

// ReferWith says who tells them; without it none are told.
func (s *Service) ReferWith(r Referrals) { s.referrals = r }

// PassedOn lists what of a submission was passed on to others, oldest first.
func (s *Service) PassedOn(ctx context.Context, consultation, submission int64) ([]Referral, error) {
	if s.referrals == nil {
		return nil, nil
	}
	return s.referrals.Referrals(ctx, consultation, submission)
}
