package pdf

import (
	"bytes"
	"strconv"
)

// token is an operand or an operator of a content stream or of a CMap.
type token struct {
	kind  byte // n number, s string, / name, [ ], o operator, 0 the end
	text  string
	value float64
}

// lexer reads tokens (ISO 32000-1, 7.2 and 7.8.2). Dictionaries come as their
// brackets << and >>, which are operators here.
type lexer struct {
	data []byte
	at   int
}

func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func delimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func (l *lexer) next() token {
	l.skip()
	if l.at >= len(l.data) {
		return token{}
	}
	c := l.data[l.at]
	switch {
	case c == '(':
		return l.literal()
	case c == '<' && l.peek(1) != '<':
		return l.hex()
	case c == '<' || c == '>' && l.peek(1) == '>':
		l.at += 2
		return token{kind: 'o', text: string([]byte{c, c})}
	case c == '/':
		l.at++
		return token{kind: '/', text: l.name()}
	case c == '[' || c == ']':
		l.at++
		return token{kind: c}
	case delimiter(c):
		l.at++
		return token{kind: 'o', text: string(c)}
	}
	word := l.word()
	if n, err := strconv.ParseFloat(word, 64); err == nil && (word[0] <= '9') {
		return token{kind: 'n', value: n}
	}
	return token{kind: 'o', text: word}
}

func (l *lexer) peek(n int) byte {
	if l.at+n < len(l.data) {
		return l.data[l.at+n]
	}
	return 0
}

func (l *lexer) skip() {
	for l.at < len(l.data) {
		switch c := l.data[l.at]; {
		case c == '%':
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
		case space(c):
			l.at++
		default:
			return
		}
	}
}

func (l *lexer) word() string {
	from := l.at
	for l.at < len(l.data) && !space(l.data[l.at]) && !delimiter(l.data[l.at]) {
		l.at++
	}
	return string(l.data[from:l.at])
}

// name reads a name after its slash; #20 is a character by its number.
func (l *lexer) name() string {
	word := l.word()
	if i := bytes.IndexByte([]byte(word), '#'); i < 0 {
		return word
	}
	var out []byte
	for i := 0; i < len(word); i++ {
		if word[i] == '#' && i+2 < len(word) {
			if n, err := strconv.ParseUint(word[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, word[i])
	}
	return string(out)
}

func (l *lexer) hex() token {
	l.at++
	var out []byte
	high, half := byte(0), false
	for l.at < len(l.data) {
		c := l.data[l.at]
		l.at++
		if c == '>' {
			break
		}
		n, err := strconv.ParseUint(string(c), 16, 8)
		switch {
		case err != nil:
		case half:
			out, half = append(out, high|byte(n)), false
		default:
			high, half = byte(n)<<4, true
		}
	}
	if half {
		out = append(out, high)
	}
	return token{kind: 's', text: string(out)}
}

// escapes are those of a string in brackets (ISO 32000-1, table 3).
var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

func (l *lexer) literal() token {
	l.at++
	var out []byte
	for depth := 1; l.at < len(l.data); l.at++ {
		c := l.data[l.at]
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				l.at++
				return token{kind: 's', text: string(out)}
			}
		case '\\':
			l.at++
			out = l.escaped(out)
			continue
		}
		out = append(out, c)
	}
	return token{kind: 's', text: string(out)}
}

func (l *lexer) escaped(out []byte) []byte {
	if l.at >= len(l.data) {
		return out
	}
	c := l.data[l.at]
	if e, ok := escapes[c]; ok {
		return append(out, e)
	}
	if c == '\r' && l.peek(1) == '\n' {
		l.at++ // a line break that is not part of the string
		return out
	}
	if c == '\n' || c == '\r' {
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	n := 0
	for i := 0; i < 3 && l.peek(0) >= '0' && l.peek(0) <= '7'; i++ {
		n = n*8 + int(l.data[l.at]-'0')
		l.at++
	}
	l.at--
	return append(out, byte(n))
}

// skipImage passes over the bytes of an inline image, up to its EI.
func (l *lexer) skipImage() {
	for l.at < len(l.data) {
		i := bytes.Index(l.data[l.at:], []byte("EI"))
		if i < 0 {
			l.at = len(l.data)
			return
		}
		l.at += i + 2
		if i > 0 && space(l.data[l.at-3]) && (l.at == len(l.data) || space(l.data[l.at])) {
			return
		}
	}
}
