package register

import (
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"
)

// Hash is a SHA-256 hash of the tree.
type Hash = tlog.Hash

// Stored are the leaves and, of the inner nodes, those over complete blocks of
// 256, of 256 blocks, and so on: the nodes of every eighth level. All others are
// hashed when they are needed, from at most 256 hashes each.
const (
	blockLevels = 8
	block       = 1 << blockLevels
)

// ErrDamaged says that the stored register is not what was signed. Nothing more is
// signed then, so that the fault cannot grow into a second history.
var ErrDamaged = errors.New("the stored register does not agree with its last signed checkpoint: nothing more is signed; restore the database from a backup and run guangyi verify")

// nodes reads hashes of the tree from the database; it is a tlog.HashReader.
type nodes struct{ db *gorm.DB }

// span is where a wanted hash comes from: count stored hashes of a level, a
// multiple of blockLevels, from the first on.
type span struct {
	level        int
	first, count int64
}

func spanOf(index int64) span {
	level, n := tlog.SplitStoredHashIndex(index)
	base := level / blockLevels * blockLevels
	count := int64(1) << (level - base)
	return span{base, n * count, count}
}

// ReadHashes gives the hashes of complete subtrees in one query for each block
// that they lie in.
func (r nodes) ReadHashes(indexes []int64) ([]Hash, error) {
	type place struct {
		level int
		block int64
	}
	ranges := map[place]span{}
	for _, index := range indexes {
		s := spanOf(index)
		at := place{s.level, s.first / block}
		if have, ok := ranges[at]; ok {
			end := max(have.first+have.count, s.first+s.count)
			have.first = min(have.first, s.first)
			have.count = end - have.first
			ranges[at] = have
			continue
		}
		ranges[at] = s
	}
	loaded := map[place][]Hash{}
	for at, s := range ranges {
		hashes, err := r.load(s)
		if err != nil {
			return nil, err
		}
		loaded[at] = hashes
	}
	out := make([]Hash, len(indexes))
	for i, index := range indexes {
		s := spanOf(index)
		at := place{s.level, s.first / block}
		from := s.first - ranges[at].first
		out[i] = fold(loaded[at][from : from+s.count])
	}
	return out, nil
}

// load reads stored hashes; one that is missing makes the register damaged.
func (r nodes) load(s span) ([]Hash, error) {
	var rows [][]byte
	var err error
	if s.level == 0 {
		err = r.db.Raw("SELECT leaf FROM register_leaves WHERE idx >= ? AND idx < ? ORDER BY idx", s.first, s.first+s.count).Scan(&rows).Error
	} else {
		err = r.db.Raw("SELECT hash FROM register_nodes WHERE level = ? AND n >= ? AND n < ? ORDER BY n", s.level, s.first, s.first+s.count).Scan(&rows).Error
	}
	if err != nil {
		return nil, err
	}
	if int64(len(rows)) != s.count {
		return nil, fmt.Errorf("%w (%d of %d hashes at level %d from %d)", ErrDamaged, len(rows), s.count, s.level, s.first)
	}
	hashes := make([]Hash, len(rows))
	for i, row := range rows {
		if s.level == 0 {
			hashes[i] = tlog.RecordHash(row)
			continue
		}
		if copy(hashes[i][:], row) != tlog.HashSize {
			return nil, ErrDamaged
		}
	}
	return hashes, nil
}

// fold is the root of a complete subtree over a power of two of hashes.
func fold(hashes []Hash) Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(fold(hashes[:half]), fold(hashes[half:]))
}

// edge is the right edge of a tree: the complete subtrees that a tree of its size
// is made of, the largest first (RFC 9162, section 2.1.2). Leaves are added to it
// without reading anything else.
type edge struct {
	size   int64
	hashes []Hash
}

// edgeOf reads the edge of the stored tree.
func (r nodes) edgeOf(size int64) (*edge, error) {
	e := &edge{size: size}
	if size == 0 {
		return e, nil
	}
	var indexes []int64
	for at := int64(0); at < size; {
		level := bits.Len64(uint64(size-at)) - 1 // positive
		indexes = append(indexes, tlog.StoredHashIndex(level, at>>level))
		at += 1 << level
	}
	var err error
	e.hashes, err = r.ReadHashes(indexes)
	return e, err
}

// stored is a node that has become complete and is kept.
type stored struct {
	level int
	n     int64
	hash  Hash
}

// add puts a leaf at the end and returns the nodes to keep that it completes.
func (e *edge) add(leaf []byte) []stored {
	var done []stored
	h := tlog.RecordHash(leaf)
	n, level := e.size, 0
	for ; n&1 == 1; n >>= 1 {
		last := len(e.hashes) - 1
		h = tlog.NodeHash(e.hashes[last], h)
		e.hashes = e.hashes[:last]
		if level++; level%blockLevels == 0 {
			done = append(done, stored{level, n >> 1, h})
		}
	}
	e.hashes = append(e.hashes, h)
	e.size++
	return done
}

// root is the tree's hash; of no leaves, SHA-256 of nothing.
func (e *edge) root() Hash {
	if e.size == 0 {
		return EmptyRoot()
	}
	h := e.hashes[len(e.hashes)-1]
	for i := len(e.hashes) - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.hashes[i], h)
	}
	return h
}

// EmptyRoot is the root of no leaves: SHA-256 of nothing.
func EmptyRoot() Hash {
	h, _ := tlog.TreeHash(0, nil) // reads nothing
	return h
}
