package draft

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Kinds lists what a row can be, from the outside in; for selects.
var Kinds = []outline.Kind{
	outline.KindPart, outline.KindBook, outline.KindSubpart, outline.KindChapter, outline.KindSection, outline.KindArticle, outline.KindParagraph,
	outline.KindItem, outline.KindSubitem, outline.KindHeading, outline.KindText, outline.KindAnnex, outline.KindTitle, outline.KindToc,
}

// Row is a provision as the officer corrects it. An empty Key asks for a new one.
type Row struct {
	Key     string       `json:"key"`
	Kind    outline.Kind `json:"kind"`
	Number  string       `json:"number"`
	Heading string       `json:"heading"`
	Text    string       `json:"text"`
	Parent  string       `json:"parent"`
}

// Correct replaces the rows of an unpublished version by corrected ones. Every
// character of the document must still be there, in order, white space aside:
// otherwise Invalid names the first words that would be lost. A published
// version is a Conflict; so is a stale version number (0: not checked).
func (s *Service) Correct(tx *database.Tx, consultation, number int64, rows []Row, stale int64) (Version, error) {
	v, err := s.lock(tx, consultation, number)
	if err != nil {
		return v, err
	}
	if v.Published() {
		return v, published()
	}
	if stale != 0 && stale != v.Version {
		return v, fault.Stale()
	}
	var old []Provision
	err = tx.Where("consultation_id = ? AND draft_version = ?", consultation, number).Order("position").Find(&old).Error
	if err != nil {
		return v, err
	}
	rows = withKeys(rows)
	if err := check(AsRows(old), rows); err != nil {
		return v, err
	}
	v.Version++
	err = tx.Model(&Version{}).Where("consultation_id = ? AND number = ?", consultation, number).Update("version", v.Version).Error
	if err != nil {
		return v, err
	}
	next := make([]outline.Provision, len(rows))
	for i, r := range rows {
		next[i] = outline.Provision{Key: r.Key, Kind: r.Kind, Number: r.Number, Heading: r.Heading, Text: r.Text, Parent: r.Parent}
	}
	return v, s.replaceRows(tx, v, rowsOf(v, next))
}

// AsRows gives stored provisions as rows to correct.
func AsRows(ps []Provision) []Row {
	rows := make([]Row, len(ps))
	for i, p := range ps {
		rows[i] = Row{Key: p.Key, Kind: p.Kind, Number: p.Number, Heading: p.Heading, Text: p.Text, Parent: p.Parent}
	}
	return rows
}

var keyShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// check demands a tree (known kinds, unique keys, parents that come earlier, no
// empty row) and that no word of the old rows is lost.
func check(old, rows []Row) error {
	var faults fault.Fields
	if len(rows) == 0 {
		faults.Add("provisions", "draft.no_provisions")
	}
	seen := map[string]bool{"": true}
	for i, r := range rows {
		at := "provisions[" + itoa(i) + "]."
		switch {
		case !keyShape.MatchString(r.Key) || len(r.Key) > 120:
			faults.Add(at+"key", "draft.key")
		case seen[r.Key]:
			faults.Add(at+"key", "draft.key_twice", "key", r.Key)
		}
		if !slices.Contains(Kinds, r.Kind) {
			faults.Add(at+"kind", "draft.kind")
		}
		if !seen[r.Parent] {
			faults.Add(at+"parent", "draft.parent", "parent", r.Parent)
		}
		if characters(r) == "" {
			faults.Add(at+"text", "draft.empty_row")
		}
		seen[r.Key] = true
	}
	if lost, gained := difference(old, rows); lost != "" {
		faults.Add("provisions", "draft.lost", "words", lost)
	} else if gained != "" {
		faults.Add("provisions", "draft.gained", "words", gained)
	}
	return faults.Err()
}

// shown is how many characters of lost words a message quotes.
const shown = 20

// difference finds the first place where the characters of two lists of rows
// part, white space aside: what the old has there and what the new has.
func difference(old, rows []Row) (lost, gained string) {
	a, b := []rune(allCharacters(old)), []rune(allCharacters(rows))
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == len(a) && i == len(b) {
		return "", ""
	}
	return string(a[i:min(len(a), i+shown)]), string(b[i:min(len(b), i+shown)])
}

func allCharacters(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(characters(r))
	}
	return b.String()
}

// characters are a row's words without white space.
func characters(r Row) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff' {
			return -1
		}
		return c
	}, r.Number+r.Heading+r.Text)
}
