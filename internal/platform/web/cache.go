package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

// A page in memory is answered for pageLife without asking again, so that a
// change is visible within a second.
const (
	pageLife  = 900 * time.Millisecond
	mostPages = 2000
	mostBytes = 64 << 20
)

// pageCache keeps public pages of visitors without a session.
type pageCache struct {
	mu    sync.RWMutex
	pages map[string]*cachedPage
	bytes int
}

type cachedPage struct {
	made  time.Time
	kind  []byte
	etag  string
	plain []byte
	once  sync.Once
	zip   []byte
}

func newPageCache() *pageCache { return &pageCache{pages: map[string]*cachedPage{}} }

// wrap answers a route's GET from memory when it may, else runs it and keeps the page.
func (p *pageCache) wrap(s *Site, run fiber.Handler) fiber.Handler {
	return func(f *fiber.Ctx) error {
		if !isRead(f) || s.visit(f).Actor.Known() || f.Cookies(noticeCookie) != "" {
			return run(f)
		}
		key := pageKey(s, f)
		if page := p.get(key); page != nil {
			return page.send(f)
		}
		f.Set(fiber.HeaderCacheControl, "no-cache")
		if err := run(f); err != nil {
			return err
		}
		if f.Response().StatusCode() != fiber.StatusOK || len(f.Response().Header.Peek(fiber.HeaderSetCookie)) > 0 {
			return nil
		}
		page := newPage(f)
		p.put(key, page)
		return page.send(f)
	}
}

// pageKey is all on which a public page depends.
func pageKey(s *Site, f *fiber.Ctx) string {
	v := s.visit(f)
	elder := "0"
	if v.Elder {
		elder = "1"
	}
	return v.Locale.Tag() + elder + v.Theme + " " + v.Path
}

func (p *pageCache) get(key string) *cachedPage {
	p.mu.RLock()
	page := p.pages[key]
	p.mu.RUnlock()
	if page == nil || time.Since(page.made) > pageLife {
		return nil
	}
	return page
}

func (p *pageCache) put(key string, page *cachedPage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.pages) >= mostPages || p.bytes > mostBytes {
		clear(p.pages) // pages live a second: beginning again costs less than keeping order
		p.bytes = 0
	}
	if old := p.pages[key]; old != nil {
		p.bytes -= len(old.plain)
	}
	p.pages[key] = page
	p.bytes += len(page.plain)
}

func newPage(f *fiber.Ctx) *cachedPage {
	body := append([]byte(nil), f.Response().Body()...)
	sum := sha256.Sum256(body)
	return &cachedPage{
		made: time.Now(), plain: body, etag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		kind: append([]byte(nil), f.Response().Header.ContentType()...),
	}
}

func (page *cachedPage) send(f *fiber.Ctx) error {
	f.Set(fiber.HeaderCacheControl, "no-cache")
	f.Set(fiber.HeaderETag, page.etag)
	if f.Get(fiber.HeaderIfNoneMatch) == page.etag {
		f.Response().ResetBody()
		return f.SendStatus(fiber.StatusNotModified)
	}
	f.Response().Header.SetContentTypeBytes(page.kind)
	if strings.Contains(f.Get(fiber.HeaderAcceptEncoding), "gzip") {
		page.once.Do(func() { page.zip = zipped(page.plain) })
		f.Set(fiber.HeaderContentEncoding, "gzip")
		f.Vary(fiber.HeaderAcceptEncoding)
		f.Response().SetBodyRaw(page.zip)
		return nil
	}
	f.Response().SetBodyRaw(page.plain)
	return nil
}

var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func zipped(plain []byte) []byte {
	var b bytes.Buffer
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&b)
	_, _ = w.Write(plain) // a bytes.Buffer takes all
	_ = w.Close()
	return b.Bytes()
}
