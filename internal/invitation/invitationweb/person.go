package invitationweb

import (
	"guangyi/internal/invitation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/invitationview"
	"guangyi/views/layouts"
)

func idIn(text string) (int64, error) {
	id, ok := ids.Parse(text)
	if !ok {
		return 0, fault.Missing()
	}
	return id, nil
}

func (h handlers) one(c *web.Ctx) error {
	return h.renderOne(c, 200, func(*invitationview.Person) {})
}

func (h handlers) renderOne(c *web.Ctx, status int, change func(*invitationview.Person)) error {
	slug, id, err := person(c)
	if err != nil {
		return err
	}
	m, e, err := h.Invitations.One(c.UserContext(), c.Who(), slug, id)
	if err != nil {
		return err
	}
	v := invitationview.Person{
		Entry: e, Meeting: m, Now: c.Now(), Ask: h.Invitations.May(c.Who(), invitation.PermissionAsk, m),
		Answer: h.Invitations.May(c.Who(), invitation.PermissionAnswer, m),
	}
	change(&v)
	p := layouts.FromStaff(c.Visit, e.Application.Label)
	p.Section, p.Errors = "meetings", len(v.Errors) > 0
	return c.Render(status, invitationview.One(p, v))
}

// person is whom an address is about.
func person(c *web.Ctx) (slug string, id int64, err error) {
	if slug, err = c.Slug(); err != nil {
		return "", 0, err
	}
	id, err = c.IDParam("id")
	return slug, id, err
}

// answerFor enters what was said on the telephone.
func (h handlers) answerFor(c *web.Ctx) error {
	slug, id, err := person(c)
	if err != nil {
		return err
	}
	if err := h.Invitations.Allow(c.UserContext(), c.Who(), slug, invitation.PermissionAnswer); err != nil {
		return err
	}
	said := c.Form("accepted")
	if said != "yes" && said != "no" {
		err = fault.Fields{{Name: "accepted", Code: "invitation.answer"}}.Err()
	} else {
		err = h.Invitations.AnswerFor(c.UserContext(), c.Who(), slug, id, said == "yes", needs(c))
	}
	if f, ok := fault.AsInvalid(err); ok {
		return h.renderOne(c, 422, func(v *invitationview.Person) {
			v.Accepted, v.Needs = said, needs(c)
			v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
			for i, e := range v.Errors {
				if e.ID != "accepted" {
					v.Errors[i].ID = "need-" + e.ID
				}
			}
		})
	}
	if err != nil {
		return err
	}
	return h.back(c, slug, "/"+ids.Format(id), "invitation.done.entered")
}

func (h handlers) again(c *web.Ctx) error {
	slug, id, err := person(c)
	if err != nil {
		return err
	}
	if err := h.Invitations.AskAgain(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	return h.back(c, slug, "/"+ids.Format(id), "invitation.done.asked")
}

func (h handlers) called(c *web.Ctx) error {
	slug, id, err := person(c)
	if err != nil {
		return err
	}
	if err := h.Invitations.Telephoned(c.UserContext(), c.Who(), slug, id); err != nil {
		return err
	}
	return h.back(c, slug, "/"+ids.Format(id), "invitation.done.called")
}
