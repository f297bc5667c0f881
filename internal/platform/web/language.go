package web

import (
	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/i18n"
)

// language is the reader's: the query, then the cookie, then Accept-Language,
// then the site's.
func (s *Site) language(f *fiber.Ctx) *i18n.Locale {
	asked := s.choice(f, "lang", languageCookie, i18n.Tags...)
	if asked == "" || asked == "0" {
		asked = f.Get(fiber.HeaderAcceptLanguage)
	}
	return s.o.Bundle.Locale(asked, s.o.Language)
}
