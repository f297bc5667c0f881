package components

import (
	"strings"
	"unicode"

	"guangyi/internal/platform/i18n"
)

// Link is a text that leads somewhere.
type Link struct {
	Text, Href string
}

// Action is a link or button that stands beside something else; Hidden is read
// by screen readers after the text, so that two 修改 on one page differ.
type Action struct {
	Text, Href, Hidden string
}

// langAttr is the lang attribute of a stored text: empty when the text is in
// the page's own language, so that no attribute is written.
func langAttr(l *i18n.Locale, lang string) string {
	if l == nil || lang == "" || strings.EqualFold(lang, l.Tag()) {
		return ""
	}
	return lang
}

// ForeignLang is the lang attribute of a stored text whose language was not
// stored, such as a name or a note: by its script, and empty when it may be the
// page's own.
func ForeignLang(l *i18n.Locale, text string) string {
	if l == nil || strings.HasPrefix(l.Tag(), "zh") {
		return ""
	}
	han := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	latin := strings.ContainsFunc(text, func(r rune) bool { return r < unicode.MaxASCII && unicode.IsLetter(r) })
	if han && !latin {
		return "zh-CN"
	}
	return ""
}
