package mailbox

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
	"guangyi/internal/submission"
)

// The variables by which a test of kill -9 starts this binary as its victim.
const (
	victimTarget = "GUANGYI_TEST_MAIL_VICTIM"
	victimFolder = "GUANGYI_TEST_MAIL_FOLDER"
	victimStep   = "GUANGYI_TEST_MAIL_STEP" // which step, and after how many of it
)

func TestMain(m *testing.M) {
	if target := os.Getenv(victimTarget); target != "" {
		if err := fetchUntilKilled(target); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// fetchUntilKilled fetches from the one mailbox and kills itself at a step.
func fetchUntilKilled(target string) error {
	ctx, folder := context.Background(), os.Getenv(victimFolder)
	db, err := database.Open(ctx, target, database.Options{Clock: clock.From(begin.Add(2 * time.Hour))})
	if err != nil {
		return err
	}
	gate, err := access.New()
	if err != nil {
		return err
	}
	keys, err := seal.Open(ctx, db, folder)
	if err != nil {
		return err
	}
	files, err := attachment.New(db, gate, filepath.Join(folder, "attachments"))
	if err != nil {
		return err
	}
	drafts := draft.New(db, gate)
	cons := consultation.New(db, gate, drafts, organisation.New(db, gate))
	subs := submission.New(db, gate, keys, cons, drafts)
	subs.ClaimWith(files)
	open, err := os.ReadFile(filepath.Join(folder, "roots.pem"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(open)
	s := New(Deps{DB: db, Gate: gate, Keys: keys, Consultations: cons, Submissions: subs, Files: files, Hosts: []string{"127.0.0.1"}, Roots: roots})
	name, times, _ := strings.Cut(os.Getenv(victimStep), " ")
	left := 0
	fmt.Sscan(times, &left)
	s.step = func(step string) {
		if step == name {
			if left--; left == 0 {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
		}
	}
	var id int64
	if err := db.Read(ctx).Model(&accountRow{}).Limit(1).Pluck("id", &id).Error; err != nil {
		return err
	}
	_, err = s.Fetch(ctx, id)
	return err
}

// killed runs a victim, which must end by the signal.
func (st *stage) killed(target, step string) {
	st.t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimTarget+"="+target, victimFolder+"="+st.folder, victimStep+"="+step)
	said, err := victim.CombinedOutput()
	var exit *exec.ExitError
	if e, ok := err.(*exec.ExitError); ok {
		exit = e
	}
	if exit == nil || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		st.t.Fatalf("the victim was not killed at %q: %v\n%s", step, err, said)
	}
	// Whoever is dead holds the mailbox for the length of its lease.
	must(st.t, st.db.Upkeep(context.Background(), func(tx *database.Tx) error {
		return tx.Exec("UPDATE mail_accounts SET lease_until = ?", st.clock.Now().Add(-time.Minute)).Error
	}))
}

// Kill -9 between any two steps of a fetch: after the mail was read, after it was
// stored, after it was marked. Nothing is lost, nothing is doubled, and nothing is
// marked in the mailbox that is not stored.
func TestAKillAtAnyInstantNeitherLosesNorDoubles(t *testing.T) {
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			st, target := stageAt(t, dialect)
			must(t, os.WriteFile(filepath.Join(st.folder, "roots.pem"), st.server.PEM, 0o600))
			st.put(st.letter("one", "一"), st.letter("two", "二"), st.letter("three", "三"))
			for _, step := range []string{"fetched 1", "stored 1", "marked 2", "stored 1", "marked 1"} {
				st.killed(target, step)
				_, read := st.server.Read(t, box, "INBOX")
				stored := st.count("SELECT count(*) FROM submissions")
				if int64(read) > stored {
					t.Errorf("after a kill at %q %d mails are marked as read and %d stored", step, read, stored)
				}
				if n := st.count("SELECT count(*) FROM mails WHERE state = ?", Taken); n != stored {
					t.Errorf("after a kill at %q there are %d mails for %d submissions", step, n, stored)
				}
			}
			st.fetch()
			got := st.texts()
			slices.Sort(got)
			if !slices.Equal(got, []string{"一", "三", "二"}) {
				t.Errorf("the comments are %q", got)
			}
			if all, read := st.server.Read(t, box, "INBOX"); all != 3 || read != 3 {
				t.Errorf("%d mails in the mailbox, %d marked as read", all, read)
			}
			if n := st.letters(TopicReceipt); n != 3 {
				t.Errorf("%d receipts", n)
			}
		})
	}
}
