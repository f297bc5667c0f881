package consultationweb

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"guangyi/internal/platform/web"
)

// values writes the JSON of a row as lines that can be read: a line a field,
// in the reader's words where the catalogue has them.
func values(c *web.Ctx, text string) string {
	var m map[string]any
	if text == "" || json.Unmarshal([]byte(text), &m) != nil {
		return text
	}
	lines := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if _, hidden := unread[k]; hidden || m[k] == "" {
			continue
		}
		lines = append(lines, worded(c, k, "consultation.field.", "record.field.")+c.T("consultation.record.is")+value(c, k, m[k]))
	}
	return strings.Join(lines, "\n")
}

// unread are fields that say to programs what the row says to people already.
var unread = map[string]bool{"owner": true, "owner_id": true, "slug": true}

// worded gives a name in the reader's words, or as it is where no catalogue has it.
func worded(c *web.Ctx, name string, prefixes ...string) string {
	for _, prefix := range prefixes {
		if key := prefix + name; c.Visit.Locale.Has(key) {
			return c.T(key)
		}
	}
	return name
}

func value(c *web.Ctx, name string, v any) string {
	switch t := v.(type) {
	case nil:
		return c.T("site.none")
	case string:
		return word(c, name, t)
	case float64:
		if t == float64(int(t)) {
			return c.Visit.Locale.Number(int(t))
		}
	case bool:
		if t {
			return c.T("organisation.yes")
		}
		return c.T("organisation.no")
	case []any:
		return listed(c, t)
	case map[string]any:
		return counted(c, t)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

// word writes a code of a field that holds codes, an instant, or the text itself.
func word(c *web.Ctx, name, text string) string {
	switch name {
	case "state":
		return worded(c, text, "consultation.status.", "adoption.state.")
	case "disposition":
		return worded(c, text, "site.disposition.")
	case "channel":
		return worded(c, text, "site.channel.")
	case "comments_public":
		return worded(c, text, "consultation.public.short.")
	case "lang":
		return worded(c, text, "consultation.lang.")
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return c.Visit.Locale.Deadline(at)
	}
	return text
}

// counted writes figures by their name: 采纳3、部分采纳2.
func counted(c *web.Ctx, m map[string]any) string {
	words := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		words = append(words, worded(c, k, "site.disposition.", "site.channel.")+c.T("consultation.record.is")+value(c, k, m[k]))
	}
	return c.Visit.Locale.List(words)
}

// listed writes a list of words, or of channels with their details.
func listed(c *web.Ctx, items []any) string {
	words := make([]string, 0, len(items))
	for _, i := range items {
		ch, ok := i.(map[string]any)
		if !ok {
			words = append(words, worded(c, fmt.Sprint(i), "consultation.demand."))
			continue
		}
		said := worded(c, fmt.Sprint(ch["channel"]), "site.channel.")
		if detail := fmt.Sprint(ch["detail"]); detail != "" && ch["detail"] != nil {
			said = c.T("consultation.record.detail", "word", said, "detail", detail)
		}
		words = append(words, said)
	}
	if len(words) == 0 {
		return c.T("site.none")
	}
	return c.Visit.Locale.List(words)
}
