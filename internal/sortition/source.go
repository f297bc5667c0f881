package sortition

import "time"

// SourceKind says where a seed comes from.
type SourceKind string

// The kinds of source, and what Result.Seed is for each.
const (
	// SourceNumber: a number that others draw in public, such as 福彩3D. The
	// seed is its digits, leading zeros included ("472", "007").
	SourceNumber SourceKind = "number"
	// SourceBeacon: the output of a randomness beacon's round, named beforehand.
	// The seed is its value in lower-case hexadecimal.
	SourceBeacon SourceKind = "beacon"
	// SourceCommitments: several parties each publish SHA-256(salt ‖ value)
	// beforehand and open it later. The seed is JointSeed of the openings; as
	// long as one party chose its value by chance, nobody could steer it.
	SourceCommitments SourceKind = "commitments"
	// SourceWitnessed: a number drawn by hand before named witnesses. The seed
	// is its digits.
	SourceWitnessed SourceKind = "witnessed"
)

// Derivation says how the seed names a panel.
type Derivation string

const (
	// ByDigits reads the seed as the number of the panel: 472 names panel 472 of
	// 1,000, which are counted 000 to 999. It is allowed only where every string
	// of that many digits names one panel: 10^Digits = number of panels.
	ByDigits Derivation = "digits"
	// BySHA256 is Index.
	BySHA256 Derivation = "sha256"
)

// Source is where the seed will come from and how it will be read, published
// before anyone can know it.
type Source struct {
	Kind SourceKind `json:"kind"`
	// Name tells a stranger where to look: 福彩3D, drand quicknet.
	Name string `json:"name"`
	// Round is the issue or round, named beforehand: 2026331.
	Round string `json:"round,omitempty"`
	// Digits is how many decimal digits the seed has, for numbers; else 0.
	Digits      int          `json:"digits,omitempty"`
	Derivation  Derivation   `json:"derivation"`
	Commitments []Commitment `json:"commitments,omitempty"` // in the order in which they are joined
	Witnesses   []string     `json:"witnesses,omitempty"`   // who agreed to be named
	NamedAt     time.Time    `json:"named_at"`              // when this was published
	DueAt       time.Time    `json:"due_at"`                // when the seed is to be known
}

// Commitment is one party's promise.
type Commitment struct {
	Party  string    `json:"party"`
	Digest string    `json:"digest"` // SHA-256(salt ‖ value), lower-case hexadecimal
	At     time.Time `json:"at"`     // when it was published
}

// Opening redeems a Commitment.
type Opening struct {
	Party string `json:"party"`
	Salt  string `json:"salt"`
	Value string `json:"value"`
}
