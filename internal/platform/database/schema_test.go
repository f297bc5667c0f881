package database_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/migrations"
)

func TestBothDatabasesEndInTheSameSchema(t *testing.T) {
	lite, pg := schema(t, databasetest.SQLite(t)), schema(t, databasetest.Postgres(t))
	if len(pg) == 0 {
		t.Fatal("PostgreSQL has no tables")
	}
	for _, name := range slices.Sorted(maps.Keys(pg)) {
		if diff := cmp.Diff(pg[name], lite[name]); diff != "" {
			t.Errorf("table %s (-PostgreSQL +SQLite):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(pg)), slices.Sorted(maps.Keys(lite))); diff != "" {
		t.Errorf("tables (-PostgreSQL +SQLite):\n%s", diff)
	}
}

func TestBothDatabasesHaveTheSameSteps(t *testing.T) {
	steps := map[string][]string{}
	for _, dialect := range []string{"postgres", "sqlite"} {
		files, err := fs.Glob(migrations.Files, dialect+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range files {
			name := strings.TrimPrefix(file, dialect+"/")
			if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(name, want) {
				t.Errorf("%s does not begin with %s", file, want)
			}
			steps[dialect] = append(steps[dialect], name)
		}
	}
	if diff := cmp.Diff(steps["postgres"], steps["sqlite"]); diff != "" {
		t.Errorf("(-postgres +sqlite):\n%s", diff)
	}
}

// TestEachStepGoesUpDownAndUpAgainOverData: before each step every table holds
// a row; the way back leaves the schema and the rows as they were, and the way
// up again ends where it ended before.
func TestEachStepGoesUpDownAndUpAgainOverData(t *testing.T) {
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			db := databasetest.Empty(t, dialect)
			steps := provider(t, db)
			for range steps.ListSources() {
				before := schema(t, db)
				step := up(t, steps)
				after := schema(t, db)
				fill(t, db, after)
				if _, err := steps.Down(context.Background()); err != nil {
					t.Fatalf("%s: down over data: %v", step, err)
				}
				if diff := cmp.Diff(before, schema(t, db)); diff != "" {
					t.Errorf("%s: down does not lead back (-before +after):\n%s", step, diff)
				}
				kept(t, db, step, before)
				if again := up(t, steps); again != step {
					t.Fatalf("up again applies %s, not %s", again, step)
				}
				if diff := cmp.Diff(after, schema(t, db)); diff != "" {
					t.Errorf("%s: up again ends elsewhere (-first +second):\n%s", step, diff)
				}
				fill(t, db, after)
			}
		})
	}
}

func provider(t *testing.T, db *database.DB) *goose.Provider {
	t.Helper()
	files, err := fs.Sub(migrations.Files, string(db.Dialect()))
	if err != nil {
		t.Fatal(err)
	}
	dialect := goose.DialectPostgres
	if db.Dialect() == database.SQLite {
		dialect = goose.DialectSQLite3
	}
	p, err := goose.NewProvider(dialect, db.Writer(), files)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func up(t *testing.T, steps *goose.Provider) string {
	t.Helper()
	result, err := steps.UpByOne(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return result.Source.Path
}

// fill puts a row into every empty table, tables that others refer to first.
// All whole numbers are 1 and all texts are equal, so that references hold.
func fill(t *testing.T, db *database.DB, tables map[string]table) {
	t.Helper()
	waiting := slices.Sorted(maps.Keys(tables))
	for len(waiting) > 0 {
		left := slices.DeleteFunc(slices.Clone(waiting), func(name string) bool {
			if !ready(name, tables[name], waiting) {
				return false
			}
			if count(t, db, name) == 0 {
				insert(t, db, name, tables[name])
			}
			return true
		})
		if len(left) == len(waiting) {
			t.Fatalf("tables refer to each other in a circle: %v", waiting)
		}
		waiting = left
	}
}

// ready reports whether no table that this one refers to still waits.
func ready(name string, t table, waiting []string) bool {
	return !slices.ContainsFunc(t.Foreign, func(reference string) bool {
		_, to, _ := strings.Cut(reference, " -> ")
		to, _, _ = strings.Cut(to, " ")
		return to != name && slices.Contains(waiting, to)
	})
}

var samples = map[string]string{
	"integer": "1", "text": "'示例'", "boolean": "true", "real": "0.5", "instant": "'2026-05-01 00:00:00+00:00'", "date": "'2026-05-01'",
}

func insert(t *testing.T, db *database.DB, name string, columns table) {
	t.Helper()
	bytes := "X'00FF'"
	if db.Dialect() == database.Postgres {
		bytes = `'\x00ff'::bytea`
	}
	names := slices.Sorted(maps.Keys(columns.Columns))
	values := make([]string, len(names))
	for i, column := range names {
		if values[i] = samples[columns.Columns[column].Kind]; columns.Columns[column].Kind == "bytes" {
			values[i] = bytes
		}
		names[i] = `"` + column + `"`
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", name, strings.Join(names, ", "), strings.Join(values, ", "))
	if _, err := db.Writer().ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func count(t *testing.T, db *database.DB, name string) (n int) {
	t.Helper()
	if err := db.Writer().QueryRowContext(context.Background(), "SELECT count(*) FROM "+name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// kept fails when a step back has emptied a table that it leaves.
func kept(t *testing.T, db *database.DB, step string, tables map[string]table) {
	t.Helper()
	for name := range tables {
		if count(t, db, name) == 0 {
			t.Errorf("%s: down has emptied %s", step, name)
		}
	}
}
