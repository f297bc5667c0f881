// Package siteweb shows the pages that belong to no single capability: home,
// today, the statements, and the page of every error.
package siteweb

import (
	"github.com/a-h/templ"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/internal/site"
	"guangyi/views/layouts"
	"guangyi/views/siteview"
)

type handlers struct{ sites *site.Service }

// Mount adds the routes.
func Mount(s *web.Site, sites *site.Service) {
	h := handlers{sites}
	s.Get("/", h.home, web.Cached)
	s.Get("/staff", h.today)
	s.Get("/about/accessibility", statement("about.accessibility.title", siteview.Accessibility), web.Cached)
	s.Get("/about/privacy", statement("about.privacy.title", siteview.Privacy), web.Cached)
}

func statement(title string, page func(layouts.Page) templ.Component) web.Handler {
	return func(c *web.Ctx) error {
		return c.Render(200, page(layouts.From(c.Visit, c.T(title))))
	}
}

// ErrorPage words a failure for people: what it is, what to do now, and all that
// they had typed.
func ErrorPage(v *visit.Visit, f web.Failure) templ.Component {
	l := v.Locale
	show := siteview.Failed{
		Title: web.Message(l, f.Fault.Code, f.Fault.Args...), Action: f.Action, Files: f.Files,
		SignIn: f.Fault.Kind == fault.Unauthenticated,
	}
	if key := "error." + f.Fault.Code + ".detail"; l.Has(key) {
		show.Detail = l.T(key, f.Fault.Args...)
	}
	for _, p := range f.Carry {
		show.Fields = append(show.Fields, siteview.Kept(p))
	}
	page := layouts.From(v, show.Title)
	page.NoIndex = true
	return siteview.Failure(page, show)
}
