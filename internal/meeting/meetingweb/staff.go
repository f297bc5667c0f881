package meetingweb

import (
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/layouts"
	"guangyi/views/meetingview"
)

func (h handlers) staff(s *web.Site) {
	const one = "/staff/meetings/:slug"
	s.Get("/staff/meetings", h.staffList)
	s.Get("/staff/meetings/new", h.newForm)
	s.Post("/staff/meetings/new", h.create)
	s.Get(one, h.overview)
	s.Post(one+"/events", h.event)
	s.Get(one+"/preview", h.preview)
	s.Get(one+"/review", h.review)
	s.Get(one+"/applications", h.applicationsDesk)
	s.Get(one+"/applications.csv", h.exportApplications, web.Download)
	s.Get(one+"/applications.xlsx", h.exportApplications, web.Download)
	s.Get(one+"/applications/new", h.enterForm)
	s.Post(one+"/applications/new", h.enter)
	s.Get(one+"/applications/nominate", h.enterForm)
	s.Post(one+"/applications/nominate", h.enter)
	s.Get(one+"/applications/:id", h.application)
	s.Post(one+"/applications/:id/contact", h.contact)
	s.Post(one+"/applications/:id/vet", h.vet)
	s.Post(one+"/applications/:id/withdraw", h.withdrawFor)
	s.Get(one+"/agenda", h.agenda)
	s.Post(one+"/agenda", h.addItem)
	s.Post(one+"/agenda/:id", h.editItem)
	s.Post(one+"/agenda/:id/remove", h.removeItem)
	s.Post(one+"/agenda/:id/move", h.moveItem)
	s.Get(one+"/attachments", h.attachments)
	s.Post(one+"/attachments", h.attach)
	s.Get(one+"/edit", h.editForm)
	s.Post(one+"/edit", h.edit)
}

func (h handlers) staffList(c *web.Ctx) error {
	_, cursor := c.Page(pageUsual, pageUsual)
	f := meeting.StaffFilter{Q: c.QueryText("q"), Limit: pageUsual, Cursor: cursor}
	for _, s := range meeting.Statuses {
		if string(s) == c.QueryText("status") {
			f.Status = s
		}
	}
	found, err := h.Meetings.StaffList(c.UserContext(), c.Who(), f)
	if err != nil {
		return err
	}
	mine, err := h.mayPrepare(c)
	if err != nil {
		return err
	}
	if len(found.Items) == 0 && len(mine) == 0 && !h.worksHere(c) {
		return fault.Missing() // a member of the public has no desk
	}
	v := meetingview.StaffList{
		Now: c.Now(), Items: found.Items, Status: f.Status, Q: f.Q, New: len(mine) > 0, First: cursor == 0, Start: c.With("cursor", ""),
	}
	if found.Next != 0 {
		v.Next = c.With("cursor", ids.Format(found.Next))
	}
	p := layouts.FromStaff(c.Visit, c.T("site.staff.meetings"))
	p.Section = "meetings"
	return c.Render(200, meetingview.StaffIndex(p, v))
}

// worksHere reports whether the person has a desk in some organisation.
func (h handlers) worksHere(c *web.Ctx) bool {
	for _, id := range c.Who().Organisations() {
		if h.Meetings.MaySee(c.Who(), meeting.Meeting{Organisation: id}) {
			return true
		}
	}
	return false
}

// mayPrepare lists the organisations for which the person may prepare meetings.
func (h handlers) mayPrepare(c *web.Ctx) ([]organisation.Organisation, error) {
	var out []organisation.Organisation
	for _, id := range c.Who().Organisations() {
		if !h.Meetings.MayPrepare(c.Who(), id) {
			continue
		}
		o, err := h.Organisations.ByID(c.UserContext(), id)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}
