package submissionview

import (
	"strconv"
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/submission"
	"guangyi/views/components"
)

// Comments is a page of public comments.
type Comments struct {
	C      consultation.Consultation
	Now    time.Time
	Tree   *draft.Tree
	Items  []submission.PublicComment
	About  *string // the provision asked for
	Count  int     // public comments on it, or on all
	Counts map[string]int
	Files  map[int64][]attachment.Attachment // public ones, by comment
	Next   string                            // address of the next page
	First  bool                              // this is the newest page
}

func (v Comments) address() string { return "/consultations/" + v.C.Slug + "/comments" }

func (v Comments) open() bool { return v.C.Takes(v.Now) == nil }

// figures tells what of all that came is not to be read here: it is counted too.
func (v Comments) figures(l *i18n.Locale) string {
	n := v.C.Counters
	if !v.First || v.About != nil || !v.C.CountShown(v.Now) || n.Held+n.Withheld+n.Withdrawn == 0 {
		return ""
	}
	var parts []string
	for _, f := range []struct {
		key   string
		count int64
	}{{"held", n.Held}, {"withheld", n.Withheld}, {"withdrawn", n.Withdrawn}} {
		if f.count > 0 {
			parts = append(parts, l.T("moderation.public."+f.key, "count", int(f.count)))
		}
	}
	return l.T("moderation.public.figures", "list", l.List(parts)) + l.T("moderation.public.stay")
}

func (v Comments) lead(l *i18n.Locale) string {
	switch {
	case v.C.CommentsPublic == consultation.PublicNo:
		return l.T("submission.comments.no")
	case v.C.CommentsPublic == consultation.PublicModerated && v.Count == 0:
		return l.T("submission.comments.moderated")
	case v.Count == 0 && v.About == nil:
		return l.T("submission.comments.none")
	case v.Count == 0:
		return l.T("submission.comments.none.about", "label", v.Tree.Label(l, *v.About))
	case !v.C.CountShown(v.Now):
		return l.T("submission.comments.plain")
	case v.About != nil:
		return l.T("submission.comments.about", "label", v.Tree.Label(l, *v.About), "count", v.Count)
	}
	return l.T("submission.comments.lead", "count", v.Count)
}

// choices is the filter by provision; those without comments are left out.
func (v Comments) choices(l *i18n.Locale) components.Choices {
	c := components.Choices{Field: components.Field{ID: "provision", Name: "provision", Label: l.T("submission.comments.filter")}, Empty: l.T("submission.comments.all")}
	counted := counted
	if !v.C.CountShown(v.Now) {
		counted = func(_ *i18n.Locale, label string, _ int) string { return label }
	}
	about := ""
	if v.About != nil {
		about = *v.About
		if about == "" {
			about = Whole
		}
	}
	if n := v.Counts[""]; n > 0 {
		c.Options = append(c.Options, components.Option{Value: Whole, Text: counted(l, l.T("draft.whole"), n), Chosen: about == Whole})
	}
	for _, p := range v.Tree.Rows {
		if n := v.Counts[p.Key]; n > 0 {
			c.Options = append(c.Options, components.Option{
				Value: p.Key, Text: counted(l, v.Tree.Label(l, p.Key), n), Chosen: about == p.Key,
			})
		}
	}
	return c
}

// counted writes how many comments a provision has. It is no message: a law has
// hundreds of provisions, and filling as many templates took half of the page's time.
func counted(l *i18n.Locale, label string, n int) string {
	if l.Tag() == "en" {
		return label + " (" + strconv.Itoa(n) + ")"
	}
	return label + "（" + strconv.Itoa(n) + "）"
}

// Whole stands in an address for the draft as a whole, whose key is empty.
const Whole = "whole"

// signed is how a comment is signed.
func signed(l *i18n.Locale, c *submission.PublicComment) string {
	kind := kindWord(l, c.Kind)
	if c.PublicName == "" {
		return kind
	}
	return l.T("submission.comments.signed", "name", c.PublicName, "kind", kind)
}
