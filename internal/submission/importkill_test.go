package submission

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/sheet"
)

// victimFile names the table that a victim takes in.
const victimFile = "GUANGYI_TEST_VICTIM_FILE"

// importUntilKilled takes a table in; it prints a line when it has all of it.
func importUntilKilled(s *Service, path string) error {
	b, err := os.ReadFile(path) // small; its sum is its name
	if err != nil {
		return err
	}
	rows, err := sheet.Open(path)
	if err != nil {
		return err
	}
	defer rows.Close()
	sum := sha256.Sum256(b)
	report, err := s.Import(context.Background(), actor.Console(), Bulk{Consultation: os.Getenv(victimSlug), Channel: "import",
		Sum: hex.EncodeToString(sum[:]), Name: filepath.Base(path)}, rows, Watching{})
	if err == nil {
		fmt.Println("done", report)
	}
	return err
}

const killedRows = 15000

// An import that is killed at any moment goes on where it was: each row is in once,
// with its leaf, in every counter, and no row that was refused is counted twice.
func TestAKilledImportGoesOnWithoutADouble(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.csv")
	var table strings.Builder
	table.WriteString("text,provision\n")
	for n := range killedRows {
		if n%50 == 49 {
			table.WriteString(",art-1\n")
			continue
		}
		fmt.Fprintf(&table, "第%d条意见，%s,art-%d\n", n, strings.Repeat("字", 40), 1+n%2)
	}
	must(t, os.WriteFile(path, []byte(table.String()), 0o600))
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) { killImport(t, dialect, path) })
	}
}

func killImport(t *testing.T, dialect database.Dialect, path string) {
	target := databasetest.Target(t, dialect)
	db, err := database.Open(context.Background(), target, database.Options{Clock: clock.At(begin)})
	must(t, err)
	st := newStage(t, db, clock.At(begin))
	folder := t.TempDir()
	must(t, st.useKeys(folder))
	st.s.Close()
	slug, id := st.c.Slug, st.c.ID
	must(t, db.Close())
	kills, done := 0, false
	for wait := 150 * time.Millisecond; !done; wait += 130 * time.Millisecond {
		if done = importOne(t, target, folder, slug, path, wait); !done {
			kills++
		}
	}
	if kills == 0 {
		t.Error("it was never killed")
	}
	db, err = database.Open(context.Background(), target, database.Options{Clock: clock.At(begin)})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	st = &stage{t: t, db: db, c: consultation.Consultation{ID: id}}
	const good, bad = killedRows - killedRows/50, killedRows / 50
	for sql, want := range map[string]int64{
		"SELECT COUNT(*) FROM submissions":                             good,
		"SELECT COUNT(DISTINCT idempotency_key) FROM submissions":      good,
		"SELECT COUNT(*) FROM comments":                                good,
		"SELECT COUNT(DISTINCT ref) FROM register_pending":             good,
		"SELECT taken FROM submission_imports":                         good,
		"SELECT refused FROM submission_imports":                       bad,
		"SELECT repeated FROM submission_imports":                      0,
		"SELECT COUNT(*) FROM submission_imports WHERE state = 'done'": 1,
	} {
		if got := st.count(sql); got != want {
			t.Errorf("%s: %d, want %d after %d kills", sql, got, want, kills)
		}
	}
	st.balanced()
}

// importOne lets a victim take the table in and kills it after a while; it reports
// whether the victim was done before.
func importOne(t *testing.T, target, folder, slug, path string, wait time.Duration) bool {
	t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimTarget+"="+target, victimKeys+"="+folder, victimSlug+"="+slug, victimFile+"="+path)
	var out strings.Builder
	victim.Stdout, victim.Stderr = &out, os.Stderr
	must(t, victim.Start())
	kill := time.AfterFunc(wait, func() { _ = victim.Process.Kill() }) // SIGKILL
	defer kill.Stop()
	if err := victim.Wait(); err != nil && victim.ProcessState.Exited() {
		t.Fatalf("the victim ended by itself: %v", err)
	}
	return strings.HasPrefix(out.String(), "done")
}
