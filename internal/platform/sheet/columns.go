package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// columns are the names in the first row and where they stand. A column
// without a name is not read: programs write row numbers there.
type columns struct {
	names []string
	at    []int // the cell of each name, from 0
	width int   // cells in the first row up to its last filled one
}

func newColumns(line int, cells []string, limit int) (columns, error) {
	var c columns
	for i, cell := range cells {
		name := strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
		if name == "" {
			c.width = max(c.width, i) // unnamed columns at the end do not count
			continue
		}
		if slices.Contains(c.names, name) {
			return c, &RowError{Line: line, Column: i + 1, Name: name, Reason: Duplicate}
		}
		if len(c.names) == limit {
			return c, fmt.Errorf("%w: more than %d columns", ErrTooLarge, limit)
		}
		c.names, c.at, c.width = append(c.names, name), append(c.at, i), i+1
	}
	return c, nil
}

// row lays cells under the names. Missing cells are empty.
func (c *columns) row(line int, cells []string) (Row, error) {
	for i := c.width; i < len(cells); i++ {
		if !blank(cells[i : i+1]) {
			return Row{}, c.fault(line, i, ExtraCells)
		}
	}
	values := make([]string, len(c.names))
	for i, at := range c.at {
		if at < len(cells) {
			values[i] = cells[at]
		}
	}
	return Row{Line: line, Columns: c.names, Values: values}, nil
}

// fault refuses the cell at a place from 0.
func (c *columns) fault(line, cell int, reason Reason) error {
	return c.named(&RowError{Line: line, Column: cell + 1, Reason: reason})
}

// named adds the column's name to a *RowError.
func (c *columns) named(err error) error {
	var bad *RowError
	if errors.As(err, &bad) && bad.Name == "" {
		if at := slices.Index(c.at, bad.Column-1); at >= 0 {
			bad.Name = c.names[at]
		}
	}
	return err
}
