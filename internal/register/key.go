package register

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// privatePrefix begins each line of a private key, as signed notes write them.
const privatePrefix = "PRIVATE+KEY+"

// Key is a private key of the register: Ed25519, with an SM2 key beside it when
// that was asked for. Its name is the log's origin.
type Key struct {
	ed       note.Signer
	edSecret string
	verifier string
	sm2      *sm2Key
}

// NewKey makes a key for a log of that name.
func NewKey(origin string, withSM2 bool) (*Key, error) {
	secret, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return nil, err
	}
	if !withSM2 {
		return ParseKey(secret)
	}
	second, err := newSM2(origin)
	if err != nil {
		return nil, err
	}
	return ParseKey(secret + "\n" + second.secret())
}

// ParseKey reads a private key as Text writes it: one line for Ed25519 and, with
// SM2, a second; white space of any kind may stand between them.
func ParseKey(text string) (*Key, error) {
	k := &Key{}
	for _, line := range strings.Fields(text) {
		if err := k.take(line); err != nil {
			return nil, fmt.Errorf("the register's key cannot be read: %w", err)
		}
	}
	if k.ed == nil {
		return nil, errors.New("the register's key cannot be read: it has no line PRIVATE+KEY+… for Ed25519; guangyi register key --new makes one")
	}
	if k.sm2 != nil && k.sm2.name != k.ed.Name() {
		return nil, errors.New("the register's key cannot be read: its two lines bear different names")
	}
	return k, nil
}

func (k *Key) take(line string) error {
	rest, private := strings.CutPrefix(line, privatePrefix)
	if !private {
		return errors.New("a line does not begin with " + privatePrefix)
	}
	if second, err := parseSM2(rest); err == nil {
		k.sm2 = second
		return nil
	}
	signer, err := note.NewSigner(line)
	if err != nil {
		return errors.New("a line is neither an Ed25519 nor an SM2 key")
	}
	if k.ed != nil {
		return errors.New("it has two Ed25519 lines: give one key")
	}
	_, _, raw, err := splitKey(rest)
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return errors.New("its Ed25519 line is damaged")
	}
	public := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	k.ed, k.edSecret = signer, line
	k.verifier, err = note.NewEd25519VerifierKey(signer.Name(), public)
	return err
}

// Text is the private key, to be kept: a line each for Ed25519 and SM2.
func (k *Key) Text() string {
	text := k.edSecret + "\n"
	if k.sm2 != nil {
		text += k.sm2.secret() + "\n"
	}
	return text
}

// Origin is the name of the log that the key signs.
func (k *Key) Origin() string { return k.ed.Name() }

// Hash tells keys of one name apart: eight hexadecimal digits.
func (k *Key) Hash() string { return fmt.Sprintf("%08x", k.ed.KeyHash()) }

// Verifier is the public Ed25519 key as signed notes write it: name+hash+key.
func (k *Key) Verifier() string { return k.verifier }

// SecondVerifier is the public SM2 key in the same form; empty without one.
func (k *Key) SecondVerifier() string {
	if k.sm2 == nil {
		return ""
	}
	return k.sm2.verifierKey()
}

func (k *Key) signers() []note.Signer {
	if k.sm2 == nil {
		return []note.Signer{k.ed}
	}
	return []note.Signer{k.ed, k.sm2}
}

// checkpointText is what is signed: origin, size, base64 of the root, a line each.
func checkpointText(origin string, size int64, root Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, base64.StdEncoding.EncodeToString(root[:]))
}

// sign makes the signed note of a checkpoint, with the lines of every key given.
func sign(size int64, root Hash, keys ...*Key) (string, error) {
	var signers []note.Signer
	for _, k := range keys {
		signers = append(signers, k.signers()...)
	}
	signed, err := note.Sign(&note.Note{Text: checkpointText(keys[0].Origin(), size, root)}, signers...)
	return string(bytes.Clone(signed)), err
}
