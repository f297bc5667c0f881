package desk

import (
	"github.com/sergi/go-diff/diffmatchpatch"
)

// Change is what became of a piece of text.
type Change string

// The changes.
const (
	Kept    Change = "kept"
	Added   Change = "added"
	Removed Change = "removed"
)

// Piece is a run of characters of one kind.
type Piece struct {
	Change Change
	Text   string
}

// Difference shows two wordings character by character, in reading order. It works
// on code points, so that a Chinese character is never cut; nothing is cleaned up or
// joined: the reader compares with a scan and needs each sign.
func Difference(was, is string) []Piece {
	m := diffmatchpatch.New()
	m.DiffTimeout = 0 // the same two texts always give the same pieces
	var out []Piece
	for _, d := range m.DiffMainRunes([]rune(was), []rune(is), false) {
		kind := Kept
		switch d.Type {
		case diffmatchpatch.DiffInsert:
			kind = Added
		case diffmatchpatch.DiffDelete:
			kind = Removed
		}
		out = append(out, Piece{kind, d.Text})
	}
	return out
}
