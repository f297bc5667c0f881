package register_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"
	"testing"
)

// signature gives the bytes of a note's signature line, without the key's hash.
func signature(t *testing.T, note string, line int) string {
	t.Helper()
	_, lines, _ := strings.Cut(note, "\n\n")
	fields := strings.Fields(strings.Split(lines, "\n")[line])
	raw, err := base64.StdEncoding.DecodeString(fields[2])
	must(t, err)
	return string(raw[4:])
}

// sm2PEM writes the public point of a verifier key as openssl reads it: the
// algorithm id-ecPublicKey with the curve 1.2.156.10197.1.301.
func sm2PEM(t *testing.T, key string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.SplitN(key, "+", 3)[2])
	must(t, err)
	head, err := hex.DecodeString("3059301306072a8648ce3d020106082a811ccf5501822d034200")
	must(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: append(head, raw[len(raw)-65:]...)}))
}
