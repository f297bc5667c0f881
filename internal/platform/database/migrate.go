package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"guangyi/migrations"
)

// Migration is one numbered step of the schema.
type Migration struct {
	Number  int64
	Name    string
	Applied time.Time // zero: not yet
}

// MigrateUp brings the schema to the newest version. Several nodes that start
// together migrate once.
func (d *DB) MigrateUp(ctx context.Context) ([]Migration, error) {
	p, done, err := d.provider()
	if err != nil {
		return nil, err
	}
	defer done()
	results, err := p.Up(ctx)
	return applied(results), err
}

// MigrateDown takes the newest step back; without one there is nothing to do.
func (d *DB) MigrateDown(ctx context.Context) ([]Migration, error) {
	p, done, err := d.provider()
	if err != nil {
		return nil, err
	}
	defer done()
	result, err := p.Down(ctx)
	if errors.Is(err, goose.ErrNoNextVersion) {
		return nil, nil
	}
	if err != nil || result == nil {
		return nil, err
	}
	return applied([]*goose.MigrationResult{result}), nil
}

// MigrationStatus lists every step.
func (d *DB) MigrationStatus(ctx context.Context) ([]Migration, error) {
	p, done, err := d.provider()
	if err != nil {
		return nil, err
	}
	defer done()
	status, err := p.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Migration, 0, len(status))
	for _, s := range status {
		out = append(out, Migration{s.Source.Version, s.Source.Path, s.AppliedAt})
	}
	return out, nil
}

// Current is nil when the schema is at the newest version, otherwise it says
// what to do.
func (d *DB) Current(ctx context.Context) error {
	p, done, err := d.provider()
	if err != nil {
		return err
	}
	defer done()
	pending, err := p.HasPending(ctx)
	if err != nil {
		return err
	}
	if pending {
		return fmt.Errorf("the schema is older than this program: run guangyi migrate up, or serve with --migrate")
	}
	return nil
}

func (d *DB) provider() (*goose.Provider, func(), error) {
	files, err := fs.Sub(migrations.Files, string(d.dialect))
	if err != nil {
		return nil, nil, err
	}
	if d.dialect == SQLite {
		p, err := goose.NewProvider(goose.DialectSQLite3, d.writer, files)
		return p, func() {}, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, nil, err
	}
	// goose closes what it is given only by Close, which would close the pool's handle.
	p, err := goose.NewProvider(goose.DialectPostgres, d.writer, files, goose.WithSessionLocker(locker))
	return p, func() {}, err
}

func applied(results []*goose.MigrationResult) []Migration {
	out := make([]Migration, 0, len(results))
	for _, r := range results {
		out = append(out, Migration{Number: r.Source.Version, Name: r.Source.Path})
	}
	return out
}
