package adoptionweb

import (
	"bytes"
	"context"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"guangyi/internal/adoption"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
)

// inMemory is how many suggestions are written into memory before they are sent;
// longer summaries go out as they are read.
const inMemory = 2000

// document answers the contract's JSON of a published summary.
func (h handlers) document(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	head, err := h.adoption.Summary(c.UserContext(), slug)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return send(c, head, func(ctx context.Context, w io.Writer) error { return h.adoption.WriteDocument(ctx, head, w) })
}

// download answers the table of a published summary as CSV or XLSX.
func (h handlers) download(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	format := sheet.Format(c.Path()[strings.LastIndexByte(c.Path(), '.')+1:])
	head, err := h.adoption.Summary(c.UserContext(), slug)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, format.MediaType())
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+slug+`-summary`+format.Extension()+`"`)
	return send(c, head, func(ctx context.Context, w io.Writer) error { return h.adoption.WriteTable(ctx, head, w, format) })
}

// send writes a summary at once, or piece by piece when it is long: then an error on
// the way cuts the answer off, which its reader notices.
func send(c *web.Ctx, head adoption.Summary, write func(context.Context, io.Writer) error) error {
	ctx := c.UserContext()
	if head.Counts.Suggestions <= inMemory {
		var b bytes.Buffer
		if err := write(ctx, &b); err != nil {
			return err
		}
		return c.Send(b.Bytes())
	}
	from, to := io.Pipe()
	go func() { to.CloseWithError(write(context.WithoutCancel(ctx), to)) }()
	// An unread rest ends the writer: the server closes the pipe with the connection.
	c.Context().Response.SetBodyStream(from, -1)
	return nil
}
