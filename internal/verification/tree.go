package verification

import (
	"crypto/sha256"

	"golang.org/x/mod/sumdb/tlog"
)

// Tree hashes entries as they come into the root of RFC 9162, section 2.1.1. It
// keeps one hash a level, whatever the number of entries.
type Tree struct {
	size int64
	full []tlog.Hash // roots of the perfect trees that the entries fill, largest first
}

// Add appends the hash of one entry.
func (t *Tree) Add(leaf tlog.Hash) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.full) - 1
		leaf = tlog.NodeHash(t.full[last], leaf)
		t.full = t.full[:last]
	}
	t.full = append(t.full, leaf)
	t.size++
}

// Size counts the entries.
func (t *Tree) Size() int64 { return t.size }

// Root is the hash of all entries so far.
func (t *Tree) Root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(t.full) - 1
	root := t.full[last]
	for i := last - 1; i >= 0; i-- {
		root = tlog.NodeHash(t.full[i], root)
	}
	return root
}
