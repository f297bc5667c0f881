// Package sheet reads and writes tables of text: CSV, XLSX and JSON lines in,
// CSV, XLSX and JSON out. Rows are streamed one at a time, so that memory does
// not grow with the number of rows. A row that cannot be read is reported with
// its line and column, and reading goes on behind it.
package sheet

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Format names a file format that this package reads or writes.
type Format string

// The formats. JSON is written only, JSONL is read only.
const (
	CSV   Format = "csv"
	XLSX  Format = "xlsx"
	JSONL Format = "jsonl"
	JSON  Format = "json"
)

// Errors that concern a whole file. They are wrapped: compare with errors.Is.
var (
	// ErrFormat: neither the name nor the content tells a format that is read.
	ErrFormat = errors.New("not a CSV, XLSX or JSONL file")
	// ErrOldExcel: an .xls of Excel 97 to 2003, or a workbook with a password.
	ErrOldExcel = errors.New("an old or locked Excel file; save it as .xlsx without a password")
	// ErrEmpty: there is not even a row of column names.
	ErrEmpty = errors.New("the file is empty")
	// ErrTooLarge: a limit on the size of the file, packed or unpacked, is passed.
	ErrTooLarge = errors.New("the file is too large")
	// ErrDamaged: the file says it is an XLSX and cannot be read as one.
	ErrDamaged = errors.New("the file is damaged")
)

// Reason tells what is wrong with a row; it is stable and fit for a message key.
type Reason string

// The reasons for which a row is refused.
const (
	BadQuote    Reason = "quote"     // a quotation mark is not closed, or text follows the closing one
	BadEncoding Reason = "encoding"  // bytes that are no text in the file's encoding
	BadControl  Reason = "control"   // a NUL character
	BadJSON     Reason = "json"      // a line is not one JSON object
	RowTooLong  Reason = "too_long"  // the row passes Limits.RowBytes
	ExtraCells  Reason = "extra"     // a filled cell beyond the last column name
	Duplicate   Reason = "duplicate" // a column name occurs twice
	BadCell     Reason = "cell"      // an XLSX cell that does not hold what it says
)

var reasonText = map[Reason]string{
	BadQuote:    "a quotation mark is not closed, or text follows the closing one",
	BadEncoding: "bytes that are not text",
	BadControl:  "a NUL character",
	BadJSON:     "not one JSON object",
	RowTooLong:  "the row is too long",
	ExtraCells:  "more cells than column names",
	Duplicate:   "the column name occurs twice",
	BadCell:     "the cell cannot be read",
}

// RowError is one row that was refused. The reader that returned it can go on.
type RowError struct {
	// Line is the line of the file, or the row of the sheet, on which the row begins, from 1.
	Line int
	// Column is the cell within the row, from 1. In a line that is not JSON it is
	// the character at which reading stopped. It is 1 where the whole row is meant.
	Column int
	// Name is the column's name where it is known.
	Name string
	// Reason tells what is wrong.
	Reason Reason
}

// Error says line, column and reason in English.
func (e *RowError) Error() string {
	text, ok := reasonText[e.Reason]
	if !ok {
		text = string(e.Reason)
	}
	if e.Name != "" {
		return fmt.Sprintf("line %d, column %d (%s): %s", e.Line, e.Column, e.Name, text)
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, text)
}

// Row is one row under its column names.
type Row struct {
	// Line is the line of the file, or the row of the sheet, on which the row begins, from 1.
	Line int
	// Columns are the names in the file's order. CSV and XLSX rows share one slice: do not change it.
	Columns []string
	// Values stand beside Columns, word for word as in the file. A JSON number is
	// its literal, true and false are those words, null is empty, and an array or
	// object is its JSON text.
	Values []string
	// Raw holds the JSON values as written; it is nil for CSV and XLSX.
	Raw []json.RawMessage
}

// Position returns the place of a column in the row, from 1, or 0 when there is none.
func (r Row) Position(column string) int {
	return slices.Index(r.Columns, column) + 1
}

// Get returns the value under a column name, and whether the row has the column.
func (r Row) Get(column string) (string, bool) {
	at := r.Position(column)
	if at == 0 {
		return "", false
	}
	return r.Values[at-1], true
}

// Value returns the value under a column name, empty when the row has none.
func (r Row) Value(column string) string {
	value, _ := r.Get(column)
	return value
}

// RawValue returns the JSON under a key, nil for other formats and unknown keys.
func (r Row) RawValue(key string) json.RawMessage {
	at := r.Position(key)
	if at == 0 || r.Raw == nil {
		return nil
	}
	return r.Raw[at-1]
}

// Fault makes the error by which a caller refuses this row for one of its
// cells. A column that the row does not have is reported as column 1.
func (r Row) Fault(column string, reason Reason) *RowError {
	return &RowError{Line: r.Line, Column: max(r.Position(column), 1), Name: column, Reason: reason}
}

// Reader yields the rows of a file. It is not safe for use by two goroutines.
type Reader interface {
	// Next returns the next row that is not empty. At the end the error is
	// io.EOF. A *RowError concerns this row only: Next can be called again. Any
	// other error is final.
	Next() (Row, error)
	// Columns returns the names in the first row; it is nil for JSONL, where
	// each row has its own.
	Columns() []string
	// Close frees files, temporary ones too.
	Close() error
}

// Limits bound what a file may cost. A zero field stands for its default.
type Limits struct {
	// FileBytes bounds the file as it is stored; 2 GiB by default.
	FileBytes int64
	// UnpackedBytes bounds what an XLSX unpacks to, in all; 4 GiB by default.
	UnpackedBytes int64
	// RowBytes bounds one row of CSV or JSONL, in bytes of UTF-8; 8 MiB by default.
	RowBytes int
	// Columns bounds the column names; 1,000 by default.
	Columns int
}

func (l Limits) filled() Limits {
	fill := func(value *int64, standard int64) {
		if *value <= 0 {
			*value = standard
		}
	}
	rowBytes, columns := int64(l.RowBytes), int64(l.Columns)
	fill(&l.FileBytes, 2<<30)
	fill(&l.UnpackedBytes, 4<<30)
	fill(&rowBytes, 8<<20)
	fill(&columns, 1000)
	l.RowBytes, l.Columns = int(rowBytes), int(columns)
	return l
}

// All reads a file to its end: rows go to take, refused rows to refuse. It
// stops at the first error that either returns, or that is final.
func All(r Reader, take func(Row) error, refuse func(*RowError) error) error {
	for {
		row, err := r.Next()
		var bad *RowError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &bad):
			err = refuse(bad)
		case err == nil:
			err = take(row)
		}
		if err != nil {
			return err
		}
	}
}
