package verificationweb

import (
	"guangyi/internal/platform/web"
	"guangyi/views/registerview"
)

// script answers the program that the page on checking shows.
func (h handlers) script(c *web.Ctx) error {
	c.Set("Content-Type", "text/x-python; charset=utf-8")
	return c.SendString(registerview.Script)
}
