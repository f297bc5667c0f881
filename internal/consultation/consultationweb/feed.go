package consultationweb

import (
	"encoding/xml"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
)

const (
	feedMost    = 50
	sitemapMost = 1000
)

// The Atom format, RFC 4287.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	Lang      string     `xml:"xml:lang,attr"`
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Author    atomAuthor `xml:"author"`
	Links     []atomLink `xml:"link"`
	Summary   string     `xml:"summary"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

// feed tells what opened, closed and was answered; an entry is renewed when its
// state changes.
func (h handlers) feed(c *web.Ctx) error {
	found, err := h.Consultations.Newest(c.UserContext(), feedMost)
	if err != nil {
		return err
	}
	units, err := h.units(c, found)
	if err != nil {
		return err
	}
	base := c.Visit.Base
	f := atomFeed{
		Lang: c.Visit.Locale.Tag(), ID: base + "/consultations", Title: c.T("consultation.feed.title"), Updated: stamp(c.Now()),
		Links: []atomLink{{"self", base + "/feeds/consultations.atom", "application/atom+xml"}, {"alternate", base + "/consultations", "text/html"}},
	}
	var newest time.Time
	for _, x := range found {
		e := entryOf(c, x)
		e.Author.Name = units[x.Organisation].Name
		f.Entries = append(f.Entries, e)
		if x.UpdatedAt.After(newest) {
			newest = x.UpdatedAt
		}
	}
	if !newest.IsZero() {
		f.Updated = stamp(newest)
	}
	return writeXML(c, "application/atom+xml; charset=utf-8", f)
}

func entryOf(c *web.Ctx, x consultation.Consultation) atomEntry {
	status, _ := x.PublicStatus(c.Now())
	href := c.Visit.Base + "/consultations/" + x.Slug
	if status == consultation.PublicSummarised {
		href += "/summary"
	}
	summary := c.T("consultation.feed."+string(status), "from", c.Visit.Locale.DateTime(*x.OpensAt), "to", c.Visit.Locale.Deadline(*x.ClosesAt))
	if x.Ask != "" {
		summary += " " + x.Ask
	}
	return atomEntry{
		Lang: x.Lang, ID: "urn:guangyi:consultation:" + ids.Format(x.ID), Title: x.Title, Updated: stamp(x.UpdatedAt), Published: stamp(*x.ApprovedAt),
		Links: []atomLink{{"alternate", href, "text/html"}}, Summary: summary,
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// The site map, protocol 0.9.
type siteMap struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

func (h handlers) sitemap(c *web.Ctx) error {
	found, err := h.Consultations.Newest(c.UserContext(), sitemapMost)
	if err != nil {
		return err
	}
	base := c.Visit.Base
	m := siteMap{}
	for _, path := range []string{"/", "/consultations", "/receipts", "/about/accessibility", "/about/privacy"} {
		m.URLs = append(m.URLs, siteURL{Loc: base + path})
	}
	for _, x := range found {
		at := base + "/consultations/" + x.Slug
		m.URLs = append(m.URLs, siteURL{at, stamp(x.UpdatedAt)}, siteURL{at + "/draft", stamp(x.UpdatedAt)})
		if s, _ := x.PublicStatus(c.Now()); s == consultation.PublicSummarised {
			m.URLs = append(m.URLs, siteURL{at + "/summary", stamp(x.UpdatedAt)})
		}
	}
	return writeXML(c, "application/xml; charset=utf-8", m)
}

func writeXML(c *web.Ctx, kind string, v any) error {
	raw, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	c.Set("Content-Type", kind)
	return c.Send(append([]byte(xml.Header), raw...))
}
