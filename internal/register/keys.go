package register

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guangyi/internal/platform/database"
)

// KeyRow is a key that signs or has signed, by its public part.
type KeyRow struct {
	Hash            string
	Verifier        string // Ed25519, as signed notes write it
	Second          string // SM2, in the same form; empty without one
	FirstCheckpoint int64  // number of the first checkpoint that it signed
	LastCheckpoint  *int64 // of the last one; nil while it is the current key
	CreatedAt       time.Time
}

// ErrForeignKey says that the key at hand is not the log's current one.
var ErrForeignKey = errors.New("the register is signed by another key")

// lockNumber is the advisory lock of whoever extends the log on PostgreSQL ("gylog").
const lockNumber = 0x67796c6f67

// lock waits for the right to extend the log until the transaction ends; SQLite
// has one writer anyway.
func lock(tx *database.Tx) error {
	if tx.Dialect() == database.SQLite {
		return nil
	}
	return tx.Exec("SELECT pg_advisory_xact_lock(?)", lockNumber).Error
}

func currentKey(tx *database.Tx) (row KeyRow, there bool, err error) {
	var rows []KeyRow
	err = tx.Raw("SELECT * FROM register_keys WHERE last_checkpoint IS NULL").Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return KeyRow{}, false, err
	}
	return rows[0], true, nil
}

// open finds the key that signs; the log is begun when there is none yet.
func (s *Service) open(ctx context.Context) error {
	var rows []KeyRow
	if err := s.db.Read(ctx).Raw("SELECT * FROM register_keys WHERE last_checkpoint IS NULL").Scan(&rows).Error; err != nil {
		return err
	}
	if len(rows) > 0 {
		return s.use(rows[0])
	}
	return s.db.Upkeep(ctx, func(tx *database.Tx) error {
		if err := lock(tx); err != nil {
			return err
		}
		row, there, err := currentKey(tx) // another node may have been first
		if err != nil {
			return err
		}
		if there {
			return s.use(row)
		}
		return s.begin(tx)
	})
}

// begin signs the empty log with a new key or the one given from outside.
func (s *Service) begin(tx *database.Tx) error {
	k, err := s.stored()
	if errors.Is(err, errNoKey) {
		if k, err = NewKey(s.o.Origin, false); err == nil {
			k, err = s.keep(k)
		}
	}
	if err != nil {
		return err
	}
	if err := addKey(tx, k, 0); err != nil {
		return err
	}
	if _, err := publish(tx, 0, 0, EmptyRoot(), k); err != nil {
		return err
	}
	s.key = k
	return nil
}

func addKey(tx *database.Tx, k *Key, first int64) error {
	return tx.Exec("INSERT INTO register_keys (hash, verifier, second, first_checkpoint, created_at) VALUES (?,?,?,?,?)",
		k.Hash(), k.Verifier(), k.SecondVerifier(), first, tx.Now).Error
}

// use takes the private key that belongs to the current public one: that of the
// file or from outside, or the one that a change of keys has left beside it.
func (s *Service) use(current KeyRow) error {
	if s.key != nil && s.key.Verifier() == current.Verifier {
		return nil
	}
	k, err := s.stored()
	if err == nil && k.Verifier() == current.Verifier {
		s.key = k
		return nil
	}
	if next := s.next(current); next != nil {
		s.key = next
		return nil
	}
	have := "there is none in " + s.file()
	if err == nil {
		have = "the one in " + s.whence() + " is " + k.Origin() + "+" + k.Hash()
	} else if !errors.Is(err, errNoKey) {
		return err
	}
	origin, _, _, _ := splitKey(current.Verifier)
	return fmt.Errorf("%w, %s+%s, and %s: copy keys/register.key from the data folder of the node that signs, or name that key with GUANGYI_REGISTER_KEY; to change the key, run guangyi register rotate where the current one is",
		ErrForeignKey, origin, current.Hash, have)
}

// Keys lists the Ed25519 verifier keys of all that ever signed, the current one first.
func (s *Service) Keys(ctx context.Context) ([]string, error) {
	rows, err := s.KeyRows(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Verifier
	}
	return out, nil
}

// KeyRows lists all keys that ever signed, the current one first.
func (s *Service) KeyRows(ctx context.Context) ([]KeyRow, error) {
	var rows []KeyRow
	err := s.db.Read(ctx).Raw("SELECT * FROM register_keys ORDER BY first_checkpoint DESC").Scan(&rows).Error
	return rows, err
}

// Origin is the name of the log that a database holds; empty when it holds none yet.
func Origin(ctx context.Context, db *database.DB) (string, error) {
	var keys []string
	err := db.Read(ctx).Raw("SELECT verifier FROM register_keys WHERE last_checkpoint IS NULL").Scan(&keys).Error
	if err != nil || len(keys) == 0 {
		return "", err
	}
	name, _, _, err := splitKey(keys[0])
	return name, err
}
