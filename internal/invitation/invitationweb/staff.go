package invitationweb

import (
	"guangyi/internal/attachment"
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/invitationview"
	"guangyi/views/layouts"
)

func (h handlers) room(c *web.Ctx) error {
	return h.renderRoom(c, 200, func(*invitationview.Room) {})
}

func (h handlers) renderRoom(c *web.Ctx, status int, change func(*invitationview.Room)) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Invitations.Room(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	may := h.Invitations.May
	v := invitationview.Room{
		Room: r, Now: c.Now(), Ask: may(c.Who(), invitation.PermissionAsk, r.Meeting), Answer: may(c.Who(), invitation.PermissionAnswer, r.Meeting),
		Papering: may(c.Who(), invitation.PermissionPapers, r.Meeting), Holders: holders(r), Shut: shut(r.Meeting),
	}
	change(&v)
	p := layouts.FromStaff(c.Visit, c.T("invitation.room"))
	p.Section, p.Errors = "meetings", len(v.Errors) > 0
	return c.Render(status, invitationview.Invitations(p, v))
}

// shut are the rooms of a meeting that are not open as yet.
func shut(m meeting.Meeting) []string {
	if !m.Public() {
		return []string{components.MeetingApplications, components.MeetingSelection, components.MeetingDay, components.MeetingAccount}
	}
	var out []string
	if m.Method == meeting.ByOrder {
		out = append(out, components.MeetingSelection)
	}
	switch m.State {
	case meeting.Held, meeting.AccountInReview, meeting.AccountPublished:
		return out
	}
	return append(out, components.MeetingAccount)
}

// holders counts who can be asked.
func holders(r invitation.Room) int {
	n := 0
	for _, e := range r.People {
		if e.Application.State == meeting.Chosen || e.Application.State == meeting.Seated || e.Application.State == meeting.Accepted {
			n++
		}
	}
	return n
}

func (h handlers) invite(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if _, err := h.Invitations.Invite(c.UserContext(), c.Who(), slug); err != nil {
		return err
	}
	return h.back(c, slug, "", "invitation.done.invited")
}

func (h handlers) back(c *web.Ctx, slug, rest, notice string) error {
	c.SetNotice(notice)
	return c.SeeOther("/staff/meetings/" + slug + "/invitations" + rest)
}

// putPaper adds a paper, or takes one away that was not given out.
func (h handlers) putPaper(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if err := h.Invitations.Allow(c.UserContext(), c.Who(), slug, invitation.PermissionPapers); err != nil {
		return err
	}
	if c.Form("remove") != "" {
		return h.removePaper(c, slug)
	}
	file, err := c.Upload("file", attachment.MaxSize)
	if err != nil {
		return err
	}
	if file == nil {
		err = fault.Fields{{Name: "file", Code: "invitation.file_missing"}}.Err()
	} else {
		err = h.Invitations.AddPaper(c.UserContext(), c.Who(), slug, invitation.NewPaper{
			Title: c.Form("title"), Item: c.Form("item"), Name: file.Name, Data: file.Data,
		})
	}
	if f, ok := fault.AsInvalid(err); ok {
		return h.renderRoom(c, 422, func(v *invitationview.Room) {
			v.Title, v.Item = c.Form("title"), c.Form("item")
			v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		})
	}
	if err != nil {
		return err
	}
	return h.back(c, slug, "#papers", "invitation.done.paper")
}

func (h handlers) removePaper(c *web.Ctx, slug string) error {
	id, err := idIn(c.Form("remove"))
	if err != nil {
		return err
	}
	if err := h.Invitations.RemovePaper(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	return h.back(c, slug, "#papers", "invitation.done.removed")
}

// release gives the papers out; a rule that refuses comes back beside the button.
func (h handlers) release(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	err = h.Invitations.Release(c.UserContext(), c.Who(), slug)
	if _, ok := fault.AsInvalid(err); ok {
		return h.renderRoom(c, 422, func(v *invitationview.Room) {
			for _, f := range v.Findings {
				v.Errors = append(v.Errors, components.FieldError{ID: "papers", Message: f.Text(c.Visit.Locale)})
			}
		})
	}
	if err != nil {
		return err
	}
	return h.back(c, slug, "#papers", "invitation.done.released")
}

func (h handlers) staffPaper(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	a, file, err := h.Invitations.StaffPaper(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	return send(c, a, file)
}

// known refuses who is nobody, where no meeting is named that would.
func known(c *web.Ctx) error {
	if c.Who().Known() {
		return nil
	}
	return fault.New(fault.Unauthenticated, "sign_in_first")
}

func (h handlers) failures(c *web.Ctx) error {
	if err := known(c); err != nil {
		return err
	}
	list, sees, err := h.Invitations.Failures(c.UserContext(), c.Who())
	if err != nil {
		return err
	}
	if !sees {
		return fault.Missing()
	}
	p := layouts.FromStaff(c.Visit, c.T("invitation.undelivered"))
	p.Section = "today"
	return c.Render(200, invitationview.Undelivered(p, invitationview.Failures{List: list, Retry: h.mayRetry(c)}))
}

func (h handlers) mayRetry(c *web.Ctx) bool {
	for _, id := range c.Who().Organisations() {
		if h.Invitations.May(c.Who(), invitation.PermissionAsk, meeting.Meeting{Organisation: id}) {
			return true
		}
	}
	return false
}

func (h handlers) retry(c *web.Ctx) error {
	if err := known(c); err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.Invitations.TryAgain(c.UserContext(), c.Who(), id); err != nil {
		return err
	}
	c.SetNotice("invitation.done.retry")
	return c.SeeOther("/staff/deliveries")
}
