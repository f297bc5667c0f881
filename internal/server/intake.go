package server

import (
	"context"
	"time"

	"guangyi/internal/availability"
	"guangyi/internal/availability/availabilityweb"
	"guangyi/internal/bulk"
	"guangyi/internal/bulk/bulkweb"
	"guangyi/internal/challenge"
	"guangyi/internal/challenge/challengeweb"
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/desk/deskweb"
	"guangyi/internal/mailbox"
	"guangyi/internal/mailbox/mailboxweb"
	"guangyi/internal/moderation"
	"guangyi/internal/moderation/moderationweb"
	"guangyi/internal/notice"
	"guangyi/internal/platform/web"
	"guangyi/internal/referral"
	"guangyi/internal/referral/referralweb"
	"guangyi/internal/register"
	"guangyi/internal/register/registerweb"
	"guangyi/internal/survey"
	"guangyi/internal/survey/surveyweb"
	"guangyi/internal/verification/verificationweb"
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
	s.Moderation = moderation.New(moderation.Deps{
		DB: s.DB, Gate: s.Gate, Keys: s.Keys, Consultations: s.Consultations, Submissions: s.Submissions,
	})
	s.Desk = desk.New(s.DB, s.Gate, s.Keys, s.Organisations, s.Consultations, s.Drafts, s.Submissions, s.Attachments, zone)
	s.Referrals = referral.New(referral.Deps{
		DB: s.DB, Gate: s.Gate, Consultations: s.Consultations, Submissions: s.Submissions, Zone: zone,
	})
	s.Submissions.ReferWith(s.Referrals)
	s.Bulk = bulk.New(bulk.Deps{
		DB: s.DB, Keys: s.Keys, Consultations: s.Consultations, Submissions: s.Submissions, People: s.Accounts, Log: s.Log,
	})
	s.Submissions.ClaimWith(s.Attachments)
	s.Submissions.HoldWith(s.Moderation)
	s.Submissions.RuleWith(s.Moderation)
	s.Consultations.Guard(consultation.SubmitSummary, s.Desk.Check)
	for _, e := range []consultation.Event{consultation.Submit, consultation.Approve} {
		s.Consultations.Guard(e, s.Surveys.Check)
	}
}

// openMail fetches what is mailed; what comes from our own address is a loop.
func (s *Services) openMail(posts notice.Posts) {
	sender := ""
	if own, ok := posts.Mail.(*notice.SMTP); ok {
		sender = own.From()
	}
	s.Mail = mailbox.New(mailbox.Deps{
		DB: s.DB, Gate: s.Gate, Keys: s.Keys, Consultations: s.Consultations, Submissions: s.Submissions, Files: s.Attachments,
		Log: s.Log, Hosts: s.Settings.MailServers(), Sender: sender,
	})
	s.Mail.HoldWith(s.Moderation)
}

func (s *Services) mountIntake(shell *web.Site) {
	challengeweb.Mount(shell, s.Challenges)
	availabilityweb.Mount(shell, availabilityweb.Services{
		Availability: s.Availability, Challenges: s.Challenges, Consultations: s.Consultations, Organisations: s.Organisations, Bundle: s.Bundle,
	})
	surveyweb.Mount(shell, surveyweb.Services{
		Surveys: s.Surveys, Consultations: s.Consultations, Drafts: s.Drafts, Organisations: s.Organisations, Keys: s.Keys,
		Challenges: s.Challenges,
	})
	moderationweb.Mount(shell, moderationweb.Services{
		Moderation: s.Moderation, Submissions: s.Submissions, Consultations: s.Consultations, Drafts: s.Drafts,
		Organisations: s.Organisations, Keys: s.Keys,
	})
	deskweb.Mount(shell, deskweb.Services{Desk: s.Desk, Consultations: s.Consultations, Drafts: s.Drafts, Organisations: s.Organisations})
	mailboxweb.Mount(shell, mailboxweb.Services{
		Mail: s.Mail, Consultations: s.Consultations, Organisations: s.Organisations, Submissions: s.Submissions,
	})
	referralweb.Mount(shell, referralweb.Services{
		Referrals: s.Referrals, Submissions: s.Submissions, Consultations: s.Consultations, Drafts: s.Drafts,
		Organisations: s.Organisations, BaseURL: s.Settings.BaseURL,
	})
	bulkweb.Mount(shell, s.Bulk)
	registerweb.Mount(shell, registerweb.Services{Register: s.Register})
	verificationweb.Mount(shell, verificationweb.Services{Register: s.Register, Adoption: s.Adoption})
}

// mailEvery is how often it is looked whose mail nobody fetches.
const mailEvery = 10 * time.Second

// tablesEvery is how often it is looked whose table waits that another node left.
const tablesEvery = 5 * time.Second

// tallyEvery is how often the figures of refused requests are written down.
const tallyEvery = 30 * time.Second

// keepIntake works on what comes by the clock until the context ends.
func (s *Services) keepIntake(ctx context.Context) {
	go s.Register.Run(ctx, register.Every, s.Log)
	go s.Challenges.Run(ctx, tallyEvery, s.Log)
	go s.Availability.Run(ctx, s.Log)
	go s.keepFiles(ctx)
	go s.Mail.Run(ctx, mailEvery)
	go s.Bulk.Run(ctx, tablesEvery)
}
