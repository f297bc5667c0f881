package verification

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// The facts of a published summary, in the order in which they are checked.
const (
	FactSummary      = "summary"              // it is published, and stands in the log
	FactSigned       = "summary.checkpoint"   // the checkpoint beside it is signed
	FactCounts       = "summary.counts"       // the figures are those that the log holds
	FactTexts        = "summary.texts"        // texts and reasons are those that the log holds
	FactDispositions = "summary.dispositions" // so are the dispositions
	FactAccount      = "summary.account"      // the account is the one that the log holds
	FactCovered      = "summary.covered"      // it names every submission in the log once, and no other
	FactFigures      = "summary.figures"      // recounted from the log, the figures come out the same
)

// Summary is a published adoption summary, as the site's API gives it.
type Summary struct {
	Number      int             `json:"number"`
	PublishedAt time.Time       `json:"published_at"`
	Counts      json.RawMessage `json:"counts"`
	Suggestions []Suggestion    `json:"suggestions"`
	Checkpoint  string          `json:"checkpoint"`
}

// Suggestion is one row of it.
type Suggestion struct {
	Number      int      `json:"number"`
	Text        string   `json:"text"`
	Comments    int      `json:"comments"`
	Disposition string   `json:"disposition"`
	Reason      string   `json:"reason"`
	Provisions  []string `json:"provisions"`
}

// entryWithin is how long a summary may wait for its entry in the log before its
// absence is a fault: checkpoints come within ten seconds.
const entryWithin = time.Minute

// CheckSummary recomputes a published summary from the entries of the log. account
// is the file that says in which suggestions each submission lies; now tells how
// long a summary has been waiting for its entry. The error is one of reading the
// account.
func (l *Log) CheckSummary(slug string, s Summary, account io.Reader, now time.Time) ([]Finding, error) {
	out := &list{}
	r := l.Record(slug)
	if r == nil {
		r = &Record{}
	}
	entry, found := r.summary(s.Number)
	if !found {
		out.absent(r, s, now)
		return *out, nil
	}
	out.holds(FactSummary, "number %d is entry %d of the log", s.Number, entry.index)
	out.signed(l, s.Checkpoint)
	if err := sameCounts(entry.Counts, s.Counts); err != nil {
		out.broken(FactCounts, "%v", err)
	} else {
		out.holds(FactCounts, "the published figures are those of the log")
	}
	decided := r.decided[entry.Summary]
	out.check(FactDispositions, sameDispositions(decided, s.Suggestions), "%d suggestions with the dispositions of the log", len(decided))
	out.check(FactTexts, sameTexts(decided, s.Suggestions), "every text, reason and provision is the one of the log")
	return *out, out.account(r, entry, s, account)
}

// Missing says that the log holds a summary which the site does not show.
func Missing(slug string) Finding {
	return Finding{FactSummary, Broken, fmt.Sprintf("the log holds the summary of %s, the site shows none", slug)}
}

func (r *Record) summary(number int) (summaryLeaf, bool) {
	for _, s := range r.summaries {
		if s.Summary == number {
			return s, true
		}
	}
	return summaryLeaf{}, false
}

// absent judges a summary that the log does not hold.
func (l *list) absent(r *Record, s Summary, now time.Time) {
	old := len(r.letters) > 0
	for _, one := range r.letters {
		old = old && one.old
	}
	switch {
	case old:
		l.open(FactSummary, "it was published before summaries were entered into the log")
	case now.Sub(s.PublishedAt) < entryWithin:
		l.open(FactSummary, "it was published a moment ago and is being entered into the log; check again in a minute")
	default:
		l.broken(FactSummary, "summary number %d is published, but the log does not hold it", s.Number)
	}
}

// signed checks the checkpoint that stands beside a summary.
func (l *list) signed(log *Log, note string) {
	if note == "" {
		l.open(FactSigned, "no checkpoint stands beside it")
		return
	}
	c, err := log.keys.Open(note)
	for _, known := range log.checkpoints {
		if err == nil && known.Size == c.Size && known.Root != c.Root {
			err = fmt.Errorf("the checkpoint beside it and another of %d entries have different roots: two histories were signed", c.Size)
		}
	}
	l.check(FactSigned, err, "the checkpoint beside it, of %d entries, is signed", c.Size)
}

// sameCounts names the first figure that the page gives otherwise than the log.
func sameCounts(log, page json.RawMessage) error {
	a, err := figures(log)
	if err != nil {
		return fmt.Errorf("the log's figures: %w", err)
	}
	b, err := figures(page)
	if err != nil {
		return fmt.Errorf("the page's figures: %w", err)
	}
	return differ("", a, b)
}

func figures(raw json.RawMessage) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func differ(path string, log, page any) error {
	a, tree := log.(map[string]any)
	b, also := page.(map[string]any)
	if !tree || !also {
		if !reflect.DeepEqual(log, page) {
			return fmt.Errorf("%s is published as %v, the log says %v", path, word(page), word(log))
		}
		return nil
	}
	all := map[string]bool{}
	for key := range a {
		all[key] = true
	}
	for key := range b {
		all[key] = true
	}
	for _, key := range sortedKeys(all) {
		if err := differ(strings.TrimPrefix(path+"."+key, "."), a[key], b[key]); err != nil {
			return err
		}
	}
	return nil
}

func word(v any) any {
	if v == nil {
		return "nothing"
	}
	return v
}

// sameDispositions compares the rows with the entries, by number.
func sameDispositions(log []leaf, page []Suggestion) error {
	entries, err := byNumber(log)
	if err != nil {
		return err
	}
	seen := map[int]bool{}
	for _, s := range page {
		x, there := entries[s.Number]
		switch {
		case !there:
			return fmt.Errorf("suggestion %d is published, but not in the log", s.Number)
		case seen[s.Number]:
			return fmt.Errorf("suggestion %d is published twice", s.Number)
		case x.Disposition != s.Disposition:
			return fmt.Errorf("suggestion %d is published as %s, the log says %s", s.Number, s.Disposition, x.Disposition)
		case x.Comments != s.Comments:
			return fmt.Errorf("suggestion %d is published with %d comments, the log says %d", s.Number, s.Comments, x.Comments)
		}
		seen[s.Number] = true
	}
	for _, number := range sortedKeys(entries) {
		if !seen[number] {
			return fmt.Errorf("suggestion %d stands in the log, but is not published", number)
		}
	}
	return nil
}

func byNumber(log []leaf) (map[int]leaf, error) {
	out := make(map[int]leaf, len(log))
	for _, x := range log {
		if _, twice := out[x.Number]; twice {
			return nil, fmt.Errorf("suggestion %d stands twice in the log", x.Number)
		}
		out[x.Number] = x
	}
	return out, nil
}

func sameTexts(log []leaf, page []Suggestion) error {
	entries := make(map[int]leaf, len(log))
	for _, x := range log {
		entries[x.Number] = x
	}
	for _, s := range page {
		x, there := entries[s.Number]
		if there && x.Content != s.content() {
			return fmt.Errorf("the text, reason or provisions of suggestion %d are not those whose hash stands in the log", s.Number)
		}
	}
	return nil
}

// content is the hash of what a disposition says, in hexadecimal: over the JSON of
// text, reason and provisions in this order.
func (s Suggestion) content() string {
	b := []byte(`{"text":`)
	b = appendText(b, s.Text)
	b = append(b, `,"reason":`...)
	b = appendText(b, s.Reason)
	b = append(b, `,"provisions":[`...)
	for i, key := range s.Provisions {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, key)
	}
	sum := sha256.Sum256(append(b, "]}"...))
	return hex.EncodeToString(sum[:])
}

// appendText writes a JSON string with nothing escaped but what must be (RFC 8785,
// section 3.2.2.2).
func appendText(b []byte, text string) []byte {
	short := map[byte]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}
	b = append(b, '"')
	for i := range len(text) {
		c := text[i]
		switch s, there := short[c]; {
		case there:
			b = append(b, '\\', s)
		case c < 0x20:
			b = fmt.Appendf(b, "\\u%04x", c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

var errAccountForm = errors.New("a line of the account is not `hash numbers`")
