package verification

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"golang.org/x/mod/sumdb/note"
)

// sm2Algorithm begins the data of an SM2 key: 0xff, as signed notes reserve it for
// algorithms that name themselves, and the name. The public point follows,
// uncompressed, 65 bytes. It is read here anew, not with the code that signs: what
// checks should not share the faults of what it checks.
var sm2Algorithm = append([]byte{0xff}, "guangyi-sm2-v1"...)

// sm2Verifier checks signatures of GB/T 32918.2-2016 over SM3, in DER, with the
// identity 1234567812345678.
type sm2Verifier struct {
	name   string
	hash   uint32
	public *ecdsa.PublicKey
}

// Name is the key's name.
func (v sm2Verifier) Name() string { return v.name }

// KeyHash tells keys of one name apart.
func (v sm2Verifier) KeyHash() uint32 { return v.hash }

// Verify reports whether the signature is the message's.
func (v sm2Verifier) Verify(message, signature []byte) bool {
	return sm2.VerifyASN1WithSM2(v.public, nil, message, signature)
}

var errSM2 = errors.New("its SM2 key is malformed")

// verifier reads one key. The first byte of its data names the algorithm.
func verifier(text string) (note.Verifier, error) {
	v, err := note.NewVerifier(text)
	if err == nil {
		return v, nil
	}
	name, rest, _ := strings.Cut(text, "+")
	hash, data, _ := strings.Cut(rest, "+")
	raw, bad := base64.StdEncoding.DecodeString(data)
	if bad != nil || len(raw) < 2 || raw[0] == 1 {
		return nil, err
	}
	point, ours := bytes.CutPrefix(raw, sm2Algorithm)
	if !ours {
		return nil, errAlgorithm
	}
	if len(point) != 65 || point[0] != 4 || name == "" {
		return nil, errSM2
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), raw...))
	out := sm2Verifier{name, binary.BigEndian.Uint32(sum[:]), &ecdsa.PublicKey{
		Curve: sm2.P256(), X: new(big.Int).SetBytes(point[1:33]), Y: new(big.Int).SetBytes(point[33:])}}
	if hash != fmt.Sprintf("%08x", out.hash) || !out.public.IsOnCurve(out.public.X, out.public.Y) {
		return nil, errSM2
	}
	return out, nil
}
