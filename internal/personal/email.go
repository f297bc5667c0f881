package personal

import "strings"

// emails finds addresses by their @, also written (at) or [at], also with a space
// on either side of it.
func (t reading) emails() []Span {
	var out []Span
	for i := 0; i < len(t.runes); i++ {
		left, right, ok := t.sign(i)
		if !ok {
			continue
		}
		start := t.localStart(left)
		end := t.domainEnd(right)
		if start < left && end > right {
			out = append(out, Span{start, end, Email})
			i = end - 1
		}
	}
	return out
}

// sign reports an @ at i and where what stands left of it ends and right of it begins.
func (t reading) sign(i int) (left, right int, ok bool) {
	switch t.runes[i] {
	case '@':
		left, right = i, i+1
	case '(', '[':
		if t.at(i+3) != ')' && t.at(i+3) != ']' || !strings.EqualFold(string(t.runes[i+1:i+3]), "at") {
			return 0, 0, false
		}
		left, right = i, i+4
	default:
		return 0, 0, false
	}
	// A handle such as "call @someone" has words before its space, so a space is
	// taken only where both sides of the sign have one.
	if t.at(left-1) == ' ' && t.at(right) == ' ' {
		left, right = left-1, right+1
	}
	return left, right, true
}

// local are the signs of the part before the @ that people use (RFC 5321, 4.1.2,
// unquoted).
func local(r rune) bool {
	return letter(r) || digit(r) || strings.ContainsRune("._%+-'!#$&*=?^`{|}~/", r)
}

func (t reading) localStart(end int) int {
	i := end
	for i > 0 && end-i < 64 && local(t.runes[i-1]) {
		i--
	}
	for i < end && strings.ContainsRune(".'-+/=*#~|", t.runes[i]) {
		i++
	}
	return i
}

// domainEnd is where a dotted name that begins at i ends; i when there is none.
func (t reading) domainEnd(start int) int {
	i := start
	for i < len(t.runes) && i-start < 253 && (letter(t.runes[i]) || digit(t.runes[i]) || t.runes[i] == '-' || t.runes[i] == '.') {
		i++
	}
	for i > start && !letter(t.runes[i-1]) && !digit(t.runes[i-1]) {
		i--
	}
	labels := strings.Split(string(t.runes[start:i]), ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || len(last) < 2 || !letter(rune(last[0])) {
		return start
	}
	for _, l := range labels {
		if l == "" || l[0] == '-' {
			return start
		}
	}
	return i
}
