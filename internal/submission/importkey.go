package submission

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"unicode/utf8"

	"guangyi/internal/platform/sheet"
)

// key knows a row again: by its id and content, else by file and line.
func (i *importing) key(line sheet.Row) string {
	if i.reading.value(line, "id") == "" {
		return "import:" + i.bulk.Sum[:min(32, len(i.bulk.Sum))] + ":" + strconv.Itoa(line.Line)
	}
	b := i.quoted[:0]
	for n, v := range line.Values {
		b = quote(quote(b, line.Columns[n]), v)
	}
	i.quoted = b
	sum := sha256.Sum256(b)
	return "import:" + hex.EncodeToString(sum[:20])
}

// quote appends what strconv.AppendQuote does. A text of nothing but the usual
// characters is spared the search in the tables of Unicode, which took a seventh of
// an import.
func quote(b []byte, s string) []byte {
	if !usual(s) {
		return strconv.AppendQuote(b, s)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// usual reports that a text holds only characters that a quotation leaves as they
// are: those of ASCII, of Chinese and its punctuation.
func usual(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f || c == '"' || c == '\\' {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r >= 0x4e00 && r <= 0x9fa5, r >= '\u3001' && r <= '\u3011', r >= '！' && r <= '～', r >= '\u2018' && r <= '\u201d':
			i += size
		default:
			return false
		}
	}
	return true
}
