// Package server composes the program: it opens the database and the keys, makes
// every service, hands each what it needs of the others, and mounts the routes.
package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"

	"guangyi/internal/access"
	"guangyi/internal/account"
	"guangyi/internal/adoption"
	"guangyi/internal/attachment"
	"guangyi/internal/availability"
	"guangyi/internal/bulk"
	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/invitation"
	"guangyi/internal/mailbox"
	"guangyi/internal/meeting"
	"guangyi/internal/moderation"
	"guangyi/internal/notice"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/config"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/referral"
	"guangyi/internal/register"
	"guangyi/internal/representative"
	"guangyi/internal/selection"
	"guangyi/internal/site"
	"guangyi/internal/sitting"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/views"
)

// Services is the whole domain, wired.
type Services struct {
	Settings      config.Settings
	Log           *slog.Logger
	Clock         clock.Clock
	DB            *database.DB
	Keys          *seal.Keys
	Gate          *access.Gate
	Bundle        *i18n.Bundle
	Organisations *organisation.Service
	Accounts      *account.Service
	Attachments   *attachment.Service
	Drafts        *draft.Service
	Consultations *consultation.Service
	Submissions   *submission.Service
	Adoption      *adoption.Service
	Sites         *site.Service
	Notices       *notice.Service

	Representatives *representative.Service
	Meetings        *meeting.Service
	Selections      *selection.Service
	Invitations     *invitation.Service
	Sittings        *sitting.Service

	Register     *register.Service
	Challenges   *challenge.Service
	Availability *availability.Service
	Surveys      *survey.Service
	Moderation   *moderation.Service
	Referrals    *referral.Service
	Desk         *desk.Service
	Mail         *mailbox.Service
	Bulk         *bulk.Service

	texts attachment.TextReader

	Demo bool // every page says that the site is a demonstration
}

// Option changes how the services are opened.
type Option func(*options)

type options struct {
	clock   clock.Clock
	migrate bool
	log     io.Writer
	texts   attachment.TextReader
}

// WithClock puts another clock in place of the one that the settings ask for.
func WithClock(c clock.Clock) Option { return func(o *options) { o.clock = c } }

// Migrating brings a PostgreSQL schema up first; the embedded one always is.
func Migrating() Option { return func(o *options) { o.migrate = true } }

// LoggingTo writes the log there; without it, to standard error.
func LoggingTo(w io.Writer) Option { return func(o *options) { o.log = w } }

// Open opens the database that the settings name and wires the services. On the
// embedded database it migrates; on PostgreSQL it refuses an older schema unless
// asked to migrate.
func Open(ctx context.Context, settings config.Settings, opts ...Option) (*Services, error) {
	o := options{clock: settings.Clock(), log: os.Stderr}
	for _, opt := range opts {
		opt(&o)
	}
	db, err := database.Open(ctx, settings.DatabaseTarget(), database.Options{Clock: o.clock})
	if err != nil {
		return nil, err
	}
	s, err := wire(ctx, settings, db, o)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func wire(ctx context.Context, settings config.Settings, db *database.DB, o options) (*Services, error) {
	if err := currentSchema(ctx, db, o.migrate); err != nil {
		return nil, err
	}
	s := &Services{Settings: settings, DB: db, Clock: o.clock, Log: slog.New(slog.NewTextHandler(o.log, nil)), texts: o.texts}
	var err error
	if s.Keys, err = seal.Open(ctx, db, settings.Data); err != nil {
		return nil, err
	}
	if s.Gate, err = access.New(); err != nil {
		return nil, err
	}
	if s.Bundle, err = i18n.Load(views.Locales, "locales", settings.Location()); err != nil {
		return nil, err
	}
	if err := s.openRegister(ctx); err != nil {
		return nil, err
	}
	if err := s.capabilities(); err != nil {
		return nil, err
	}
	return s, s.Submissions.FillLeaves(ctx)
}

// capabilities makes the services from the ground up; what a lower one needs of
// a higher one is handed down at the end.
func (s *Services) capabilities() error {
	var err error
	s.Organisations = organisation.New(s.DB, s.Gate)
	s.Accounts = account.New(s.DB, s.Gate, s.Organisations, s.Keys)
	if err := s.openFiles(s.texts); err != nil {
		return err
	}
	s.Drafts = draft.New(s.DB, s.Gate)
	s.Consultations = consultation.New(s.DB, s.Gate, s.Drafts, s.Organisations)
	s.Submissions = submission.New(s.DB, s.Gate, s.Keys, s.Consultations, s.Drafts)
	s.Adoption = adoption.New(s.DB, s.Gate, s.Consultations, s.Drafts)
	s.Adoption.CheckpointsFrom(s.Register)
	s.intakeRooms()
	s.Sites = site.New(s.DB)
	if err := s.meetingRooms(); err != nil {
		return err
	}
	posts, err := s.posts()
	if err != nil {
		return err
	}
	s.openMail(posts)
	s.Sites.Ask(s.todaySources()...)
	s.Notices = notice.New(s.DB, letters{s}, posts, s.Log)
	s.followLetters(s.Notices)
	s.Submissions.AnswerWith(s.Adoption)
	for _, e := range []consultation.Event{consultation.SubmitSummary, consultation.PublishSummary} {
		s.Consultations.Guard(e, s.Adoption.Check)
	}
	s.Consultations.Consequence(consultation.PublishSummary, s.Adoption.Sign)
	return nil
}

// posts are the ways to send letters that are set up.
func (s *Services) posts() (posts notice.Posts, err error) {
	if s.Settings.SMTP != "" {
		if posts.Mail, err = notice.NewSMTP(s.Settings.SMTP, s.Settings.BaseURL); err != nil {
			return posts, err
		}
	}
	if s.Settings.SMS != "" {
		posts.SMS, err = notice.NewGateway(s.Settings.SMS)
	}
	return posts, err
}

func currentSchema(ctx context.Context, db *database.DB, migrate bool) error {
	if db.Dialect() == database.SQLite || migrate {
		_, err := db.MigrateUp(ctx)
		return err
	}
	return db.Current(ctx)
}

// Empty reports whether the database holds no site yet.
func (s *Services) Empty(ctx context.Context) (bool, error) {
	all, err := s.Organisations.All(ctx)
	return len(all) == 0, err
}

// Close lets what is in flight be written and closes the database.
func (s *Services) Close() error {
	s.Submissions.Close()
	return s.DB.Close()
}
