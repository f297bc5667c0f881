// Package seal keeps the site's secrets. A master keyset lies in the data folder
// (keys/master.json, readable by the owner only); every other key lies in the
// database, sealed by it. A second node needs a copy of that one file.
//
// Sealing is AES-256-GCM by tink; the associated data binds a sealed text to its
// place, so that it cannot be moved to another row.
package seal

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"guangyi/internal/platform/database"
)

// Keys are the site's keys in memory.
type Keys struct {
	personal tink.AEAD
	macs     map[Purpose]*sync.Pool
}

// Purpose separates what a key is for.
type Purpose string

// The purposes of the keys that derive rather than seal.
const (
	Receipts Purpose = "receipts" // receipt secrets
	Blind    Purpose = "blind"    // blind indexes over contacts
	Cookies  Purpose = "cookies"  // tokens of forms

	Challenges Purpose = "challenges" // tasks of the proof of work
)

// ErrForeign says that the data folder's master key is not the one that sealed
// this database's keys.
var ErrForeign = errors.New("the keys in the data folder do not open this database: copy keys/master.json from the node that made it, or set GUANGYI_DATA to its folder")

// Open reads the keys and makes those that are missing. The schema must be current.
func Open(ctx context.Context, db *database.DB, folder string) (*Keys, error) {
	first := false
	var n int64
	if err := db.Read(ctx).Table("site_keys").Count(&n).Error; err != nil {
		return nil, err
	}
	first = n == 0
	master, err := openMaster(filepath.Join(folder, "keys", "master.json"), first)
	if err != nil {
		return nil, err
	}
	k := &Keys{macs: map[Purpose]*sync.Pool{}}
	for _, p := range []Purpose{Receipts, Blind, Cookies, Challenges} {
		key, err := sealedKey(ctx, db, master, string(p), randomKey)
		if err != nil {
			return nil, err
		}
		k.macs[p] = macPool(key)
	}
	raw, err := sealedKey(ctx, db, master, "personal", newKeyset)
	if err != nil {
		return nil, err
	}
	k.personal, err = readAEAD(raw)
	return k, err
}

// openMaster reads the master keyset; it makes one only for a database without
// keys, since a new one could open nothing.
func openMaster(file string, make bool) (tink.AEAD, error) {
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && make {
		if raw, err = newKeyset(); err != nil {
			return nil, err
		}
		if err = os.MkdirAll(filepath.Dir(file), 0o700); err == nil {
			err = writeOnce(file, raw)
		}
		if err == nil {
			raw, err = os.ReadFile(file) // another process may have been first
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrForeign
	}
	if err != nil {
		return nil, fmt.Errorf("the master key %s: %w", file, err)
	}
	return readAEAD(raw)
}

// writeOnce makes the file complete or not at all and never replaces one.
func writeOnce(file string, raw []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), "master-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.Write(raw); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err = os.Link(tmp.Name(), file); errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

func sealedKey(ctx context.Context, db *database.DB, master tink.AEAD, name string, fresh func() ([]byte, error)) ([]byte, error) {
	var sealed []byte
	err := db.Upkeep(ctx, func(tx *database.Tx) error {
		got, err := readSealed(tx, name)
		if err != nil || got != nil {
			sealed = got
			return err
		}
		raw, err := fresh()
		if err != nil {
			return err
		}
		if got, err = master.Encrypt(raw, []byte(name)); err != nil {
			return err
		}
		if err := tx.Exec("INSERT INTO site_keys (name, sealed, created_at) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
			name, got, tx.Now).Error; err != nil {
			return err
		}
		sealed, err = readSealed(tx, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	raw, err := master.Decrypt(sealed, []byte(name))
	if err != nil {
		return nil, ErrForeign
	}
	return raw, nil
}

func readSealed(tx *database.Tx, name string) ([]byte, error) {
	var rows [][]byte
	err := tx.Table("site_keys").Where("name = ?", name).Pluck("sealed", &rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

func randomKey() ([]byte, error) {
	b := make([]byte, 32)
	_, err := rand.Read(b)
	return b, err
}

func newKeyset() ([]byte, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b))
	return b.Bytes(), err
}

func readAEAD(raw []byte) (tink.AEAD, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("a keyset cannot be read: %w", err)
	}
	return aead.New(h)
}

// Seal encrypts personal data for its place.
func (k *Keys) Seal(plain []byte, place string) ([]byte, error) {
	return k.personal.Encrypt(plain, []byte(place))
}

// Unseal reads what Seal wrote for the same place.
func (k *Keys) Unseal(sealed []byte, place string) ([]byte, error) {
	return k.personal.Decrypt(sealed, []byte(place))
}

// MAC is HMAC-SHA-256 (RFC 2104) under the key of a purpose, 32 bytes.
func (k *Keys) MAC(p Purpose, data ...[]byte) []byte {
	pool := k.macs[p]
	h := pool.Get().(hash.Hash)
	defer pool.Put(h)
	h.Reset()
	var n [8]byte
	for _, d := range data {
		// Each part with its length, or parts could be cut differently.
		binary.LittleEndian.PutUint64(n[:], uint64(len(d)))
		h.Write(n[:])
		h.Write(d)
	}
	return h.Sum(nil)
}

// macPool keeps hashes that have taken in the key: that is half the work on a
// short text.
func macPool(key []byte) *sync.Pool {
	return &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}
}
