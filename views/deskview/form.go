package deskview

import (
	"fmt"
	"strings"

	"guangyi/internal/desk"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// wordsOf are the words that were typed so far, for a comparison.
func (f Form) wordsOf() string {
	var all []string
	for _, p := range f.Content.Points {
		all = append(all, p.Text)
		if p.Proposed != "" {
			all = append(all, p.Proposed)
		}
	}
	return strings.Join(all, "\n")
}

func joined(lines []string) string { return strings.Join(lines, "\n") }

// lineAddress leads to a draft's form, and to the page of what is past that.
func lineAddress(slug string, e desk.Entry) string {
	if e.State == desk.Draft {
		return batchAddress(slug, e.BatchID) + "?entry=" + format(e.ID)
	}
	return entryAddress(slug, e.ID)
}

func textHint(l *i18n.Locale, i int) string {
	if i > 0 {
		return ""
	}
	return l.T("desk.text.hint")
}

func reasons(l *i18n.Locale, problem string) components.Choices {
	c := components.Choices{Field: components.Field{ID: "reason", Name: "reason", Label: l.T("desk.discard.why"), Error: problem}, Empty: l.T("desk.discard.choose")}
	for _, r := range desk.Reasons {
		c.Options = append(c.Options, components.Option{Value: r, Text: l.T("desk.reason." + r)})
	}
	return c
}

// size writes bytes as kB or MB.
func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d kB", (n+1023)/1024)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// at is the i-th of a list, or what stands for it.
func at(list []string, i int, otherwise string) string {
	if i >= len(list) {
		return otherwise
	}
	return list[i]
}
