package outline

import (
	"bytes"
	"errors"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Errors of Decode. Both mean that the file is not a text of a known encoding.
var (
	// ErrBinary: the file is a program's file (Word, PDF, picture), not text.
	ErrBinary = errors.New("the file is not plain text")
	// ErrEncoding: neither UTF-8, UTF-16 with a byte order mark, nor GB 18030.
	ErrEncoding = errors.New("the file's encoding is not UTF-8, UTF-16 or GB 18030")
)

// binaryStarts are the first bytes of formats that people upload by mistake.
var binaryStarts = [][]byte{
	[]byte("PK\x03\x04"), []byte("%PDF-"), {0xD0, 0xCF, 0x11, 0xE0}, []byte("{\\rtf"),
	{0x89, 'P', 'N', 'G'}, {0xFF, 0xD8, 0xFF}, []byte("GIF8"), {0x1F, 0x8B}, []byte("7z\xBC\xAF"), []byte("Rar!"),
}

// Decode turns a file's bytes into text. UTF-8 is read with and without a byte
// order mark, UTF-16 with one, and what is not valid UTF-8 as GB 18030, which
// includes GBK and GB 2312. The result is valid UTF-8 without a byte order mark
// and without U+0000.
func Decode(raw []byte) (string, error) {
	for _, start := range binaryStarts {
		if bytes.HasPrefix(raw, start) {
			return "", ErrBinary
		}
	}
	switch {
	case bytes.HasPrefix(raw, []byte{0xEF, 0xBB, 0xBF}):
		return checked(string(raw[3:]))
	case bytes.HasPrefix(raw, []byte{0xFF, 0xFE}):
		return decodeUTF16(raw[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(raw, []byte{0xFE, 0xFF}):
		return decodeUTF16(raw[2:], func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 })
	case utf8.Valid(raw):
		return checked(string(raw))
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", ErrBinary
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", ErrEncoding
	}
	return checked(string(out))
}

func decodeUTF16(raw []byte, unit func([]byte) uint16) (string, error) {
	if len(raw)%2 != 0 {
		return "", ErrEncoding
	}
	units := make([]uint16, 0, len(raw)/2)
	for ; len(raw) > 0; raw = raw[2:] {
		units = append(units, unit(raw))
	}
	for i := 0; i < len(units); i++ {
		if !utf16.IsSurrogate(rune(units[i])) {
			continue
		}
		if i+1 == len(units) || utf16.DecodeRune(rune(units[i]), rune(units[i+1])) == utf8.RuneError {
			return "", ErrEncoding
		}
		i++
	}
	return checked(string(utf16.Decode(units)))
}

// checked refuses text that no person wrote: U+0000, or more than one control
// character in fifty.
func checked(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", ErrEncoding
	}
	controls := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == 0:
			return "", ErrBinary
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v', c == 0x7F:
			controls++
		}
	}
	if controls*50 > len(s) {
		return "", ErrBinary
	}
	return s, nil
}
