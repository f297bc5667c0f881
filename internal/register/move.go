package register

import (
	"guangyi/internal/platform/database"
)

// move takes the oldest of the leaves that wait in one statement. A leaf that is
// still empty was left by an earlier version and waits to be filled in.
//
// Never "those with a number above the last one": numbers commit out of order.
func move(tx *database.Tx, size int64) ([][]byte, error) {
	if tx.Dialect() == database.SQLite {
		return moveSQLite(tx, size)
	}
	var leaves [][]byte
	err := tx.Raw(`
WITH taken AS (
	DELETE FROM register_pending
	WHERE id IN (SELECT id FROM register_pending WHERE length(leaf) > 0 ORDER BY id LIMIT ?)
	RETURNING id, kind, ref, leaf
), placed AS (
	INSERT INTO register_leaves (idx, kind, ref, leaf)
	SELECT ?::bigint + row_number() OVER (ORDER BY id) - 1, kind, ref, leaf FROM taken
	RETURNING idx, leaf
)
SELECT leaf FROM placed ORDER BY idx`, passSize, size).Scan(&leaves).Error
	return leaves, err
}

// waitingLeaf is a row of register_pending.
type waitingLeaf struct {
	ID   int64
	Kind string
	Ref  int64
	Leaf []byte
}

// moveSQLite does the same in three statements: nobody else writes meanwhile.
func moveSQLite(tx *database.Tx, size int64) ([][]byte, error) {
	var rows []waitingLeaf
	err := tx.Raw("SELECT id, leaf FROM register_pending WHERE length(leaf) > 0 ORDER BY id LIMIT ?", passSize).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	last := rows[len(rows)-1].ID
	err = tx.Exec(`INSERT INTO register_leaves (idx, kind, ref, leaf)
		SELECT ? + row_number() OVER (ORDER BY id) - 1, kind, ref, leaf FROM register_pending WHERE length(leaf) > 0 AND id <= ?`, size, last).Error
	if err != nil {
		return nil, err
	}
	leaves := make([][]byte, len(rows))
	for i, r := range rows {
		leaves[i] = r.Leaf
	}
	return leaves, tx.Exec("DELETE FROM register_pending WHERE length(leaf) > 0 AND id <= ?", last).Error
}

// moveOneByOne is for a queue in which something waits for a second leaf of its
// own. The same leaf again is no news and goes; another one stays where it is,
// for the alarm, and does not hold up the others behind it.
func moveOneByOne(tx *database.Tx, size int64) ([][]byte, error) {
	var rows []waitingLeaf
	err := tx.Raw("SELECT id, kind, ref, leaf FROM register_pending WHERE length(leaf) > 0 ORDER BY id LIMIT ?", 3*passSize).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	var leaves [][]byte
	for _, r := range rows {
		if len(leaves) == passSize {
			break
		}
		added, err := placeOne(tx, size+int64(len(leaves)), r)
		if err != nil {
			return nil, err
		}
		if added {
			leaves = append(leaves, r.Leaf)
		}
	}
	return leaves, nil
}

func placeOne(tx *database.Tx, at int64, r waitingLeaf) (added bool, err error) {
	var have [][]byte
	err = tx.Raw("SELECT leaf FROM register_leaves WHERE kind = ? AND ref = ?", r.Kind, r.Ref).Scan(&have).Error
	if err != nil || (len(have) > 0 && string(have[0]) != string(r.Leaf)) {
		return false, err
	}
	if len(have) == 0 {
		err = tx.Exec("INSERT INTO register_leaves (idx, kind, ref, leaf) VALUES (?,?,?,?)", at, r.Kind, r.Ref, r.Leaf).Error
	}
	if err != nil {
		return false, err
	}
	return len(have) == 0, tx.Exec("DELETE FROM register_pending WHERE id = ?", r.ID).Error
}
