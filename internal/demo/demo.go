// Package demo fills an empty site with a demonstration: three bodies of an
// invented city, consultations in every state, what people wrote, and what became
// of it.
//
// Everything is made through the services, by the people whose work it is and in
// the order of its time, on a clock that was set back; so every rule held while it
// was made, and every trail is there. What happens stands in content/, in days
// from the day of filling.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guangyi/internal/account"
	"guangyi/internal/adoption"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/moderation"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/selection"
	"guangyi/internal/sitting"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
)

// Services is what the demonstration is made with. All stand on the clock that
// they were opened with.
type Services struct {
	DB            *database.DB
	Organisations *organisation.Service
	Accounts      *account.Service
	Attachments   *attachment.Service
	Consultations *consultation.Service
	Submissions   *submission.Service
	Adoption      *adoption.Service
	Meetings      *meeting.Service
	Selections    *selection.Service
	Invitations   *invitation.Service
	Sittings      *sitting.Service
	Surveys       *survey.Service     // nil: no notice carries a questionnaire
	Desk          *desk.Service       // nil: what came on paper is entered without it
	Moderation    *moderation.Service // nil: everything is shown
	Close         func() error        // ends what Open began
}

// Open opens the services on a clock.
type Open func(clock.Clock) (*Services, error)

// Account is one that was made, with its password: it is stored nowhere else.
type Account struct {
	Role         actor.Role
	Name         string
	Email        string
	Password     string
	Organisation string // slug; empty for an operator
}

// Line writes the account as programs read it: account, role, e-mail, password
// and organisation (- for none), between tabs.
func (a Account) Line() string {
	org := a.Organisation
	if org == "" {
		org = "-"
	}
	return fmt.Sprintf("account\t%s\t%s\t%s\t%s", a.Role, a.Email, a.Password, org)
}

// ErrHoldsSite is the refusal to fill a database that holds a site.
var ErrHoldsSite = errors.New("the database holds a site already: a demonstration needs an empty data folder or database (choose one with GUANGYI_DATA or DATABASE_URL, or serve this site without --demo)")

// Fill makes the demonstration as it stands at now and closes the services that it
// opened. ErrHoldsSite when there is an organisation already: then nothing is
// changed.
func Fill(ctx context.Context, open Open, now time.Time) (accounts []Account, err error) {
	c, err := read()
	if err != nil {
		return nil, err
	}
	then := clock.At(now)
	line := c.timeline(now)
	if len(line) > 0 {
		then.Set(line[0].at.Add(-opening))
	}
	s, err := open(then)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if all, err := s.Organisations.All(ctx); err != nil {
		return nil, err
	} else if len(all) > 0 {
		return nil, ErrHoldsSite
	}
	f := &filling{Services: s, ctx: ctx, today: midnight(now)}
	if accounts, err = f.settle(c.site); err != nil {
		return nil, err
	}
	for _, step := range line {
		then.Set(step.at)
		if err := step.do(f); err != nil {
			return nil, fmt.Errorf("%s, %s on %s: %w", step.file, step.what, step.at.Format(time.DateTime), err)
		}
	}
	then.Set(now)
	_, err = s.Consultations.RecordMoments(ctx)
	return accounts, err
}

// Stands reports whether the site holds the demonstration's organisations, so that
// its pages can say that they are invented.
func Stands(ctx context.Context, organisations *organisation.Service) (bool, error) {
	c, err := read()
	if err != nil {
		return false, err
	}
	all, err := organisations.All(ctx)
	if err != nil {
		return false, err
	}
	slugs := map[string]bool{}
	for _, o := range all {
		slugs[o.Slug] = true
	}
	for _, o := range c.site.Organisations {
		if !slugs[o.Slug] {
			return false, nil
		}
	}
	return len(all) > 0, nil
}

// opening is how long the site stands before anything happens on it.
const opening = 24 * time.Hour

// filling is the work of one Fill.
type filling struct {
	*Services
	ctx   context.Context
	today time.Time
	staff staff
}
