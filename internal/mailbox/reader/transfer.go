package reader

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// undone gives a body without its transfer encoding (RFC 2045, section 6). What is
// broken is read as far as it goes.
func undone(encoding string, body []byte) []byte {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64Loose(body)
	case "quoted-printable":
		return quotedLoose(body)
	case "x-uuencode", "uuencode", "x-uue":
		return uuLoose(body)
	}
	return body
}

// base64Loose passes over what is no sign of the alphabet, and goes on behind
// padding in the middle, as RFC 2045, section 6.8, asks and lists do.
func base64Loose(in []byte) []byte {
	clean := make([]byte, 0, len(in))
	out := make([]byte, 0, len(in)*3/4)
	flush := func() {
		if len(clean)%4 == 1 {
			clean = clean[:len(clean)-1]
		}
		piece := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
		n, _ := base64.RawStdEncoding.Decode(piece, clean) // the alphabet is clean
		out, clean = append(out, piece[:n]...), clean[:0]
	}
	for _, c := range in {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			clean = append(clean, c)
		case c == '=' && len(clean) > 0:
			flush()
		}
	}
	flush()
	return out
}

// quotedLoose leaves as it is what is no escape.
func quotedLoose(in []byte) []byte {
	out := make([]byte, 0, len(in))
	for i := 0; i < len(in); i++ {
		c := in[i]
		if c != '=' {
			out = append(out, c)
			continue
		}
		if n := softBreak(in[i+1:]); n > 0 {
			i += n
			continue
		}
		if i+2 < len(in) {
			if hi, lo := hex(in[i+1]), hex(in[i+2]); hi >= 0 && lo >= 0 {
				out, i = append(out, byte(hi<<4|lo)), i+2
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// softBreak is how many bytes behind = belong to a line end that means nothing.
func softBreak(rest []byte) int {
	n := 0
	for n < len(rest) && (rest[n] == ' ' || rest[n] == '\t') {
		n++
	}
	switch {
	case n == len(rest):
		return max(n, 0)
	case bytes.HasPrefix(rest[n:], []byte("\r\n")):
		return n + 2
	case rest[n] == '\n':
		return n + 1
	}
	return 0
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// unpercent undoes %hh (RFC 2231, section 4).
func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := hex(s[i+1]), hex(s[i+2]); hi >= 0 && lo >= 0 {
				out, i = append(out, byte(hi<<4|lo)), i+2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

// uuLoose reads lines between begin and end.
func uuLoose(in []byte) []byte {
	var out []byte
	inside := false
	for _, l := range bytes.Split(in, []byte("\n")) {
		l = bytes.TrimRight(l, "\r")
		switch {
		case bytes.HasPrefix(l, []byte("begin ")):
			inside = true
			continue
		case bytes.Equal(l, []byte("end")):
			return out
		case !inside || len(l) == 0:
			continue
		}
		n := int(l[0]-' ') & 63
		piece := make([]byte, 0, n+3)
		at := func(i int) byte {
			if i < len(l) {
				return (l[i] - ' ') & 63
			}
			return 0
		}
		for i := 1; i < len(l); i += 4 {
			a, b, c, d := at(i), at(i+1), at(i+2), at(i+3)
			piece = append(piece, a<<2|b>>4, b<<4|c>>2, c<<6|d)
		}
		out = append(out, piece[:min(n, len(piece))]...)
	}
	return out
}
