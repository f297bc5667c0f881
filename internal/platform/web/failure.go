package web

import (
	"errors"
	"log/slog"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
)

// faultMethod is the shell's own kind, for 405; the domain has no use for it.
const faultMethod fault.Kind = 100

var statuses = map[fault.Kind]int{
	fault.Malformed: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404,
	faultMethod: 405, fault.Conflict: 409, fault.Gone: 410, fault.TooLarge: 413, fault.Unsupported: 415,
	fault.Invalid: 422, fault.TooMany: 429, fault.Unbuilt: 501, fault.Unavailable: 503,
}

// StatusOf is the HTTP status of a fault.
func StatusOf(f *fault.Error) int { return statuses[f.Kind] }

// fail is the one place where errors become answers. What is no fault is logged
// and shown as a 500 without its text.
func (s *Site) fail(f *fiber.Ctx, err error) error {
	problem, status := s.classify(f, err)
	s.headers(f)
	f.Set(fiber.HeaderCacheControl, "no-store")
	if problem.RetryAfter > 0 {
		f.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(problem.RetryAfter.Seconds()))))
	}
	if status == fiber.StatusUnauthorized {
		f.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="guangyi"`)
	}
	if s.isAPI(f) {
		return s.problem(f, problem, status)
	}
	v := s.visit(f)
	if status == fiber.StatusUnauthorized && isRead(f) {
		return f.Redirect("/signin?next="+url.QueryEscape(v.Path), fiber.StatusSeeOther)
	}
	return s.failurePage(f, problem, status)
}

func (s *Site) failurePage(f *fiber.Ctx, problem *fault.Error, status int) error {
	c := s.ctx(f)
	show := Failure{Fault: problem, Status: status}
	resend := status == 400 || status == 401 || status == 403 || status == 409 || status == 429 || status >= 500
	if f.Method() == fiber.MethodPost && status != fiber.StatusRequestEntityTooLarge {
		show.Carry, show.Files = carry(f)
		if resend && len(show.Carry) > 0 {
			show.Action = pathAndQuery(f)
		}
	}
	c.Token()
	if err := c.Render(status, s.o.ErrorPage(c.Visit, show)); err != nil {
		s.o.Log.Error("the error page failed", "error", err)
		return f.Status(status).SendString(problem.Code)
	}
	f.Set(fiber.HeaderCacheControl, "no-store")
	return nil
}

func (s *Site) classify(f *fiber.Ctx, err error) (*fault.Error, int) {
	if p, ok := fault.As(err); ok {
		if status, known := statuses[p.Kind]; known {
			return p, status
		}
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		return fromFiber(fe)
	}
	if errors.Is(err, fasthttp.ErrBodyTooLarge) {
		return fault.New(fault.TooLarge, "too_large"), 413
	}
	s.o.Log.LogAttrs(f.UserContext(), slog.LevelError, "request failed",
		slog.String("method", f.Method()), slog.String("route", f.Route().Path), slog.Any("error", err))
	return fault.New(fault.Unavailable, "internal"), fiber.StatusInternalServerError
}

func fromFiber(fe *fiber.Error) (*fault.Error, int) {
	switch {
	case fe.Code == fiber.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "too_large"), fe.Code
	case fe.Code == fiber.StatusMethodNotAllowed:
		return fault.New(faultMethod, "method"), fe.Code
	case fe.Code == fiber.StatusNotFound:
		return fault.Missing(), fe.Code
	case fe.Code >= 400 && fe.Code < 500:
		return fault.New(fault.Malformed, "unreadable"), fe.Code
	}
	return fault.New(fault.Unavailable, "internal"), fe.Code
}

// ProblemField is a member of errors in a problem document.
type ProblemField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Problem is an RFC 9457 document.
type Problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Errors []ProblemField `json:"errors,omitempty"`
}

func (s *Site) problem(f *fiber.Ctx, p *fault.Error, status int) error {
	l := s.visit(f).Locale
	doc := Problem{
		Type:  s.o.BaseURL + "/problems/" + lastPart(p.Code),
		Title: Message(l, p.Code, p.Args...), Status: status,
	}
	for _, e := range p.Fields {
		doc.Errors = append(doc.Errors, ProblemField{e.Name, lastPart(e.Code), Message(l, e.Code, e.Args...)})
	}
	if key := "error." + p.Code + ".detail"; l.Has(key) {
		doc.Detail = l.T(key, p.Args...)
	}
	c := s.ctx(f)
	if err := c.Answer(status, doc); err != nil {
		return err
	}
	f.Set(fiber.HeaderContentType, "application/problem+json")
	return nil
}

// Message words a fault's code, "error.<code>" in the catalogue.
func Message(l *i18n.Locale, code string, args ...any) string {
	return l.T("error."+code, args...)
}

func lastPart(code string) string {
	return strings.ReplaceAll(code[strings.LastIndexByte(code, '.')+1:], "_", "-")
}
