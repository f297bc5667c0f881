package components

import "github.com/a-h/templ"

// Column is the head of a table's column.
type Column struct {
	Text    string
	Numeric bool // right-aligned
	Lead    bool // stacked: stands on the block's first line, without its label
	Bare    bool // stacked: stands without its label
	End     bool // stacked: stands at the right end of its line
	NoWrap  bool // holds on one line from 768 px
	Wide    bool // left out on a phone: what it says follows from the others
	Hidden  bool // the head is read but not shown
}

// Value is one cell: Text (a line break in it is kept), or Body for more than
// text, with an optional link.
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
	for _, part := range []struct {
		on   bool
		name string
	}{{c.Lead, "gy-leadcell"}, {c.Bare, "gy-barecell"}, {c.End, "gy-endcell"}, {c.NoWrap, "gy-nowrapcell"}, {c.Wide, "gy-widecell"}} {
		if part.on {
			class = join(class, part.name)
		}
	}
	return class
}
