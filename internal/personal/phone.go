package personal

import (
	"slices"
	"strings"
)

// phone reports a telephone number and where it begins (a plus or a bracket may
// stand before its digits) and ends (with its extension). Short service numbers
// (110, 12345) and 400 or 800 lines are nobody's own and are not taken.
func (t reading) phone(c candidate) (start, end int, ok bool) {
	if strings.Contains(c.seps, "/") {
		return 0, 0, false
	}
	start = c.start
	if t.at(start-1) == '(' {
		start--
	}
	plus := t.at(start-1) == '+'
	if plus {
		start--
	}
	d, sizes := c.digits, c.sizes
	foreign := plus
	if rest, s, abroad := country(d, sizes, plus); abroad {
		d, sizes, foreign = rest, s, false
		if mobile(d, sizes) || fixedAbroad(d, sizes) {
			return start, t.extension(c.end), true
		}
	}
	switch {
	case mobile(d, sizes):
		return start, c.end, true
	case fixed(d, sizes, c.seps):
		return start, t.extension(c.end), true
	case american(c, t.at(c.start-1)):
		return start, c.end, true
	case foreign && len(d) >= 9 && len(d) <= 15 && d[0] != '0':
		return start, c.end, true
	case local8(d, sizes) && labelled(t.before(start, 6), "电话", "座机", "固话", "传真", "tel", "phone", "fax"):
		return start, t.extension(c.end), true
	}
	return 0, 0, false
}

// country takes China's code off: +86, 0086, or 86 before a mobile number.
func country(d string, sizes []int, plus bool) (string, []int, bool) {
	for _, code := range []string{"0086", "86"} {
		rest, ok := strings.CutPrefix(d, code)
		if !ok || code == "86" && !plus && len(rest) != 11 {
			continue
		}
		out := slices.Clone(sizes)
		for left := len(code); left > 0 && len(out) > 0; {
			n := min(left, out[0])
			out[0] -= n
			left -= n
			if out[0] == 0 {
				out = out[1:]
			}
		}
		return rest, out, true
	}
	return d, sizes, false
}

// mobile reports eleven digits of a Chinese mobile number as people group them.
func mobile(d string, sizes []int) bool {
	if len(d) != 11 || d[0] != '1' || d[1] < '3' {
		return false
	}
	return single(sizes) || oneOf(sizes, "11", "3 4 4", "3 8", "7 4", "4 4 3", "4 3 4", "3 3 5", "5 6", "6 5", "4 7")
}

// single: each digit stands alone.
func single(sizes []int) bool {
	return !slices.ContainsFunc(sizes, func(n int) bool { return n != 1 })
}

func oneOf(sizes []int, ways ...string) bool {
	var b strings.Builder
	for i, n := range sizes {
		if i > 0 {
			b.WriteByte(' ')
		}
		if n >= 10 {
			b.WriteByte(byte('0' + n/10))
		}
		b.WriteByte(byte('0' + n%10))
	}
	return slices.Contains(ways, b.String())
}

// fixed reports a Chinese fixed line with its area code: 010 and 02x before eight
// digits, 03xx to 09xx before seven or eight (YD/T 1133, the numbering plan).
func fixed(d string, sizes []int, seps string) bool {
	if strings.Contains(seps, ".") || len(d) < 11 || len(d) > 12 || d[0] != '0' {
		return false
	}
	area := 4
	if d[1] == '1' || d[1] == '2' {
		area = 3
	}
	rest := d[area:]
	switch {
	case area == 3 && (len(rest) != 8 || d[1] == '1' && d[2] != '0'), d[1] == '0', rest[0] < '2':
		return false
	case len(sizes) == 1:
		return true
	}
	return sizes[0] == area && (len(sizes) == 2 || len(sizes) == 3 && (sizes[1] == 4 || sizes[1] == 3) && sizes[2] == 4)
}

// fixedAbroad is a fixed line behind the country's code, its area without the 0.
func fixedAbroad(d string, sizes []int) bool {
	if d == "" || d[0] == '0' {
		return fixed(d, sizes, "")
	}
	return len(sizes) > 0 && fixed("0"+d, append([]int{sizes[0] + 1}, sizes[1:]...), "")
}

// local8 is a fixed line without its area code.
func local8(d string, sizes []int) bool {
	return len(d) >= 7 && len(d) <= 8 && d[0] >= '2' && d[0] <= '8' && !strings.HasPrefix(d, "20") &&
		(len(sizes) == 1 || oneOf(sizes, "4 4", "3 4"))
}

// american is a number of the North American plan, in brackets or with two equal
// signs between its groups: (202) 555-0175, 202-555-0175.
func american(c candidate, before rune) bool {
	d := c.digits
	if len(d) != 10 || !oneOf(c.sizes, "3 3 4") || d[0] < '2' || d[3] < '2' || d[:3] == "400" || d[:3] == "800" {
		return false
	}
	return before == '(' && c.seps[0] == ')' || c.seps == "--" || c.seps == ".."
}

// extension takes what follows a fixed line along: -123, 转123, ext. 5.
func (t reading) extension(end int) int {
	i := end
	rest := strings.ToLower(string(t.runes[end:min(end+8, len(t.runes))]))
	for _, word := range []string{"-", "转", " 转", "分机", "ext.", " ext. ", " ext ", "ext", " x", "x"} {
		if strings.HasPrefix(rest, word) {
			i = end + len([]rune(word))
			for t.at(i) == ' ' {
				i++
			}
			break
		}
	}
	from := i
	for digit(t.at(i)) {
		i++
	}
	if n := i - from; from == end || n < 1 || n > 6 || letter(t.at(i)) {
		return end
	}
	return i
}

// spoken finds mobile and identity numbers written in Chinese digits, as they are
// read aloud: 幺三八…. A year has four of them and never eleven.
func (t reading) spoken() []Span {
	var out []Span
	for i := 0; i < len(t.runes); i++ {
		if numeral(t.runes[i]) < 0 {
			continue
		}
		start := i
		var d strings.Builder
		for ; i < len(t.runes); i++ {
			if n := numeral(t.runes[i]); n >= 0 {
				d.WriteByte(byte('0' + n))
			} else if t.runes[i] != ' ' && t.runes[i] != unseen && t.runes[i] != '-' {
				break
			}
		}
		end := i
		for !(numeral(t.runes[end-1]) >= 0) {
			end--
		}
		c := candidate{digits: d.String(), sizes: []int{d.Len()}, start: start, end: end}
		if stop, ok := t.identity(c); ok {
			out = append(out, Span{start, stop, Identity})
		} else if mobile(c.digits, c.sizes) {
			out = append(out, Span{start, end, Phone})
		}
	}
	return out
}
