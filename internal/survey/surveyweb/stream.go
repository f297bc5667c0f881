package surveyweb

import (
	"bufio"
	"context"
	"fmt"

	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
)

// stream writes the table while it is read. An error on the way cuts the answer
// off, which its reader notices: the length was not announced.
func (h handlers) stream(c *web.Ctx, slug string, format sheet.Format) error {
	ctx, who := context.WithoutCancel(c.UserContext()), c.Who()
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		if err := h.Surveys.Export(ctx, who, slug, w, format); err != nil {
			panic(fmt.Errorf("the table of %s broke off: %w", slug, err))
		}
	})
	return nil
}
