package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"runtime/debug"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/internal/site/siteweb"
	"guangyi/views/assets"
)

// drainFor is how long requests in flight may take after SIGTERM.
const drainFor = 10 * time.Second

// floorBytes is memory that a serving program asks for and never touches, so that
// the system gives none. The collector counts it as alive and then runs three
// times less often: what really is alive is a few megabytes only. Commands go
// without, since they hold what they hold.
const floorBytes = 16 << 20

// lettersEvery is how often the outbox is looked at.
const lettersEvery = 5 * time.Second

// Site makes the shell with every route mounted.
func (s *Services) Site() (*web.Site, error) {
	set, err := assets.Open()
	if err != nil {
		return nil, err
	}
	m := newMetrics()
	shell := web.New(web.Options{
		Bundle: s.Bundle, Language: s.Settings.Language, Zone: s.Settings.Location(), Clock: s.Clock,
		ClockNote: s.Settings.ClockAt != "", Keys: s.Keys, BaseURL: s.Settings.BaseURL, Site: visit.Site{Assets: set, Demo: s.Demo},
		Limits: s.Settings.RateLimit == "on", PageCache: s.Settings.PageCache == "on", Log: s.Log,
		Session: s.Accounts.Session, Bearer: s.Accounts.Bearer, ErrorPage: siteweb.ErrorPage, Observe: s.observer(m), Limited: s.limited,
	})
	mountAssets(shell, set)
	s.mountOperations(shell, m)
	s.mountCapabilities(shell)
	if err := mountDescription(shell); err != nil {
		return nil, err
	}
	shell.Finish()
	return shell, nil
}

// Serve answers until the context ends, then drains. ready is called once the
// port is open.
func (s *Services) Serve(ctx context.Context, ready func(address string)) error {
	if err := s.durable(ctx); err != nil {
		return err
	}
	shell, err := s.Site()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", s.Settings.Listen)
	if err != nil {
		return fmt.Errorf("the address %s is not free: stop what uses it, or choose another with GUANGYI_LISTEN (%w)", s.Settings.Listen, err)
	}
	floor := make([]byte, floorBytes)
	defer runtime.KeepAlive(floor)
	debug.FreeOSMemory() // what starting left
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		stop()
		s.Mail.Wait() // its leases are given back before the database closes
	}()
	go s.keepTime(work)
	go s.Notices.Run(work, lettersEvery)
	go s.sweep(work)
	s.keepMeetings(work)
	s.keepIntake(work)
	ended := make(chan error, 1)
	go func() { ended <- shell.Serve(l) }()
	ready(s.Settings.BaseURL)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	if err := shell.Shutdown(drainFor); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// keepTime records the moments that come by the clock, such as an opening.
func (s *Services) keepTime(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if _, err := s.Consultations.RecordMoments(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("the moments of the clock were not recorded", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweepEvery is how often ended sessions and files without an owner are cleared.
const sweepEvery = time.Hour

func (s *Services) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.Accounts.Purge(ctx); err != nil {
			s.Log.Error("ended sessions were not cleared", "error", err)
		}
		if _, err := s.Attachments.Sweep(ctx); err != nil {
			s.Log.Error("files without an owner were not cleared", "error", err)
		}
	}
}

// losing are PostgreSQL's settings with which an acknowledged submission can be
// lost when the machine stops (PostgreSQL manual, 20.5 Write Ahead Log).
var losing = []string{"fsync", "synchronous_commit", "full_page_writes"}

// durable refuses a database that may forget what it confirmed.
func (s *Services) durable(ctx context.Context) error {
	if s.DB.Dialect() != database.Postgres {
		return nil
	}
	for _, name := range losing {
		var value string
		if err := s.DB.Reader().QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return err
		}
		if value == "off" {
			return fmt.Errorf("PostgreSQL runs with %s = off and may lose what it confirmed: set %s = on in postgresql.conf and reload", name, name)
		}
	}
	return nil
}
