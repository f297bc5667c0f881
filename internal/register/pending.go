// Package register keeps the public append-only register: a Merkle tree after RFC
// 9162 over leaves that other capabilities leave behind, with signed checkpoints.
// It knows leaves as bytes only.
package register

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"

	"guangyi/internal/platform/database"
)

// PendingTable and PendingColumns are of a leaf that waits for its place, for the
// one writer that composes its own statement (the group commit of submissions).
const (
	PendingTable   = "register_pending"
	PendingColumns = "id, kind, ref, leaf"
)

// Add leaves a leaf waiting in the caller's transaction: it is in the register if
// and only if that transaction commits. Each (kind, ref) becomes one leaf.
func Add(tx *database.Tx, kind string, ref int64, leaf []byte) error {
	return tx.Exec("INSERT INTO "+PendingTable+" ("+PendingColumns+") VALUES (?,?,?,?)", tx.NextID(), kind, ref, leaf).Error
}

// LeafHash is RFC 9162's hash of a leaf: SHA-256(0x00 ‖ leaf), 32 bytes.
func LeafHash(leaf []byte) []byte {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(leaf)
	return h.Sum(nil)
}

// Canonical writes a value of strings and numbers as the one JSON that leaves use:
// members in the order of the struct, no white space, only what JSON must escape
// is escaped (RFC 8785, section 3.2.2.2), so that programs in any language write
// the same bytes.
func Canonical(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // strings and numbers always have a JSON form
	}
	return plain(bytes.TrimSuffix(b.Bytes(), []byte{'\n'}))
}

// plain takes back the one thing that Go escapes without need, for the sake of
// JavaScript: the line and paragraph separators U+2028 and U+2029.
func plain(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u202`)) {
		return text
	}
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		n := 1
		if text[0] == '\\' {
			n = 2
		}
		switch {
		case bytes.HasPrefix(text, []byte(`\u2028`)):
			out, text = append(out, "\u2028"...), text[6:]
		case bytes.HasPrefix(text, []byte(`\u2029`)):
			out, text = append(out, "\u2029"...), text[6:]
		default:
			out, text = append(out, text[:n]...), text[n:]
		}
	}
	return out
}
