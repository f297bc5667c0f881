package published

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"guangyi/internal/verification"
)

// Names of the files of a log in a bundle and in a kept copy.
const (
	FileKeys        = "keys.txt"          // verifier keys, a line each
	FileCheckpoints = "checkpoints.jsonl" // {"checkpoint": signed note}, oldest first
	FileEntries     = "entries.jsonl"     // {"index", "leaf" in base64}, from 0
	FileAbout       = "bundle.json"       // {"v", "site", "consultation"}; consultation "" for all
	FolderSummaries = "consultations"     // a folder for each, with the two files that follow
	FileSummary     = "summary.json"      // as the API gives it
	FileAccount     = "account.txt"
	FolderReceipts  = "receipts" // proofs as the API gives them, with any name
)

// CheckpointLine is a line of FileCheckpoints.
type CheckpointLine struct {
	Checkpoint string `json:"checkpoint"`
}

// EntryLine is a line of FileEntries.
type EntryLine struct {
	Index int64  `json:"index"`
	Leaf  []byte `json:"leaf"`
}

// folder is a log in files.
type folder struct{ fs.FS }

func (f folder) keys(context.Context) (string, error) {
	raw, err := fs.ReadFile(f, FileKeys)
	return string(raw), err
}

func (f folder) checkpoints(_ context.Context, visit func(note string)) error {
	return eachLine(f, FileCheckpoints, func(line CheckpointLine) error {
		visit(line.Checkpoint)
		return nil
	})
}

func (f folder) entries(_ context.Context, from, to int64, visit func(verification.Entry)) error {
	at := int64(0)
	err := eachLine(f, FileEntries, func(line EntryLine) error {
		if at >= from && at < to {
			visit(verification.Entry{Index: line.Index, Leaf: line.Leaf})
		}
		if at++; at >= to {
			return io.EOF
		}
		return nil
	})
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return err
}

// count counts the entries.
func (f folder) count() (n int64, err error) {
	err = eachLine(f, FileEntries, func(EntryLine) error { n++; return nil })
	return n, err
}

// mostLine is the longest line of a file, in bytes.
const mostLine = 4 << 20

// eachLine reads a file of JSON lines. A last line that was cut off, as a program
// that was ended leaves it, is passed over.
func eachLine[T any](files fs.FS, name string, visit func(T) error) error {
	file, err := files.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 1<<16)
	for n := 1; ; n++ {
		line, err := wholeLine(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s, line %d: %w", name, n, err)
		}
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			return fmt.Errorf("%s, line %d is not what was expected: %w", name, n, err)
		}
		if err := visit(v); err != nil {
			return err
		}
	}
}

func wholeLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > mostLine:
			return nil, fmt.Errorf("it is longer than %d MiB", mostLine>>20)
		case errors.Is(err, bufio.ErrBufferFull):
		default:
			return line, err
		}
	}
}
