package databasetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guangyi/internal/platform/database/cluster"
	"guangyi/migrations"
)

// templateLock is the advisory lock under which the template is made; any
// number that nothing else uses in these clusters.
const templateLock = 0x67756179

// server is the address of the cluster's maintenance database: the one that
// `make test` has started, else one that ends with this process.
var server = sync.OnceValues(func() (string, error) {
	if given := os.Getenv(cluster.Variable); given != "" {
		return given, nil
	}
	own, err := cluster.Start(context.Background(), cluster.Settings{})
	if err != nil {
		return "", err
	}
	return own.Address(), nil
})

// template is the name of a database with the current schema. Packages tested
// at the same time share it: its name tells the migrations' content.
var template = sync.OnceValues(func() (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	return name, withServer(func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
			return err
		}
		var there bool
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&there)
		if err != nil || there {
			return err
		}
		return makeTemplate(ctx, conn, name)
	})
})

func makeTemplate(ctx context.Context, conn *pgx.Conn, name string) error {
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil { // an earlier attempt failed
		return err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return err
	}
	target, err := addressOf(name)
	if err != nil {
		return err
	}
	if err := migrate(target); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return err
}

func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, "postgres", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(migrations.Files, path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(content), content)
		return err
	})
	return fmt.Sprintf("template_%x", sum.Sum(nil)[:8]), err
}

func postgresClone(t testing.TB) string {
	t.Helper()
	name, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return postgresNew(t, name)
}

// postgresNew makes a database from a template and drops it after the test.
func postgresNew(t testing.TB, from string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	if err := execute("CREATE DATABASE " + name + " TEMPLATE " + from); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := execute("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("dropping the database: %v", err)
		}
	})
	target, err := addressOf(name)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func execute(statement string) error {
	return withServer(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	})
}

func withServer(work func(context.Context, *pgx.Conn) error) error {
	address, err := server()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("the PostgreSQL of %s does not answer: %w", cluster.Variable, err)
	}
	return errors.Join(work(ctx, conn), conn.Close(ctx))
}

// addressOf is the address of another database on the same server.
func addressOf(name string) (string, error) {
	address, err := server()
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("%s is no postgres:// address: %w", cluster.Variable, err)
	}
	u.Path = "/" + name
	return u.String(), nil
}
