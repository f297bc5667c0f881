package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"guangyi/internal/platform/fault"
)

// cost is what one argon2id hash takes (RFC 9106): memory in KiB, passes, lanes.
type cost struct {
	memory, passes uint32
	lanes          uint8
}

// owasp is the second of OWASP's recommended settings (Password Storage Cheat
// Sheet): 19 MiB, two passes, one lane.
var owasp = cost{memory: 19 * 1024, passes: 2, lanes: 1}

const (
	saltSize = 16
	hashSize = 32
	// atOnce is how many hashes run at a time: a flood of sign-ins must take
	// neither the memory (19 MiB each) nor every core.
	atOnce = 2
	// longestWait is how long a sign-in waits for its turn.
	longestWait = 10 * time.Second
	// longest is above the bytes of every password that checkPassword takes: NFC
	// writes a character in 18 bytes at most.
	longest = 18 * PasswordMost
)

// hasher makes and checks password hashes in PHC string format.
type hasher struct {
	cost  cost
	slots chan struct{}
	dummy string // of a password that nobody knows, for e-mails without account
}

func newHasher(c cost) *hasher {
	h := &hasher{cost: c, slots: make(chan struct{}, atOnce)}
	salt, sum := random(saltSize), random(hashSize)
	h.dummy = c.format(salt, sum)
	return h
}

// hash makes a hash under a fresh salt. TooMany when the turn does not come.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := random(saltSize)
	return h.cost.format(salt, h.cost.sum(password, salt, hashSize)), nil
}

// verify compares in constant time. stale tells that the hash was made at
// another cost and should be made anew. An unreadable hash matches nothing.
func (h *hasher) verify(ctx context.Context, password, phc string) (match, stale bool, err error) {
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	c, salt, want, readable := parsePHC(phc)
	if !readable || len(password) > longest {
		// Nobody's password, and no more work than for anybody's.
		c, salt, want, _ = parsePHC(h.dummy)
		password, readable = "", false
	}
	same := subtle.ConstantTimeCompare(c.sum(password, salt, len(want)), want) == 1
	return same && readable, c != h.cost, nil
}

func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		f := fault.New(fault.TooMany, "account.busy")
		f.RetryAfter = longestWait
		return nil, f
	}
}

// sum hashes the password in NFC: input methods write the same letters differently.
func (c cost) sum(password string, salt []byte, size int) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.passes, c.memory, c.lanes, uint32(size))
}

func (c cost) format(salt, sum []byte) string {
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes,
		enc.EncodeToString(salt), enc.EncodeToString(sum))
}

// parsePHC reads a hash; it refuses costs that no version of this program used
// and that would stop the machine.
func parsePHC(phc string) (c cost, salt, sum []byte, ok bool) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes); err != nil {
		return c, nil, nil, false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return c, nil, nil, false
	}
	sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	sane := c.memory >= 8 && c.memory <= 256*1024 && c.passes >= 1 && c.passes <= 10 && c.lanes >= 1 && len(sum) >= 16 && len(sum) <= 64
	return c, salt, sum, err == nil && sane
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}
