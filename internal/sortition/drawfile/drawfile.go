// Package drawfile reads the files that those who draw panels exchange: quotas as
// category,feature,min,max or as feature,value,min,max (min_flex and max_flex are
// passed over), and people as one row each with one column per category.
//
// Names of columns and features are compared exactly first, then without regard
// to case and white space.
package drawfile

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"unicode"

	"guangyi/internal/platform/sheet"
	"guangyi/internal/sortition"
)

// Fault is what is wrong in a file, and where.
type Fault struct {
	File   string // its name without folders
	Line   int    // from 1; 0 where the whole file is meant
	Column int    // cell within the row, from 1; 0 where the whole row is meant
	Name   string // of the column
	Reason string
}

// Error says file, line, column and reason in English.
func (f *Fault) Error() string {
	var place strings.Builder
	place.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&place, ", line %d", f.Line)
	}
	if f.Column > 0 {
		fmt.Fprintf(&place, ", column %d", f.Column)
	}
	if f.Name != "" {
		fmt.Fprintf(&place, " (%s)", f.Name)
	}
	return place.String() + ": " + f.Reason
}

// Names are the columns of the people's file that are no categories.
type Names struct {
	ID        string   // empty: ids are row numbers from 1
	Household []string // rows with the same values in all of these live together; rows with none of them filled live alone
}

// Read reads a pool; its Panel is left to the caller. Warnings tell of cells that
// match no quota: those people are counted by no quota of that category. Errors
// that concern the content are a *Fault.
func Read(quotas, people string, names Names) (p sortition.Pool, warnings []*Fault, err error) {
	if p.Quotas, err = readQuotas(quotas); err != nil {
		return p, nil, err
	}
	for _, q := range p.Quotas {
		if len(p.Categories) == 0 || !contains(p.Categories, q.Category) {
			p.Categories = append(p.Categories, q.Category)
		}
	}
	r := &respondents{pool: &p, names: names}
	if err := r.read(people); err != nil {
		return p, nil, err
	}
	return p, r.warnings, nil
}

func contains(names []string, name string) bool {
	for _, other := range names {
		if other == name {
			return true
		}
	}
	return false
}

// table is an open file with a row of column names.
type table struct {
	name string
	rows sheet.Reader
}

func open(path string) (*table, error) {
	t := &table{name: filepath.Base(path)}
	rows, err := sheet.Open(path)
	if err != nil {
		return nil, t.placed(err)
	}
	if rows.Columns() == nil {
		rows.Close()
		return nil, &Fault{File: t.name, Reason: "a CSV or XLSX file with a row of column names is needed"}
	}
	t.rows = rows
	return t, nil
}

// placed puts the file's name to what the reader says; what it says behind the
// place is the reason.
func (t *table) placed(err error) error {
	var bad *sheet.RowError
	if errors.As(err, &bad) {
		reason := strings.TrimPrefix(bad.Error(), (&sheet.RowError{Line: bad.Line, Column: bad.Column, Name: bad.Name}).Error())
		return &Fault{File: t.name, Line: bad.Line, Column: bad.Column, Name: bad.Name, Reason: reason}
	}
	return fmt.Errorf("%s: %w", t.name, err)
}

// each goes through the rows; any bad one ends it, for a draw over part of the
// people is no draw.
func (t *table) each(take func(sheet.Row) error) error {
	defer t.rows.Close()
	for {
		row, err := t.rows.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return t.placed(err)
		}
		if err := take(row); err != nil {
			return err
		}
	}
}

// column finds a column by one of its names, -1 when there is none.
func (t *table) column(names ...string) (int, error) {
	columns := t.rows.Columns()
	for _, name := range names {
		for i, column := range columns {
			if strings.TrimSpace(column) == name {
				return i, nil
			}
		}
	}
	found := -1
	for _, name := range names {
		for i, column := range columns {
			if fold(column) != fold(name) {
				continue
			}
			if found >= 0 {
				return -1, &Fault{File: t.name, Line: 1, Column: i + 1, Name: column, Reason: fmt.Sprintf("this and column %d could both be %q", found+1, name)}
			}
			found = i
		}
		if found >= 0 {
			return found, nil
		}
	}
	return -1, nil
}

// need is column for one that must be there.
func (t *table) need(name string) (int, error) {
	at, err := t.column(name)
	if err == nil && at < 0 {
		err = &Fault{File: t.name, Line: 1, Reason: fmt.Sprintf("there is no column %q; the columns are %s", name, strings.Join(t.rows.Columns(), ", "))}
	}
	return at, err
}

func (t *table) fault(row sheet.Row, column int, reason string, args ...any) *Fault {
	return &Fault{File: t.name, Line: row.Line, Column: column + 1, Name: row.Columns[column], Reason: fmt.Sprintf(reason, args...)}
}

// fold makes names alike that differ in case and white space only.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}
