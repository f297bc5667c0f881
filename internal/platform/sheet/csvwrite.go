package sheet

import (
	"bufio"
	"io"
	"strings"
)

// csvEncoder writes RFC 4180 in UTF-8, with the mark by which Excel tells
// UTF-8 from the local encoding. Line ends inside cells stay as they are.
type csvEncoder struct{ to *bufio.Writer }

func newCSVEncoder(w io.Writer, columns []string) (*csvEncoder, error) {
	e := &csvEncoder{to: bufio.NewWriter(w)}
	_, _ = e.to.WriteString("\ufeff")
	names := make([]any, len(columns))
	for i, name := range columns {
		names[i] = name
	}
	return e, e.row(names)
}

func (e *csvEncoder) row(values []any) error {
	for i, value := range values {
		text, err := cellText(value)
		if err != nil {
			return err
		}
		if i > 0 {
			_ = e.to.WriteByte(',')
		}
		text = Guard(text)
		if strings.ContainsAny(text, "\",;\t\r\n") || len(values) == 1 && text == "" {
			text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
		_, _ = e.to.WriteString(text)
	}
	_, err := e.to.WriteString("\r\n") // bufio.Writer keeps the first error
	return err
}

func (e *csvEncoder) end() error { return e.to.Flush() }
