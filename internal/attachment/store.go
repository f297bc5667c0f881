package attachment

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// store is a folder of files named by the SHA-256 of their content, in 256
// folders by its first byte.
type store struct{ folder string }

func openStore(folder string) (store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return store{}, fmt.Errorf("the folder of attachments cannot be made: %w", err)
	}
	return store{folder}, nil
}

func (s store) path(sum string) string { return filepath.Join(s.folder, sum[:2], sum) }

// put makes the file complete and lasting, or not at all: content first, then
// its name, then the folder that holds the name.
func (s store) put(data []byte) (sum string, err error) {
	raw := sha256.Sum256(data)
	sum = hex.EncodeToString(raw[:])
	path := s.path(sum)
	if _, err := os.Stat(path); err == nil {
		// Young again, or Sweep could take it before its row is there.
		now := time.Now()
		return sum, os.Chtimes(path, now, now)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if err := writeThrough(dir, path, data); err != nil {
		return "", fmt.Errorf("an attachment cannot be stored: %w", err)
	}
	return sum, errors.Join(syncFolder(dir), syncFolder(s.folder))
}

// sealed is the folder of what was locked away, below that of the files.
const sealed = "sealed"

func (s store) sealedPath(sum string) string { return filepath.Join(s.folder, sealed, sum+".sealed") }

// seal keeps a sealed copy of a content; the open one is removed after.
func (s store) seal(sum string, data []byte) error {
	dir := filepath.Join(s.folder, sealed)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := writeThrough(dir, s.sealedPath(sum), data); err != nil {
		return fmt.Errorf("an infected attachment cannot be locked away: %w", err)
	}
	return syncFolder(dir)
}

func (s store) remove(sum string) error {
	if err := os.Remove(s.path(sum)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncFolder(filepath.Dir(s.path(sum)))
}

func writeThrough(dir, path string, data []byte) error {
	tmp, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when all went well
	if _, err = tmp.Write(data); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// each calls do for every stored content, open or sealed, with its file.
func (s store) each(do func(sum, path string, at time.Time) error) error {
	return filepath.WalkDir(s.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		sum := strings.TrimSuffix(d.Name(), ".sealed")
		if len(sum) != 2*sha256.Size {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return do(sum, path, info.ModTime())
	})
}
