package register_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/register"
)

// TestSeveralNodesSequenceOneLog: nodes with pools of their own write and sequence
// at the same time; whatever was committed has one leaf at the end.
func TestSeveralNodesSequenceOneLog(t *testing.T) {
	databasetest.EachTarget(t, func(t *testing.T, target string) {
		ctx := context.Background()
		const nodes, writes, size = 4, 60, 7
		db := opened(t, target)
		first := begin(t, db)
		var refs atomic.Int64
		var writing, passing sync.WaitGroup
		done := make(chan struct{})
		for range nodes {
			own := opened(t, target)
			node := &stage{t: t, db: own, folder: first.folder}
			s := node.node()
			writing.Go(func() {
				for range writes {
					if err := write(ctx, own, &refs, size); err != nil {
						t.Error(err)
					}
				}
			})
			passing.Go(func() {
				for {
					if _, err := s.Pass(ctx); err != nil {
						t.Error(err)
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		writing.Wait()
		close(done)
		passing.Wait()
		_, err := first.s.Pass(ctx)
		must(t, err)
		sound(t, db, first.s)
		var have []int64
		for _, r := range leaves(t, db) {
			have = append(have, r.Ref)
		}
		slices.Sort(have)
		if len(have) != nodes*writes*size || len(slices.Compact(have)) != len(have) || len(pending(t, db)) != 0 {
			t.Fatalf("%d leaves of %d", len(have), nodes*writes*size)
		}
	})
}

func opened(t testing.TB, target string) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), target, database.Options{})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func write(ctx context.Context, db *database.DB, refs *atomic.Int64, n int) error {
	return db.Upkeep(ctx, func(tx *database.Tx) error {
		for range n {
			ref := refs.Add(1)
			if err := register.Add(tx, "submission", ref, leafOf(ref)); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestNodesThatStartTogetherAgreeOnOneKey: one begins the log; a node over the
// same folder takes its key, one with a folder of its own is told what to do.
func TestNodesThatStartTogetherAgreeOnOneKey(t *testing.T) {
	databasetest.EachTarget(t, func(t *testing.T, target string) {
		ctx := context.Background()
		shared := t.TempDir()
		var group sync.WaitGroup
		for range 6 {
			db := opened(t, target)
			group.Go(func() {
				if _, err := register.New(ctx, db, register.Options{Folder: shared, Origin: origin}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		db := opened(t, target)
		s, err := register.New(ctx, db, register.Options{Folder: shared, Origin: "another.example/log"})
		must(t, err)
		keys, err := s.Keys(ctx)
		must(t, err)
		newest, err := s.Checkpoint(ctx)
		must(t, err)
		if len(keys) != 1 || newest.Number != 0 || !strings.HasPrefix(newest.Note, origin+"\n0\n") {
			t.Fatalf("keys %v, newest %+v", keys, newest)
		}
		_, err = register.New(ctx, db, register.Options{Folder: t.TempDir(), Origin: origin})
		refused(t, err, "copy keys/register.key")
		if info, err := os.Stat(filepath.Join(shared, "keys", "register.key")); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the private key is open to others: %v %v", info.Mode(), err)
		}
	})
}

// TestAFirstStartThatWasKilledIsTakenUp: the key's file was written and the log not
// begun; the next start signs with that key.
func TestAFirstStartThatWasKilledIsTakenUp(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		folder := t.TempDir()
		k, err := register.NewKey(origin, false)
		must(t, err)
		must(t, os.Mkdir(filepath.Join(folder, "keys"), 0o700))
		must(t, os.WriteFile(filepath.Join(folder, "keys", "register.key"), []byte(k.Text()), 0o600))
		s, err := register.New(ctx, db, register.Options{Folder: folder, Origin: "another.example/log"})
		must(t, err)
		keys, err := s.Keys(ctx)
		must(t, err)
		if len(keys) != 1 || keys[0] != k.Verifier() {
			t.Fatalf("the log is signed by %v", keys)
		}
	})
}
