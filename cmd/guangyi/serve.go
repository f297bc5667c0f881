package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	opts := slices.Clone(reading)
	if s.Migrate || s.Demo {
		opts = append(opts, server.Migrating())
	}
	services, err := server.Open(c.ctx, *c.settings, append(opts, server.LoggingTo(c.Err))...)
	if err != nil {
		return err
	}
	if services.Demo, err = demo.Stands(c.ctx, services.Organisations); err != nil {
		return errors.Join(err, services.Close())
	}
	err = services.Serve(c.ctx, func(address string) { fmt.Fprintf(c.Err, "Guangyi serves %s\n", address) })
	return errors.Join(err, services.Close())
}

// fill makes the demonstration site in the order of its time, on a clock of its
// own, and prints its accounts. They are kept in a file too, since a second start
// makes none.
func (s *serveCommand) fill(c *console) error {
	list := filepath.Join(c.settings.Data, "demo-accounts.txt")
	accounts, err := demo.Fill(c.ctx, func(hand clock.Clock) (*demo.Services, error) {
		services, err := server.Open(c.ctx, *c.settings, server.Migrating(), server.WithClock(hand), server.LoggingTo(c.Err))
		if err != nil {
			return nil, err
		}
		return &demo.Services{
			DB: services.DB, Organisations: services.Organisations, Accounts: services.Accounts, Attachments: services.Attachments,
			Consultations: services.Consultations, Submissions: services.Submissions, Adoption: services.Adoption,
			Meetings: services.Meetings, Selections: services.Selections, Invitations: services.Invitations, Sittings: services.Sittings,
			Surveys: services.Surveys, Desk: services.Desk, Moderation: services.Moderation, Close: services.Close,
		}, nil
	}, c.settings.Clock().Now())
	if s.Otherwise && errors.Is(err, demo.ErrHoldsSite) {
		if lines, err := os.ReadFile(list); err == nil {
			fmt.Fprintf(c.Err, "%s", lines)
		}
		return nil
	}
	if err != nil {
		return err
	}
	var lines strings.Builder
	for _, a := range accounts {
		lines.WriteString(a.Line() + "\n")
	}
	fmt.Fprint(c.Err, lines.String())
	return os.WriteFile(list, []byte(lines.String()), 0o600)
}
