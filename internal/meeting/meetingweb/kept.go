package meetingweb

import (
	"encoding/base64"
	"encoding/json"

	"guangyi/internal/platform/web"
)

// appliedCookie keeps, for the browser's session and sealed, the applications that were
// sent or looked up from it: so that a page can be read again without the secret
// ever standing in an address.
const (
	appliedCookie = "gy_applied"
	mostKept      = 20 // a cookie holds 4 kB
)

// kept is one application. Sent: it was sent from here, its secret is shown.
type kept struct {
	Number string `json:"n"`
	Secret string `json:"s"`
	Sent   bool   `json:"o,omitempty"`
}

func (h handlers) applications(c *web.Ctx) []kept {
	raw, err := base64.RawURLEncoding.DecodeString(c.Cookies(appliedCookie))
	if err != nil || len(raw) == 0 {
		return nil
	}
	plain, err := h.Keys.Unseal(raw, appliedCookie)
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
	for _, k := range h.applications(c) {
		if k.Number == add.Number {
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
	sealed, err := h.Keys.Seal(raw, appliedCookie)
	if err == nil {
		c.SetCookie(appliedCookie, base64.RawURLEncoding.EncodeToString(sealed))
	}
	return err
}

func (h handlers) keptAt(c *web.Ctx, number string) (kept, bool) {
	for _, k := range h.applications(c) {
		if k.Number == number {
			return k, true
		}
	}
	return kept{}, false
}
