package verification

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Kinds of entries.
const (
	kindSubmission  = "submission"
	kindWithholding = "withholding"
	kindRelease     = "release" // a withholding taken back
	kindWithdrawal  = "withdrawal"
	kindDisposition = "disposition"
	kindSummary     = "summary"
)

// leaf is what any kind of entry may say.
type leaf struct {
	V            int    `json:"v"`
	Kind         string `json:"kind"`
	Consultation string `json:"consultation"`

	Channel    string `json:"channel"`
	ReceivedAt string `json:"received_at"`
	Entered    string `json:"entered"`
	Late       bool   `json:"late"`
	Parts      *int   `json:"parts"`
	Commitment string `json:"commitment"`

	Submission string `json:"submission"` // hash of its entry

	Summary     int             `json:"summary"` // number of the summary; 1 is the first
	Number      int             `json:"number"`
	Disposition string          `json:"disposition"`
	Comments    int             `json:"comments"`
	Content     string          `json:"content"`
	Counts      json.RawMessage `json:"counts"`
	Split       int             `json:"split"`
	Account     string          `json:"account"`
}

// Record is what the log says of one consultation.
type Record struct {
	letters   map[tlog.Hash]letter
	events    map[tlog.Hash][]event
	decided   map[int][]leaf // dispositions by summary
	summaries []summaryLeaf
	channels  names
	entries   names
}

// letter is a submission as its entry tells it.
type letter struct {
	index   int64
	parts   int32
	channel uint8
	entered uint8
	late    bool
	old     bool // of the first form, which did not tell parts and entry
}

// event is what happened to a submission later.
type event struct {
	index int64
	kind  string
}

type summaryLeaf struct {
	leaf
	index int64
}

// names numbers the few words that recur in many entries.
type names []string

func (n *names) of(word string) (uint8, error) {
	i := slices.Index(*n, word)
	if i < 0 {
		if len(*n) > 250 {
			return 0, errors.New("there are more channels than can be")
		}
		i = len(*n)
		*n = append(*n, word)
	}
	return uint8(i), nil
}

func (l *Log) page(slug string) *Record {
	r := l.pages[slug]
	if r == nil {
		r = &Record{letters: map[tlog.Hash]letter{}, events: map[tlog.Hash][]event{}, decided: map[int][]leaf{}}
		l.pages[slug] = r
	}
	return r
}

// take reads an entry into the record of its consultation.
func (l *Log) take(index int64, hash tlog.Hash, raw []byte) error {
	var x leaf
	if err := json.Unmarshal(raw, &x); err != nil {
		return errors.New("it is not the JSON that entries are")
	}
	switch x.Kind {
	case kindSubmission:
		return l.page(x.Consultation).letter(index, hash, x)
	case kindWithholding, kindRelease, kindWithdrawal:
		return l.page(x.Consultation).happen(index, x)
	case kindDisposition:
		r := l.page(x.Consultation)
		r.decided[x.Summary] = append(r.decided[x.Summary], x)
	case kindSummary:
		r := l.page(x.Consultation)
		r.summaries = append(r.summaries, summaryLeaf{x, index})
	default:
		l.unknown[x.Kind]++
	}
	return nil
}

func (r *Record) letter(index int64, hash tlog.Hash, x leaf) error {
	one := letter{index: index, late: x.Late, old: x.Parts == nil}
	if x.Parts != nil {
		one.parts = int32(*x.Parts)
	}
	if raw, err := hex.DecodeString(x.Commitment); err != nil || len(raw) != tlog.HashSize {
		return errors.New("a submission commits to nothing")
	}
	if _, err := time.Parse(time.RFC3339Nano, x.ReceivedAt); err != nil {
		return fmt.Errorf("%q is no instant", x.ReceivedAt)
	}
	var err error
	if one.channel, err = r.channels.of(x.Channel); err != nil {
		return err
	}
	if one.entered, err = r.entries.of(x.Entered); err != nil {
		return err
	}
	r.letters[hash] = one
	return nil
}

func (r *Record) happen(index int64, x leaf) error {
	hash, err := readHash(x.Submission)
	if err != nil {
		return err
	}
	if _, there := r.letters[hash]; !there {
		return fmt.Errorf("a %s names the submission %s, which does not stand before it", x.Kind, x.Submission)
	}
	r.events[hash] = append(r.events[hash], event{index, x.Kind})
	return nil
}

// stands tells how a submission stood when an entry was made.
func (r *Record) stands(hash tlog.Hash, before int64) (withheld, withdrawn bool) {
	for _, e := range r.events[hash] {
		if e.index >= before {
			continue
		}
		switch e.kind {
		case kindWithholding:
			withheld = true
		case kindRelease:
			withheld = false
		case kindWithdrawal:
			withdrawn = true
		}
	}
	return withheld && !withdrawn, withdrawn
}

func readHash(text string) (h tlog.Hash, err error) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != tlog.HashSize {
		return h, fmt.Errorf("%q is no SHA-256 hash", text)
	}
	return tlog.Hash(raw), nil
}

func hexHash(h tlog.Hash) string { return hex.EncodeToString(h[:]) }

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// Submissions counts the submissions in the log.
func (r *Record) Submissions() int { return len(r.letters) }
