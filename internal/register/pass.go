package register

import (
	"context"

	"guangyi/internal/platform/database"
)

// passSize is the most leaves that get their place in one transaction.
const passSize = 8 * block

// Pass gives every leaf that waits its place and returns how many did. One
// transaction for each passSize: it ends whole or not at all, so that neither a
// gap nor a second history can come of an interruption. While another node is at
// it, there is nothing to do.
func (s *Service) Pass(ctx context.Context) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for {
		waiting, err := s.anyWaiting(ctx)
		if err != nil || !waiting {
			return total, err
		}
		n, err := s.once(ctx, move)
		if database.IsDuplicate(err) {
			n, err = s.once(ctx, moveOneByOne)
		}
		total += n
		if err != nil || n < passSize {
			return total, err
		}
	}
}

// anyWaiting is the cheap question of an idle register.
func (s *Service) anyWaiting(ctx context.Context) (bool, error) {
	var found []int64
	err := s.db.Read(ctx).Raw("SELECT id FROM register_pending WHERE length(leaf) > 0 ORDER BY id LIMIT 1").Scan(&found).Error
	return len(found) > 0, err
}

// mover takes at most passSize of the leaves that wait, oldest first, gives them
// their places from size on, and returns them in order.
type mover func(tx *database.Tx, size int64) ([][]byte, error)

func (s *Service) once(ctx context.Context, take mover) (int, error) {
	n := 0
	err := s.db.Upkeep(ctx, func(tx *database.Tx) error {
		got, err := tryLock(tx)
		if err != nil || !got {
			return err
		}
		n, err = s.extend(tx, take)
		return err
	})
	if err != nil {
		n = 0
	}
	return n, err
}

// tryLock asks for the right to extend the log. What the log holds is read in
// later statements: under read committed each of them sees what the lock's last
// holder has committed. Were a database set to a stricter isolation, the primary
// keys of leaves and checkpoints would turn the pass back.
func tryLock(tx *database.Tx) (got bool, err error) {
	if tx.Dialect() == database.SQLite {
		return true, nil // its one writer is this transaction
	}
	err = tx.Raw("SELECT pg_try_advisory_xact_lock(?)", lockNumber).Scan(&got).Error
	return got, err
}

// extend appends what waits and signs the longer tree.
func (s *Service) extend(tx *database.Tx, take mover) (int, error) {
	key, there, err := currentKey(tx)
	if err != nil {
		return 0, err
	}
	if !there {
		return 0, ErrDamaged
	}
	if err := s.use(key); err != nil {
		return 0, err
	}
	last, tree, err := newest(tx)
	if err != nil {
		return 0, err
	}
	leaves, err := take(tx, last.Size)
	if err != nil || len(leaves) == 0 {
		return 0, err
	}
	for _, leaf := range leaves {
		for _, node := range tree.add(leaf) {
			if err := tx.Exec("INSERT INTO register_nodes (level, n, hash) VALUES (?,?,?)", node.level, node.n, node.hash[:]).Error; err != nil {
				return 0, err
			}
		}
	}
	_, err = publish(tx, last.Number+1, tree.size, tree.root(), s.key)
	return len(leaves), err
}

// newest reads the last checkpoint and the edge of its tree, and refuses to go on
// from a tree that is not the one that was signed.
func newest(tx *database.Tx) (row, *edge, error) {
	var rows []row
	if err := tx.Raw("SELECT * FROM register_checkpoints ORDER BY number DESC LIMIT 1").Scan(&rows).Error; err != nil {
		return row{}, nil, err
	}
	if len(rows) == 0 {
		return row{}, nil, ErrDamaged
	}
	tree, err := nodes{tx.DB}.edgeOf(rows[0].Size)
	if err != nil {
		return row{}, nil, err
	}
	if root := tree.root(); string(root[:]) != string(rows[0].Root) {
		return row{}, nil, ErrDamaged
	}
	return rows[0], tree, nil
}

// publish signs a tree and makes it the newest checkpoint.
func publish(tx *database.Tx, number, size int64, root Hash, keys ...*Key) (Signed, error) {
	note, err := sign(size, root, keys...)
	if err != nil {
		return Signed{}, err
	}
	err = tx.Exec("INSERT INTO register_checkpoints (number, size, root, note, created_at) VALUES (?,?,?,?,?)",
		number, size, root[:], note, tx.Now).Error
	return Signed{Number: number, Size: size, Root: root, Note: note, At: tx.Now}, err
}
