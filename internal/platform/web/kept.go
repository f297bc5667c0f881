package web

import (
	"encoding/base64"
	"encoding/json"

	"guangyi/internal/platform/seal"
)

// mostKept is how many a cookie of 4 kB holds.
const mostKept = 20

// Kept is something that a browser may read again: its public number and its
// secret. Sent: it was sent from here, so that the secret is shown.
type Kept struct {
	Number string `json:"n"`
	Secret string `json:"s"`
	Sent   bool   `json:"o,omitempty"`
}

// Drawer keeps, for the browser's session and sealed, what was sent or looked up
// from it, so that a page can be read again without the secret ever standing in an
// address. Cookie is its name.
type Drawer struct {
	Keys   *seal.Keys
	Cookie string
}

// All lists what is kept, the newest first.
func (d Drawer) All(c *Ctx) []Kept {
	raw, err := base64.RawURLEncoding.DecodeString(c.Cookies(d.Cookie))
	if err != nil || len(raw) == 0 {
		return nil
	}
	plain, err := d.Keys.Unseal(raw, d.Cookie)
	if err != nil {
		return nil // of another site or another time
	}
	var list []Kept
	if json.Unmarshal(plain, &list) != nil {
		return nil
	}
	return list
}

// Keep puts one in front; the oldest of too many is forgotten.
func (d Drawer) Keep(c *Ctx, add Kept) error {
	list := []Kept{add}
	for _, k := range d.All(c) {
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
	sealed, err := d.Keys.Seal(raw, d.Cookie)
	if err == nil {
		c.SetCookie(d.Cookie, base64.RawURLEncoding.EncodeToString(sealed))
	}
	return err
}

// At finds one by its number.
func (d Drawer) At(c *Ctx, number string) (Kept, bool) {
	for _, k := range d.All(c) {
		if k.Number == number {
			return k, true
		}
	}
	return Kept{}, false
}
