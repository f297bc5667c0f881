package sortition

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// RecordFormat is the first word of every record; it changes with its meaning.
const RecordFormat = "guangyi-draw-1"

// Record is a draw as anyone may read and recompute it: no names, only the
// numbers under which people applied. It is published twice: with the panels,
// before the seed is known (Result is nil), and again with the result.
// Nothing but Result is added the second time; Digest shows it.
type Record struct {
	Format string `json:"format"` // RecordFormat
	// Meeting is the slug of the meeting.
	Meeting string `json:"meeting"`
	// Rules are the rules of selection as the notice published them, one each.
	Rules      []string       `json:"rules"`
	Panel      int            `json:"panel"` // seats
	Categories []string       `json:"categories"`
	Quotas     []Quota        `json:"quotas"`
	People     []RecordPerson `json:"people"` // sorted by number
	// Minimum, Bound and Gap are those of the Distribution.
	Minimum float64 `json:"minimum"`
	Bound   float64 `json:"bound"`
	Gap     float64 `json:"gap"`
	// Panels is the uniform lottery: numbers of people, sorted within and among
	// the panels, counted from 0.
	Panels      [][]string `json:"panels"`
	PublishedAt time.Time  `json:"published_at"` // of the panels
	Source      Source     `json:"source"`
	// Nonce is random text that keeps Digest from being guessed; it stands in
	// the full record only.
	Nonce     string     `json:"nonce,omitempty"`
	Result    *Result    `json:"result,omitempty"`
	Redaction *Redaction `json:"redaction,omitempty"` // of the public form, when rows had to be merged
}

// RecordPerson is one applicant in the draw.
type RecordPerson struct {
	Number    string   `json:"number"`              // as on the applicant's receipt; names nobody
	Features  []string `json:"features"`            // one for each category
	Household int      `json:"household,omitempty"` // group of whom one at most sits, 0 for none
	Chance    float64  `json:"chance"`              // of sitting, before the draw
}

// Result is what the seed decided.
type Result struct {
	// Seed is the value as it is hashed: see Source for each kind.
	Seed     string    `json:"seed"`
	KnownAt  time.Time `json:"known_at"` // when the seed could first be known
	Openings []Opening `json:"openings,omitempty"`
	Index    int       `json:"index"`    // of the panel drawn, from 0
	Selected []string  `json:"selected"` // that panel
	Reserves []Reserve `json:"reserves"` // one for each of Selected, in their order
}

// Reserve ranks who takes the seat of one selected person who leaves. When
// several leave, Replacement computes the next one by the same rule.
type Reserve struct {
	For    string          `json:"for"`
	Ranked []ReservePerson `json:"ranked"` // at most ReserveDepth
}

// ReservePerson is one of the ranked.
type ReservePerson struct {
	Number string `json:"number"`
	// Violation is by how many people all quotas together are missed with this
	// person in the seat; 0 where they hold.
	Violation int `json:"violation"`
}

// Redaction says what the public form of a record leaves out, and ties it to
// the full one, which applicants, named witnesses and the auditor may read.
type Redaction struct {
	Threshold int `json:"threshold"` // combinations held by fewer are merged
	// Digest is Record.Digest of the full record.
	Digest string `json:"digest"`
	// People is how many are merged; the panels do not list them.
	People int            `json:"people"`
	Totals []FeatureTotal `json:"totals"`
	// Lowest and Highest chance among the merged.
	Lowest  float64 `json:"lowest"`
	Highest float64 `json:"highest"`
	// Selected is how many of the merged were drawn; 0 before the draw.
	Selected int `json:"selected"`
}

// FeatureTotal counts the merged people with one feature.
type FeatureTotal struct {
	Category string `json:"category"`
	Feature  string `json:"feature"`
	// People is the count, nil where it, or another of the category from which
	// it would follow, is below the threshold.
	People *int `json:"people"`
}

// Pool is the pool of a full record.
func (r Record) Pool() Pool {
	p := Pool{Categories: r.Categories, Quotas: r.Quotas, Panel: r.Panel}
	for _, person := range r.People {
		p.People = append(p.People, Person{ID: person.Number, Features: person.Features, Household: groupName(person.Household)})
	}
	return p
}

// Canonical is the form that Digest hashes: the record without Result and
// Redaction, as JSON in the order of the fields of Record, without white space,
// without HTML escapes, times in UTC.
func (r Record) Canonical() ([]byte, error) {
	r.Result, r.Redaction = nil, nil
	r.PublishedAt = r.PublishedAt.UTC()
	r.Source.NamedAt = r.Source.NamedAt.UTC()
	r.Source.DueAt = r.Source.DueAt.UTC()
	r.Source.Commitments = slices.Clone(r.Source.Commitments)
	for i := range r.Source.Commitments {
		r.Source.Commitments[i].At = r.Source.Commitments[i].At.UTC()
	}
	return encode(r)
}

// Digest is the SHA-256 of Canonical, in lower-case hexadecimal. It is the same
// before and after the draw.
func (r Record) Digest() (string, error) {
	text, err := r.Canonical()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// groupName names a group; people without one are alone.
func groupName(group int) string {
	if group == 0 {
		return ""
	}
	return strconv.Itoa(group)
}
