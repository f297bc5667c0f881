package adoptionweb

import (
	"bytes"
	"context"
	"io"
	"os"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/web"
)

const (
	// accountsPerMinute is how many accounts one address may fetch: each is sorted
	// anew.
	accountsPerMinute = 30
	// accountInMemory is up to how many submissions an account is written into
	// memory. A longer one waits in a file for its reader, so that a slow one holds
	// no database connection.
	accountInMemory = 20000
)

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
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	if head.Counts.Submissions <= accountInMemory {
		var b bytes.Buffer
		if err := h.adoption.WriteAccount(c.UserContext(), head, &b); err != nil {
			return err
		}
		return c.Send(b.Bytes())
	}
	return h.longAccount(c, head)
}

// longAccount goes by a file that has no name any more: it is gone when the answer
// was sent or broken off.
func (h handlers) longAccount(c *web.Ctx, head adoption.Summary) error {
	file, err := os.CreateTemp("", "account")
	if err != nil {
		return err
	}
	if err := spool(c.UserContext(), h.adoption, head, file); err != nil {
		_ = file.Close()
		return err
	}
	c.Context().Response.SetBodyStream(file, -1) // closes it
	return nil
}

func spool(ctx context.Context, s *adoption.Service, head adoption.Summary, file *os.File) error {
	if err := os.Remove(file.Name()); err != nil {
		return err
	}
	if err := s.WriteAccount(ctx, head, file); err != nil {
		return err
	}
	_, err := file.Seek(0, io.SeekStart)
	return err
}
