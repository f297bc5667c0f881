// Package registerweb serves the public register: its page, and to programs all
// that a follower needs over plain HTTP.
package registerweb

import (
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
)

// Services are what the pages are made of.
type Services struct {
	Register *register.Service
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/log", h.log, web.Cached)
	s.Get("/log/format", h.format, web.Cached)
	s.Get("/log/vectors.json", h.vectors, web.Download)
	s.Get("/log/follow.py", h.follower, web.Download)

	s.Get(web.APIPrefix+"/log/checkpoint", h.checkpoint)
	s.Get(web.APIPrefix+"/log/checkpoints", h.checkpoints)
	s.Get(web.APIPrefix+"/log/key", h.key)
	s.Get(web.APIPrefix+"/log/keys", h.keys)
	s.Get(web.APIPrefix+"/log/entries", h.entries)
	s.Get(web.APIPrefix+"/log/consistency", h.consistency)
}
