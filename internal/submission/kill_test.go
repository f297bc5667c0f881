package submission

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/seal"
)

// The variables by which a test of kill -9 starts this binary as its victim.
const (
	victimTarget = "GUANGYI_TEST_VICTIM"
	victimKeys   = "GUANGYI_TEST_VICTIM_KEYS"
	victimSlug   = "GUANGYI_TEST_VICTIM_SLUG"
)

func TestMain(m *testing.M) {
	if target := os.Getenv(victimTarget); target != "" {
		if err := writeUntilKilled(target); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// writeUntilKilled sends submissions from eight goroutines and prints each receipt
// once it was acknowledged.
func writeUntilKilled(target string) error {
	ctx := context.Background()
	db, err := database.Open(ctx, target, database.Options{Clock: clock.From(begin.Add(time.Hour))})
	if err != nil {
		return err
	}
	gate, err := access.New()
	if err != nil {
		return err
	}
	keys, err := seal.Open(ctx, db, os.Getenv(victimKeys))
	if err != nil {
		return err
	}
	drafts := draft.New(db, gate)
	s := New(db, gate, keys, consultation.New(db, gate, drafts, organisation.New(db, gate)), drafts)
	if path := os.Getenv(victimFile); path != "" {
		return importUntilKilled(s, path)
	}
	var mu sync.Mutex
	for w := range 8 {
		go func() {
			for i := 0; ; i++ {
				in := In{Consultation: os.Getenv(victimSlug), Key: fmt.Sprintf("%d-%d-%d", os.Getpid(), w, i), Channel: API, Consent: true,
					Submitter: Submitter{Kind: "individual"}, Comments: []Part{{Text: "一"}, {Text: "二"}}}
				r, err := s.Receive(ctx, actor.Public(), in)
				mu.Lock()
				if err != nil {
					fmt.Println("error", err)
				} else {
					fmt.Println("ok", in.Key, r.Number)
				}
				mu.Unlock()
			}
		}()
	}
	select {}
}

func TestWhatWasAcknowledgedSurvivesKill9(t *testing.T) {
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			target := databasetest.Target(t, dialect)
			db, err := database.Open(context.Background(), target, database.Options{Clock: clock.At(begin)})
			must(t, err)
			st := newStage(t, db, clock.At(begin))
			folder := t.TempDir()
			must(t, st.useKeys(folder))
			st.s.Close()
			slug, id := st.c.Slug, st.c.ID
			must(t, db.Close())
			acknowledged := map[string]string{}
			for range 3 {
				killOne(t, target, folder, slug, acknowledged)
			}
			if len(acknowledged) == 0 {
				t.Fatal("nothing was acknowledged before the kills")
			}
			db, err = database.Open(context.Background(), target, database.Options{Clock: clock.At(begin)})
			must(t, err)
			t.Cleanup(func() { _ = db.Close() })
			st = &stage{t: t, db: db, c: consultation.Consultation{ID: id}}
			st.allThere(acknowledged)
			st.balanced()
		})
	}
}

// useKeys puts the keys of the site into a folder that the victims read; the
// stage's own were made elsewhere.
func (st *stage) useKeys(folder string) error {
	ctx := context.Background()
	if _, err := st.db.Writer().ExecContext(ctx, "DELETE FROM site_keys"); err != nil {
		return err
	}
	_, err := seal.Open(ctx, st.db, folder)
	return err
}

// killOne lets a victim write for a moment and kills it without a warning.
func killOne(t *testing.T, target, folder, slug string, acknowledged map[string]string) {
	t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimTarget+"="+target, victimKeys+"="+folder, victimSlug+"="+slug)
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	must(t, err)
	must(t, victim.Start())
	lines := bufio.NewScanner(out)
	seen := 0
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) != 3 || f[0] != "ok" {
			t.Errorf("the victim says %q", lines.Text())
			break
		}
		acknowledged[f[1]] = f[2]
		if seen++; seen == 150 {
			must(t, victim.Process.Kill()) // SIGKILL; what was printed before is read on
		}
	}
	_ = victim.Process.Kill()
	_ = victim.Wait() // it was killed
}

func (st *stage) allThere(acknowledged map[string]string) {
	st.t.Helper()
	rows, err := st.db.Reader().Query("SELECT idempotency_key, receipt, (SELECT count(*) FROM comments c WHERE c.submission_id = s.id), (SELECT count(*) FROM register_pending p WHERE p.ref = s.id) FROM submissions s")
	must(st.t, err)
	defer rows.Close()
	found, numbers := map[string]string{}, map[string]bool{}
	for rows.Next() {
		var key, receipt string
		var comments, pending int
		must(st.t, rows.Scan(&key, &receipt, &comments, &pending))
		if comments != 2 || pending != 1 || numbers[receipt] {
			st.t.Errorf("%s: %d comments, %d pending leaves, number %s taken: %v", key, comments, pending, receipt, numbers[receipt])
		}
		found[key], numbers[receipt] = receipt, true
	}
	must(st.t, rows.Err())
	for key, receipt := range acknowledged {
		if found[key] != receipt {
			st.t.Errorf("%s was acknowledged as %s and is stored as %q", key, receipt, found[key])
		}
	}
}
