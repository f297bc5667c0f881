package consultationview

import (
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Reading is the page of a draft.
type Reading struct {
	Now     time.Time
	C       consultation.Consultation
	Version draft.Version
	Tree    *draft.Tree
	Counts  map[string]consultation.ProvisionCount
	Compare bool // a comparison was asked for
}

func (v Reading) open() bool { return v.C.Status(v.Now) == consultation.Open }

// counts reports whether figures of public comments are shown.
func (v Reading) counts() bool {
	return v.C.CommentsPublic != consultation.PublicNo && v.C.CountShown(v.Now)
}

func (v Reading) commentHref(key string) string {
	if !v.open() {
		return ""
	}
	if key == "" {
		return address(v.C.Slug, "/comment")
	}
	return address(v.C.Slug, "/comment?provision="+key)
}

// publicCount is how many public comments aim at an article or at something in it.
func (v Reading) publicCount(key string) int {
	if !v.counts() {
		return 0
	}
	n := int64(0)
	for _, p := range v.Tree.Below(key) {
		n += v.Counts[p.Key].Public
	}
	return int(n)
}

// block is a piece of the page: a heading, an article, or loose text.
type block struct {
	row     draft.Provision
	heading bool
	article *components.Provision
}

// blocks cuts the rows into pieces, in order; every row's key is an anchor.
func (v Reading) blocks(l *i18n.Locale) []block {
	var out []block
	for _, p := range v.Tree.Rows {
		unit, inside := v.Tree.Article(p.Key)
		switch {
		case inside && unit.Key != p.Key:
			// written with its article
		case inside:
			out = append(out, block{row: p, article: v.article(l, p)})
		default:
			out = append(out, block{row: p, heading: p.Kind != outline.KindTitle && p.Kind != outline.KindToc && p.Text == ""})
		}
	}
	return out
}

func (v Reading) article(l *i18n.Locale, p draft.Provision) *components.Provision {
	a := &components.Provision{
		Key: p.Key, Number: p.Number, Heading: p.Heading, Lang: p.Lang, CommentHref: v.commentHref(p.Key), Comments: v.publicCount(p.Key),
	}
	if a.Comments > 0 {
		a.CommentsOn = address(v.C.Slug, "/comments?provision="+p.Key)
	}
	if p.Text != "" {
		a.Paragraphs = append(a.Paragraphs, components.Clause{Key: p.Key, Text: p.Text})
	}
	for _, below := range v.Tree.Below(p.Key)[1:] {
		if len(a.Paragraphs) == 0 {
			a.Paragraphs = append(a.Paragraphs, components.Clause{Key: p.Key})
		}
		a.Paragraphs = append(a.Paragraphs, components.Clause{Key: below.Key, Number: spaced(below), Text: joinWords(below.Heading, below.Text)})
	}
	return a
}

// spaced is an item's number with the gap that its language asks for.
func spaced(p draft.Provision) string {
	if p.Number == "" || len(p.Lang) >= 2 && p.Lang[:2] == "zh" {
		return p.Number
	}
	return p.Number + " "
}

// contents lists chapters and articles.
func (v Reading) contents(l *i18n.Locale) []components.ContentsItem {
	var out []components.ContentsItem
	for _, p := range v.Tree.Rows {
		unit, inside := v.Tree.Article(p.Key)
		switch {
		case inside && unit.Key != p.Key, p.Kind == outline.KindTitle, p.Kind == outline.KindToc:
			continue
		case inside && p.Number == "" && p.Heading == "":
			continue
		}
		item := components.ContentsItem{Label: draft.Provision{Number: p.Number, Heading: p.Heading, Lang: p.Lang}.Line(), Href: "#" + p.Key, Level: 1}
		if inside {
			item.Level = 2
			if n := v.publicCount(p.Key); n > 0 {
				item.Count = l.Number(n)
			}
		}
		out = append(out, item)
	}
	return out
}

func (v Reading) note(l *i18n.Locale) string {
	if !v.counts() {
		return ""
	}
	return l.T("consultation.draft.figures")
}

func (v Reading) statusLine(l *i18n.Locale) *components.Status {
	s := StatusOf(l, v.C, v.Now)
	if v.open() {
		s.Aside = l.T("consultation.until", "at", soon(l, v.Now, *v.C.ClosesAt))
	}
	return &s
}

func (v Reading) status() consultation.PublicStatus {
	s, _ := v.C.PublicStatus(v.Now)
	return s
}
