package availabilityweb

import (
	"guangyi/internal/availability"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/availabilityview"
	"guangyi/views/components"
	"guangyi/views/layouts"
)

// public tells everybody what a consultation's period lost.
func (h handlers) public(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	v := availabilityview.Public{}
	if v.C, err = h.Consultations.BySlug(c.UserContext(), slug); err != nil {
		return err
	}
	if v.Loss, err = h.Availability.Of(c.UserContext(), v.C); err != nil {
		return err
	}
	if v.Planned, err = h.Availability.Planned(c.UserContext()); err != nil {
		return err
	}
	p, err := h.publicPage(c, v.C, c.T("availability.public.title"))
	if err != nil {
		return err
	}
	p = p.Trail(
		components.Link{Text: c.T("site.nav.consultations"), Href: "/consultations"},
		components.Link{Text: v.C.Title, Href: "/consultations/" + slug},
	)
	return c.Render(200, availabilityview.PublicPage(p, v))
}

// room is where staff answer the proposal.
func (h handlers) room(c *web.Ctx) error {
	v, err := h.at(c)
	if err != nil {
		return err
	}
	return h.show(c, 200, v)
}

func (h handlers) at(c *web.Ctx) (v availabilityview.Room, err error) {
	slug, err := c.Slug()
	if err != nil {
		return v, err
	}
	if v.C, err = h.Consultations.Staff(c.UserContext(), c.Who(), slug); err != nil {
		return v, err
	}
	if v.Loss, err = h.Availability.Of(c.UserContext(), v.C); err != nil {
		return v, err
	}
	v.MayExtend = h.Consultations.May(c.Who(), consultation.Extend, v.C)
	v.MayDecline = h.Availability.MayAnswer(c.Who(), v.C)
	if v.Loss.Proposed() && !v.Loss.NewEnd.IsZero() {
		v.Note = h.notice(v.C, v.Loss)
	}
	return v, nil
}

// notice is the text of the extension: in the consultation's language, then in the
// site's other one.
func (h handlers) notice(x consultation.Consultation, l availability.Loss) string {
	tags := []string{"zh-CN", "en"}
	if x.Lang == "en" {
		tags = []string{"en", "zh-CN"}
	}
	text := ""
	for _, tag := range tags {
		if text != "" {
			text += "\n\n"
		}
		text += availabilityview.Notice(h.Bundle.Locale(tag, tag), l, x)
	}
	return text
}

func (h handlers) show(c *web.Ctx, status int, v availabilityview.Room) error {
	p := layouts.FromStaff(c.Visit, c.T("availability.room.title"))
	p.Section, p.Errors = "consultations", len(v.Errors) > 0
	p = p.Trail(
		components.Link{Text: c.T("site.staff.consultations"), Href: "/staff/consultations"},
		components.Link{Text: v.C.Title, Href: "/staff/consultations/" + v.C.Slug},
	)
	return c.Render(status, availabilityview.RoomPage(p, v))
}

// answer extends the period or declines to; a refusal of the content comes back
// with what was typed.
func (h handlers) answer(c *web.Ctx) error {
	v, err := h.at(c)
	if err != nil {
		return err
	}
	declining := c.Form("go") == "decline"
	if declining {
		err = h.Availability.Decline(c.UserContext(), c.Who(), v.C.Slug, c.Form("reason"))
	} else {
		err = h.Availability.Extend(c.UserContext(), c.Who(), v.C.Slug, number(c.Form("days")), c.Form("note"))
	}
	if f, ok := fault.AsInvalid(err); ok {
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		v.Reason, v.Declining = c.Form("reason"), declining
		if !declining {
			v.Note = c.Form("note")
		}
		return h.show(c, 422, v)
	}
	if err != nil {
		return err
	}
	if declining {
		c.SetNotice("availability.done.declined")
	} else {
		c.SetNotice("consultation.done.extend")
	}
	return c.SeeOther("/staff/consultations/" + v.C.Slug + "/availability")
}
