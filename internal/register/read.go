package register

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/platform/fault"
)

// Signed is a published checkpoint.
type Signed struct {
	Number int64 // dense from 0, in the order of publication
	Size   int64
	Root   Hash
	Note   string // the signed note, as served
	At     time.Time
}

// row is a checkpoint as stored.
type row struct {
	Number    int64
	Size      int64
	Root      []byte
	Note      string
	CreatedAt time.Time
}

func (r row) signed() Signed {
	return Signed{r.Number, r.Size, Hash(r.Root), r.Note, r.CreatedAt}
}

// Entry is one leaf of the log.
type Entry struct {
	Index int64 `gorm:"column:idx"`
	Leaf  []byte
}

// Hash is the leaf's hash in the tree.
func (e Entry) Hash() Hash { return tlog.RecordHash(e.Leaf) }

// Inclusion proves that a leaf is in the tree of a checkpoint (RFC 9162, 2.1.3).
type Inclusion struct {
	Index      int64
	Size       int64 // of the checkpoint's tree
	Path       []Hash
	Leaf       []byte
	LeafHash   Hash
	Checkpoint Signed
}

// MostEntries is the most leaves that one request gives.
const MostEntries = 1000

// Checkpoint is the newest one.
func (s *Service) Checkpoint(ctx context.Context) (Signed, error) {
	var rows []row
	err := s.db.Read(ctx).Raw("SELECT * FROM register_checkpoints ORDER BY number DESC LIMIT 1").Scan(&rows).Error
	if err != nil {
		return Signed{}, err
	}
	if len(rows) == 0 || len(rows[0].Root) != tlog.HashSize {
		return Signed{}, ErrDamaged
	}
	return rows[0].signed(), nil
}

// Checkpoints lists published checkpoints from a number on, at most limit.
func (s *Service) Checkpoints(ctx context.Context, from int64, limit int) ([]Signed, error) {
	var rows []row
	err := s.db.Read(ctx).Raw("SELECT * FROM register_checkpoints WHERE number >= ? ORDER BY number LIMIT ?", from, limit).Scan(&rows).Error
	out := make([]Signed, len(rows))
	for i, r := range rows {
		if len(r.Root) != tlog.HashSize {
			return nil, ErrDamaged
		}
		out[i] = r.signed()
	}
	return out, err
}

// outside is the fault of a number that the log does not reach.
func outside(field string, size int64) error {
	return fault.Fields{{Name: field, Code: "register.beyond", Args: []any{"size", size}}}.Err()
}

// Entries gives the leaves start ≤ index < end of the newest checkpoint's tree, at
// most MostEntries; what reaches beyond the tree is cut. Invalid when start lies
// beyond it or end before start.
func (s *Service) Entries(ctx context.Context, start, end int64) ([]Entry, error) {
	newest, err := s.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	if start < 0 || start > newest.Size {
		return nil, outside("start", newest.Size)
	}
	if end < start {
		return nil, fault.Fields{{Name: "end", Code: "register.order"}}.Err()
	}
	end = min(end, newest.Size, start+MostEntries)
	entries := make([]Entry, 0, end-start)
	err = s.db.Read(ctx).Raw("SELECT idx, leaf FROM register_leaves WHERE idx >= ? AND idx < ? ORDER BY idx", start, end).Scan(&entries).Error
	return entries, err
}

// Consistency proves that the tree of size to begins with the tree of size from
// (RFC 9162, 2.1.4). Invalid when from > to or to lies beyond the newest checkpoint.
func (s *Service) Consistency(ctx context.Context, from, to int64) ([]Hash, error) {
	newest, err := s.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	if to < 0 || to > newest.Size {
		return nil, outside("to", newest.Size)
	}
	if from < 0 || from > to {
		return nil, fault.Fields{{Name: "from", Code: "register.order"}}.Err()
	}
	if from == 0 || from == to {
		return []Hash{}, nil
	}
	return tlog.ProveTree(to, from, nodes{s.db.Read(ctx)})
}

// Proof shows that something's leaf is in the newest checkpoint's tree. NotFound
// with the code register.pending while it waits for its place.
func (s *Service) Proof(ctx context.Context, kind string, ref int64) (Inclusion, error) {
	var found []Entry
	if err := s.db.Read(ctx).Raw("SELECT idx, leaf FROM register_leaves WHERE kind = ? AND ref = ?", kind, ref).Scan(&found).Error; err != nil {
		return Inclusion{}, err
	}
	if len(found) == 0 {
		return Inclusion{}, fault.New(fault.NotFound, "register.pending")
	}
	newest, err := s.Checkpoint(ctx)
	if err != nil {
		return Inclusion{}, err
	}
	e := found[0]
	if e.Index >= newest.Size {
		return Inclusion{}, ErrDamaged // leaf and checkpoint are of one transaction
	}
	path, err := tlog.ProveRecord(newest.Size, e.Index, nodes{s.db.Read(ctx)})
	if err != nil {
		return Inclusion{}, err
	}
	return Inclusion{Index: e.Index, Size: newest.Size, Path: path, Leaf: e.Leaf, LeafHash: e.Hash(), Checkpoint: newest}, nil
}
