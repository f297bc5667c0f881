package register

import (
	"bytes"
	"math/big"
	"testing"

	"github.com/emmansun/gmsm/sm2"
)

// Sign makes a signed checkpoint, for the test vectors.
var Sign = sign

// SM2Secret is the private line of an SM2 key made from a given number.
func SM2Secret(t *testing.T, name string, scalar []byte) string {
	t.Helper()
	private := new(sm2.PrivateKey)
	private.Curve = sm2.P256()
	private.D = new(big.Int).SetBytes(bytes.Clone(scalar))
	private.X, private.Y = private.ScalarBaseMult(scalar)
	return sm2From(name, private).secret()
}
