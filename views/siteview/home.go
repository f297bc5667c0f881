package siteview

import (
	"strings"
	"time"

	"guangyi/internal/platform/i18n"
	"guangyi/internal/site"
	"guangyi/views/components"
)

// Home is what the home page shows.
type Home struct {
	Now      time.Time
	Open     []site.Entry
	Coming   []site.Entry
	Answered []site.Entry
}

func (h Home) lead(l *i18n.Locale) components.Lead {
	e := h.Open[0]
	return components.Lead{
		Status: components.OpenUntil(l, h.Now, e.ClosesAt), Title: e.Title, Href: "/consultations/" + e.Slug, Lang: e.Lang, Summary: e.Ask,
		Meta:   append([]string{l.T("home.closes", "at", l.Deadline(e.ClosesAt)), e.OrganisationName}, received(l, e)...),
		Button: components.Link{Text: l.T("home.comment"), Href: "/consultations/" + e.Slug + "/draft"},
	}
}

func (h Home) openEntry(l *i18n.Locale, e site.Entry) components.Entry {
	return components.Entry{
		Mark: components.Remaining(l, h.Now, e.ClosesAt), When: l.T("home.until", "at", inYear(l, h.Now, l.Deadline(e.ClosesAt))), Title: e.Title, Lang: e.Lang,
		Href: "/consultations/" + e.Slug, Summary: e.Ask,
		Meta: append([]string{e.OrganisationName}, received(l, e)...),
	}
}

// received says how much has come to an open one, unless its notice keeps that back.
func received(l *i18n.Locale, e site.Entry) []string {
	if e.HideCount {
		return nil
	}
	return []string{l.T("home.received", "count", e.Submissions)}
}

// inYear leaves out the year of a date when it is this one's, for lists.
func inYear(l *i18n.Locale, now time.Time, date string) string {
	year := now.In(l.Zone()).Format("2006")
	return strings.Replace(strings.Replace(date, year+"年", "", 1), " "+year+",", ",", 1)
}

func (h Home) comingEntry(l *i18n.Locale, e site.Entry) components.Entry {
	return components.Entry{
		Mark: l.ShortDate(e.OpensAt), When: l.T("home.opens", "at", inYear(l, h.Now, l.DateTime(e.OpensAt))), Title: e.Title, Lang: e.Lang,
		Href: "/consultations/" + e.Slug, Summary: e.Ask, Meta: []string{e.OrganisationName},
	}
}

func (h Home) answeredEntry(l *i18n.Locale, e site.Entry) components.Entry {
	return components.Entry{
		Mark: l.T("home.published", "at", l.ShortDate(*e.PublishedAt)), Quiet: true, Title: e.Title, Lang: e.Lang,
		Href: "/consultations/" + e.Slug + "/summary", Meta: []string{e.OrganisationName},
	}
}

// outcome says in one sentence what became of what people said.
func (h Home) outcome(l *i18n.Locale, e site.Entry) string {
	if e.Submissions == 0 {
		return l.T("home.nobody")
	}
	var parts []string
	for _, code := range components.Dispositions {
		if n := e.ByDisposition[code]; n > 0 {
			parts = append(parts, l.T("home.part", "word", l.T("site.disposition."+code), "n", l.Number(n)))
		}
	}
	return l.T("home.outcome", "count", e.Submissions, "suggestions", e.Suggestions, "parts", l.List(parts))
}

func shares(e site.Entry) []components.Share {
	var out []components.Share
	for _, code := range components.Dispositions {
		if n := e.ByDisposition[code]; n > 0 {
			out = append(out, components.Share{Code: code, Count: n})
		}
	}
	return out
}
