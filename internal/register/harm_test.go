package register_test

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
	"guangyi/internal/register"
)

func (st *stage) exec(statement string, arguments ...any) {
	st.t.Helper()
	must(st.t, st.db.Upkeep(context.Background(), func(tx *database.Tx) error { return tx.Exec(statement, arguments...).Error }))
}

// TestNothingIsSignedOverADamagedLog: what is changed below the signed tree's edge
// stops the signing, so that the program never signs two histories.
func TestNothingIsSignedOverADamagedLog(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		for name, harm := range map[string]string{
			"a leaf changed":      "UPDATE register_leaves SET leaf = leaf || leaf WHERE idx = 299",
			"a leaf gone":         "DELETE FROM register_leaves WHERE idx = 299",
			"a node changed":      "UPDATE register_nodes SET hash = (SELECT root FROM register_checkpoints WHERE number = 0)",
			"a node gone":         "DELETE FROM register_nodes",
			"a root changed":      "UPDATE register_checkpoints SET root = (SELECT root FROM register_checkpoints WHERE number = 0) WHERE number = 1",
			"a checkpoint gone":   "DELETE FROM register_checkpoints WHERE number = 1",
			"the checkpoint gone": "DELETE FROM register_checkpoints",
			"the key gone":        "DELETE FROM register_keys",
		} {
			st := emptied(t, db)
			st.add(300)
			st.pass(300)
			st.exec(harm)
			st.add(1)
			if n, err := st.s.Pass(context.Background()); err == nil || n != 0 || len(pending(t, db)) == 0 {
				t.Errorf("%s: %d leaves were placed, %v", name, n, err)
			}
		}
	})
}

// TestASecondLeafOfTheSameHoldsNobodyUp: the same leaf once more is dropped;
// another one stays waiting, and what came after it gets its place.
func TestASecondLeafOfTheSameHoldsNobodyUp(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		st := begin(t, db)
		st.add(2)
		st.pass(2)
		must(t, writeFrom(context.Background(), db, 1, 2)) // both once more
		must(t, writeFrom(context.Background(), db, 3, 1)) // twice in one pass
		must(t, writeFrom(context.Background(), db, 3, 1))
		must(t, db.Upkeep(context.Background(), func(tx *database.Tx) error {
			return register.Add(tx, "submission", 2, []byte("another"))
		}))
		st.next = 3
		st.add(2)
		st.pass(3)
		sound2(t, st)
		if waits := pending(t, db); len(waits) != 1 || waits[0] != 2 {
			t.Errorf("%v wait", waits)
		}
		st.add(1)
		st.pass(1)
		st.everyOne(6)
	})
}

// sound2 is sound for a log beside which another leaf of something waits.
func sound2(t *testing.T, st *stage) {
	t.Helper()
	var hashes []register.Hash
	for _, r := range leaves(t, st.db) {
		hashes = append(hashes, naiveLeaf(r.Leaf))
	}
	checkpoints(t, st.s, hashes)
}

// TestALeafThatIsNotThereYetWaits: leaves of an earlier version are empty until
// they are filled in, and get no place before.
func TestALeafThatIsNotThereYetWaits(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		st := begin(t, db)
		must(t, db.Upkeep(ctx, func(tx *database.Tx) error { return register.Add(tx, "submission", 1, []byte{}) }))
		st.next = 1
		st.add(1)
		st.pass(1)
		if _, err := st.s.Proof(ctx, "submission", 1); !fault.Is(err, fault.NotFound) || err.(*fault.Error).Code != "register.pending" {
			t.Errorf("the proof of what waits: %v", err)
		}
		st.exec("UPDATE register_pending SET leaf = ?", leafOf(1))
		st.pass(1)
		st.everyOne(2)
	})
}

func TestHowLongTheOldestWaits(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		st := begin(t, db)
		age := func() time.Duration {
			d, err := st.s.Waiting(ctx)
			must(t, err)
			return d
		}
		if d := age(); d != 0 {
			t.Errorf("%s, and nothing waits", d)
		}
		st.add(1)
		if d := age(); d > time.Minute {
			t.Errorf("a new leaf has waited %s", d)
		}
		st.exec("UPDATE register_pending SET id = id - ?", time.Hour.Milliseconds()<<22)
		if d := age(); d < time.Hour || d > time.Hour+time.Minute || d < register.Late {
			t.Errorf("a leaf of an hour has waited %s", d)
		}
		st.pass(1)
		if d := age(); d != 0 {
			t.Errorf("%s after the pass", d)
		}
	})
}

func TestWhatTheLogDoesNotReachIsRefused(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		st := begin(t, db)
		st.add(1500)
		st.pass(1500)
		for _, c := range [][2]int64{{-1, 5}, {5, 2}, {1501, 1502}, {0, -1}} {
			if _, err := st.s.Entries(ctx, c[0], c[1]); !fault.Is(err, fault.Invalid) {
				t.Errorf("entries %v: %v", c, err)
			}
		}
		for _, c := range [][2]int64{{-1, 5}, {5, 2}, {0, 1501}, {1501, 1501}, {3, -1}} {
			if _, err := st.s.Consistency(ctx, c[0], c[1]); !fault.Is(err, fault.Invalid) {
				t.Errorf("consistency %v: %v", c, err)
			}
		}
		for c, want := range map[[2]int64]int{{0, 1500}: 1000, {700, 1 << 62}: 800, {1499, 1500}: 1, {1500, 2000}: 0, {3, 3}: 0} {
			got, err := st.s.Entries(ctx, c[0], c[1])
			must(t, err)
			if len(got) != want || (want > 0 && got[0].Index != c[0]) {
				t.Errorf("entries %v: %d", c, len(got))
			}
		}
		if _, err := st.s.Proof(ctx, "submission", 99999); !fault.Is(err, fault.NotFound) {
			t.Errorf("the proof of nothing: %v", err)
		}
	})
}
