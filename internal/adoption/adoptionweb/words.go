package adoptionweb

import (
	"strings"

	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/web"
	"guangyi/views/adoptionview"
	"guangyi/views/components"
)

// drafted is the draft as suggestions speak of it: the newest version, which is the
// next one once there is one.
type drafted struct {
	*draft.Tree
	label  adoptionview.Labels
	public bool // the version was put out
}

func (h handlers) newest(c *web.Ctx, consultation int64) (drafted, error) {
	versions, err := h.drafts.Versions(c.UserContext(), consultation)
	if err != nil || len(versions) == 0 {
		return h.draftOf(c, draft.NewTree(nil), false), err
	}
	last := versions[len(versions)-1]
	tree, err := h.drafts.Tree(c.UserContext(), consultation, last.Number)
	return h.draftOf(c, tree, last.Published()), err
}

func (h handlers) draftOf(c *web.Ctx, tree *draft.Tree, public bool) drafted {
	return drafted{Tree: tree, public: public, label: func(key string) string {
		if tree == nil {
			return key
		}
		return tree.Label(c.Visit.Locale, key)
	}}
}

// options lists every provision with its first words.
func (d drafted) options() []components.Option {
	out := make([]components.Option, 0, len(d.Rows))
	for _, p := range d.Rows {
		if p.Kind == outline.KindTitle || p.Kind == outline.KindToc {
			continue
		}
		out = append(out, components.Option{Value: p.Key, Text: d.label(p.Key) + "　" + firstWords(p.Heading+p.Text, 16)})
	}
	return out
}

// articles lists what a filter offers: the articles, and with whole the draft as a
// whole, as “-”.
func (d drafted) articles(asked, whole string) []components.Option {
	var out []components.Option
	if whole != "" {
		out = append(out, components.Option{Value: "-", Text: whole, Chosen: asked == "-"})
	}
	for _, p := range d.Articles() {
		out = append(out, components.Option{Value: p.Key, Text: d.label(p.Key), Chosen: asked == p.Key})
	}
	return out
}

// below lists the keys of a provision and of everything under it.
func (d drafted) below(key string) []string {
	if key == "" || key == "-" {
		return nil
	}
	keys := []string{key}
	for _, p := range d.Below(key) {
		if p.Key != key {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// words is the text of a provision, empty for the draft as a whole.
func (d drafted) words(key string) string {
	if key == "" {
		return ""
	}
	return d.Words(key)
}

func firstWords(text string, most int) string {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most]) + "…"
}
