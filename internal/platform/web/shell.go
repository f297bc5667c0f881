package web

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/visit"
)

// Cookies of the site.
const (
	SessionCookie  = "gy_session"
	visitCookie    = "gy_visit" // ties the tokens of forms to a browser without account
	languageCookie = "gy_lang"
	elderCookie    = "gy_elder"
	themeCookie    = "gy_theme"
	noticeCookie   = "gy_notice"
)

// policy forbids every script and style that is not the site's own file.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"

type localKey string

const visitKey localKey = "visit"

// shell is the one middleware: it keeps the order of things readable in one place.
func (s *Site) shell(f *fiber.Ctx) (err error) {
	began := time.Now()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("a fault of the program: %v\n%s", r, debug.Stack())
		}
		if err != nil {
			err = s.fail(f, err)
		}
		s.observe(f, began)
	}()
	s.headers(f)
	if err := s.prepare(f); err != nil {
		return err
	}
	return f.Next()
}

// prepare makes the visit and refuses what no handler should see.
func (s *Site) prepare(f *fiber.Ctx) error {
	v := s.visit(f)
	if s.isAPI(f) {
		return s.prepareAPI(f, v)
	}
	if err := s.signedIn(f, v); err != nil {
		return err
	}
	if isRead(f) {
		return readableQuery(f)
	}
	if f.Method() != fiber.MethodPost { // no form sends it; the answer needs no guard
		return s.noRoute(f)
	}
	if err := s.limit(f, "post", postsPerMinute); err != nil {
		return err
	}
	if err := readableForm(f); err != nil {
		return err
	}
	return s.checkToken(f)
}

func (s *Site) prepareAPI(f *fiber.Ctx, v *visit.Visit) error {
	if isRead(f) || f.Method() == fiber.MethodOptions {
		f.Set(fiber.HeaderAccessControlAllowOrigin, "*")
		f.Set(fiber.HeaderAccessControlAllowHeaders, "Authorization, Content-Type, Receipt-Secret, Idempotency-Key")
	} else if f.Get(fiber.HeaderOrigin) != "" {
		f.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	}
	if err := readableQuery(f); err != nil {
		return err
	}
	token, given := strings.CutPrefix(f.Get(fiber.HeaderAuthorization), "Bearer ")
	if !given {
		return nil
	}
	who, err := s.o.Bearer(f.UserContext(), strings.TrimSpace(token))
	if err != nil {
		return err
	}
	v.Actor = who
	f.Set(fiber.HeaderCacheControl, "no-store")
	return nil
}

func (s *Site) signedIn(f *fiber.Ctx, v *visit.Visit) error {
	token := f.Cookies(SessionCookie)
	if token == "" || s.o.Session == nil {
		return nil
	}
	who, err := s.o.Session(f.UserContext(), token)
	if fault.Is(err, fault.Unauthenticated) {
		return nil // the session ended: the person is anonymous now
	}
	if err == nil {
		v.Actor = who
	}
	return err
}

// guards go with every answer; they are written as they stand, without a look at
// their spelling.
var guards = [][2][]byte{
	{[]byte("Content-Security-Policy"), []byte(policy)},
	{[]byte("X-Content-Type-Options"), []byte("nosniff")},
	{[]byte("Referrer-Policy"), []byte("same-origin")},
	{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
	{[]byte("Permissions-Policy"), []byte("camera=(), microphone=(), geolocation=()")},
	{[]byte(fiber.HeaderVary), []byte(fiber.HeaderAcceptLanguage + ", " + fiber.HeaderCookie)},
}

func (s *Site) headers(f *fiber.Ctx) {
	h := &f.Response().Header
	for _, g := range guards {
		h.SetCanonical(g[0], g[1])
	}
	if strings.HasPrefix(s.o.BaseURL, "https://") {
		f.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// visit gives the request's visit and makes it at the first call; the error
// handler needs one too when no middleware ran.
func (s *Site) visit(f *fiber.Ctx) *visit.Visit {
	if v, ok := f.Locals(visitKey).(*visit.Visit); ok {
		return v
	}
	v := &visit.Visit{
		Locale: s.language(f), Actor: actor.Public(), Now: s.o.Clock.Now(), Path: pathAndQuery(f),
		Base: s.o.BaseURL, Site: s.o.Site,
	}
	v.Elder = s.choice(f, "elder", elderCookie, "1") == "1"
	if t := s.choice(f, "theme", themeCookie, "dark", "light"); t != "0" {
		v.Theme = t
	}
	if key := f.Cookies(noticeCookie); key != "" && isRead(f) && v.Locale.Has(key) {
		v.Notice = v.Locale.T(key)
		s.cookie(f, noticeCookie, "", -1)
	}
	if s.o.ClockNote {
		v.Clock = v.Locale.T("site.clock", "now", v.Locale.DateTime(v.Now))
	}
	f.Locals(visitKey, v)
	return v
}

// choice reads a preference from the query (and keeps it in a cookie) or the
// cookie. "0" takes it back.
func (s *Site) choice(f *fiber.Ctx, name, cookie string, values ...string) string {
	if asked := query(f, name); asked != "" {
		if asked == "0" {
			s.cookie(f, cookie, "", -1)
			return "0"
		}
		for _, v := range values {
			if asked == v {
				s.cookie(f, cookie, v, 365*24*3600)
				return v
			}
		}
	}
	kept := f.Cookies(cookie)
	for _, v := range values {
		if kept == v {
			return v
		}
	}
	return ""
}

// query is a parameter of the address; most addresses have none to look through.
func query(f *fiber.Ctx, name string) string {
	if len(f.Context().URI().QueryString()) == 0 {
		return ""
	}
	return f.Query(name)
}

// cookie sets one of the site's cookies; maxAge 0 lasts the browser's session.
func (s *Site) cookie(f *fiber.Ctx, name, value string, maxAge int) {
	c := &fiber.Cookie{
		Name: name, Value: value, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
		Secure: strings.HasPrefix(s.o.BaseURL, "https://"), MaxAge: maxAge, SessionOnly: maxAge == 0,
	}
	if maxAge < 0 {
		c.Expires = time.Unix(1, 0)
	}
	f.Cookie(c)
}

func (s *Site) observe(f *fiber.Ctx, began time.Time) {
	status := f.Response().StatusCode()
	if s.o.Observe != nil {
		s.o.Observe(f.Method(), f.Route().Path, status, time.Since(began))
	}
}

func (s *Site) isAPI(f *fiber.Ctx) bool {
	return strings.HasPrefix(f.Path(), APIPrefix+"/") || f.Path() == APIPrefix
}

func isRead(f *fiber.Ctx) bool {
	return f.Method() == fiber.MethodGet || f.Method() == fiber.MethodHead
}

func pathAndQuery(f *fiber.Ctx) string {
	return strings.ToValidUTF8(string(f.Request().URI().RequestURI()), "")
}

func randomToken() string {
	b := make([]byte, 18)
	_, _ = rand.Read(b) // crypto/rand never fails on the systems that Go supports
	return base64.RawURLEncoding.EncodeToString(b)
}
