package server

import (
	"context"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/availability/availabilityweb"
	"guangyi/internal/challenge"
	"guangyi/internal/challenge/challengeweb"
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
	"guangyi/internal/register/registerweb"
	"guangyi/internal/survey"
	"guangyi/internal/survey/surveyweb"
)

// openRegister opens the public register; every capability that leaves leaves in
// it comes after.
func (s *Services) openRegister(ctx context.Context) (err error) {
	s.Register, err = register.New(ctx, s.DB, register.Options{
		Folder: s.Settings.Data, Key: s.Settings.RegisterKey, Origin: register.OriginOf(s.Settings.BaseURL),
	})
	return err
}

// intakeRooms makes the services of the ways by which submissions come.
func (s *Services) intakeRooms() {
	zone := s.Settings.Location()
	s.Challenges = challenge.New(s.DB, s.Keys, s.Settings.Challenge == "on", zone)
	s.Availability = availability.New(s.DB, s.Gate, s.Consultations, zone)
	s.Surveys = survey.New(s.DB, s.Gate, s.Consultations, s.Drafts, s.Submissions)
	s.Submissions.ClaimWith(s.Attachments)
}

func (s *Services) mountIntake(shell *web.Site) {
	challengeweb.Mount(shell, s.Challenges)
	availabilityweb.Mount(shell, availabilityweb.Services{
		Availability: s.Availability, Challenges: s.Challenges, Consultations: s.Consultations, Organisations: s.Organisations, Bundle: s.Bundle,
	})
	surveyweb.Mount(shell, surveyweb.Services{
		Surveys: s.Surveys, Consultations: s.Consultations, Drafts: s.Drafts, Organisations: s.Organisations, Keys: s.Keys,
	})
	registerweb.Mount(shell, registerweb.Services{Register: s.Register})
}

// tallyEvery is how often the figures of refused requests are written down.
const tallyEvery = 30 * time.Second

// keepIntake works on what comes by the clock until the context ends.
func (s *Services) keepIntake(ctx context.Context) {
	go s.Register.Run(ctx, register.Every, s.Log)
	go s.Challenges.Run(ctx, tallyEvery, s.Log)
	go s.Availability.Run(ctx, s.Log)
	go s.keepFiles(ctx)
}
