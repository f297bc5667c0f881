package representativeweb

import (
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
)

// drawer keeps the memberships that were applied for or looked up from this browser.
func (h handlers) drawer() web.Drawer { return web.Drawer{Keys: h.keys, Cookie: "gy_representative"} }

// holder is whoever asks for the membership of the address, with the secret that
// this browser has shown before.
func (h handlers) holder(c *web.Ctx) (representative.Holder, web.Kept) {
	reference, _ := representative.ReadReference(c.Params("reference"))
	k, _ := h.drawer().At(c, reference)
	return representative.Holder{Reference: reference, Secret: k.Secret}, k
}
