package register_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/bits"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/platform/database"
	"guangyi/internal/register"
)

// The tree after the letter of RFC 9162, section 2.1, with nothing of the program.

func naiveLeaf(leaf []byte) register.Hash {
	return sha256.Sum256(append([]byte{0}, leaf...))
}

func naiveNode(left, right register.Hash) register.Hash {
	return sha256.Sum256(slices.Concat([]byte{1}, left[:], right[:]))
}

// half is the largest power of two smaller than n.
func half(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

func naiveRoot(d []register.Hash) register.Hash {
	switch len(d) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return d[0]
	}
	k := half(len(d))
	return naiveNode(naiveRoot(d[:k]), naiveRoot(d[k:]))
}

// naivePath is PATH(m, D) of section 2.1.3.1.
func naivePath(m int, d []register.Hash) []register.Hash {
	if len(d) == 1 {
		return nil
	}
	k := half(len(d))
	if m < k {
		return append(naivePath(m, d[:k]), naiveRoot(d[k:]))
	}
	return append(naivePath(m-k, d[k:]), naiveRoot(d[:k]))
}

// naiveProof is SUBPROOF(m, D, b) of section 2.1.4.1.
func naiveProof(m int, d []register.Hash, whole bool) []register.Hash {
	if m == len(d) {
		if whole {
			return nil
		}
		return []register.Hash{naiveRoot(d)}
	}
	k := half(len(d))
	if m <= k {
		return append(naiveProof(m, d[:k], whole), naiveRoot(d[k:]))
	}
	return append(naiveProof(m-k, d[k:], false), naiveRoot(d[:k]))
}

// leafRow is a leaf as stored.
type leafRow struct {
	Idx  int64
	Kind string
	Ref  int64
	Leaf []byte
}

func leaves(t testing.TB, db *database.DB) []leafRow {
	t.Helper()
	var rows []leafRow
	must(t, db.Read(context.Background()).Raw("SELECT idx, kind, ref, leaf FROM register_leaves ORDER BY idx").Scan(&rows).Error)
	return rows
}

func pending(t testing.TB, db *database.DB) []int64 {
	t.Helper()
	var refs []int64
	must(t, db.Read(context.Background()).Raw("SELECT ref FROM register_pending ORDER BY id").Scan(&refs).Error)
	return refs
}

// sound holds the whole stored log to what it promises: dense numbers, each leaf
// once, checkpoints that only grow and whose signed roots are those of the leaves.
// It returns the hashes of the leaves.
func sound(t testing.TB, db *database.DB, s *register.Service) []register.Hash {
	t.Helper()
	var hashes []register.Hash
	seen := map[string]bool{}
	for i, r := range leaves(t, db) {
		if r.Idx != int64(i) {
			t.Fatalf("leaf %d stands where %d should: a gap", r.Idx, i)
		}
		who := fmt.Sprint(r.Kind, " ", r.Ref)
		if seen[who] {
			t.Fatalf("%s has two leaves", who)
		}
		seen[who] = true
		hashes = append(hashes, naiveLeaf(r.Leaf))
	}
	for _, ref := range pending(t, db) {
		if seen[fmt.Sprint("submission ", ref)] {
			t.Fatalf("%d has a leaf and waits for one", ref)
		}
	}
	checkpoints(t, s, hashes)
	return hashes
}

func checkpoints(t testing.TB, s *register.Service, hashes []register.Hash) {
	t.Helper()
	st := &stage{t: t, s: s}
	tree, size := rolling{}, int64(0)
	for from := int64(0); ; {
		list, err := s.Checkpoints(context.Background(), from, 500)
		must(t, err)
		if len(list) == 0 {
			break
		}
		for i, c := range list {
			signed, root := st.opened(c.Note)
			if c.Number != from+int64(i) || c.Size < size || signed != c.Size || root != c.Root || c.Size > int64(len(hashes)) {
				t.Fatalf("checkpoint %d of size %d after one of size %d, over %d leaves", c.Number, c.Size, size, len(hashes))
			}
			for ; size < c.Size; size++ {
				tree.add(hashes[size])
			}
			if tree.root() != root {
				t.Fatalf("checkpoint %d of size %d has another root than its leaves: a fork", c.Number, c.Size)
			}
		}
		from += int64(len(list))
	}
	if size != int64(len(hashes)) {
		t.Fatalf("the newest checkpoint covers %d of %d leaves", size, len(hashes))
	}
}

// rolling computes roots of a growing list, with a stack of complete subtrees.
type rolling struct {
	n     int
	stack []register.Hash
}

func (r *rolling) add(h register.Hash) {
	for i := r.n; i&1 == 1; i >>= 1 {
		h = naiveNode(r.stack[len(r.stack)-1], h)
		r.stack = r.stack[:len(r.stack)-1]
	}
	r.stack = append(r.stack, h)
	r.n++
}

func (r *rolling) root() register.Hash {
	if r.n == 0 {
		return naiveRoot(nil)
	}
	h := r.stack[len(r.stack)-1]
	for i := len(r.stack) - 2; i >= 0; i-- {
		h = naiveNode(r.stack[i], h)
	}
	return h
}

func TestTheCheckingTreesAgree(t *testing.T) {
	var r rolling
	var d []register.Hash
	for n := range 300 {
		if r.root() != naiveRoot(d) {
			t.Fatalf("size %d", n)
		}
		h := naiveLeaf(fmt.Appendf(nil, "%d", n))
		d = append(d, h)
		r.add(h)
		if h != tlog.RecordHash(fmt.Appendf(nil, "%d", n)) {
			t.Fatal("the library hashes leaves otherwise")
		}
	}
}
