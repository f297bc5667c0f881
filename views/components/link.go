package components

import (
	"strings"

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
