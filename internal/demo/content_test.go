package demo

import (
	"slices"
	"testing"

	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
)

// articles are counted by hand in the drafts.
var articles = map[string]int{
	"bilingual": 14, "catering": 28, "dogs": 14, "ebike": 35, "laboratory": 12, "lift": 16, "market": 20, "naming": 12,
	"odd-jobs": 14, "reading": 16, "school": 12, "snackbar": 12, "talent": 13, "training": 21, "waste": 20,
}

func contents(t *testing.T) content {
	t.Helper()
	c, err := read()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func outlineOf(t *testing.T, n *notice) outline.Outline {
	t.Helper()
	text, err := files.ReadFile("content/" + n.Draft)
	if err != nil {
		t.Fatal(err)
	}
	return outline.Parse(string(text), outline.FormatOf(n.Draft))
}

func TestEveryDraftIsReadWithItsArticles(t *testing.T) {
	c := contents(t)
	if len(c.notices) != len(articles) {
		t.Errorf("%d consultations, %d drafts are counted", len(c.notices), len(articles))
	}
	for _, n := range c.notices {
		o, got := outlineOf(t, n), 0
		for _, p := range o.Provisions {
			switch p.Kind {
			case outline.KindArticle:
				got++
			case outline.KindText, outline.KindHeading, outline.KindTitle, outline.KindToc:
				t.Errorf("%s: %s is read as %s", n.Draft, p.Key, p.Kind)
			}
		}
		if got != articles[n.file] || o.Title == "" {
			t.Errorf("%s, titled %q: %d articles are read, it has %d", n.Draft, o.Title, got, articles[n.file])
		}
	}
}

func TestWhatIsSaidAimsAtProvisionsThatAreThere(t *testing.T) {
	for _, n := range contents(t).notices {
		keys := []string{""}
		var rows []draft.Provision
		for _, p := range outlineOf(t, n).Provisions {
			keys = append(keys, p.Key)
			rows = append(rows, draft.Provision{Key: p.Key, Kind: p.Kind, Number: p.Number})
		}
		tree := draft.NewTree(rows)
		there := func(where, key string) {
			if !slices.Contains(keys, key) {
				t.Errorf("%s: %s aims at %q, which the draft has not", n.file, where, key)
			}
		}
		for _, m := range n.Changes {
			if _, ok := tree.Named(m.On); !ok {
				t.Errorf("%s: a main change names %s, which the draft has not", n.file, m.On)
			}
		}
		for _, s := range n.Suggestions {
			for _, key := range s.Provisions {
				there(s.ID, key)
			}
		}
		for _, l := range n.Submissions {
			for _, said := range l.Comments {
				there("a comment", said.On)
				if said.In != "" && !slices.ContainsFunc(n.Suggestions, func(s *suggestion) bool { return s.ID == said.In }) {
					t.Errorf("%s: a comment lies in %q, which is no suggestion", n.file, said.In)
				}
			}
		}
	}
}
