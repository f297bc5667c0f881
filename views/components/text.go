// Package components holds the parts that pages are made of. Every part is a
// templ component with typed parameters; words come from the locale or from
// the caller, never from the component's own source.
package components

import (
	"context"
	"io"
)

// Text is a component that writes itself escaped. Unlike an expression in
// braces it makes no copy, which counts on pages with hundreds of stored texts.
type Text string

// Render writes the text with the five HTML characters replaced as
// html.EscapeString does.
func (t Text) Render(_ context.Context, w io.Writer) error {
	s := string(t)
	start := 0
	for i := 0; i < len(s); i++ {
		escape := escapes[s[i]]
		if escape == "" {
			continue
		}
		if _, err := io.WriteString(w, s[start:i]); err != nil {
			return err
		}
		if _, err := io.WriteString(w, escape); err != nil {
			return err
		}
		start = i + 1
	}
	_, err := io.WriteString(w, s[start:])
	return err
}

var escapes = [256]string{'&': "&amp;", '\'': "&#39;", '<': "&lt;", '>': "&gt;", '"': "&#34;"}
