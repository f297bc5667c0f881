package main

import (
	"errors"
	"fmt"

	"guangyi/internal/demo"
	"guangyi/internal/platform/clock"
	"guangyi/internal/server"
)

type serveCommand struct {
	Demo      bool `help:"Fill the empty data folder or database with a demonstration site first."`
	Migrate   bool `help:"Bring a PostgreSQL schema up first (the embedded one always is)."`
	Otherwise bool `hidden:"" help:"With --demo: serve the site that is there already, if there is one."`
}

// Help shows an example.
func (serveCommand) Help() string {
	return "Example: guangyi serve --demo --listen 127.0.0.1:8080"
}

// Run serves until SIGTERM or an interrupt, then lets requests in flight end.
func (s *serveCommand) Run(c *console) error {
	if s.Demo {
		if err := s.fill(c); err != nil {
			return err
		}
	}
	var opts []server.Option
	if s.Migrate || s.Demo {
		opts = append(opts, server.Migrating())
	}
	services, err := server.Open(c.ctx, *c.settings, append(opts, server.LoggingTo(c.Err))...)
	if err != nil {
		return err
	}
	err = services.Serve(c.ctx, func(address string) { fmt.Fprintf(c.Err, "Guangyi serves %s\n", address) })
	return errors.Join(err, services.Close())
}

// fill makes the demonstration site in the order of its time, on a clock of its own.
func (s *serveCommand) fill(c *console) error {
	now := c.settings.Clock().Now()
	hand := clock.At(now)
	services, err := server.Open(c.ctx, *c.settings, server.Migrating(), server.WithClock(hand), server.LoggingTo(c.Err))
	if err != nil {
		return err
	}
	accounts, err := demo.Fill(c.ctx, demo.Services{
		Organisations: services.Organisations, Accounts: services.Accounts, Drafts: services.Drafts,
		Consultations: services.Consultations, Submissions: services.Submissions, Adoption: services.Adoption,
		Attachments: services.Attachments, Clock: hand, DB: services.DB,
	}, now)
	if err = errors.Join(err, services.Close()); err != nil {
		if s.Otherwise && errors.Is(err, demo.ErrNotEmpty) {
			return nil
		}
		return err
	}
	for _, a := range accounts {
		fmt.Fprintf(c.Err, "account\t%s\t%s\t%s\t%s\n", a.Role, a.Email, a.Password, a.Organisation)
	}
	return nil
}
