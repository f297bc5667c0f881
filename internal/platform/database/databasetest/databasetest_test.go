package databasetest

import (
	"context"
	"testing"

	"guangyi/internal/platform/database"
)

func TestEachDatabaseHasTheSchemaAndIsAlone(t *testing.T) {
	ctx := context.Background()
	for range 2 {
		Each(t, func(t *testing.T, db *database.DB) {
			if err := db.Current(ctx); err != nil {
				t.Error(err)
			}
			var left int
			if err := db.Reader().QueryRowContext(ctx, "SELECT count(*) FROM revisions WHERE name = 'mine'").Scan(&left); err != nil || left != 0 {
				t.Errorf("%d rows of another test, error %v", left, err)
			}
			if _, err := db.Writer().ExecContext(ctx, "INSERT INTO revisions (name, value) VALUES ('mine', 1)"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAnEmptyDatabaseHasNoSchema(t *testing.T) {
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			if err := Empty(t, dialect).Current(context.Background()); err == nil {
				t.Error("the schema is there before any migration")
			}
		})
	}
}
