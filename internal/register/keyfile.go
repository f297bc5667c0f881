package register

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

var errNoKey = errors.New("no key")

// file is where the key lies when none is given from outside.
func (s *Service) file() string { return filepath.Join(s.o.Folder, "keys", "register.key") }

// nextFile holds the new key while a change of keys is under way.
func (s *Service) nextFile() string { return s.file() + ".next" }

// whence names where the key at hand comes from.
func (s *Service) whence() string {
	if s.o.Key != "" {
		return "GUANGYI_REGISTER_KEY"
	}
	return s.file()
}

// stored reads the private key: from outside or from the folder; errNoKey when
// the folder holds none.
func (s *Service) stored() (*Key, error) {
	if s.o.Key != "" {
		return ReadKey(s.o.Key)
	}
	raw, err := os.ReadFile(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("the register's key %s: %w", s.file(), err)
	}
	return ParseKey(string(raw))
}

// ReadKey reads a private key that is given as its text or as a file's path.
func ReadKey(given string) (*Key, error) {
	if strings.HasPrefix(strings.TrimSpace(given), privatePrefix) {
		return ParseKey(given)
	}
	raw, err := os.ReadFile(given)
	if err != nil {
		return nil, fmt.Errorf("GUANGYI_REGISTER_KEY is neither a key (%s…) nor a readable file: %w", privatePrefix, err)
	}
	return ParseKey(string(raw))
}

// keep writes a new key; when another process was first, it gives that one's.
func (s *Service) keep(k *Key) (*Key, error) {
	if err := os.MkdirAll(filepath.Dir(s.file()), 0o700); err != nil {
		return nil, err
	}
	tmp, err := writeBeside(s.file(), k)
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, s.file()); errors.Is(err, fs.ErrExist) {
		return s.stored()
	} else if err != nil {
		return nil, err
	}
	return k, syncFolder(filepath.Dir(s.file()))
}

// keepNext writes the key that is to follow, before anything is signed with it.
func (s *Service) keepNext(k *Key) error {
	tmp, err := writeBeside(s.file(), k)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, s.nextFile()); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(s.file()))
}

// next gives the key of an interrupted change of keys if it has become the current
// one, and puts it in its place.
func (s *Service) next(current KeyRow) *Key {
	if s.o.Key != "" {
		return nil
	}
	raw, err := os.ReadFile(s.nextFile())
	if err != nil {
		return nil
	}
	k, err := ParseKey(string(raw))
	if err != nil || k.Verifier() != current.Verifier {
		return nil
	}
	_ = s.promote() // it is found again at the next start
	return k
}

// promote replaces the old key by the next one.
func (s *Service) promote() error {
	if err := os.Rename(s.nextFile(), s.file()); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(s.file()))
}

// writeBeside writes a key to a new file of the same folder, down to the disk.
func writeBeside(file string, k *Key) (string, error) {
	tmp, err := os.CreateTemp(filepath.Dir(file), "register-*") // readable by the owner only
	if err != nil {
		return "", err
	}
	if _, err = tmp.WriteString(k.Text()); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	return tmp.Name(), nil
}

// syncFolder makes a new name in a folder survive a power failure.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
