package personal

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// group is a run of digits.
type group struct{ start, end int }

func (g group) size() int { return g.end - g.start }

// most is how many groups of digits one number is written in, at most: each digit
// of an identity number alone.
const most = 19

// numbers finds what is made of digits: identity numbers, cards, telephones.
func (t reading) numbers() []Span {
	groups := t.groups()
	var out []Span
	for i := 0; i < len(groups); {
		s, used := t.numberAt(groups[i:])
		if used == 0 {
			i++
			continue
		}
		out = append(out, s)
		i += used
	}
	return out
}

func (t reading) groups() []group {
	var out []group
	for i := 0; i < len(t.runes); i++ {
		if !digit(t.runes[i]) {
			continue
		}
		g := group{start: i}
		for i < len(t.runes) && digit(t.runes[i]) {
			i++
		}
		g.end = i
		out = append(out, g)
	}
	return out
}

// candidate is a row of groups that may be one number.
type candidate struct {
	digits string
	sizes  []int
	seps   string // what stands between the groups, one sign each: ' ', '-', '.', '(' or '0' for none
	start  int
	end    int
}

// numberAt reads the number that begins with the first group, the longest that any
// rule takes, and tells how many groups it used.
func (t reading) numberAt(groups []group) (Span, int) {
	var best Span
	used := 0
	c := candidate{start: groups[0].start}
	for n, g := range groups {
		if n == most {
			break
		}
		if n > 0 {
			sep, ok := t.between(groups[n-1].end, g.start)
			if !ok {
				break
			}
			c.seps += string(sep)
		}
		c.digits += string(t.runes[g.start:g.end])
		c.sizes = append(c.sizes, g.size())
		c.end = g.end
		if len(c.digits) > 24 {
			break
		}
		if s, ok := t.judge(c); ok {
			best, used = s, n+1
			if s.Kind == Identity {
				break
			}
		}
	}
	return best, used
}

// between tells the separator of two groups of one number: one sign, or a dash or
// bracket with spaces around it. Nothing else holds a number together.
func (t reading) between(from, to int) (rune, bool) {
	sep := rune('0')
	if to-from > 3 {
		return 0, false
	}
	for _, r := range t.runes[from:to] {
		switch {
		case r == unseen:
		case r == ' ':
			if sep == '0' {
				sep = ' '
			}
		case (r == '-' || r == '.' || r == ')' || r == '(' || r == '/') && (sep == '0' || sep == ' '):
			sep = r
		case r == '(' && sep == ')' || r == '-' && sep == ')':
		default:
			return 0, false
		}
	}
	return sep, true
}

// judge asks each rule, the strictest first.
func (t reading) judge(c candidate) (Span, bool) {
	if t.part(c) {
		return Span{}, false
	}
	if end, ok := t.identity(c); ok {
		return Span{c.start, end, Identity}, true
	}
	if letter(t.at(c.end)) {
		return Span{}, false
	}
	if t.card(c) {
		return Span{c.start, c.end, Card}, true
	}
	if start, end, ok := t.phone(c); ok {
		return Span{start, end, Phone}, true
	}
	return Span{}, false
}

// part reports digits that belong to something longer: a decimal, a sum in
// thousands, a name of letters and digits, a percentage.
func (t reading) part(c candidate) bool {
	before := t.at(c.start - 1)
	if (before == '.' || before == ',') && digit(t.at(c.start-2)) {
		return true
	}
	if before == '-' && digit(t.at(c.start-2)) && len(c.sizes) > 1 {
		return true
	}
	if before == '_' || before == '=' || before == '$' || before == '￥' || before == '¥' || before == '€' || before == '/' {
		return true
	}
	if letter(before) && !t.called(c.start) {
		return true
	}
	after, next := t.at(c.end), t.at(c.end+1)
	if (after == '.' || after == ',') && digit(next) && !slices.Contains(c.sizes[:len(c.sizes)-1], 3) {
		return true
	}
	return after == '%' || after == '_' || money(string(t.runes[c.end:min(c.end+3, len(t.runes))]))
}

// money reports a unit that makes the digits before it a quantity.
func money(after string) bool {
	after = strings.TrimLeft(after, " ")
	r, _ := utf8.DecodeRuneInString(after)
	return strings.ContainsRune("元万亿圆千百个人件次户亩吨年月日条款项字米克", r) && after != "" && !strings.HasPrefix(after, "人民") &&
		!strings.HasPrefix(after, "个人") && !strings.HasPrefix(after, "日常")
}

// called reports a Latin word that names a number and stands right before it.
func (t reading) called(at int) bool {
	word := t.before(at, 8)
	for _, w := range []string{"tel", "phone", "mobile", "mob", "cell", "call", "wechat", "wx", "vx", "id", "no", "fax"} {
		if rest, ok := strings.CutSuffix(word, w); ok {
			r, _ := utf8.DecodeLastRuneInString(rest)
			return rest == "" || !letter(r)
		}
	}
	return false
}

// weights of the first 17 digits of an identity number (GB 11643-1999, ISO 7064
// MOD 11-2).
var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// identity reports an 18-place identity number whose date exists and whose check
// digit is right; end is after its X where it has one. A 15-place one of before
// 1999 has no check digit and counts only where the words before it say so.
func (t reading) identity(c candidate) (end int, ok bool) {
	d, end := c.digits, c.end
	switch {
	case len(d) == 17 && (t.at(end) == 'X' || t.at(end) == 'x'):
		end++
	case len(d) == 17 && t.at(end+1)|0x20 == 'x' && (t.at(end) == ' ' || t.at(end) == '-'):
		end += 2
	case len(d) == 15:
		return end, date("19"+d[6:12]) && labelled(t.before(c.start, 12), "身份证", "证件号", "idnumber", "idcard")
	case len(d) != 18:
		return 0, false
	}
	if letter(t.at(end)) || digit(t.at(end)) || d[0] == '0' || !date(d[6:14]) {
		return 0, false
	}
	sum := 0
	for i, w := range weights {
		sum += w * int(d[i]-'0')
	}
	check := "10X98765432"[sum%11]
	if len(d) == 17 {
		return end, check == 'X'
	}
	return end, check == d[17]
}

// date reports an eight-digit day that a living person could be born on.
func date(d string) bool {
	year, month, day := atoi(d[:4]), atoi(d[4:6]), atoi(d[6:8])
	if year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	return day <= days[month-1]
}

func atoi(d string) int {
	n := 0
	for _, r := range d {
		n = n*10 + int(r-'0')
	}
	return n
}

func labelled(before string, labels ...string) bool {
	return slices.ContainsFunc(labels, func(l string) bool { return strings.Contains(before, l) })
}

// card reports a bank card: the Luhn sum is right and the beginning is an issuer's
// (62 is China's; the others are the international ones). Any other beginning
// counts only where the words before it name an account.
func (t reading) card(c candidate) bool {
	n := len(c.digits)
	if n < 14 || n > 19 || strings.ContainsAny(c.seps, "().") || !cardGroups(c.sizes) || !luhn(c.digits) {
		return false
	}
	if labelled(t.before(c.start, 14), "卡号", "银行", "账号", "帐号", "账户", "cardnumber", "account") {
		return true
	}
	d := c.digits
	two := atoi(d[:2])
	switch {
	case two == 62:
		return n >= 16
	case d[0] == '4', two >= 51 && two <= 55, two == 35, two == 60, two == 65:
		return n == 16
	case two == 34 || two == 37:
		return n == 15
	}
	return false
}

// cardGroups are the ways in which cards are written: in one, in fours, six and the rest.
func cardGroups(sizes []int) bool {
	if len(sizes) == 1 || len(sizes) == 2 && sizes[0] == 6 {
		return true
	}
	if sizes[0] == 4 && len(sizes) == 3 && sizes[1] == 6 { // 15 places
		return true
	}
	for _, s := range sizes[:len(sizes)-1] {
		if s != 4 {
			return false
		}
	}
	return sizes[len(sizes)-1] <= 4
}

// luhn checks the last digit of a card (ISO/IEC 7812-1, annex B).
func luhn(d string) bool {
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0 && strings.Trim(d, d[:1]) != ""
}
