package register_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/register"
)

// emptied begins the log of a database anew, so that many runs share one.
func emptied(t *testing.T, db *database.DB) *stage {
	t.Helper()
	for _, table := range []string{"register_pending", "register_leaves", "register_nodes", "register_checkpoints", "register_keys"} {
		must(t, db.Upkeep(context.Background(), func(tx *database.Tx) error { return tx.Exec("DELETE FROM " + table).Error }))
	}
	return begin(t, db)
}

// TestEveryProofOfAnyHistoryIsTheNaiveOne appends by chance, passes by chance on
// two nodes, and holds proofs of any place and any two sizes to RFC 9162's text.
func TestEveryProofOfAnyHistoryIsTheNaiveOne(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			st := emptied(t, db)
			nodes := []*register.Service{st.s, st.node()}
			steps := rapid.IntRange(1, 6).Draw(rt, "steps")
			for range steps {
				st.add(rapid.OneOf(rapid.IntRange(0, 3), rapid.IntRange(0, 300)).Draw(rt, "added"))
				if rapid.Bool().Draw(rt, "pass") {
					_, err := nodes[rapid.IntRange(0, 1).Draw(rt, "node")].Pass(context.Background())
					must(t, err)
				}
				st.proved(rt, sound(t, db, st.s))
			}
		})
	})
}

// proved draws proofs and compares them with the naive ones.
func (st *stage) proved(rt *rapid.T, hashes []register.Hash) {
	ctx := context.Background()
	rows := leaves(st.t, st.db)
	for range 4 {
		to := rapid.IntRange(0, len(hashes)).Draw(rt, "to")
		from := rapid.IntRange(0, to).Draw(rt, "from")
		got, err := st.s.Consistency(ctx, int64(from), int64(to))
		must(st.t, err)
		var want []register.Hash
		if from > 0 {
			want = naiveProof(from, hashes[:to], true)
		}
		if !slices.Equal(got, want) {
			st.t.Fatalf("consistency of %d and %d", from, to)
		}
		if len(rows) == 0 {
			continue
		}
		at := rapid.IntRange(0, len(rows)-1).Draw(rt, "leaf")
		p, err := st.s.Proof(ctx, rows[at].Kind, rows[at].Ref)
		must(st.t, err)
		if p.Index != int64(at) || p.LeafHash != hashes[at] || !slices.Equal(p.Path, naivePath(at, hashes)) {
			st.t.Fatalf("inclusion of %d in %d", at, len(hashes))
		}
	}
}

// TestManyLeavesInBlocksOfBlocks reaches the second stored level.
func TestManyLeavesInBlocksOfBlocks(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		st := begin(t, db)
		const n = 256*256 + 256*3 + 7
		st.fill(n)
		st.pass(n)
		hashes := sound(t, db, st.s)
		for _, at := range []int{0, 255, 256, 65535, 65536, n - 1} {
			p, err := st.s.Proof(ctx, "submission", int64(at+1))
			must(t, err)
			if !slices.Equal(p.Path, naivePath(at, hashes)) {
				t.Errorf("inclusion of %d", at)
			}
		}
		for _, from := range []int{1, 256, 65535, 65536, 65537, 66000} {
			p, err := st.s.Consistency(ctx, int64(from), n)
			must(t, err)
			if !slices.Equal(p, naiveProof(from, hashes, true)) {
				t.Errorf("consistency from %d", from)
			}
		}
	})
}

// fill is add for many, in one statement.
func (st *stage) fill(n int) {
	st.t.Helper()
	number, text := "n", "CAST('{\"v\":1,\"ref\":' || n || '}' AS BLOB)"
	if st.db.Dialect() == database.Postgres {
		text = "convert_to('{\"v\":1,\"ref\":' || n || '}', 'UTF8')"
	}
	must(st.t, st.db.Upkeep(context.Background(), func(tx *database.Tx) error {
		return tx.Exec("WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?)"+
			" INSERT INTO register_pending (id, kind, ref, leaf) SELECT "+number+", 'submission', n, "+text+" FROM c", n).Error
	}))
	st.next += int64(n)
}
