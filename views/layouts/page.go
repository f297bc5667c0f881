// Package layouts draws the frame of every page: document head, header, main
// part and footer, once for the public and once for staff. Neither frame holds
// a script or a style of its own, so that a strict content policy can forbid both.
package layouts

import (
	"net/url"
	"strings"

	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// Assets answers the address of a built style sheet or script by its plain
// name ("site.css" gives "/assets/site-1a2b3c4d.css").
type Assets interface {
	URL(name string) string
}

// Unit is the organisation in whose name a page speaks.
type Unit struct {
	Name   string // in full; on a phone it is broken once after 市, 省, 区, 县 or 州
	Sub    string // the site's purpose in a few words, below the name
	Seal   string // one character in the square; empty shows 益
	Accent string // "#rrggbb", already checked by assets.CheckAccent; empty is the site's own
	Code   string // 网站标识码; empty is left out
	Help   string // telephone for help, shown in the footer in elder mode; may be empty
	Hours  string // when somebody answers there, e.g. 工作日 9:00—17:00
}

// Viewer is the person signed in.
type Viewer struct {
	Name         string
	Organisation string
	Roles        []string // already in the reader's language
	Home         string   // where the name leads: /my or /staff
}

// NavItem is one entry of a navigation; Key is compared with Page.Section.
type NavItem struct {
	Key, Label, Href string
}

// Page is what a frame needs to know of the page that it surrounds.
type Page struct {
	Locale      *i18n.Locale
	Title       string // without the site's name
	Description string // one sentence for search engines and previews; may be empty
	Path        string // path and query of this page, for the language and size links
	Section     string // Key of the current navigation entry
	Nav         []NavItem
	Links       []components.Link // second row of the footer; nil gives FooterLinks
	Search      string            // address of the search page, GET with q; empty when there is none
	Elder       bool              // 大字: larger text, one column
	Theme       string            // "light", "dark" or "" (as the system does)
	Unit        Unit
	CSRF        string
	Viewer      *Viewer // nil for the anonymous
	Notice      string  // shown on every page, such as a running demonstration clock
	Breadcrumbs []components.Link
	Back        *components.Link // one step back in a form; shown instead of breadcrumbs
	Assets      Assets
	Errors      bool   // puts 有错误： before the title
	Canonical   string // absolute address; empty is left out
	NoIndex     bool
	Feed        string // address of an Atom feed for this page; empty is left out
	Bare        bool   // staff only: main fills the window without padding (workbench)
	Demo        bool   // the footer says that all on this site is invented
	shut        []string
}

// PublicNav lists the navigation of the public side; keep the entries whose
// rooms are built: PublicNav(l, "consultations", "feedback").
// Without keys all are given.
func PublicNav(l *i18n.Locale, keys ...string) []NavItem {
	return chosen([]NavItem{
		{"consultations", l.T("site.nav.consultations"), "/consultations"},
		{"feedback", l.T("site.nav.feedback"), "/consultations?status=summarised"},
		{"meetings", l.T("site.nav.meetings"), "/meetings"},
		{"decisions", l.T("site.nav.decisions"), "/decisions"},
		{"receipts", l.T("site.nav.receipts"), "/receipts"},
	}, keys)
}

// StaffNav lists the navigation of the staff side, narrowed as PublicNav.
func StaffNav(l *i18n.Locale, keys ...string) []NavItem {
	return chosen([]NavItem{
		{"today", l.T("site.staff.today"), "/staff"},
		{"consultations", l.T("site.staff.consultations"), "/staff/consultations"},
		{"meetings", l.T("site.staff.meetings"), "/staff/meetings"},
		{"decisions", l.T("site.staff.decisions"), "/staff/decisions"},
		{"reports", l.T("site.staff.reports"), "/staff/reports"},
		{"organisations", l.T("site.staff.organisations"), "/staff/organisations"},
	}, keys)
}

// FooterLinks lists the second row of the footer.
func FooterLinks(l *i18n.Locale) []components.Link {
	return []components.Link{
		{Text: l.T("site.footer.accessibility"), Href: "/about/accessibility"},
		{Text: l.T("site.footer.privacy"), Href: "/about/privacy"},
		{Text: l.T("site.footer.register"), Href: "/log"},
		{Text: l.T("site.footer.subscribe"), Href: "/feeds/consultations.atom"},
	}
}

func chosen(all []NavItem, keys []string) []NavItem {
	if len(keys) == 0 {
		return all
	}
	kept := make([]NavItem, 0, len(keys))
	for _, item := range all {
		for _, key := range keys {
			if item.Key == key {
				kept = append(kept, item)
			}
		}
	}
	return kept
}

func (p Page) links() []components.Link {
	if p.Links != nil {
		return p.Links
	}
	return FooterLinks(p.Locale)
}

// with is this page's address with one query parameter set.
func (p Page) with(key, value string) string {
	path, query, _ := strings.Cut(p.Path, "?")
	if path == "" {
		path = "/"
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set(key, value)
	return path + "?" + values.Encode()
}

// otherLanguage is the language that the switch leads to, and its own name.
func (p Page) otherLanguage() (tag, name string) {
	if p.Locale.Tag() == "en" {
		return "zh-CN", "中文"
	}
	return "en", "English"
}

func (p Page) elderLink() (href, text string) {
	if p.Elder {
		return p.with("elder", "0"), p.Locale.T("site.tools.standard")
	}
	return p.with("elder", "1"), p.Locale.T("site.tools.elder")
}

// themeLink leads to the other one of light and dark; who follows the system
// is offered dark first.
func (p Page) themeLink() (href, text string) {
	if p.Theme == "dark" {
		return p.with("theme", "light"), p.Locale.T("site.tools.light")
	}
	return p.with("theme", "dark"), p.Locale.T("site.tools.dark")
}

func (p Page) documentTitle() string {
	title := p.Title
	if p.Errors {
		title = p.Locale.T("site.title.errors") + title
	}
	if p.Unit.Name == "" || p.Unit.Name == p.Title {
		return title
	}
	return title + " - " + p.Unit.Name
}

func (p Page) current(key string) bool { return key == p.Section && key != "" }

func (p Page) sectionLabel() string {
	for _, item := range p.Nav {
		if p.current(item.Key) {
			return item.Label
		}
	}
	return p.Unit.Name
}

func (u Unit) seal() string {
	if u.Seal == "" {
		return "益"
	}
	return u.Seal
}

// lines breaks a unit's name once behind the place that it governs, so that a
// narrow header shows 云州市 / 市场监督管理局.
func (u Unit) lines() (place, rest string) {
	for _, word := range []string{"自治州", "自治区", "省", "市", "县", "区"} {
		at := strings.Index(u.Name, word)
		if at <= 0 || at+len(word) == len(u.Name) || len([]rune(u.Name[:at])) > 8 {
			continue
		}
		return u.Name[:at+len(word)], u.Name[at+len(word):]
	}
	return "", u.Name
}

// accentSheet is the name of the small style sheet with the unit's own colour.
func (u Unit) accentSheet() string {
	return "accent-" + strings.ToLower(strings.TrimPrefix(u.Accent, "#")) + ".css"
}
