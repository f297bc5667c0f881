// Package web is the fiber shell: it turns requests into a Ctx with its Visit,
// and answers, errors included, into pages or JSON. It knows no word of the
// domain; sessions, pages for errors and the like come in through Options.
package web

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
)

// BodyLimit is above the sum of the maxima of every form, so that a text that is
// too long comes back with its form and not as a cut connection. Bytes.
const BodyLimit = 32 << 20

// APIPrefix is where programs talk.
const APIPrefix = "/api/v1"

// Failure is what an error page shows.
type Failure struct {
	Fault  *fault.Error
	Status int
	// Carry holds what was typed into a form that could not be taken: the page
	// offers to send it again, so that nothing is lost.
	Carry  []Pair
	Action string // where to send it again; empty: nowhere
	Files  bool   // files were attached, which cannot be carried
}

// Pair is one field of a form.
type Pair struct{ Name, Value string }

// Options are what the shell needs of the rest of the program.
type Options struct {
	Bundle    *i18n.Bundle
	Language  string // when the reader asks for none
	Zone      *time.Location
	Clock     clock.Clock
	ClockNote bool // the clock is not the machine's: every page says so
	Keys      *seal.Keys
	BaseURL   string
	Site      visit.Site
	Limits    bool // limits per address
	PageCache bool
	Log       *slog.Logger

	Session   func(ctx context.Context, token string) (actor.Actor, error) // of the cookie gy_session
	Bearer    func(ctx context.Context, token string) (actor.Actor, error) // of an API token
	ErrorPage func(*visit.Visit, Failure) templ.Component
	Observe   func(method, route string, status int, took time.Duration)
	Limited   func(kind string) // a request was slowed down; may be nil
}

// Site is the running shell.
type Site struct {
	app    *fiber.App
	o      Options
	pages  *pageCache
	limits *limiter
	routes []RouteInfo
}

// RouteInfo describes a route for the tests that must forget none.
type RouteInfo struct {
	Method, Path string
	Page         bool // answers HTML to GET
	API          bool
	Cached       bool
}

// New makes the shell with its middleware; routes are added by Get, Post and so on.
func New(o Options) *Site {
	s := &Site{o: o, limits: newLimiter()}
	if o.PageCache {
		s.pages = newPageCache()
	}
	s.app = fiber.New(fiber.Config{
		AppName:               "guangyi",
		DisableStartupMessage: true,
		Immutable:             true, // kept strings of a request were seen overwritten without it
		BodyLimit:             BodyLimit,
		ReadTimeout:           60 * time.Second,
		WriteTimeout:          60 * time.Second,
		IdleTimeout:           75 * time.Second,
		ReadBufferSize:        16 << 10, // longest header
		ErrorHandler:          s.fail,
		StrictRouting:         false,
		CaseSensitive:         true,
		// A broken multipart body is refused by the shell, which knows the path; fasthttp does not yet.
		DisablePreParseMultipartForm: true,
	})
	s.app.Use(s.shell)
	return s
}

// App is the fiber application, for serving and for tests.
func (s *Site) App() *fiber.App { return s.app }

// Routes lists every route, in the order of registration.
func (s *Site) Routes() []RouteInfo { return s.routes }

// Serve answers on the listener until Shutdown.
func (s *Site) Serve(l net.Listener) error { return s.app.Listener(l) }

// Shutdown lets requests in flight end, at most d long.
func (s *Site) Shutdown(d time.Duration) error { return s.app.ShutdownWithTimeout(d) }

// Handler answers one request. What it returns is mapped to an error page or a
// problem document.
type Handler func(c *Ctx) error

// Option says something about a route.
type Option func(*RouteInfo)

// Cached marks a page that holds nothing personal and no token: the shell may
// answer it from memory for up to a second, and with 304.
func Cached(r *RouteInfo) { r.Cached = true }

// Download marks a GET route that answers something else than a page.
func Download(r *RouteInfo) { r.Page = false }

// Get adds a route for GET (and HEAD).
func (s *Site) Get(path string, h Handler, opts ...Option) { s.add(fiber.MethodGet, path, h, opts) }

// Post adds a route for POST.
func (s *Site) Post(path string, h Handler, opts ...Option) { s.add(fiber.MethodPost, path, h, opts) }

// Put adds a route for PUT.
func (s *Site) Put(path string, h Handler, opts ...Option) { s.add(fiber.MethodPut, path, h, opts) }

// Patch adds a route for PATCH.
func (s *Site) Patch(path string, h Handler, opts ...Option) { s.add(fiber.MethodPatch, path, h, opts) }

// Delete adds a route for DELETE.
func (s *Site) Delete(path string, h Handler, opts ...Option) {
	s.add(fiber.MethodDelete, path, h, opts)
}

func (s *Site) add(method, path string, h Handler, opts []Option) {
	info := RouteInfo{Method: method, Path: path, API: strings.HasPrefix(path, APIPrefix)}
	info.Page = method == fiber.MethodGet && !info.API
	for _, o := range opts {
		o(&info)
	}
	s.routes = append(s.routes, info)
	run := func(f *fiber.Ctx) error {
		c := s.ctx(f)
		switch {
		case info.API:
		case method == fiber.MethodGet && !info.Page:
			c.asDownload()
		case !info.Cached || c.Who().Known():
			c.Token()
		}
		return h(c)
	}
	if info.Cached && s.pages != nil {
		run = s.pages.wrap(s, run)
	}
	s.app.Add(method, path, run)
	if method == fiber.MethodGet {
		s.app.Add(fiber.MethodHead, path, run)
	}
}

// Finish adds the answers for what no route takes: 405 where another method
// would do, 404 elsewhere. Call it after the last route.
func (s *Site) Finish() {
	s.app.Use(func(f *fiber.Ctx) error {
		if f.Method() == fiber.MethodOptions && s.isAPI(f) {
			f.Set(fiber.HeaderAccessControlAllowMethods, "GET, POST, PUT, PATCH, DELETE")
			return f.SendStatus(fiber.StatusNoContent)
		}
		return s.noRoute(f)
	})
}

// noRoute answers what no route takes.
func (s *Site) noRoute(f *fiber.Ctx) error {
	if s.otherMethod(f) {
		return fault.New(faultMethod, "method")
	}
	return fault.Missing()
}

// otherMethod reports whether the path is served under another method, and sets Allow.
func (s *Site) otherMethod(f *fiber.Ctx) bool {
	var allow []string
	for _, r := range s.routes {
		if r.Method != f.Method() && fiber.RoutePatternMatch(f.Path(), r.Path) {
			allow = append(allow, r.Method)
		}
	}
	if len(allow) == 0 {
		return false
	}
	f.Set(fiber.HeaderAllow, strings.Join(allow, ", "))
	return true
}
