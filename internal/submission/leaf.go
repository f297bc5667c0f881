package submission

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// saltLength is that of the salt of a leaf, in bytes: the contract's least.
const saltLength = 16

// Stored is what the register's leaf of a submission is made from: all of it can
// be read back from the rows at any time, and none of it is personal data beyond
// what people wrote into their texts.
type Stored struct {
	Consultation string // slug
	Channel      string
	Language     string
	Version      int64
	Kind         Kind
	Region       string
	ReceivedAt   time.Time // µs, UTC
	Salt         []byte
	Parts        []Part // as received, in order
}

type contentPart struct {
	Provision    string `json:"provision"`
	Text         string `json:"text"`
	ProposedText string `json:"proposed_text"`
}

type contentSubmitter struct {
	Kind   Kind   `json:"kind"`
	Region string `json:"region"`
}

type content struct {
	V            int              `json:"v"`
	Consultation string           `json:"consultation"`
	Channel      string           `json:"channel"`
	Language     string           `json:"language"`
	Version      int64            `json:"version"`
	Submitter    contentSubmitter `json:"submitter"`
	Comments     []contentPart    `json:"comments"`
}

type leaf struct {
	V            int    `json:"v"`
	Kind         string `json:"kind"`
	Consultation string `json:"consultation"`
	Channel      string `json:"channel"`
	ReceivedAt   string `json:"received_at"`
	Commitment   string `json:"commitment"`
}

// leafTime writes an instant with all of its microseconds, always in one way.
const leafTime = "2006-01-02T15:04:05.000000Z"

// Leaf gives the register's leaf and the content that it commits to:
// commitment = SHA-256(salt ‖ content), both in one canonical JSON (members in
// this order, no white space, only what JSON must escape is escaped).
func Leaf(s Stored) (leafBytes, contentBytes []byte) {
	c := content{
		V: 1, Consultation: s.Consultation, Channel: s.Channel, Language: s.Language, Version: s.Version,
		Submitter: contentSubmitter{s.Kind, s.Region}, Comments: make([]contentPart, len(s.Parts)),
	}
	for i, p := range s.Parts {
		c.Comments[i] = contentPart(p)
	}
	contentBytes = canonical(c)
	h := sha256.New()
	h.Write(s.Salt)
	h.Write(contentBytes)
	return canonical(leaf{
		V: 1, Kind: "submission", Consultation: s.Consultation, Channel: s.Channel,
		ReceivedAt: s.ReceivedAt.UTC().Format(leafTime), Commitment: hex.EncodeToString(h.Sum(nil)),
	}), contentBytes
}

// LeafHash is RFC 9162's hash of a leaf: SHA-256(0x00 ‖ leaf).
func LeafHash(leaf []byte) []byte {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(leaf)
	return h.Sum(nil)
}

func canonical(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // strings and numbers always have a JSON form
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'})
}

func newSalt() []byte {
	b := make([]byte, saltLength)
	_, _ = rand.Read(b) // never fails on the systems that Go supports
	return b
}
