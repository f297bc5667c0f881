// Package visit is what a page knows of the request that it answers: who reads
// it, in which language, when, and how. Web fills it, layouts read it, so that
// pages need not know HTTP.
package visit

import (
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/i18n"
)

// Visit is one request as pages see it.
type Visit struct {
	Locale *i18n.Locale
	Actor  actor.Actor
	Now    time.Time
	Path   string // path and query
	Elder  bool   // 大字
	Theme  string // "light", "dark", or "" to follow the system
	CSRF   string // token for forms; empty on pages that may be cached
	Notice string // one-time word after a redirect, already in the reader's language
	Clock  string // set when the site runs on a clock of its own: the page says so
	Base   string // address of the site, without a slash at its end
	Site   Site
}

// Site is what is the same on every page.
type Site struct {
	Name   string
	Assets interface{ URL(name string) string }
	Demo   bool // units, people and texts are invented, and every page says so
}
