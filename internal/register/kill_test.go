package register_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/register"
)

// The variables by which the test of kill -9 starts this binary as its victim, and
// by which its number of rounds is set.
const (
	victimTarget = "GUANGYI_TEST_REGISTER_VICTIM"
	victimFolder = "GUANGYI_TEST_REGISTER_FOLDER"
	victimFirst  = "GUANGYI_TEST_REGISTER_FIRST"
	killRounds   = "GUANGYI_KILL_ROUNDS"
)

func TestMain(m *testing.M) {
	if target := os.Getenv(victimTarget); target != "" {
		if err := sequenceUntilKilled(target); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// sequenceUntilKilled writes leaves and sequences them without a pause, from two
// nodes in one process, and prints the last number of each committed write.
func sequenceUntilKilled(target string) error {
	ctx := context.Background()
	next, err := strconv.ParseInt(os.Getenv(victimFirst), 10, 64)
	if err != nil {
		return err
	}
	failed := make(chan error)
	for range 2 {
		db, err := database.Open(ctx, target, database.Options{})
		if err != nil {
			return err
		}
		s, err := register.New(ctx, db, register.Options{Folder: os.Getenv(victimFolder), Origin: origin})
		if err != nil {
			return err
		}
		go func() {
			for {
				if _, err := s.Pass(ctx); err != nil {
					failed <- err
				}
			}
		}()
	}
	db, err := database.Open(ctx, target, database.Options{})
	if err != nil {
		return err
	}
	go func() {
		for ; ; next += 40 {
			if err := writeFrom(ctx, db, next, 40); err != nil {
				failed <- err
			}
			fmt.Println(next + 39)
		}
	}()
	return <-failed
}

func writeFrom(ctx context.Context, db *database.DB, first, n int64) error {
	return db.Upkeep(ctx, func(tx *database.Tx) error {
		for ref := first; ref < first+n; ref++ {
			if err := register.Add(tx, "submission", ref, leafOf(ref)); err != nil {
				return err
			}
		}
		return nil
	})
}

// rounds is how often a process is killed; few unless the setting asks for more.
func rounds() int {
	if n, err := strconv.Atoi(os.Getenv(killRounds)); err == nil && n > 0 {
		return n
	}
	return 5
}

// TestKillingASequencerLeavesNoGapAndNoFork kills a process that writes and
// sequences at a random instant, again and again.
func TestKillingASequencerLeavesNoGapAndNoFork(t *testing.T) {
	databasetest.EachTarget(t, func(t *testing.T, target string) {
		db := opened(t, target)
		st := begin(t, db)
		acknowledged := int64(0)
		for range rounds() {
			acknowledged = st.kill(target, acknowledged)
			sound(t, db, st.s)
		}
		_, err := st.s.Pass(context.Background())
		must(t, err)
		sound(t, db, st.s)
		st.everyOne(acknowledged)
	})
}

// kill lets a victim work for up to 150 ms after its first write and returns the
// last number that may have been used.
func (st *stage) kill(target string, last int64) int64 {
	st.t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimTarget+"="+target, victimFolder+"="+st.folder, victimFirst+"="+strconv.FormatInt(last+1, 10))
	said := &strings.Builder{}
	victim.Stderr = said
	out, err := victim.StdoutPipe()
	must(st.t, err)
	must(st.t, victim.Start())
	var once sync.Once
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		must(st.t, err)
		last = n
		once.Do(func() {
			time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { _ = victim.Process.Kill() }) // SIGKILL
		})
	}
	_, _ = io.Copy(io.Discard, out)
	_ = victim.Wait() // it was killed
	if said.Len() > 0 {
		st.t.Fatalf("the victim says: %s", said)
	}
	st.settle()
	return st.used(last)
}

// settle waits for what the victim had asked of PostgreSQL: a server process
// finishes its statement before it notices that nobody listens any more.
func (st *stage) settle() {
	st.t.Helper()
	if st.db.Dialect() == database.SQLite {
		return
	}
	for {
		var busy []int64
		must(st.t, st.db.Read(context.Background()).Raw(`SELECT pid FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`).Scan(&busy).Error)
		if len(busy) == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// used looks for a write that was committed and not printed any more.
func (st *stage) used(last int64) int64 {
	var most []int64
	must(st.t, st.db.Read(context.Background()).Raw(
		"SELECT max(ref) FROM (SELECT ref FROM register_leaves UNION ALL SELECT ref FROM register_pending) AS a").Scan(&most).Error)
	if len(most) == 0 || most[0] < last {
		st.t.Fatalf("%d was acknowledged and %v is the last one there", last, most)
	}
	return most[0]
}

// everyOne fails when one of the numbers from 1 on has no leaf, or another's.
func (st *stage) everyOne(last int64) {
	st.t.Helper()
	have := map[int64]string{}
	for _, r := range leaves(st.t, st.db) {
		have[r.Ref] = string(r.Leaf)
	}
	if int64(len(have)) != last || last == 0 {
		st.t.Fatalf("%d leaves of %d", len(have), last)
	}
	for ref := int64(1); ref <= last; ref++ {
		if have[ref] != string(leafOf(ref)) {
			st.t.Fatalf("%d has the leaf %q", ref, have[ref])
		}
	}
}
