package verification

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Keys are the verifier keys of a log, in the order in which it took them into use.
type Keys struct {
	known   []note.Verifier
	texts   []string
	unknown []string // of an algorithm that this program does not know
}

// ReadKeys reads verifier keys as signed notes write them, `name+hash+key`, one a
// line; lines that begin with # are passed over.
func ReadKeys(text string) (Keys, error) {
	var k Keys
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		v, err := verifier(line)
		switch {
		case errors.Is(err, errAlgorithm):
			k.unknown = append(k.unknown, line)
		case err != nil:
			return k, fmt.Errorf("%q is no verifier key: %w", line, err)
		case !slices.Contains(k.texts, line):
			k.known, k.texts = append(k.known, v), append(k.texts, line)
		}
	}
	if len(k.known) == 0 {
		return k, errors.New("there is no verifier key")
	}
	return k, nil
}

// Lines lists the keys as they were read.
func (k Keys) Lines() []string { return k.texts }

// With is these keys and then those of others that were not among them.
func (k Keys) With(others Keys) Keys {
	out := Keys{known: slices.Clone(k.known), texts: slices.Clone(k.texts), unknown: others.unknown}
	for i, text := range others.texts {
		if !slices.Contains(out.texts, text) {
			out.known, out.texts = append(out.known, others.known[i]), append(out.texts, text)
		}
	}
	return out
}

// Lacking lists keys that are here and not there.
func (k Keys) Lacking(there Keys) []string {
	return slices.DeleteFunc(slices.Clone(k.texts), func(text string) bool { return slices.Contains(there.texts, text) })
}

// Checkpoint is the state of a log at one moment, as it was signed.
type Checkpoint struct {
	Origin  string
	Size    int64
	Root    tlog.Hash
	Note    string // as published
	signers []int  // places among the keys
}

// Open reads a checkpoint and checks its signatures: every one by a key of these
// must hold, and there must be one. The error says what is wrong.
func (k Keys) Open(text string) (Checkpoint, error) {
	c := Checkpoint{Note: text}
	n, err := note.Open([]byte(text), note.VerifierList(k.known...))
	var wrong *note.InvalidSignatureError
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &wrong):
		return c, fmt.Errorf("the signature by the key %s+%08x is wrong", wrong.Name, wrong.Hash)
	case errors.As(err, &unverified):
		return c, errors.New("it is signed by none of the log's keys")
	case err != nil:
		return c, errors.New("it is no signed note")
	}
	for _, s := range n.Sigs {
		for i, v := range k.known {
			if v.Name() == s.Name && v.KeyHash() == s.Hash {
				c.signers = append(c.signers, i)
			}
		}
	}
	return c, c.read(n.Text)
}

// read takes origin, size and root from a note's text; further lines may follow.
func (c *Checkpoint) read(text string) error {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return errors.New("it is no checkpoint: origin, size and root are expected")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return fmt.Errorf("%q is no size of a log", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return fmt.Errorf("%q is no root hash", lines[2])
	}
	c.Origin, c.Size = lines[0], size
	copy(c.Root[:], root)
	return nil
}

var errAlgorithm = errors.New("of an algorithm that this program does not know")
