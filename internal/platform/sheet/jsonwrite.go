package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// jsonEncoder writes an array of objects, a row an object, keys in the order
// of the columns.
type jsonEncoder struct {
	to   *bufio.Writer
	keys [][]byte
	rows int
}

func newJSONEncoder(w io.Writer, columns []string) (*jsonEncoder, error) {
	e := &jsonEncoder{to: bufio.NewWriter(w)}
	for _, column := range columns {
		key, err := jsonValue(column)
		if err != nil {
			return nil, err
		}
		e.keys = append(e.keys, append(key, ':'))
	}
	return e, e.to.WriteByte('[')
}

func (e *jsonEncoder) row(values []any) error {
	if e.rows > 0 {
		_ = e.to.WriteByte(',')
	}
	e.rows++
	_, _ = e.to.WriteString("\n{")
	for i, value := range values {
		raw, err := jsonValue(value)
		if err != nil {
			return err
		}
		if i > 0 {
			_ = e.to.WriteByte(',')
		}
		_, _ = e.to.Write(e.keys[i])
		_, _ = e.to.Write(raw)
	}
	return e.to.WriteByte('}') // bufio.Writer keeps the first error
}

func (e *jsonEncoder) end() error {
	if e.rows > 0 {
		_ = e.to.WriteByte('\n')
	}
	_, _ = e.to.WriteString("]\n")
	return e.to.Flush()
}

func jsonValue(value any) ([]byte, error) {
	var out bytes.Buffer
	encode := json.NewEncoder(&out)
	encode.SetEscapeHTML(false)
	err := encode.Encode(value)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}
