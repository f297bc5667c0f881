package meetingweb

import (
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/meetingview"
)

// publicPage begins a page about a meeting in its organisation's name.
func (h handlers) publicPage(c *web.Ctx, m meeting.Meeting, title string) (layouts.Page, organisation.Organisation, error) {
	o, err := h.Organisations.ByID(c.UserContext(), m.Organisation)
	if err != nil {
		return layouts.Page{}, o, err
	}
	contact := m.Contact
	if contact == "" {
		contact = o.Contact
	}
	p := layouts.From(c.Visit, title).WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, contact)
	p.Section = "meetings"
	return p.Trail(home(c), list(c)), o, nil
}

func home(c *web.Ctx) components.Link {
	return components.Link{Text: c.T("site.nav.home"), Href: "/"}
}

func list(c *web.Ctx) components.Link {
	return components.Link{Text: c.T("site.nav.meetings"), Href: "/meetings"}
}

// staffPage begins a page of a meeting's rooms.
func (h handlers) staffPage(c *web.Ctx, m meeting.Meeting, title string) layouts.Page {
	p := layouts.FromStaff(c.Visit, title)
	p.Section = "meetings"
	return p.Trail(
		components.Link{Text: c.T("site.staff.meetings"), Href: "/staff/meetings"},
		components.Link{Text: meetingview.Short(c.Visit.Locale, m.Title), Href: "/staff/meetings/" + m.Slug},
	)
}

// own finds the meeting of the address for its own staff.
func (h handlers) own(c *web.Ctx) (meeting.Meeting, error) {
	slug, err := c.Slug()
	if err != nil {
		return meeting.Meeting{}, err
	}
	return h.Meetings.Staff(c.UserContext(), c.Who(), slug)
}
