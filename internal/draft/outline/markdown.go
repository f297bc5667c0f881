package outline

import (
	"strings"
	"unicode/utf8"
)

// tags are the HTML elements that converters leave in texts of rules. Anything
// else in angle brackets is the document's own (《关于<…>的批复》).
var tags = map[string]bool{
	"p": true, "br": true, "div": true, "span": true, "b": true, "strong": true, "i": true, "em": true, "u": true,
	"font": true, "center": true, "table": true, "tbody": true, "thead": true, "tr": true, "td": true, "th": true,
	"hr": true, "a": true, "ul": true, "ol": true, "li": true, "sup": true, "sub": true, "blockquote": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "section": true, "article": true,
}

// blanks are the entities that stand for white space.
var blanks = []string{"&nbsp;", "&emsp;", "&ensp;", "&thinsp;", "&#160;", "&#12288;", "&#xa0;", "&#x3000;"}

// tagAt gives the length of a known HTML tag at the start of s, and its name.
func tagAt(s string) (size int, name string) {
	if len(s) < 3 || s[0] != '<' {
		return 0, ""
	}
	i := 1
	if s[i] == '/' {
		i++
	}
	start := i
	for i < len(s) && i-start < 11 && isWord(rune(s[i])) {
		i++
	}
	name = strings.ToLower(s[start:i])
	if !tags[name] || i >= len(s) || !strings.ContainsRune(" \t/>", rune(s[i])) {
		return 0, ""
	}
	limit := min(len(s), i+400)
	end := strings.IndexByte(s[i:limit], '>')
	if end < 0 {
		return 0, ""
	}
	return i + end + 1, name
}

// blockTags are the elements that stand for a line of their own.
var blockTags = map[string]bool{
	"p": true, "br": true, "div": true, "tr": true, "li": true, "table": true, "ul": true, "ol": true, "center": true,
	"blockquote": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "section": true, "article": true,
}

// splitBlocks cuts a line of HTML before and after its block elements.
func splitBlocks(s string) []string {
	if !strings.ContainsRune(s, '<') {
		return []string{s}
	}
	var out []string
	from := 0
	for i := 0; i < len(s); {
		size, name := tagAt(s[i:])
		if size == 0 {
			i++
			continue
		}
		if blockTags[name] {
			at := i // a closing tag belongs to what it closes
			if s[i+1] == '/' || name == "br" {
				at = i + size
			}
			if trim(dropTags(s[from:at])) != "" {
				out = append(out, s[from:at])
				from = at
			}
		}
		i += size
	}
	if len(out) == 0 || trim(dropTags(s[from:])) != "" {
		return append(out, s[from:])
	}
	return out
}

// dropTags removes HTML tags and turns blank entities into spaces.
func dropTags(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if size, _ := tagAt(s[i:]); size > 0 {
			i += size
			continue
		}
		if size := blankEntity(s[i:]); size > 0 {
			b.WriteByte(' ')
			i += size
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

func blankEntity(s string) int {
	if s[0] != '&' {
		return 0
	}
	for _, e := range blanks {
		if len(s) >= len(e) && strings.EqualFold(s[:len(e)], e) {
			return len(e)
		}
	}
	return 0
}

const escapable = "\\`*_{}[]()#+-.!>|~<"

// dropEmphasis removes pairs of * and _ around words, and the backslash of
// escapes. One pass, so that a line of stars costs no more than any other.
func dropEmphasis(s string) string {
	if !strings.ContainsAny(s, "*_\\") {
		return s
	}
	type run struct{ at, size int }
	drop := map[int]int{}
	open := map[[2]int]run{}
	for i := 0; i < len(s); {
		c := s[i]
		if c == '\\' && i+1 < len(s) && strings.IndexByte(escapable, s[i+1]) >= 0 {
			drop[i] = 1
			i += 2
			continue
		}
		if c != '*' && c != '_' {
			i++
			continue
		}
		size := 1
		for i+size < len(s) && s[i+size] == c {
			size++
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after := firstRune(s[i+size:])
		kind := [2]int{int(c), size}
		opener, isOpen := open[kind]
		opens := i+size < len(s) && !isBlank(after) && !isWord(before)
		closes := i > 0 && !isBlank(before) && !isWord(after)
		switch {
		case size > 3:
		case isOpen && closes:
			drop[opener.at], drop[i] = size, size
			delete(open, kind)
		case opens:
			open[kind] = run{i, size}
		}
		i += size
	}
	if len(drop) == 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if n := drop[i]; n > 0 {
			if s[i] == '\\' {
				b.WriteByte(s[i+1])
				n = 2
			}
			i += n
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// wholeStrong says whether all of a line is in bold: the mark of a heading.
func wholeStrong(s string) bool {
	for _, m := range []string{"**", "__"} {
		if len(s) > 4 && strings.HasPrefix(s, m) && strings.HasSuffix(s, m) && !strings.Contains(s[2:len(s)-2], m) {
			return true
		}
	}
	return false
}

// isRule holds for a line that only draws: ---, ***, ====, ```.
func isRule(s string) bool {
	n := 0
	for _, r := range s {
		if isBlank(r) {
			continue
		}
		if !strings.ContainsRune("-*_=`~", r) {
			return false
		}
		n++
	}
	return n >= 3
}
