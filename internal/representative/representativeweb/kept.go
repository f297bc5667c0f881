package representativeweb

import (
	"encoding/base64"
	"encoding/json"

	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
)

// keptCookie keeps, for the browser's session and sealed, the memberships that were
// applied for or looked up from it: so that a page can be read again without the
// secret ever standing in an address.
const (
	keptCookie = "gy_representative"
	mostKept   = 10
)

// kept is one membership. Sent: it was applied for from here, its secret is shown.
type kept struct {
	Reference string `json:"r"`
	Secret    string `json:"s"`
	Sent      bool   `json:"o,omitempty"`
}

func (h handlers) kept(c *web.Ctx) []kept {
	raw, err := base64.RawURLEncoding.DecodeString(c.Cookies(keptCookie))
	if err != nil || len(raw) == 0 {
		return nil
	}
	plain, err := h.keys.Unseal(raw, keptCookie)
	if err != nil {
		return nil // of another site or another time
	}
	var list []kept
	if json.Unmarshal(plain, &list) != nil {
		return nil
	}
	return list
}

func (h handlers) keep(c *web.Ctx, add kept) error {
	list := []kept{add}
	for _, k := range h.kept(c) {
		if k.Reference == add.Reference {
			list[0].Sent = list[0].Sent || k.Sent
			continue
		}
		if len(list) < mostKept {
			list = append(list, k)
		}
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return err
	}
	sealed, err := h.keys.Seal(raw, keptCookie)
	if err == nil {
		c.SetCookie(keptCookie, base64.RawURLEncoding.EncodeToString(sealed))
	}
	return err
}

// holder is whoever asks for the membership of the address, with the secret that
// this browser has shown before.
func (h handlers) holder(c *web.Ctx) (representative.Holder, kept) {
	reference, _ := representative.ReadReference(c.Params("reference"))
	for _, k := range h.kept(c) {
		if k.Reference == reference {
			return representative.Holder{Reference: reference, Secret: k.Secret}, k
		}
	}
	return representative.Holder{Reference: reference}, kept{}
}
