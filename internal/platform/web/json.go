package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

// deepest is how far JSON may nest; no body of the API needs more than 6.
const deepest = 32

// ReadJSON reads the body into v. Refusals: 415 for another content type, 400
// for what is not JSON in UTF-8 without U+0000, 422 naming the field for a value
// of the wrong type. Unknown members are ignored.
func (c *Ctx) ReadJSON(v any) error {
	kind := strings.ToLower(strings.TrimSpace(strings.Split(c.Get(fiber.HeaderContentType), ";")[0]))
	if kind != fiber.MIMEApplicationJSON {
		return fault.New(fault.Unsupported, "content_type")
	}
	body := c.Body()
	if !utf8.Valid(body) || nul(body) {
		return fault.New(fault.Malformed, "unreadable_text")
	}
	if tooDeep(body) {
		return fault.New(fault.Malformed, "malformed_json")
	}
	err := json.Unmarshal(body, v)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := wrong.Field
		if field == "" {
			return fault.New(fault.Malformed, "malformed_json")
		}
		return fault.Fields{{Name: field, Code: "wrong_type"}}.Err()
	}
	if err != nil {
		return fault.Wrap(err, fault.Malformed, "malformed_json")
	}
	return nil
}

// nul reports U+0000, bare or escaped by an odd number of backslashes.
func nul(body []byte) bool {
	if bytes.IndexByte(body, 0) >= 0 {
		return true
	}
	escaped := []byte(`\u0000`)
	for at := bytes.Index(body, escaped); at >= 0; {
		slashes := 1
		for i := at - 1; i >= 0 && body[i] == '\\'; i-- {
			slashes++
		}
		if slashes%2 == 1 {
			return true
		}
		next := bytes.Index(body[at+1:], escaped)
		if next < 0 {
			return false
		}
		at += 1 + next
	}
	return false
}

func tooDeep(body []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '[' || b == '{':
			if depth++; depth > deepest {
				return true
			}
		case b == ']' || b == '}':
			depth--
		}
	}
	return false
}

// Answer writes v as JSON with a status.
func (c *Ctx) Answer(status int, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.Status(status).Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Response().SetBodyRaw(raw)
	return nil
}

// List writes a page of a list; nextCursor 0 is the last page. items must not be
// a nil slice: an empty list is [].
func (c *Ctx) List(items any, nextCursor int64) error {
	var next *string
	if nextCursor != 0 {
		url := c.Visit.Base + c.With("cursor", ids.Format(nextCursor))
		next = &url
	}
	return c.Answer(fiber.StatusOK, struct {
		Items any     `json:"items"`
		Next  *string `json:"next"`
	}{items, next})
}
