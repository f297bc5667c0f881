package main

import (
	"strings"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/web"
	"guangyi/views"
)

// word explains an error on the terminal: a fault in the catalogue's English,
// with each field; anything else as it says itself.
func (c *console) word(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	bundle, failed := i18n.Load(views.Locales, "locales", c.settings.Location())
	if failed != nil {
		return err.Error()
	}
	l := bundle.Locale("en", "en")
	parts := []string{web.Message(l, f.Code, f.Args...)}
	for _, field := range f.Fields {
		parts = append(parts, field.Name+": "+web.Message(l, field.Code, field.Args...))
	}
	return strings.Join(parts, "\n  ")
}
