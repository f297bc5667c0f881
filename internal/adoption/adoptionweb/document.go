package adoptionweb

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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

// summaryItem is a suggestion in a published summary, in the contract's words.
type summaryItem struct {
	Number      int           `json:"number"`
	Text        string        `json:"text"`
	Lang        string        `json:"lang"`
	Comments    int           `json:"comments"`
	Submissions int           `json:"submissions"`
	People      int           `json:"people"`
	Disposition adoption.Code `json:"disposition"`
	Reason      string        `json:"reason"`
	ReasonLang  string        `json:"reason_lang"`
	Provisions  []string      `json:"provisions"`
}

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
	return send(c, head, func(ctx context.Context, w io.Writer) error { return h.writeDocument(ctx, head, w) })
}

func (h handlers) writeDocument(ctx context.Context, head adoption.Summary, w io.Writer) error {
	counts, err := json.Marshal(head.Counts)
	if err != nil {
		return err
	}
	lang, title := quoted(head.Lang), quoted(head.Title)
	_, err = fmt.Fprintf(w, `{"title":%s,"lang":%s,"number":%d,"published_at":%s,"counts":%s,"balanced":%t,"suggestions":[`,
		title, lang, head.Number, quoted(head.PublishedAt.Format("2006-01-02T15:04:05.999999Z07:00")), counts, head.Balanced)
	if err != nil {
		return err
	}
	first := true
	err = h.adoption.Each(ctx, head, func(of adoption.Suggestion) error {
		raw, err := json.Marshal(summaryItem{of.Number, of.Text, of.Lang, of.Comments, of.Submissions, of.People, of.Disposition, of.Reason, of.ReasonLang, of.Provisions})
		if err != nil {
			return err
		}
		if !first {
			raw = append([]byte{','}, raw...)
		}
		first = false
		_, err = w.Write(raw)
		return err
	})
	if err != nil {
		return err
	}
	checkpoint, err := h.adoption.Checkpoint(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `],"checkpoint":%s}`, quoted(checkpoint))
	return err
}

func quoted(text string) []byte {
	raw, err := json.Marshal(text)
	if err != nil { // a string always has a JSON form
		return []byte(`""`)
	}
	return raw
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
