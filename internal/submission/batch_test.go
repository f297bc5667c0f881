package submission

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
)

// Whatever comes together in whatever order: each key is stored once, what was
// acknowledged is there, and the counters are the rows.
func TestBatchesStoreEachKeyOnce(t *testing.T) {
	for _, dialect := range []database.Dialect{database.SQLite, database.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			st := newStage(t, openAt(t, dialect), clock.At(begin))
			run := 0
			rapid.Check(t, func(r *rapid.T) {
				run++
				rounds := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 7), 1, 24), 1, 3).Draw(r, "keys sent at once")
				st.storm(r, run, rounds)
			})
			st.balanced()
		})
	}
}

func openAt(t *testing.T, dialect database.Dialect) *database.DB {
	t.Helper()
	db, err := database.Open(context.Background(), databasetest.Target(t, dialect), database.Options{Clock: clock.At(begin)})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// storm sends each round at once and holds the receipts of a key against each other.
func (st *stage) storm(t *rapid.T, run int, rounds [][]int) {
	var mu sync.Mutex
	receipts := map[string]string{}
	for _, round := range rounds {
		var wg sync.WaitGroup
		for _, k := range round {
			wg.Add(1)
			go func() {
				defer wg.Done()
				key := fmt.Sprintf("%d-%d", run, k)
				in := st.in(key, make([]string, k%3+1)...)
				for i := range in.Comments {
					in.Comments[i] = Part{Provision: []string{"", "art-1", "art-2"}[(k+i)%3], Text: "意见"}
				}
				in.Submitter.Phone = []string{"", "13800000000"}[k%2]
				got, err := st.s.Receive(context.Background(), actor.Public(), in)
				mu.Lock()
				defer mu.Unlock()
				switch was, ok := receipts[key]; {
				case err != nil:
					t.Errorf("%s: %v", key, err)
				case ok && was != got.Number+got.Secret:
					t.Errorf("%s has the receipts %s and %s", key, was, got.Number+got.Secret)
				default:
					receipts[key] = got.Number + got.Secret
				}
			}()
		}
		wg.Wait()
	}
	for key := range receipts {
		if n := st.count("SELECT count(*) FROM submissions WHERE idempotency_key = ?", key); n != 1 {
			t.Errorf("%s is stored %d times", key, n)
		}
	}
}

// failing stores what it is told to and refuses the rest, as a database would.
type failing struct {
	bad     map[string]bool
	lost    int // so many calls lose the connection after the commit
	stored  map[string]int
	batches int
}

var errBad, errLost = errors.New("a bad row"), errors.New("connection lost")

func (f *failing) write(_ context.Context, rows []*row, _ time.Time) (map[int64]bool, error) {
	f.batches++
	for _, r := range rows {
		if f.bad[r.key] {
			return nil, errBad
		}
	}
	out := map[int64]bool{}
	for _, r := range rows {
		if f.stored[r.key] == 0 {
			f.stored[r.key]++
			out[r.id] = true
		}
	}
	if f.lost > 0 {
		f.lost--
		return nil, errLost
	}
	return out, nil
}

func (f *failing) passing(err error) bool { return errors.Is(err, errLost) }
func (f *failing) close()                 {}

func withStorage(t *testing.T, f *failing) *collector {
	c := newCollector(databasetest.SQLite(t))
	c.to = f
	return c
}

func TestOneBadRowDoesNotFailItsNeighbours(t *testing.T) {
	f := &failing{bad: map[string]bool{"b": true}, stored: map[string]int{}}
	c := withStorage(t, f)
	var wg sync.WaitGroup
	got := make([]error, 5)
	for i, key := range []string{"a", "b", "c", "d", "e"} {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, got[i] = c.add(&row{id: int64(i + 1), key: key, receivedAt: begin})
		}()
	}
	for len(c.queue) < 5 { // all of them wait, so that they share a batch
		time.Sleep(time.Millisecond)
	}
	go c.run()
	wg.Wait()
	c.close()
	for i, err := range got {
		if (err != nil) != (i == 1) {
			t.Errorf("row %d: %v", i, err)
		}
	}
	if f.batches != 6 || c.alone.Load() != 1 {
		t.Errorf("%d writes, %d fallbacks", f.batches, c.alone.Load())
	}
}

func TestALostConnectionIsTriedAgainWithTheSameRows(t *testing.T) {
	f := &failing{lost: 2, stored: map[string]int{}}
	c := withStorage(t, f)
	go c.run()
	stored, err := c.add(&row{id: 1, key: "a", receivedAt: begin})
	c.close()
	if err != nil || stored || f.stored["a"] != 1 { // a repetition of itself, which store looks up
		t.Errorf("stored %v, %v, %v", stored, err, f.stored)
	}
}

func TestAFullQueueAsksToComeBack(t *testing.T) {
	c := withStorage(t, &failing{stored: map[string]int{}})
	for range queued {
		c.queue <- &waiting{row: &row{receivedAt: begin}, done: make(chan outcome, 1)}
	}
	_, err := c.add(&row{id: 1, key: "a"})
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Unavailable || f.RetryAfter <= 0 {
		t.Fatalf("full: %v", err)
	}
	go c.run()
	c.close()
	if _, err := c.add(&row{id: 2, key: "b"}); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("closed: %v", err)
	}
}

func TestClosingWritesWhatWasTaken(t *testing.T) {
	f := &failing{stored: map[string]int{}}
	c := withStorage(t, f)
	var wg sync.WaitGroup
	for i := range 600 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if stored, err := c.add(&row{id: int64(i + 1), key: fmt.Sprint(i), receivedAt: begin}); err != nil || !stored {
				t.Errorf("%d: %v %v", i, stored, err)
			}
		}()
	}
	for len(c.queue) < 600 {
		time.Sleep(time.Millisecond)
	}
	go c.run()
	c.close()
	wg.Wait()
	if len(f.stored) != 600 || f.batches != 3 {
		t.Errorf("%d stored in %d batches of at most %d", len(f.stored), f.batches, atOnce)
	}
}
