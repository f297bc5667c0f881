package submission

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"guangyi/internal/register"
)

// LeafKind is the kind of a submission's leaf in the register.
const LeafKind = "submission"

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
	Entry        Entry     // empty: the first form of leaf, which had no entry, parts and late
	ImportedFrom string    // SHA-256 of the file, hexadecimal, of an import
	Late         bool
	Salt         []byte
	Parts        []Part // as received, in order
	Files        []File
	Answers      []SurveyAnswer
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

type contentFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

type content struct {
	V            int              `json:"v"`
	Consultation string           `json:"consultation"`
	Channel      string           `json:"channel"`
	Language     string           `json:"language"`
	Version      int64            `json:"version"`
	Submitter    contentSubmitter `json:"submitter"`
	Comments     []contentPart    `json:"comments"`
	Files        []contentFile    `json:"files,omitempty"`
	Answers      []SurveyAnswer   `json:"answers,omitempty"`
}

// leaf is what is public of a submission. Parts counts the points as received.
type leaf struct {
	V            int    `json:"v"`
	Kind         string `json:"kind"`
	Consultation string `json:"consultation"`
	Channel      string `json:"channel"`
	ReceivedAt   string `json:"received_at"`
	Entered      Entry  `json:"entered,omitempty"`
	File         string `json:"file,omitempty"`
	Late         bool   `json:"late,omitempty"`
	Parts        *int   `json:"parts,omitempty"`
	Commitment   string `json:"commitment"`
}

// leafTime writes an instant with all of its microseconds, always in one way.
const leafTime = "2006-01-02T15:04:05.000000Z"

// Leaf gives the register's leaf and the content that it commits to:
// commitment = SHA-256(salt ‖ content), both in one canonical JSON (members in
// this order, no white space, only what JSON must escape is escaped).
func Leaf(s Stored) (leafBytes, contentBytes []byte) {
	c := content{
		V: s.form(), Consultation: s.Consultation, Channel: s.Channel, Language: s.Language, Version: s.Version,
		Submitter: contentSubmitter{s.Kind, s.Region}, Comments: make([]contentPart, len(s.Parts)), Answers: s.Answers,
	}
	for i, p := range s.Parts {
		c.Comments[i] = contentPart(p)
	}
	for _, f := range s.Files {
		c.Files = append(c.Files, contentFile{f.Name, f.Size, f.SHA256})
	}
	contentBytes = register.Canonical(c)
	h := sha256.New()
	h.Write(s.Salt)
	h.Write(contentBytes)
	l := leaf{
		V: s.form(), Kind: LeafKind, Consultation: s.Consultation, Channel: s.Channel,
		ReceivedAt: s.ReceivedAt.UTC().Format(leafTime), Entered: s.Entry, File: s.ImportedFrom,
		Commitment: hex.EncodeToString(h.Sum(nil)),
	}
	if s.Entry != "" {
		parts := len(s.Parts)
		l.Parts, l.Late = &parts, s.Late
	}
	return register.Canonical(l), contentBytes
}

// form is the form of the leaf: the first one knew no entry.
func (s Stored) form() int {
	if s.Entry == "" {
		return 1
	}
	return 2
}

func newSalt() []byte {
	b := make([]byte, saltLength)
	_, _ = rand.Read(b) // never fails on the systems that Go supports
	return b
}
