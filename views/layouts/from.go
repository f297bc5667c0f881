package layouts

import (
	"regexp"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/visit"
	"guangyi/views/components"
)

// publicRooms are those that are open, in the order of the navigation.
var publicRooms = []string{"consultations", "feedback", "meetings", "receipts"}

// From begins a public page for a visit; the handler adds what is its own.
func From(v *visit.Visit, title string) Page {
	l := v.Locale
	p := Page{
		Locale: l, Title: title, Path: v.Path, Elder: v.Elder, Theme: v.Theme, CSRF: v.CSRF,
		Notice: v.Notice, Assets: v.Site.Assets, Viewer: viewer(v), Demo: v.Site.Demo,
		Unit: Unit{Name: v.Site.Name, Sub: l.T("site.purpose")},
		Nav:  PublicNav(l, publicRooms...), Canonical: v.Base + pathOnly(v.Path),
	}
	if p.Unit.Name == "" {
		p.Unit.Name = l.T("site.name")
	}
	if v.Clock != "" {
		p.Notice = joined(p.Notice, v.Clock)
	}
	return p
}

// FromStaff begins a page of the workbench.
func FromStaff(v *visit.Visit, title string) Page {
	p := From(v, title)
	p.Nav, p.NoIndex, p.Canonical, p.shut = nil, true, "", closedTo(v.Actor)
	if rooms := deskRooms(v.Actor); len(rooms) > 0 {
		p.Nav = StaffNav(v.Locale, rooms...)
	}
	return p
}

// viewer shows the person with the roles of the first organisation.
func viewer(v *visit.Visit) *Viewer {
	if v.Actor.Kind != actor.Account {
		return nil
	}
	out := &Viewer{Name: v.Actor.Name, Home: "/my/account"}
	for _, g := range v.Actor.Grants {
		if out.Organisation == "" {
			out.Organisation = g.OrganisationName
		}
		if g.OrganisationName == out.Organisation {
			out.Roles = append(out.Roles, v.Locale.T("site.role."+string(g.Role)))
		}
	}
	if rooms := deskRooms(v.Actor); len(rooms) > 0 {
		out.Home = StaffNav(v.Locale, rooms[0])[0].Href
	}
	return out
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

func pathOnly(path string) string {
	for i := range path {
		if path[i] == '?' {
			return path[:i]
		}
	}
	return path
}

// WithUnit lets the page speak in an organisation's name; the telephone in its
// contact is offered as help to those who read in large type.
func (p Page) WithUnit(name, seal, accent, code, contact string) Page {
	p.Unit.Name, p.Unit.Seal, p.Unit.Accent, p.Unit.Code = name, seal, accent, code
	p.Unit.Help = telephone.FindString(contact)
	return p
}

// telephone finds a number of seven digits or more, with area code and spaces;
// a postcode is shorter.
var telephone = regexp.MustCompile(`\+?\d(?:[ \-－—]?\d){6,}`)

// Trail sets the breadcrumbs.
func (p Page) Trail(links ...components.Link) Page {
	p.Breadcrumbs = links
	return p
}
