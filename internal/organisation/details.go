package organisation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
)

// Longest values, in characters.
const (
	NameLength    = 120
	ContactLength = 500
)

// Details are what people say about an organisation. Lang empty is zh-CN.
type Details struct {
	Slug          string // only read by Add
	Name          string
	Lang          string
	Seal          string
	Accent        string
	Contact       string
	SiteCode      string
	SignerDiffers bool
}

var (
	slugForm     = regexp.MustCompile(`^[a-z0-9-]{1,80}$`)
	siteCodeForm = regexp.MustCompile(`^[0-9A-Za-z]{0,20}$`)
)

func (d Details) tidy() Details {
	d.Name = strings.TrimSpace(d.Name)
	d.Contact = strings.TrimSpace(d.Contact)
	d.Seal = strings.TrimSpace(d.Seal)
	d.SiteCode = strings.TrimSpace(d.SiteCode)
	d.Accent = strings.ToLower(strings.TrimSpace(d.Accent))
	if d.Lang == "" {
		d.Lang = i18n.Tags[0]
	}
	return d
}

// check is that of a new organisation.
func (d Details) check() error {
	var f fault.Fields
	if !slugForm.MatchString(d.Slug) {
		f.Add("slug", "organisation.slug")
	}
	d.checkShown(&f)
	return f.Err()
}

// checkShown checks everything but the slug.
func (d Details) checkShown(f *fault.Fields) {
	switch n := utf8.RuneCountInString(d.Name); {
	case n == 0:
		f.Add("name", "organisation.name_empty")
	case n > NameLength:
		f.Add("name", "organisation.name_long", "most", NameLength, "count", n-NameLength)
	case hasControl(d.Name, ""):
		f.Add("name", "organisation.control")
	}
	if !slices.Contains(i18n.Tags, d.Lang) {
		f.Add("lang", "organisation.lang")
	}
	if utf8.RuneCountInString(d.Seal) > 1 || hasControl(d.Seal, "") {
		f.Add("seal", "organisation.seal")
	}
	if d.Accent != "" && !CheckAccent(d.Accent) {
		f.Add("accent", "organisation.accent")
	}
	switch n := utf8.RuneCountInString(d.Contact); {
	case n > ContactLength:
		f.Add("contact", "organisation.contact_long", "most", ContactLength, "count", n-ContactLength)
	case hasControl(d.Contact, "\r\n\t"):
		f.Add("contact", "organisation.control")
	}
	if !siteCodeForm.MatchString(d.SiteCode) {
		f.Add("site_code", "organisation.site_code")
	}
}

func hasControl(s, except string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune(except, r)
	})
}

func (d Details) row(id int64) row {
	return row{
		ID: id, Slug: d.Slug, Name: d.Name, Lang: d.Lang, Seal: d.Seal, Accent: d.Accent,
		Contact: d.Contact, SiteCode: d.SiteCode, SignerDiffers: d.SignerDiffers, Version: 1,
	}
}
