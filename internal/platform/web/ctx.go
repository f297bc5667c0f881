package web

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/gabriel-vasile/mimetype"
	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/visit"
)

// Ctx is one request with its visit.
type Ctx struct {
	*fiber.Ctx
	Visit *visit.Visit
	site  *Site
}

func (s *Site) ctx(f *fiber.Ctx) *Ctx { return &Ctx{Ctx: f, Visit: s.visit(f), site: s} }

// Who is the person or program that asks.
func (c *Ctx) Who() actor.Actor { return c.Visit.Actor }

// Now is the instant at which the whole request had been received.
func (c *Ctx) Now() time.Time { return c.Visit.Now }

// T gives a message in the reader's language.
func (c *Ctx) T(key string, args ...any) string { return c.Visit.Locale.T(key, args...) }

// Token puts the guard of forms into the visit and gives it; the page is then
// personal and not cached.
func (c *Ctx) Token() string {
	if c.Visit.CSRF == "" {
		c.Visit.CSRF = c.site.token(c.Ctx)
	}
	return c.Visit.CSRF
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render answers with a page. Pages of routes that are not Cached get the guard
// for their forms and are never stored by anybody.
func (c *Ctx) Render(status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := page.Render(c.UserContext(), b); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if len(c.Response().Header.Peek(fiber.HeaderCacheControl)) == 0 {
		c.Set(fiber.HeaderCacheControl, "private, no-store")
	}
	c.Status(status)
	if c.shrinks() {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		c.Vary(fiber.HeaderAcceptEncoding)
		c.Response().SetBodyRaw(zipped(b.Bytes()))
		return nil
	}
	c.Response().SetBody(b.Bytes()) // copies
	return nil
}

// shrinks reports whether the answer is compressed here; the cache of pages does
// it for its own, once.
func (c *Ctx) shrinks() bool {
	caching := string(c.Response().Header.Peek(fiber.HeaderCacheControl)) == "no-cache"
	return !caching && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip")
}

// SeeOther redirects after a form was taken (303, so that reloading asks again).
func (c *Ctx) SeeOther(path string) error { return c.Redirect(path, fiber.StatusSeeOther) }

// SetNotice keeps a message key for the next page.
func (c *Ctx) SetNotice(key string) { c.site.cookie(c.Ctx, noticeCookie, key, 60) }

// SetSession keeps the session's token in the browser; empty ends it.
func (c *Ctx) SetSession(token string) {
	if token == "" {
		c.site.cookie(c.Ctx, SessionCookie, "", -1)
		return
	}
	c.site.cookie(c.Ctx, SessionCookie, token, 0)
}

// SetCookie keeps a value for the browser's session.
func (c *Ctx) SetCookie(name, value string) { c.site.cookie(c.Ctx, name, value, 0) }

// DropCookie takes a value back.
func (c *Ctx) DropCookie(name string) { c.site.cookie(c.Ctx, name, "", -1) }

// asDownload lets anybody's copy be asked for again: it has no form, so that no
// cookie is set with it. What is personal says so itself, later.
func (c *Ctx) asDownload() {
	rule := "no-cache"
	if c.Who().Known() {
		rule = "private, no-store"
	}
	c.Set(fiber.HeaderCacheControl, rule)
}

// NoStore marks an answer that is for this person only.
func (c *Ctx) NoStore() { c.Set(fiber.HeaderCacheControl, "no-store") }

// Slug reads the parameter slug; anything that cannot be one is not there.
func (c *Ctx) Slug() (string, error) { return c.SlugParam("slug") }

// SlugParam reads a parameter of the form [a-z0-9-]{1,80}.
func (c *Ctx) SlugParam(name string) (string, error) {
	s := c.Params(name)
	if len(s) == 0 || len(s) > 80 {
		return "", fault.Missing()
	}
	for i := range len(s) {
		if b := s[i]; b != '-' && (b < '0' || b > '9') && (b < 'a' || b > 'z') {
			return "", fault.Missing()
		}
	}
	return s, nil
}

// IDParam reads an identifier from the path.
func (c *Ctx) IDParam(name string) (int64, error) {
	if id, ok := ids.Parse(c.Params(name)); ok {
		return id, nil
	}
	return 0, fault.Missing()
}

// NumberParam reads a positive number from the path.
func (c *Ctx) NumberParam(name string) (int, error) {
	n, err := strconv.Atoi(c.Params(name))
	if err != nil || n < 1 {
		return 0, fault.Missing()
	}
	return n, nil
}

// Form is one field of the form, as typed.
func (c *Ctx) Form(name string) string { return c.FormValue(name) }

// FormAll gives every value of a repeated field, in order.
func (c *Ctx) FormAll(name string) []string {
	if form, err := c.MultipartForm(); err == nil {
		return form.Value[name]
	}
	var out []string
	for _, v := range c.Request().PostArgs().PeekMulti(name) {
		out = append(out, string(v))
	}
	return out
}

// FormVersion reads the hidden field version; 0 when there is none.
func (c *Ctx) FormVersion() int64 {
	n, err := strconv.ParseInt(c.FormValue("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// File is an uploaded file.
type File struct {
	Name      string
	MediaType string // by content
	Data      []byte
}

// Upload reads a file of at most limit bytes; nil when none was chosen.
func (c *Ctx) Upload(field string, limit int64) (*File, error) {
	form, err := c.MultipartForm()
	if err != nil || len(form.File[field]) == 0 || form.File[field][0].Size == 0 {
		return nil, nil
	}
	head := form.File[field][0]
	if head.Size > limit {
		return nil, fault.Fields{{Name: field, Code: "file_too_large", Args: []any{"megabytes", limit >> 20}}}.Err()
	}
	return open(head)
}

// Uploads reads the files of a field in their order, most at most: whether they are
// too many, too large or empty is the caller's question. BodyLimit bounds them.
func (c *Ctx) Uploads(field string, most int) ([]*File, error) {
	form, err := c.MultipartForm()
	if err != nil {
		return nil, nil
	}
	var out []*File
	for _, head := range form.File[field] {
		if head.Filename == "" && head.Size == 0 {
			continue // nothing was chosen
		}
		if len(out) == most {
			break
		}
		f, err := open(head)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func open(head *multipart.FileHeader) (*File, error) {
	f, err := head.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return &File{Name: strings.ToValidUTF8(head.Filename, ""), MediaType: mimetype.Detect(data).String(), Data: data}, nil
}

// QueryText reads a text from the query; readable by then.
func (c *Ctx) QueryText(name string) string { return c.Query(name) }

// Page reads limit and cursor leniently: what is not a number counts as absent,
// too much as the most.
func (c *Ctx) Page(usual, most int) (limit int, cursor int64) {
	limit = usual
	if n, err := strconv.Atoi(c.Query("limit")); err == nil && n > 0 {
		limit = min(n, most)
	} else if len(c.Query("limit")) > 9 && strings.Trim(c.Query("limit"), "0123456789") == "" {
		limit = most
	}
	cursor, _ = ids.Parse(c.Query("cursor"))
	return limit, cursor
}

// With is this page's path with one query parameter set ("" takes it out).
func (c *Ctx) With(key, value string) string {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		q = url.Values{}
	}
	q.Del(key)
	if value != "" {
		q.Set(key, value)
	}
	if len(q) == 0 {
		return c.Path()
	}
	return c.Path() + "?" + q.Encode()
}
