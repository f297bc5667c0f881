package meeting

import (
	"slices"
	"strings"
	"unicode"

	"guangyi/internal/platform/ids"
)

const longestSlug = 60

// reserved are words of addresses below /meetings and /staff/meetings.
var reserved = []string{"new", "report", "import"}

// slugOf makes an address of a title in Latin letters; an empty one of any other.
func slugOf(title string) string {
	var b strings.Builder
	letters, ascii, gap := 0, 0, false
	for _, c := range strings.ToLower(title) {
		if unicode.IsLetter(c) {
			letters++
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			if c >= 'a' {
				ascii++
			}
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(c)
			continue
		}
		gap = c != '\'' && c != '’' || gap
	}
	if ascii < 3 || ascii*2 < letters {
		return ""
	}
	slug := b.String()
	if len(slug) > longestSlug {
		slug = strings.Trim(slug[:longestSlug], "-")
	}
	if slices.Contains(reserved, slug) {
		return ""
	}
	return slug
}

// slugFor is unique, because it holds the identifier where the wanted address alone
// does not do: taken tells whether somebody has it.
func slugFor(base string, id int64, taken func(string) (bool, error)) (string, error) {
	if base == "" || slices.Contains(reserved, base) {
		return "m-" + ids.Format(id), nil
	}
	held, err := taken(base)
	if err != nil || !held {
		return base, err
	}
	return base + "-" + ids.Format(id), nil
}
