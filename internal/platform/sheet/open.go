package sheet

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Source is what a file or an uploaded part offers: reading from the start,
// more than once.
type Source interface {
	io.Reader
	io.Seeker
	io.ReaderAt
}

// Open opens a file for reading with the default limits. The format follows
// from the content where that is certain (XLSX), else from the ending of the
// name. Errors: those of the file system, ErrFormat, ErrOldExcel, ErrEmpty,
// ErrTooLarge, ErrDamaged, and a *RowError for a bad row of column names.
func Open(path string) (Reader, error) {
	return OpenWithin(path, Limits{})
}

// OpenWithin is Open with limits of the caller's choice.
func OpenWithin(path string, limits Limits) (Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	reader, err := NewReader(file, filepath.Base(path), limits)
	if err != nil {
		file.Close()
		return nil, err
	}
	return &closing{Reader: reader, file: file}, nil
}

// NewReader reads a source whose name, with its ending, is given as the sender
// gave it. The source stays the caller's to close, after the reader.
func NewReader(source Source, name string, limits Limits) (Reader, error) {
	limits = limits.filled()
	size, err := source.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if size > limits.FileBytes {
		return nil, fmt.Errorf("%w: %d bytes, %d are allowed", ErrTooLarge, size, limits.FileBytes)
	}
	if size == 0 {
		return nil, ErrEmpty
	}
	format, err := detect(source, name)
	if err != nil {
		return nil, err
	}
	switch format {
	case XLSX:
		return newXLSXReader(source, size, limits)
	case JSONL:
		return newJSONLReader(source, limits)
	default:
		return newCSVReader(source, limits)
	}
}

// detect tells the format from the first bytes and the ending of the name.
func detect(source io.ReaderAt, name string) (Format, error) {
	head := make([]byte, 4096)
	n, err := source.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return XLSX, nil
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return "", ErrOldExcel
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".tsv", ".txt":
		return CSV, nil
	case ".jsonl", ".ndjson":
		return JSONL, nil
	case ".xlsx", ".xlsm":
		return "", fmt.Errorf("%w: it is no XLSX", ErrDamaged)
	}
	if bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \t\r\n"), []byte("{")) {
		return JSONL, nil
	}
	if bytes.IndexByte(head, 0) >= 0 && !hasUTF16Mark(head) {
		return "", ErrFormat
	}
	return CSV, nil
}

// closing closes the file together with the reader.
type closing struct {
	Reader
	file *os.File
}

func (c *closing) Close() error {
	err := c.Reader.Close()
	if closed := c.file.Close(); err == nil {
		err = closed
	}
	return err
}
