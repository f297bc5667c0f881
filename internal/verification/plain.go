package verification

import (
	"bytes"
	"encoding/json"

	"guangyi/internal/sortition"
)

// plain is a record as JSON values, times in UTC, empty lists and objects left
// out.
func plain(r sortition.Record) any {
	r.PublishedAt, r.Source.NamedAt, r.Source.DueAt = r.PublishedAt.UTC(), r.Source.NamedAt.UTC(), r.Source.DueAt.UTC()
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	return trimmed(v)
}

func trimmed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			if x = trimmed(x); x == nil {
				delete(v, key)
			} else {
				v[key] = x
			}
		}
		return v
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = trimmed(v[i])
		}
	}
	return v
}
