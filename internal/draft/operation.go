package draft

import (
	"slices"

	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/fault"
)

// Change corrects one row of a tree: what it is, what it stands under, and where
// number, heading and text part.
type Change struct {
	Key     string // which row
	Kind    outline.Kind
	Parent  string
	Number  string
	Heading string
	Text    string
}

// Set makes the change. A row whose kind or number changed gets a new key; rows
// below follow it.
func Set(rows []Row, c Change) ([]Row, error) {
	i := find(rows, c.Key)
	if i < 0 {
		return nil, fault.Missing()
	}
	rows = slices.Clone(rows)
	old := rows[i]
	rows[i] = Row{Key: old.Key, Kind: c.Kind, Number: c.Number, Heading: c.Heading, Text: c.Text, Parent: c.Parent}
	if old.Kind == c.Kind && old.Number == c.Number {
		return rows, nil
	}
	return rename(rows, i), nil
}

// Merge joins a row to the one before it: its words go to the end of that row's
// text, and what stood below it stands below that row.
func Merge(rows []Row, key string) ([]Row, error) {
	i := find(rows, key)
	if i < 0 {
		return nil, fault.Missing()
	}
	if i == 0 {
		return nil, fieldFault("key", "draft.merge_first")
	}
	gone := rows[i]
	rows = slices.Clone(rows)
	before := rows[i-1]
	before.Text = joinWords(before.Text, gone.Number, gone.Heading, gone.Text)
	rows[i-1] = before
	rows = slices.Delete(rows, i, i+1)
	for j := range rows {
		if rows[j].Parent == gone.Key {
			rows[j].Parent = before.Key
		}
	}
	return rows, nil
}

// Split cuts a row's text into several rows: the first stays, the others become
// rows of the kind given, after it and beside it (an article's further parts
// stand below it). Pieces are the text cut at the points chosen.
func Split(rows []Row, key string, pieces []string, kind outline.Kind) ([]Row, error) {
	i := find(rows, key)
	if i < 0 {
		return nil, fault.Missing()
	}
	if len(pieces) < 2 {
		return nil, fieldFault("text", "draft.split_one")
	}
	first := rows[i]
	if kind == "" {
		kind = first.Kind
	}
	parent := first.Parent
	if first.Kind == outline.KindArticle && kind != outline.KindArticle {
		parent = first.Key
	}
	out := slices.Clone(rows[:i+1])
	out[i].Text = pieces[0]
	for _, piece := range pieces[1:] {
		out = append(out, Row{Kind: kind, Text: piece, Parent: parent})
	}
	return withKeys(append(out, rows[i+1:]...)), nil
}

func find(rows []Row, key string) int {
	return slices.IndexFunc(rows, func(r Row) bool { return r.Key == key })
}

// rename gives a row a key that fits its kind and number, and tells its children.
func rename(rows []Row, i int) []Row {
	old := rows[i].Key
	rows[i].Key = ""
	taken := map[string]bool{}
	for _, r := range rows {
		taken[r.Key] = true
	}
	rows[i].Key = makeKey(rows, i, taken)
	for j := range rows {
		if rows[j].Parent == old {
			rows[j].Parent = rows[i].Key
		}
	}
	return rows
}

// joinWords puts words behind a text, with a space where two Latin words would
// run together.
func joinWords(text string, more ...string) string {
	for _, m := range more {
		if m == "" {
			continue
		}
		if text != "" && latinEnd(text) && latinEnd(m[:1]) {
			text += " "
		}
		text += m
	}
	return text
}

func latinEnd(s string) bool {
	c := s[len(s)-1]
	return c < 0x80 && c > ' '
}

func fieldFault(name, code string) error {
	var f fault.Fields
	f.Add(name, code)
	return f.Err()
}
