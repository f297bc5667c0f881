package sheet

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Writer writes a table row by row. Close must be called to complete the file.
// It is not safe for use by two goroutines.
type Writer struct {
	columns []string
	to      encoder
}

// encoder is one format.
type encoder interface {
	row(values []any) error
	end() error
}

// NewWriter begins a file of the format (CSV, XLSX or JSON) with its column
// names. ErrFormat for another format.
func NewWriter(w io.Writer, format Format, columns []string) (*Writer, error) {
	var to encoder
	var err error
	switch format {
	case CSV:
		to, err = newCSVEncoder(w, columns)
	case XLSX:
		to, err = newXLSXEncoder(w, columns)
	case JSON:
		to, err = newJSONEncoder(w, columns)
	default:
		return nil, fmt.Errorf("%w: cannot write %q", ErrFormat, format)
	}
	if err != nil {
		return nil, err
	}
	return &Writer{columns: columns, to: to}, nil
}

// Write writes one row, a value a column: string, bool, any integer, float64,
// time.Time (RFC 3339), []string or another value with a JSON form, nil for an
// empty cell. Strings stay text in every format, integers and floats stay
// numbers in XLSX and JSON.
func (w *Writer) Write(values ...any) error {
	if len(values) != len(w.columns) {
		return fmt.Errorf("sheet: %d values for %d columns", len(values), len(w.columns))
	}
	return w.to.row(values)
}

// Close completes the file. It does not close the underlying writer.
func (w *Writer) Close() error { return w.to.end() }

// Extension is the ending of a file name, with its dot.
func (f Format) Extension() string { return "." + string(f) }

// MediaType is the value for the Content-Type header.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSONL:
		return "application/x-ndjson"
	default:
		return "application/json"
	}
}

// cellText is a value as the text of a cell.
func cellText(value any) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v), nil
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	case time.Time:
		return v.Format(time.RFC3339), nil
	case fmt.Stringer:
		return v.String(), nil
	}
	return jsonText(value)
}

// jsonText is a list as the text of a cell; a named string stays bare.
func jsonText(value any) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var bare string
	if json.Unmarshal(raw, &bare) == nil {
		return bare, nil
	}
	return string(raw), nil
}
