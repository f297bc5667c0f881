package sheet

import (
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// cellUnits is how many UTF-16 units a cell of Excel holds.
const cellUnits = 32767

// exactInteger is the largest integer that a cell, a float64, holds exactly.
const exactInteger = 1 << 53

// xlsxEncoder writes a workbook by way of temporary files. A table longer than
// a sheet goes on in the next sheet, under the same column names.
type xlsxEncoder struct {
	to      io.Writer
	book    *excelize.File
	stream  *excelize.StreamWriter
	text    int // the style of a cell that is text, also when it is edited
	columns []string
	sheets  int
	line    int // of the current sheet that was written last
	longest int // lines of a sheet
}

func newXLSXEncoder(w io.Writer, columns []string) (*xlsxEncoder, error) {
	e := &xlsxEncoder{to: w, book: excelize.NewFile(), columns: columns, longest: excelize.TotalRows}
	var err error
	if e.text, err = e.book.NewStyle(&excelize.Style{NumFmt: 49}); err != nil {
		return nil, errors.Join(err, e.book.Close())
	}
	if err := e.nextSheet(); err != nil {
		return nil, errors.Join(err, e.book.Close())
	}
	return e, nil
}

func (e *xlsxEncoder) nextSheet() error {
	if e.stream != nil {
		if err := e.stream.Flush(); err != nil {
			return err
		}
	}
	e.sheets++
	name := fmt.Sprintf("Sheet%d", e.sheets) // NewFile has made Sheet1
	if _, err := e.book.NewSheet(name); err != nil {
		return err
	}
	stream, err := e.book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	e.stream, e.line = stream, 0
	names := make([]any, len(e.columns))
	for i, column := range e.columns {
		names[i] = column
	}
	return e.put(names)
}

func (e *xlsxEncoder) row(values []any) error {
	if e.line == e.longest {
		if err := e.nextSheet(); err != nil {
			return err
		}
	}
	return e.put(values)
}

func (e *xlsxEncoder) put(values []any) error {
	cells := make([]any, len(values))
	for i, value := range values {
		cell, err := e.cell(value)
		if err != nil {
			return err
		}
		cells[i] = cell
	}
	e.line++
	return e.stream.SetRow(fmt.Sprintf("A%d", e.line), cells)
}

func (e *xlsxEncoder) cell(value any) (any, error) {
	switch v := value.(type) {
	case nil, bool, int8, int16, int32, uint8, uint16, uint32:
		return v, nil
	case int:
		if v <= exactInteger && v >= -exactInteger {
			return v, nil
		}
	case int64:
		if v <= exactInteger && v >= -exactInteger {
			return v, nil
		}
	case float64:
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			return v, nil
		}
	}
	text, err := cellText(value)
	if err != nil {
		return nil, err
	}
	return excelize.Cell{StyleID: e.text, Value: fitCell(Printable(text))}, nil
}

// fitCell cuts a text that a cell cannot hold and says at its end how many
// characters were left out; CSV and JSON hold all of it.
func fitCell(text string) string {
	if len(text) <= cellUnits { // never more units than bytes
		return text
	}
	runes := []rune(text)
	units, keep := 0, -1
	for i, r := range runes {
		if units <= cellUnits-20 {
			keep = i
		}
		units += utf16.RuneLen(r)
	}
	if units <= cellUnits {
		return text
	}
	return string(runes[:keep]) + fmt.Sprintf("…[+%d]", len(runes)-keep)
}

func (e *xlsxEncoder) end() error {
	err := e.stream.Flush()
	if err == nil {
		_, err = e.book.WriteTo(e.to)
	}
	return errors.Join(err, e.book.Close())
}
