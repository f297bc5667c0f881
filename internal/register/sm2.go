package register

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
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

// sm2Algorithm marks an SM2 key in a verifier key: signed notes reserve the byte
// 0xff for algorithms that name themselves, and the name follows. Behind it
// stands the public point, uncompressed, 65 bytes; in a private key the scalar,
// 32 bytes.
//
// The signature is that of GB/T 32918.2-2016 over SM3 with the identity
// 1234567812345678, in DER: what `openssl dgst -sm3 -verify` with
// `-sigopt distid:1234567812345678` reads.
var sm2Algorithm = append([]byte{0xff}, "guangyi-sm2-v1"...)

const (
	sm2Point  = 65 // bytes
	sm2Scalar = 32
)

var errSM2Key = errors.New("not an SM2 key of this register")

// sm2Key is an SM2 key as a note's signer; without its private part, a verifier.
type sm2Key struct {
	name    string
	hash    uint32
	private *sm2.PrivateKey
	public  *ecdsa.PublicKey
}

func (k *sm2Key) Name() string    { return k.name }
func (k *sm2Key) KeyHash() uint32 { return k.hash }

func (k *sm2Key) Sign(msg []byte) ([]byte, error) {
	return k.private.Sign(rand.Reader, msg, sm2.NewSM2SignerOption(true, nil))
}

func (k *sm2Key) Verify(msg, sig []byte) bool {
	return sm2.VerifyASN1WithSM2(k.public, nil, msg, sig)
}

// verifierKey is the public key as signed notes write them.
func (k *sm2Key) verifierKey() string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.hash, base64.StdEncoding.EncodeToString(sm2Encoded(k.public)))
}

func (k *sm2Key) secret() string {
	raw := append(bytes.Clone(sm2Algorithm), k.private.D.FillBytes(make([]byte, sm2Scalar))...)
	return fmt.Sprintf("%s%s+%08x+%s", privatePrefix, k.name, k.hash, base64.StdEncoding.EncodeToString(raw))
}

func sm2Encoded(p *ecdsa.PublicKey) []byte {
	raw := append(bytes.Clone(sm2Algorithm), 4)
	raw = append(raw, p.X.FillBytes(make([]byte, 32))...)
	return append(raw, p.Y.FillBytes(make([]byte, 32))...)
}

func newSM2(name string) (*sm2Key, error) {
	private, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return sm2From(name, private), nil
}

func sm2From(name string, private *sm2.PrivateKey) *sm2Key {
	return &sm2Key{name: name, hash: noteHash(name, sm2Encoded(&private.PublicKey)), private: private, public: &private.PublicKey}
}

// noteHash is a signed note's key hash: the first four bytes, big endian, of
// SHA-256(name ‖ "\n" ‖ algorithm and key).
func noteHash(name string, key []byte) uint32 {
	h := sha256.Sum256(append([]byte(name+"\n"), key...))
	return binary.BigEndian.Uint32(h[:])
}

// splitKey takes name, hash and bytes of a key apart.
func splitKey(key string) (name string, hash uint32, raw []byte, err error) {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 || len(parts[1]) != 8 {
		return "", 0, nil, errSM2Key
	}
	if _, err := fmt.Sscanf(parts[1], "%08x", &hash); err != nil {
		return "", 0, nil, errSM2Key
	}
	raw, err = base64.StdEncoding.DecodeString(parts[2])
	return parts[0], hash, raw, err
}

// parseSM2 reads a private key without its prefix.
func parseSM2(key string) (*sm2Key, error) {
	name, hash, raw, err := splitKey(key)
	if err != nil {
		return nil, err
	}
	scalar, ours := bytes.CutPrefix(raw, sm2Algorithm)
	if !ours || len(scalar) != sm2Scalar {
		return nil, errSM2Key
	}
	private := new(sm2.PrivateKey)
	private.Curve = sm2.P256()
	private.D = new(big.Int).SetBytes(scalar)
	if private.D.Sign() == 0 || private.D.Cmp(private.Params().N) >= 0 {
		return nil, errSM2Key
	}
	private.X, private.Y = private.ScalarBaseMult(scalar)
	k := sm2From(name, private)
	if k.hash != hash {
		return nil, errSM2Key
	}
	return k, nil
}

// NewSM2Verifier reads the public key of a register's second signature line, as
// /api/v1/log/keys gives it.
func NewSM2Verifier(key string) (note.Verifier, error) {
	name, hash, raw, err := splitKey(key)
	if err != nil {
		return nil, err
	}
	point, ours := bytes.CutPrefix(raw, sm2Algorithm)
	if !ours || len(point) != sm2Point || point[0] != 4 || hash != noteHash(name, raw) {
		return nil, errSM2Key
	}
	public := &ecdsa.PublicKey{Curve: sm2.P256(), X: new(big.Int).SetBytes(point[1:33]), Y: new(big.Int).SetBytes(point[33:])}
	if !public.IsOnCurve(public.X, public.Y) {
		return nil, errSM2Key
	}
	return &sm2Key{name: name, hash: hash, public: public}, nil
}
