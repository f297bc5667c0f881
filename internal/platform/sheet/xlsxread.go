package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
)

// partInMemory is the size above which a part of a workbook is unpacked to a
// temporary file, in bytes.
const partInMemory = 4 << 20

// xlsxReader reads the first visible sheet of a workbook.
type xlsxReader struct {
	book    *excelize.File
	rows    *excelize.Rows
	number  int // of the row that was read last, from 1
	columns columns
}

func newXLSXReader(source Source, size int64, limits Limits) (*xlsxReader, error) {
	if err := checkWorkbook(source, size, limits.UnpackedBytes); err != nil {
		return nil, err
	}
	options := excelize.Options{
		UnzipSizeLimit:    limits.UnpackedBytes,
		UnzipXMLSizeLimit: min(partInMemory, limits.UnpackedBytes),
		ShortDatePattern:  "yyyy-mm-dd",
	}
	book, err := openWorkbook(source, options)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	r := &xlsxReader{book: book}
	if err := r.start(limits); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// openWorkbook lets excelize read a file on the disk in place.
func openWorkbook(source Source, options excelize.Options) (*excelize.File, error) {
	if file, ok := source.(*os.File); ok {
		return excelize.OpenFile(file.Name(), options)
	}
	if _, err := source.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return excelize.OpenReader(source, options)
}

func (r *xlsxReader) start(limits Limits) error {
	var err error
	if r.rows, err = r.book.Rows(firstVisible(r.book)); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for {
		cells, err := r.cells()
		if err == io.EOF {
			return ErrEmpty
		}
		if err != nil {
			return err
		}
		if !blank(cells) {
			r.columns, err = newColumns(r.number, cells, limits.Columns)
			return err
		}
	}
}

func firstVisible(book *excelize.File) string {
	sheets := book.GetSheetList()
	for _, name := range sheets {
		if visible, err := book.GetSheetVisible(name); err == nil && visible {
			return name
		}
	}
	if len(sheets) > 0 {
		return sheets[0]
	}
	return ""
}

// Columns returns the names of the first row.
func (r *xlsxReader) Columns() []string { return r.columns.names }

// Close removes the temporary files.
func (r *xlsxReader) Close() error {
	var err error
	if r.rows != nil {
		err = r.rows.Close()
	}
	return errors.Join(err, r.book.Close())
}

// Next returns the next row that is not blank. Numbers and dates come as the
// sheet shows them, dates in the short form as year-month-day.
func (r *xlsxReader) Next() (Row, error) {
	for {
		cells, err := r.cells()
		if err != nil {
			return Row{}, r.columns.named(err)
		}
		if blank(cells) {
			continue
		}
		for i, cell := range cells {
			if strings.ContainsRune(cell, 0) {
				return Row{}, r.columns.fault(r.number, i, BadControl)
			}
		}
		return r.columns.row(r.number, cells)
	}
}

func (r *xlsxReader) cells() ([]string, error) {
	if !r.rows.Next() {
		if err := r.rows.Error(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return nil, io.EOF
	}
	r.number++
	cells, err := r.rows.Columns()
	if err != nil {
		return nil, &RowError{Line: r.number, Column: len(cells) + 1, Reason: BadCell}
	}
	return cells, nil
}

// checkWorkbook unpacks the sheets and texts once without keeping them:
// excelize ends at XML that breaks off as if the sheet ended there, and takes
// the sizes in the archive's directory on trust.
func checkWorkbook(source io.ReaderAt, size, limit int64) error {
	archive, err := zip.NewReader(source, size)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	left := limit
	for _, part := range archive.File {
		name := strings.ToLower(strings.TrimPrefix(part.Name, "/"))
		table := name == "xl/sharedstrings.xml" || strings.HasPrefix(name, "xl/worksheets/sheet")
		used, err := checkPart(part, left, table)
		if err != nil {
			return err
		}
		left -= used
	}
	return nil
}

func checkPart(part *zip.File, left int64, table bool) (int64, error) {
	in, err := part.Open()
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer in.Close()
	counted := &countingReader{from: io.LimitReader(in, left+1)}
	if table {
		err = wellFormed(counted)
	} else {
		_, err = io.Copy(io.Discard, counted)
	}
	if counted.n > left {
		return counted.n, fmt.Errorf("%w: it unpacks to more than is allowed", ErrTooLarge)
	}
	if err != nil {
		return counted.n, fmt.Errorf("%w: %s: %w", ErrDamaged, part.Name, err)
	}
	return counted.n, nil
}

func wellFormed(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		if _, err := d.RawToken(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

type countingReader struct {
	from io.Reader
	n    int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
