package sortition

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Words that keep the hashes of one purpose apart from those of another.
const (
	indexDomain   = "guangyi-draw-1 index"
	jointDomain   = "guangyi-draw-1 openings"
	reserveDomain = "guangyi-draw-1 reserve"
)

// Index names one of m panels by a seed, each with the same chance. It hashes
// the UTF-8 text
//
//	guangyi-draw-1 index⏎m⏎0⏎seed
//
// (⏎ is one line feed, m in decimal digits, no line feed at the end) by SHA-256,
// reads the first 16 hexadecimal digits as a number, and takes the remainder by
// m. So that no panel is favoured, a number not below the largest multiple of m
// up to 2^64 is passed over: the 0 becomes 1, then 2, until one is below. With a
// thousand panels that happens once in 10^16 draws. Anyone can follow it:
//
//	printf 'guangyi-draw-1 index\n1000\n0\nseed' | sha256sum
//
// The seed is taken as it is: no space is trimmed, no letter changed. m is at
// least 1.
func Index(seed string, m int) int {
	n := uint64(m)
	over := (math.MaxUint64%n + 1) % n // 2^64 mod n
	for try := 0; ; try++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%d\n%s", indexDomain, m, try, seed))
		if x := binary.BigEndian.Uint64(sum[:8]); x <= math.MaxUint64-over {
			return int(x % n)
		}
	}
}

// ErrSeed is a seed that its source could not have given.
var ErrSeed = errors.New("the seed is not one of its source")

// Index names one of m panels by the source's derivation. The error is an
// ErrSeed for a seed that does not fit the source, and says otherwise why the
// derivation is not allowed.
func (s Source) Index(seed string, m int) (int, error) {
	if err := s.checkSeed(seed); err != nil {
		return 0, err
	}
	switch s.Derivation {
	case BySHA256:
		if m < 1 {
			return 0, ErrPanels
		}
		return Index(seed, m), nil
	case ByDigits:
		if err := s.checkDigits(m); err != nil {
			return 0, err
		}
		return strconv.Atoi(seed)
	}
	return 0, fmt.Errorf("there is no derivation %q", s.Derivation)
}

func (s Source) numeric() bool { return s.Kind == SourceNumber || s.Kind == SourceWitnessed }

// checkDigits allows digits only where each of their strings names one panel.
func (s Source) checkDigits(m int) error {
	if !s.numeric() {
		return fmt.Errorf("the digits of a seed from %q cannot name a panel", s.Kind)
	}
	all := 1
	for range s.Digits {
		if all *= 10; all > maxPanels {
			break
		}
	}
	if s.Digits < 1 || all != m {
		return fmt.Errorf("%d digits do not name each of %d panels once", s.Digits, m)
	}
	return nil
}

func (s Source) checkSeed(seed string) error {
	switch s.Kind {
	case SourceNumber, SourceWitnessed:
		if len(seed) == 0 || s.Digits > 0 && len(seed) != s.Digits || strings.Trim(seed, "0123456789") != "" {
			return fmt.Errorf("%w: %q is not a number of %d digits", ErrSeed, seed, s.Digits)
		}
	case SourceBeacon, SourceCommitments:
		if raw, err := hex.DecodeString(seed); err != nil || len(raw) < 16 || strings.ToLower(seed) != seed {
			return fmt.Errorf("%w: %q is not at least 16 bytes in lower-case hexadecimal", ErrSeed, seed)
		}
	default:
		return fmt.Errorf("%w: there is no source %q", ErrSeed, s.Kind)
	}
	return nil
}

// Check says whether the source can name each of m panels, before its seed is
// known. Commitments need two parties or more, all with different names and
// digests: who copies another's digest could copy the opening too.
func (s Source) Check(m int) error {
	if s.Derivation == ByDigits {
		if err := s.checkDigits(m); err != nil {
			return err
		}
	} else if s.Derivation != BySHA256 {
		return fmt.Errorf("there is no derivation %q", s.Derivation)
	}
	switch s.Kind {
	case SourceNumber, SourceWitnessed, SourceBeacon:
		return nil
	case SourceCommitments:
		return s.checkCommitments()
	}
	return fmt.Errorf("there is no source %q", s.Kind)
}

func (s Source) checkCommitments() error {
	if len(s.Commitments) < 2 {
		return errors.New("a joint seed needs two parties or more")
	}
	seen := make(map[string]bool)
	for _, c := range s.Commitments {
		raw, err := hex.DecodeString(c.Digest)
		switch {
		case c.Party == "" || seen["party "+c.Party]:
			return fmt.Errorf("the parties need names of their own: %q", c.Party)
		case err != nil || len(raw) != sha256.Size || strings.ToLower(c.Digest) != c.Digest:
			return fmt.Errorf("the commitment of %q is not a SHA-256 in lower-case hexadecimal", c.Party)
		case seen["digest "+c.Digest]:
			return fmt.Errorf("%q repeats another party's commitment", c.Party)
		}
		seen["party "+c.Party], seen["digest "+c.Digest] = true, true
	}
	return nil
}

// Commit is the digest that a party publishes for a salt and a value:
// SHA-256(salt ‖ value) in lower-case hexadecimal. The salt should be 16 bytes
// of chance or more, else others could guess the value.
func Commit(salt, value string) string {
	sum := sha256.Sum256([]byte(salt + value))
	return hex.EncodeToString(sum[:])
}

// JointSeed is the seed of several parties, once every one has opened its
// commitment. It hashes by SHA-256 the line
//
//	guangyi-draw-1 openings⏎
//
// followed, for each commitment in the order stated in the source, by the length
// of salt ‖ value in bytes (decimal), a colon, salt ‖ value, and a line feed. It
// takes salt and value as one, as the commitment does: where one ends and the
// other begins is nothing that a party could still choose.
func (s Source) JointSeed(openings []Opening) (string, error) {
	if err := s.checkCommitments(); err != nil {
		return "", err
	}
	if len(openings) != len(s.Commitments) {
		return "", fmt.Errorf("%w: %d parties promised a value, %d opened one", ErrSeed, len(s.Commitments), len(openings))
	}
	text := []byte(jointDomain + "\n")
	for i, c := range s.Commitments {
		o := openings[i]
		if o.Party != c.Party {
			return "", fmt.Errorf("%w: opening %d is of %q, the commitment of %q", ErrSeed, i+1, o.Party, c.Party)
		}
		if Commit(o.Salt, o.Value) != c.Digest {
			return "", fmt.Errorf("%w: what %q opened is not what it promised", ErrSeed, c.Party)
		}
		text = fmt.Appendf(text, "%d:%s%s\n", len(o.Salt)+len(o.Value), o.Salt, o.Value)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
