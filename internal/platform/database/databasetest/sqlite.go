package databasetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"guangyi/internal/platform/database"
)

// sqliteTemplate is the content of a migrated file, made once in a process.
var sqliteTemplate = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "guangyi-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteCopy(t testing.TB) string {
	t.Helper()
	content, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := sqlitePath(t)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func sqlitePath(t testing.TB) string { return filepath.Join(t.TempDir(), "guangyi.db") }

// migrate brings a database to the newest schema and closes it.
func migrate(target string) error {
	ctx := context.Background()
	db, err := database.Open(ctx, target, database.Options{})
	if err != nil {
		return err
	}
	_, err = db.MigrateUp(ctx)
	return errors.Join(err, db.Close())
}
