// Package databasetest gives tests databases with the current schema: an SQLite
// file and a PostgreSQL database of their own for each call. The schema is
// migrated once and copied. Without PostgreSQL a test fails and says what to
// install; it is never skipped.
package databasetest

import (
	"context"
	"testing"

	"guangyi/internal/platform/database"
)

// Each runs a test on both databases, as the subtests sqlite and postgres.
func Each(t *testing.T, test func(*testing.T, *database.DB)) {
	t.Helper()
	EachWith(t, database.Options{}, test)
}

// EachWith is Each with options, such as a clock.
func EachWith(t *testing.T, options database.Options, test func(*testing.T, *database.DB)) {
	t.Helper()
	EachTarget(t, func(t *testing.T, target string) { test(t, open(t, target, options)) })
}

// EachTarget runs a test with the address of a migrated database that is not
// opened, for tests of commands.
func EachTarget(t *testing.T, test func(t *testing.T, target string)) {
	t.Helper()
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { test(t, Target(t, dialect)) })
	}
}

// SQLite opens a migrated SQLite database of the test's own.
func SQLite(t testing.TB) *database.DB {
	t.Helper()
	return open(t, Target(t, database.SQLite), database.Options{})
}

// Postgres opens a migrated PostgreSQL database of the test's own.
func Postgres(t testing.TB) *database.DB {
	t.Helper()
	return open(t, Target(t, database.Postgres), database.Options{})
}

// Target makes a migrated database and returns its address for database.Open.
// It is removed when the test ends.
func Target(t testing.TB, dialect database.Dialect) string {
	t.Helper()
	if dialect == database.SQLite {
		return sqliteCopy(t)
	}
	return postgresClone(t)
}

// Empty opens a database without any schema, for tests of migrations.
func Empty(t testing.TB, dialect database.Dialect) *database.DB {
	t.Helper()
	if dialect == database.SQLite {
		return open(t, sqlitePath(t), database.Options{})
	}
	return open(t, postgresNew(t, "template0"), database.Options{})
}

func open(t testing.TB, target string, options database.Options) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), target, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	return db
}
