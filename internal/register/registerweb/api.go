package registerweb

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
)

// How long an answer may be kept by anybody on the way: what names its numbers
// never changes; the newest checkpoint is asked for again each time.
const (
	settled = "public, max-age=86400"
	moving  = "public, no-cache"
)

// cacheable sets how long an answer may be kept and its mark; it reports whether
// the asker has it already, and is then answered.
func cacheable(c *web.Ctx, rule, body string) (known bool) {
	if c.Who().Known() {
		return false // with a token nothing is kept
	}
	sum := sha256.Sum256([]byte(body))
	mark := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Set("Cache-Control", rule)
	c.Set("ETag", mark)
	if c.Get("If-None-Match") != mark {
		return false
	}
	c.Status(304)
	return true
}

func text(c *web.Ctx, rule, body string) error {
	if cacheable(c, rule, body) {
		return nil
	}
	c.Set("Content-Type", "text/plain; charset=utf-8")
	return c.SendString(body)
}

// checkpoint is the newest signed note.
func (h handlers) checkpoint(c *web.Ctx) error {
	newest, err := h.Register.Checkpoint(c.UserContext())
	if err != nil {
		return err
	}
	return text(c, moving, newest.Note)
}

// key lists the Ed25519 verifier keys, the current one first, a line each.
func (h handlers) key(c *web.Ctx) error {
	keys, err := h.Register.Keys(c.UserContext())
	if err != nil {
		return err
	}
	return text(c, moving, strings.Join(keys, "\n")+"\n")
}

type keyItem struct {
	Ed25519         string    `json:"ed25519"`
	SM2             string    `json:"sm2"`
	CreatedAt       time.Time `json:"created_at"`
	FirstCheckpoint int64     `json:"first_checkpoint"`
	LastCheckpoint  *int64    `json:"last_checkpoint"`
}

// keys lists all keys with the checkpoints that they signed.
func (h handlers) keys(c *web.Ctx) error {
	rows, err := h.Register.KeyRows(c.UserContext())
	if err != nil {
		return err
	}
	items := make([]keyItem, len(rows))
	for i, r := range rows {
		items[i] = keyItem{r.Verifier, r.Second, r.CreatedAt, r.FirstCheckpoint, r.LastCheckpoint}
	}
	return c.List(items, 0)
}

type checkpointItem struct {
	Number     int64     `json:"number"`
	Size       int64     `json:"size"`
	Root       string    `json:"root"`
	At         time.Time `json:"at"`
	Checkpoint string    `json:"checkpoint"`
}

// checkpoints lists all that were ever published, the oldest first; cursor is the
// number to begin with.
func (h handlers) checkpoints(c *web.Ctx) error {
	limit, from := c.Page(100, register.MostEntries)
	list, err := h.Register.Checkpoints(c.UserContext(), from, limit+1)
	if err != nil {
		return err
	}
	next := int64(0)
	if len(list) > limit {
		next = list[limit].Number
		list = list[:limit]
	}
	items := make([]checkpointItem, len(list))
	for i, p := range list {
		items[i] = checkpointItem{p.Number, p.Size, hex.EncodeToString(p.Root[:]), p.At, p.Note}
	}
	return c.List(items, next)
}

// number reads a whole number from the query, usual when it is not given.
func number(c *web.Ctx, name string, usual int64) (int64, error) {
	given := c.QueryText(name)
	if given == "" {
		return usual, nil
	}
	n, err := strconv.ParseInt(given, 10, 64)
	if err != nil || n < 0 || given[0] == '+' {
		return 0, fault.Fields{{Name: name, Code: "register.number"}}.Err()
	}
	return n, nil
}

// span reads two numbers from the query; without the second it is the log's size.
func (h handlers) span(c *web.Ctx, first, second string) (from, to int64, err error) {
	if from, err = number(c, first, 0); err != nil {
		return 0, 0, err
	}
	if to, err = number(c, second, -1); err != nil || to >= 0 {
		return from, to, err
	}
	newest, err := h.Register.Checkpoint(c.UserContext())
	return from, newest.Size, err
}

type entryItem struct {
	Index    int64  `json:"index"`
	Leaf     []byte `json:"leaf"` // base64
	LeafHash string `json:"leaf_hash"`
}

// entries gives leaves; a full answer never changes.
func (h handlers) entries(c *web.Ctx) error {
	start, end, err := h.span(c, "start", "end")
	if err != nil {
		return err
	}
	list, err := h.Register.Entries(c.UserContext(), start, end)
	if err != nil {
		return err
	}
	items := make([]entryItem, len(list))
	for i, e := range list {
		hash := e.Hash()
		items[i] = entryItem{e.Index, e.Leaf, hex.EncodeToString(hash[:])}
	}
	keep(c, len(list) > 0 && (int64(len(list)) == end-start || len(list) == register.MostEntries))
	return c.Answer(200, map[string]any{"entries": items})
}

// keep lets an answer be kept when it can never change.
func keep(c *web.Ctx, whole bool) {
	if c.Who().Known() {
		return
	}
	rule := moving
	if whole {
		rule = settled
	}
	c.Set("Cache-Control", rule)
}

type consistencyAnswer struct {
	From int64    `json:"from"`
	To   int64    `json:"to"`
	Path []string `json:"path"`
}

// consistency proves that a later log begins with an earlier one.
func (h handlers) consistency(c *web.Ctx) error {
	from, to, err := h.span(c, "from", "to")
	if err != nil {
		return err
	}
	path, err := h.Register.Consistency(c.UserContext(), from, to)
	if err != nil {
		return err
	}
	keep(c, c.QueryText("to") != "")
	return c.Answer(200, consistencyAnswer{from, to, hexes(path)})
}

func hexes(hashes []register.Hash) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = hex.EncodeToString(h[:])
	}
	return out
}
