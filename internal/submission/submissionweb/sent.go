package submissionweb

import (
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// drawer keeps the receipts that were sent or looked up from this browser.
func (h handlers) drawer() web.Drawer { return web.Drawer{Keys: h.Keys, Cookie: submission.Drawer} }
