package components

import "github.com/a-h/templ"

// Column is the head of a table's column.
type Column struct {
	Text    string
	Numeric bool // right-aligned
	Lead    bool // stacked: stands on the block's first line, without its label
	Hidden  bool // the head is read but not shown
}

// Value is one cell: Text, or Body for more than text, with an optional link.
type Value struct {
	Text string
	Href string
	Body templ.Component
	Lang string
	Bold bool
}

// TableRow is one row; ID is its anchor. Group makes a heading row of its first value.
type TableRow struct {
	ID     string
	Values []Value
	Group  bool
	Total  bool
}

// Table is a table. With Stacked a row becomes a block below 768 px.
type Table struct {
	Caption string
	Shown   bool // the caption is shown; otherwise it is only read
	Columns []Column
	Rows    []TableRow
	Stacked bool
	RowHead bool // the first cell of a row is its heading
}

func (t Table) class() string {
	if t.Stacked {
		return "govuk-table gy-stacked"
	}
	return "govuk-table"
}

func (t Table) column(i int) Column {
	if i < len(t.Columns) {
		return t.Columns[i]
	}
	return Column{}
}

func (c Column) class() string {
	class := ""
	if c.Numeric {
		class = "gy-num"
	}
	if c.Lead {
		class = join(class, "gy-leadcell")
	}
	return class
}
