package sheet

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// jsonlReader reads one JSON object a line.
type jsonlReader struct {
	lines *lines
	keys  int // at most, in one object
}

func newJSONLReader(source Source, limits Limits) (*jsonlReader, error) {
	in, err := newLines(source, limits.RowBytes)
	if err != nil {
		return nil, err
	}
	return &jsonlReader{lines: in, keys: limits.Columns}, nil
}

// Columns is nil: each object has its own keys.
func (r *jsonlReader) Columns() []string { return nil }

// Close has nothing to free: the source is the caller's.
func (r *jsonlReader) Close() error { return nil }

// Next returns the next line that is not blank.
func (r *jsonlReader) Next() (Row, error) {
	for {
		text, err := r.lines.next()
		line := r.lines.number
		if err == errLongLine {
			return Row{}, &RowError{Line: line, Column: 1, Reason: RowTooLong}
		}
		if err != nil {
			return Row{}, err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		if reason := r.lines.fault(text); reason == BadEncoding {
			return Row{}, &RowError{Line: line, Column: badCharacter(text), Reason: reason}
		}
		return object(line, trimEnd(text), r.keys)
	}
}

// object takes one line apart, keeping the order of its keys.
func object(line int, text string, keys int) (Row, error) {
	d := json.NewDecoder(strings.NewReader(text))
	refuse := func() (Row, error) {
		return Row{}, &RowError{Line: line, Column: stopped(text, d), Reason: BadJSON}
	}
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return refuse()
	}
	row := Row{Line: line, Columns: []string{}, Values: []string{}, Raw: []json.RawMessage{}}
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return refuse()
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return refuse()
		}
		reason := row.add(name, raw)
		if len(row.Columns) > keys {
			reason = ExtraCells
		}
		if reason != "" {
			return Row{}, &RowError{Line: line, Column: len(row.Columns) + 1, Name: name, Reason: reason}
		}
	}
	if _, err := d.Token(); err != nil {
		return refuse()
	}
	if _, err := d.Token(); err != io.EOF {
		return refuse()
	}
	return row, nil
}

// add puts a key with its value at the end of the row.
func (r *Row) add(name string, raw json.RawMessage) Reason {
	if slices.Contains(r.Columns, name) {
		return Duplicate
	}
	value := string(raw)
	switch raw[0] {
	case '"':
		if err := json.Unmarshal(raw, &value); err != nil {
			return BadJSON
		}
		if reason := lost(raw, value); reason != "" {
			return reason
		}
	case '{', '[':
		if bytes.Contains(raw, []byte(`\u0000`)) {
			return BadControl
		}
	case 'n':
		value = ""
	}
	r.Columns, r.Values, r.Raw = append(r.Columns, name), append(r.Values, value), append(r.Raw, raw)
	return ""
}

// lost tells what a JSON string cannot carry into text: NUL, and half of a
// surrogate pair, which decoding replaces without a word.
func lost(raw json.RawMessage, value string) Reason {
	if strings.ContainsRune(value, 0) {
		return BadControl
	}
	meant := bytes.Count(raw, []byte("\ufffd")) + bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`))
	if strings.Count(value, "\ufffd") > meant {
		return BadEncoding
	}
	return ""
}

// stopped is the character, from 1, at which the decoder gave up.
func stopped(text string, d *json.Decoder) int {
	offset := d.InputOffset()
	var syntax *json.SyntaxError
	if err := json.Unmarshal([]byte(text), new(json.RawMessage)); errors.As(err, &syntax) {
		offset = max(syntax.Offset-1, 0)
	}
	return utf8.RuneCountInString(text[:min(int(offset), len(text))]) + 1
}

// badCharacter is the place, from 1, of the first character that is no text.
func badCharacter(text string) int {
	place := 0
	for _, r := range text {
		place++
		if r == utf8.RuneError {
			return place
		}
	}
	return 1
}
