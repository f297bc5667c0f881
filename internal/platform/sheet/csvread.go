package sheet

import (
	"io"
	"strings"
	"unicode"
)

// widestRow bounds the cells of one row: a spreadsheet has 16,384 columns.
const widestRow = 20000

// csvReader reads RFC 4180 and what spreadsheets really write: other
// separators, other encodings, line ends inside quoted cells.
type csvReader struct {
	lines   *lines
	comma   byte
	limit   int
	columns columns
}

func newCSVReader(source Source, limits Limits) (*csvReader, error) {
	in, err := newLines(source, limits.RowBytes)
	if err != nil {
		return nil, err
	}
	r := &csvReader{lines: in, limit: limits.RowBytes}
	if err := r.sniff(); err != nil {
		return nil, err
	}
	for {
		line, cells, err := r.record()
		if err == io.EOF {
			return nil, ErrEmpty
		}
		if err != nil {
			return nil, err
		}
		if blank(cells) {
			continue
		}
		r.columns, err = newColumns(line, cells, limits.Columns)
		return r, err
	}
}

// Columns returns the names of the first row.
func (r *csvReader) Columns() []string { return r.columns.names }

// Close has nothing to free: the source is the caller's.
func (r *csvReader) Close() error { return nil }

// Next returns the next row that is not blank.
func (r *csvReader) Next() (Row, error) {
	for {
		line, cells, err := r.record()
		if err != nil {
			return Row{}, r.columns.named(err)
		}
		if blank(cells) {
			continue
		}
		for i, cell := range cells {
			if reason := r.lines.fault(cell); reason != "" {
				return Row{}, r.columns.fault(line, i, reason)
			}
		}
		return r.columns.row(line, cells)
	}
}

// sniff finds the separator in the first line that has one; a line "sep=;", as
// Excel knows it, decides and is passed over.
func (r *csvReader) sniff() error {
	r.comma = ','
	line, err := r.lines.next()
	if err == io.EOF {
		return ErrEmpty
	}
	if err == errLongLine {
		return &RowError{Line: r.lines.number, Column: 1, Reason: RowTooLong}
	}
	if err != nil {
		return err
	}
	if rest, ok := strings.CutPrefix(trimEnd(line), "sep="); ok && len(rest) == 1 {
		r.comma = rest[0]
		return nil
	}
	if strings.TrimSpace(line) == "" {
		return r.sniff()
	}
	r.lines.giveBack([]string{line})
	most := 0
	for _, candidate := range []byte(",;\t") {
		if n := outsideQuotes(line, candidate); n > most {
			r.comma, most = candidate, n
		}
	}
	return nil
}

func outsideQuotes(line string, wanted byte) int {
	count, quoted := 0, false
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == wanted && !quoted:
			count++
		}
	}
	return count
}

// record reads one row. After a row with a quotation mark that goes wrong,
// reading goes on at the line after the row's first one, so that a mark that
// is never closed does not swallow the rest of the file.
func (r *csvReader) record() (line int, cells []string, err error) {
	first, err := r.lines.next()
	line = r.lines.number
	if err == errLongLine {
		return line, nil, &RowError{Line: line, Column: 1, Reason: RowTooLong}
	}
	if err != nil {
		return line, nil, err
	}
	if strings.Count(first, string(r.comma)) > widestRow {
		return line, nil, &RowError{Line: line, Column: widestRow, Reason: ExtraCells}
	}
	if strings.IndexByte(first, '"') < 0 {
		return line, strings.Split(trimEnd(first), string(r.comma)), nil
	}
	parse := cellParser{comma: r.comma}
	taken := []string{first}
	size := len(first)
	for text := first; ; {
		reason := parse.line(text)
		if reason == "" && !parse.quoted {
			return line, parse.cells, nil
		}
		if reason == "" {
			text, err = r.lines.next()
			if err == io.EOF {
				reason = BadQuote
			} else if err == errLongLine {
				reason = RowTooLong
				taken = taken[:1] // the long line is gone; what stands before it was part of this row
			} else if err != nil {
				return line, nil, err
			} else if taken, size = append(taken, text), size+len(text); size > r.limit {
				reason = RowTooLong
			}
		}
		if reason != "" {
			if len(taken) > 1 {
				r.lines.giveBack(taken[1:])
			}
			return line, nil, &RowError{Line: line, Column: len(parse.cells) + 1, Reason: reason}
		}
	}
}

// cellParser cuts lines into cells; quoted is true while a quoted cell goes on
// in the next line.
type cellParser struct {
	comma  byte
	cells  []string
	cell   strings.Builder
	quoted bool
}

// line takes one line with its end.
func (p *cellParser) line(text string) Reason {
	for {
		if !p.quoted && strings.HasPrefix(text, `"`) {
			p.quoted, text = true, text[1:]
		}
		if !p.quoted {
			var more bool
			text, more = p.plain(text)
			if !more {
				return ""
			}
			continue
		}
		rest, closed := p.inside(text)
		if !closed {
			return ""
		}
		p.quoted = false
		rest = strings.TrimLeft(rest, " ")
		end := trimEnd(rest)
		switch {
		case end == "":
			p.finish()
			return ""
		case end[0] != p.comma:
			return BadQuote
		}
		p.finish()
		text = rest[1:]
	}
}

// plain takes a cell without quotation marks; a mark inside it is a character.
func (p *cellParser) plain(text string) (rest string, more bool) {
	at := strings.IndexByte(text, p.comma)
	if at < 0 {
		p.cell.WriteString(trimEnd(text))
		p.finish()
		return "", false
	}
	p.cell.WriteString(text[:at])
	p.finish()
	return text[at+1:], true
}

// inside takes the text of a quoted cell up to its closing mark.
func (p *cellParser) inside(text string) (rest string, closed bool) {
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			p.cell.WriteString(text)
			return "", false
		}
		p.cell.WriteString(text[:at])
		if !strings.HasPrefix(text[at:], `""`) {
			return text[at+1:], true
		}
		p.cell.WriteByte('"')
		text = text[at+2:]
	}
}

func (p *cellParser) finish() {
	p.cells = append(p.cells, p.cell.String())
	p.cell.Reset()
}

func trimEnd(line string) string {
	line = strings.TrimSuffix(line, "\n")
	return strings.TrimSuffix(line, "\r")
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimFunc(cell, unicode.IsSpace) != "" {
			return false
		}
	}
	return true
}
