package server

import (
	_ "embed"
	"fmt"

	"github.com/goccy/go-yaml"

	"guangyi/internal/platform/web"
)

// openapi describes the API. It is written by hand, because it promises to
// outside programs what the code must keep: a test holds it against the router.
//
//go:embed openapi.yaml
var openapi []byte

// mountDescription serves the OpenAPI document.
func mountDescription(s *web.Site) error {
	doc, err := yaml.YAMLToJSON(openapi)
	if err != nil {
		return fmt.Errorf("openapi.yaml: %w", err)
	}
	s.Get(web.APIPrefix+"/openapi.json", func(c *web.Ctx) error {
		c.Set("Content-Type", "application/json")
		c.Set("Cache-Control", "public, max-age=300")
		c.Response().SetBodyRaw(doc)
		return nil
	})
	return nil
}
