package published

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"guangyi/internal/verification"
)

// source is where a log is read from.
type source interface {
	keys(ctx context.Context) (string, error)
	checkpoints(ctx context.Context, visit func(note string)) error
	entries(ctx context.Context, from, to int64, visit func(verification.Entry)) error
}

// checked is a log that was checked: as a whole, or by its newest checkpoint only.
type checked struct {
	keys   verification.Keys
	newest verification.Checkpoint
	whole  *verification.Log // nil: only the newest checkpoint was
}

// log checks the site's register. One receipt or meeting takes its newest
// checkpoint only; nil means that there is none, or none that can be read.
func (s *Site) log(ctx context.Context, report Report) (*checked, error) {
	note, status, err := s.text(ctx, s.api("log", "checkpoint"))
	if err != nil {
		return nil, err
	}
	if status != http.StatusOK {
		report("", verification.Finding{Fact: FactLog, State: verification.Unchecked, Detail: "the log is not yet kept there; the draws are checked"})
		return nil, nil
	}
	text, err := remote{s}.keys(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := verification.ReadKeys(text)
	if err != nil {
		report("", verification.Finding{Fact: verification.FactLogKeys, State: verification.Broken, Detail: err.Error()})
		return nil, nil
	}
	newest, err := keys.Open(note)
	if err != nil {
		report("", verification.Finding{Fact: verification.FactLogSignature, State: verification.Broken, Detail: "the newest checkpoint does not hold: " + err.Error()})
		return nil, nil
	}
	out := &checked{keys: keys, newest: newest}
	if s.kind == "meetings" || s.kind == "receipts" {
		report("", verification.Finding{Fact: verification.FactLogSignature, State: verification.Holds, Detail: fmt.Sprintf("the newest checkpoint, of %d entries, is signed by a key of the log", newest.Size)})
		return out, s.proofs(ctx, out, report)
	}
	if s.o.Keep != "" {
		out.whole, err = s.follow(ctx, keys, newest, report)
	} else {
		out.whole, err = run(ctx, keys, newest.Note, remote{s}, s.o.Progress, func(f verification.Finding) { report("", f) })
	}
	if err != nil {
		return nil, err
	}
	if c, there := out.whole.Newest(); there {
		out.newest = c
	}
	return out, s.proofs(ctx, out, report)
}

// run checks a whole log. newest is the note of a checkpoint that must be there; ""
// for none.
func run(ctx context.Context, keys verification.Keys, newest string, from source, progress func(int), report func(verification.Finding)) (*verification.Log, error) {
	l := verification.NewLog(keys)
	there := newest == ""
	err := from.checkpoints(ctx, func(note string) {
		there = there || note == newest
		l.Checkpoint(note)
	})
	if err != nil {
		return nil, err
	}
	if !there {
		l.Checkpoint(newest)
	}
	l.Ready()
	if c, ok := l.Newest(); ok {
		err := from.entries(ctx, 0, c.Size, func(e verification.Entry) {
			l.Entry(e)
			if progress != nil && e.Index%1000 == 0 {
				progress(int(e.Index))
			}
		})
		if err != nil {
			return nil, err
		}
		l.End()
	}
	for _, f := range l.Findings() {
		report(f)
	}
	return l, nil
}

// remote is the log of a site.
type remote struct{ *Site }

// keys gives the Ed25519 keys and, where there are any, the SM2 keys beside them.
func (r remote) keys(ctx context.Context) (string, error) {
	at := r.api("log", "key")
	text, status, err := r.text(ctx, at)
	if err != nil {
		return "", err
	}
	if status != http.StatusOK {
		return "", fmt.Errorf("%s answered %d", at, status)
	}
	var list struct {
		Items []struct {
			SM2 string `json:"sm2"`
		} `json:"items"`
	}
	if status, err = r.get(ctx, r.api("log", "keys"), &list); err != nil || status != http.StatusOK {
		return text, err
	}
	lines := []string{strings.TrimSpace(text)}
	for _, item := range list.Items {
		lines = append(lines, item.SM2)
	}
	return strings.Join(lines, "\n") + "\n", nil
}

func (r remote) checkpoints(ctx context.Context, visit func(string)) error {
	at := with(r.api("log", "checkpoints"), "limit", "1000")
	for range mostCheckpointPages {
		var page struct {
			Items []struct {
				Checkpoint string `json:"checkpoint"`
			} `json:"items"`
			Next *string `json:"next"`
		}
		status, err := r.get(ctx, at, &page)
		if err != nil {
			return err
		}
		if status == http.StatusNotFound {
			return nil // the newest one must do
		}
		if status != http.StatusOK {
			return fmt.Errorf("%s answered %d", at, status)
		}
		for _, item := range page.Items {
			visit(item.Checkpoint)
		}
		if page.Next == nil || *page.Next == "" || len(page.Items) == 0 {
			return nil
		}
		if at, err = r.next(at, *page.Next); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: the list has more than %d pages", at, mostCheckpointPages)
}

const (
	entriesAtOnce       = 1000 // the contract's most
	mostCheckpointPages = 20000
)

func (r remote) entries(ctx context.Context, from, to int64, visit func(verification.Entry)) error {
	for from < to {
		end := min(from+entriesAtOnce, to)
		at := with(r.api("log", "entries"), "start", strconv.FormatInt(from, 10), "end", strconv.FormatInt(end, 10))
		var page struct {
			Entries []struct {
				Index    int64  `json:"index"`
				Leaf     []byte `json:"leaf"`
				LeafHash string `json:"leaf_hash"`
			} `json:"entries"`
		}
		status, err := r.get(ctx, at, &page)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return fmt.Errorf("%s answered %d", at, status)
		}
		if len(page.Entries) == 0 {
			return nil // fewer than there should be: the log's check says so
		}
		for _, e := range page.Entries {
			visit(verification.Entry{Index: e.Index, Leaf: e.Leaf, LeafHash: e.LeafHash})
		}
		from += int64(len(page.Entries))
	}
	return nil
}

// proofs checks proofs that were kept from earlier.
func (s *Site) proofs(ctx context.Context, log *checked, report Report) error {
	for i, p := range s.o.Proofs {
		about := fmt.Sprintf("kept proof %d", i+1)
		for _, f := range verification.CheckProof(log.keys, p, "") {
			report(about, f)
		}
		if c, err := log.keys.Open(p.Checkpoint); err == nil {
			if err := s.continues(ctx, log, c, about, report); err != nil {
				return err
			}
		}
	}
	return nil
}

// continues asks the site for the proof that the log of today continues an earlier
// checkpoint, or that a checkpoint of this moment continues the one read before.
func (s *Site) continues(ctx context.Context, log *checked, c verification.Checkpoint, about string, report Report) error {
	earlier, later := c, log.newest
	if earlier.Size > later.Size {
		earlier, later = later, earlier
	}
	var answer struct {
		Path []string `json:"path"`
	}
	at := with(s.api("log", "consistency"), "from", strconv.FormatInt(earlier.Size, 10), "to", strconv.FormatInt(later.Size, 10))
	status, err := s.get(ctx, at, &answer)
	if err != nil {
		return err
	}
	switch status {
	case http.StatusOK:
		report(about, verification.CheckConsistency(earlier, later, answer.Path))
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		// The log is shorter than what it signed.
		report(about, verification.CheckConsistency(later, earlier, nil))
	default:
		return fmt.Errorf("%s answered %d", at, status)
	}
	return nil
}
