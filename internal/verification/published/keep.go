package published

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"guangyi/internal/verification"
)

// FactKept is that the site's log continues the copy that was kept.
const FactKept = "log.kept"

// follow checks the site's log as the continuation of the copy in the folder and,
// when all holds, brings the copy up to date. A copy that is found to differ is
// left as it is: it is the evidence.
func (s *Site) follow(ctx context.Context, keys verification.Keys, newest verification.Checkpoint, report Report) (*verification.Log, error) {
	if err := os.MkdirAll(s.o.Keep, 0o755); err != nil {
		return nil, err
	}
	copied := folder{os.DirFS(s.o.Keep)}
	j, err := s.join(ctx, copied, keys)
	if err != nil {
		return nil, err
	}
	if j.own != nil {
		report("", *j.own)
		if j.own.State == verification.Broken {
			return verification.NewLog(keys), nil
		}
	}
	var findings []verification.Finding
	log, err := run(ctx, j.trusted, newest.Note, j, s.o.Progress, func(f verification.Finding) { findings = append(findings, f) })
	if err != nil {
		return nil, errors.Join(err, j.drop())
	}
	verdict, err := s.judge(ctx, j, newest, findings)
	if err != nil {
		return nil, errors.Join(err, j.drop())
	}
	report("", verdict)
	for _, f := range findings {
		report("", f)
	}
	if _, broken := verification.FirstBroken(append(findings, verdict)); broken {
		return log, j.drop()
	}
	return log, j.keep(log)
}

// joint is a kept copy with what the site has beyond it.
type joint struct {
	copied  folder
	site    remote
	dir     string
	size    int64 // entries of the copy
	own     *verification.Finding
	trusted verification.Keys
	gone    []string // kept keys that the site names no more
	notes   []string // of the site
	fresh   *os.File // entries beyond the copy
	failed  error
}

// join reads the copy and checks it by itself.
func (s *Site) join(ctx context.Context, copied folder, keys verification.Keys) (*joint, error) {
	j := &joint{copied: copied, site: remote{s}, dir: s.o.Keep, trusted: keys}
	text, err := copied.keys(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
	if err != nil {
		return nil, err
	}
	kept, err := verification.ReadKeys(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(j.dir, FileKeys), err)
	}
	j.trusted, j.gone = kept.With(keys), kept.Lacking(keys)
	if j.size, err = copied.count(); err != nil {
		return nil, err
	}
	var found []verification.Finding
	if _, err := run(ctx, kept, "", copied, nil, func(f verification.Finding) { found = append(found, f) }); err != nil {
		return nil, err
	}
	j.own = &verification.Finding{Fact: FactKept, State: verification.Holds, Detail: fmt.Sprintf("the copy in %s holds by itself: %d entries", j.dir, j.size)}
	if f, broken := verification.FirstBroken(found); broken {
		*j.own = verification.Finding{Fact: FactKept, State: verification.Broken,
			Detail: fmt.Sprintf("the copy in %s was damaged and cannot tell: %s: %s", j.dir, f.Fact, f.Detail)}
	}
	return j, nil
}

func (j *joint) keys(context.Context) (string, error) {
	return strings.Join(j.trusted.Lines(), "\n") + "\n", nil
}

// checkpoints are the kept ones and then those of the site that are not among them.
func (j *joint) checkpoints(ctx context.Context, visit func(string)) error {
	seen := map[string]bool{}
	both := func(note string) {
		if !seen[note] {
			seen[note] = true
			visit(note)
		}
	}
	if err := j.copied.checkpoints(ctx, both); err != nil {
		return err
	}
	return j.site.checkpoints(ctx, func(note string) {
		if !seen[note] {
			j.notes = append(j.notes, note)
		}
		both(note)
	})
}

// entries are the kept ones and then those of the site beyond them, which are
// written down on the way.
func (j *joint) entries(ctx context.Context, from, to int64, visit func(verification.Entry)) error {
	if err := j.copied.entries(ctx, from, min(to, j.size), visit); err != nil {
		return err
	}
	var err error
	if j.fresh, err = os.CreateTemp(j.dir, "fresh"); err != nil {
		return err
	}
	err = j.site.entries(ctx, j.size, to, func(e verification.Entry) {
		if j.failed == nil {
			j.failed = writeLine(j.fresh, EntryLine{e.Index, e.Leaf})
		}
		visit(e)
	})
	return errors.Join(err, j.failed)
}

func writeLine(f *os.File, v any) error {
	raw, err := json.Marshal(v)
	if err == nil {
		_, err = f.Write(append(raw, '\n'))
	}
	return err
}

// judge says whether the site's log continues the copy; where it does not, what
// was rewritten.
func (s *Site) judge(ctx context.Context, j *joint, newest verification.Checkpoint, findings []verification.Finding) (verification.Finding, error) {
	say := func(state verification.State, detail string, args ...any) verification.Finding {
		return verification.Finding{Fact: FactKept, State: state, Detail: fmt.Sprintf(detail, args...)}
	}
	if j.own == nil {
		return say(verification.Holds, "a copy is begun in %s", j.dir), nil
	}
	if len(j.gone) > 0 {
		return say(verification.Broken, "the site names a key no more that once signed its log: %s", j.gone[0]), nil
	}
	if newest.Size < j.size {
		return say(verification.Broken, "history was rewritten: the copy has %d entries, the site only %d", j.size, newest.Size), nil
	}
	if _, broken := verification.FirstBroken(findings); !broken {
		return say(verification.Holds, "the site's log continues the copy of %d entries", j.size), nil
	}
	at, err := s.differs(ctx, j)
	if err != nil || at < 0 {
		return say(verification.Broken, "the site's log does not continue the copy of %d entries", j.size), err
	}
	return say(verification.Broken, "history was rewritten: entry %d, counted from 0, is not the one in the copy", at), nil
}

// differs finds the first entry of the site that is not the one in the copy; -1
// when there is none.
func (s *Site) differs(ctx context.Context, j *joint) (int64, error) {
	first, ours := int64(-1), map[int64][]byte{}
	for from := int64(0); from < j.size && first < 0; from += entriesAtOnce {
		to := min(from+entriesAtOnce, j.size)
		clear(ours)
		if err := j.copied.entries(ctx, from, to, func(e verification.Entry) { ours[e.Index] = e.Leaf }); err != nil {
			return -1, err
		}
		at := from
		err := j.site.entries(ctx, from, to, func(e verification.Entry) {
			if first < 0 && !bytes.Equal(e.Leaf, ours[at]) {
				first = at
			}
			at++
		})
		if err != nil {
			return -1, err
		}
	}
	return first, nil
}

// drop forgets what was read beyond the copy.
func (j *joint) drop() error {
	if j.fresh == nil {
		return nil
	}
	return errors.Join(j.fresh.Close(), os.Remove(j.fresh.Name()))
}

// keep appends to the copy. Entries come first: a copy that was cut off in between
// has more entries than its checkpoints say, which is right.
func (j *joint) keep(log *verification.Log) error {
	if j.fresh != nil {
		if _, err := j.fresh.Seek(0, 0); err != nil {
			return errors.Join(err, j.drop())
		}
		err := j.append(FileEntries, func(to *os.File) error {
			_, err := to.ReadFrom(j.fresh)
			return err
		})
		if err = errors.Join(err, j.drop()); err != nil {
			return err
		}
	}
	err := j.append(FileCheckpoints, func(to *os.File) error {
		for _, note := range j.notes {
			if err := writeLine(to, CheckpointLine{note}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	text, _ := j.keys(context.Background())
	return os.WriteFile(filepath.Join(j.dir, FileKeys), []byte(text), 0o644)
}

// append writes at the end of a file of the copy, behind its last whole line.
func (j *joint) append(name string, write func(*os.File) error) error {
	f, err := os.OpenFile(filepath.Join(j.dir, name), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	if err = wholeLines(f); err == nil {
		err = write(f)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// wholeLines cuts a last line off that has no end and stands there.
func wholeLines(f *os.File) error {
	end, err := f.Seek(0, 2)
	if err != nil {
		return err
	}
	block := make([]byte, 4096)
	for end > 0 {
		from := max(end-int64(len(block)), 0)
		n, err := f.ReadAt(block[:end-from], from)
		if err != nil {
			return err
		}
		if at := bytes.LastIndexByte(block[:n], '\n'); at >= 0 {
			end = from + int64(at) + 1
			break
		}
		end = from
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	_, err = f.Seek(end, 0)
	return err
}
