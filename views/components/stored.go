package components

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"guangyi/internal/platform/i18n"
)

type stored struct{ text, lang string }

// Stored writes a text as somebody wrote it, with its line breaks. A page may hold
// many: written by hand it costs a third of what a template does.
func Stored(l *i18n.Locale, text, lang string) templ.Component {
	return stored{text, langAttr(l, lang)}
}

// Render writes the text in its own language.
func (s stored) Render(ctx context.Context, w io.Writer) error {
	if err := writeAll(w, `<div class="gy-stored"`); err != nil {
		return err
	}
	if s.lang != "" {
		if err := writeAll(w, ` lang="`, templ.EscapeString(s.lang), `"`); err != nil {
			return err
		}
	}
	if err := writeAll(w, `>`); err != nil {
		return err
	}
	if err := Dates(s.text).Render(ctx, w); err != nil {
		return err
	}
	return writeAll(w, `</div>`)
}
