package server

import (
	"strings"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/assets"
)

// mountAssets serves the built style sheets and scripts. Their addresses change
// with their content, so browsers keep them for a year.
func mountAssets(s *web.Site, set *assets.Set) {
	s.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return fault.Missing()
		}
		body, encoding := f.Body, ""
		accepted := c.Get("Accept-Encoding")
		switch {
		case f.Brotli != nil && strings.Contains(accepted, "br"):
			body, encoding = f.Brotli, "br"
		case f.Gzip != nil && strings.Contains(accepted, "gzip"):
			body, encoding = f.Gzip, "gzip"
		}
		if encoding != "" {
			c.Set("Content-Encoding", encoding)
		}
		c.Set("Vary", "Accept-Encoding")
		c.Set("Cache-Control", "public, max-age=31536000, immutable")
		c.Set("Content-Type", f.ContentType)
		c.Response().SetBodyRaw(body)
		return nil
	}, web.Download)
}
