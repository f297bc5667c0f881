package adoptionweb

import (
	"github.com/gofiber/fiber/v2"

	"guangyi/internal/platform/web"
)

// accountsPerMinute is how many accounts one address may fetch: each is sorted
// anew.
const accountsPerMinute = 30

// account answers the account of every submission of a published summary.
func (h handlers) account(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := c.Limit("account", accountsPerMinute); err != nil {
		return err
	}
	head, err := h.adoption.Summary(c.UserContext(), slug)
	if err != nil {
		return err
	}
	account, err := h.adoption.Account(c.UserContext(), head)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	c.Context().Response.SetBodyStream(account, -1) // closes it
	return nil
}
