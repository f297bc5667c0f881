package main

import (
	"fmt"

	"guangyi/internal/platform/database"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Bring the schema to the newest version."`
	Down   migrateDown   `cmd:"" help:"Take the newest step back."`
	Status migrateStatus `cmd:"" help:"List the steps."`
}

// Help shows an example.
func (migrateCommand) Help() string {
	return "Example: DATABASE_URL=postgres://guangyi@db/guangyi guangyi migrate up"
}

type (
	migrateUp     struct{}
	migrateDown   struct{}
	migrateStatus struct{}
)

// Help shows an example.
func (migrateUp) Help() string {
	return "Example: DATABASE_URL=postgres://guangyi@db/guangyi guangyi migrate up"
}

// Help shows an example.
func (migrateDown) Help() string {
	return "Example: DATABASE_URL=postgres://guangyi@db/guangyi guangyi migrate down"
}

// Help shows an example.
func (migrateStatus) Help() string {
	return "Example: DATABASE_URL=postgres://guangyi@db/guangyi guangyi migrate status"
}

// Run migrates up.
func (migrateUp) Run(c *console) error {
	return c.schema(func(db *database.DB) error {
		done, err := db.MigrateUp(c.ctx)
		c.steps("up", done)
		return err
	})
}

// Run takes one step back.
func (migrateDown) Run(c *console) error {
	return c.schema(func(db *database.DB) error {
		done, err := db.MigrateDown(c.ctx)
		c.steps("down", done)
		return err
	})
}

// Run lists the steps.
func (migrateStatus) Run(c *console) error {
	return c.schema(func(db *database.DB) error {
		list, err := db.MigrationStatus(c.ctx)
		for _, m := range list {
			state := "pending"
			if !m.Applied.IsZero() {
				state = "applied " + m.Applied.UTC().Format("2006-01-02 15:04:05Z")
			}
			fmt.Fprintf(c.Out, "%s\t%s\n", m.Name, state)
		}
		return err
	})
}

func (c *console) schema(work func(*database.DB) error) error {
	db, err := database.Open(c.ctx, c.settings.DatabaseTarget(), database.Options{Clock: c.settings.Clock()})
	if err != nil {
		return err
	}
	defer db.Close()
	return work(db)
}

func (c *console) steps(way string, done []database.Migration) {
	for _, m := range done {
		fmt.Fprintf(c.Out, "%s %s\n", way, m.Name)
	}
	if len(done) == 0 {
		fmt.Fprintln(c.Out, "nothing to do")
	}
}
