package register_test

import (
	"context"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/register"
)

const origin = "yijian.example/log"

func must(t interface {
	Helper()
	Fatal(...any)
}, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is a register over a database of its own.
type stage struct {
	t      testing.TB
	db     *database.DB
	folder string
	s      *register.Service
	next   int64
}

func begin(t testing.TB, db *database.DB) *stage {
	t.Helper()
	st := &stage{t: t, db: db, folder: t.TempDir()}
	st.s = st.node()
	return st
}

// node opens one more service over the same database and folder.
func (st *stage) node() *register.Service {
	st.t.Helper()
	s, err := register.New(context.Background(), st.db, register.Options{Folder: st.folder, Origin: origin})
	must(st.t, err)
	return s
}

// add leaves n leaves waiting.
func (st *stage) add(n int) {
	st.t.Helper()
	must(st.t, st.db.Upkeep(context.Background(), func(tx *database.Tx) error {
		for range n {
			st.next++
			if err := register.Add(tx, "submission", st.next, leafOf(st.next)); err != nil {
				return err
			}
		}
		return nil
	}))
}

func leafOf(ref int64) []byte {
	return register.Canonical(struct {
		V   int   `json:"v"`
		Ref int64 `json:"ref"`
	}{1, ref})
}

func (st *stage) pass(want int) {
	st.t.Helper()
	n, err := st.s.Pass(context.Background())
	must(st.t, err)
	if n != want {
		st.t.Fatalf("the pass placed %d leaves, not %d", n, want)
	}
}

// opened checks a note's signature under the published keys and reads it.
func (st *stage) opened(signed string) (size int64, root register.Hash) {
	st.t.Helper()
	keys, err := st.s.Keys(context.Background())
	must(st.t, err)
	var verifiers []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(k)
		must(st.t, err)
		verifiers = append(verifiers, v)
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifiers...))
	must(st.t, err)
	var name, hash string
	if _, err := fmt.Sscanf(n.Text, "%s\n%d\n%s\n", &name, &size, &hash); err != nil || name != origin {
		st.t.Fatalf("the checkpoint reads %q", n.Text)
	}
	parsed, err := tlog.ParseHash(hash)
	must(st.t, err)
	return size, parsed
}

func TestALeafGetsItsPlaceAndItsProof(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx := context.Background()
		st := begin(t, db)
		st.add(3)
		st.pass(3)
		st.add(600)
		st.pass(600)
		st.pass(0)
		for ref := int64(1); ref <= st.next; ref += 50 {
			p, err := st.s.Proof(ctx, "submission", ref)
			must(t, err)
			size, root := st.opened(p.Checkpoint.Note)
			if size != st.next || string(p.Leaf) != string(leafOf(ref)) {
				t.Fatalf("leaf %q in a tree of %d", p.Leaf, size)
			}
			must(t, tlog.CheckRecord(p.Path, size, root, p.Index, p.LeafHash))
		}
	})
}
