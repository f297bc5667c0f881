package mailboxweb

import (
	"maps"
	"slices"

	"guangyi/internal/consultation"
	"guangyi/internal/mailbox"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/mailboxview"
)

func sorted(counts map[int64]int) []int64 { return slices.Sorted(maps.Keys(counts)) }

func (h handlers) room(c *web.Ctx) error { return h.renderRoom(c, 200, "", nil) }

func (h handlers) renderRoom(c *web.Ctx, status int, typed string, faults []fault.Field) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	r, err := h.Mail.Room(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	v := mailboxview.Room{Room: r, Typed: typed, Decide: h.Mail.May(c.Who(), mailbox.PermissionDecide, r.Consultation.Organisation)}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, faults)
	p := layouts.FromStaff(c.Visit, c.T("mailbox.room"))
	p.Section, p.Errors = "consultations", len(v.Errors) > 0
	return c.Render(status, mailboxview.RoomPage(p, v))
}

// addresses lets an address stand for the consultation, or no longer.
func (h handlers) addresses(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	if gone := c.Form("remove"); gone != "" {
		if err := h.Mail.TakeAddress(c.UserContext(), c.Who(), slug, gone); err != nil {
			return err
		}
		c.SetNotice("mailbox.done.address_gone")
		return c.SeeOther(mailboxview.RoomAddress(slug))
	}
	account, _ := ids.Parse(c.Form("account")) // zero is no mailbox, and is said so
	err = h.Mail.GiveAddress(c.UserContext(), c.Who(), slug, account, c.Form("address"))
	if f, ok := fault.AsInvalid(err); ok {
		return h.renderRoom(c, 422, c.Form("address"), f.Fields)
	}
	if err != nil {
		return err
	}
	c.SetNotice("mailbox.done.address")
	return c.SeeOther(mailboxview.RoomAddress(slug))
}

func (h handlers) mail(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	m, err := h.Mail.One(c.UserContext(), c.Who(), id)
	if err != nil {
		return err
	}
	v := mailboxview.One{Mail: m, Decide: h.Mail.May(c.Who(), mailbox.PermissionDecide, m.Organisation), HasOriginal: m.State != mailbox.Repeated}
	if v.Box, err = h.Mail.BoxOf(c.UserContext(), m.Account); err != nil {
		return err
	}
	if err := h.place(c, &v); err != nil {
		return err
	}
	p := layouts.FromStaff(c.Visit, c.T("mailbox.mail"))
	p.Section = "consultations"
	return c.Render(200, mailboxview.MailPage(p, v))
}

// place finds where a mail belongs, or to which consultations it could.
func (h handlers) place(c *web.Ctx, v *mailboxview.One) error {
	if v.Mail.Consultation != 0 {
		one, err := h.Consultations.ByID(c.UserContext(), v.Mail.Consultation)
		if err != nil {
			return err
		}
		v.Consultation = &one
		if v.Submission == 0 {
			return nil
		}
		x, err := h.Submissions.One(c.UserContext(), c.Who(), one.Slug, v.Submission)
		v.Receipt = x.Receipt
		return err
	}
	if !v.Decide {
		return nil
	}
	page, err := h.Consultations.StaffList(c.UserContext(), c.Who(), consultation.StaffFilter{})
	if err != nil {
		return err
	}
	for _, one := range page.Items {
		switch one.Status(c.Now()) {
		case consultation.Open, consultation.Closed, consultation.DecidedStatus:
			if one.Organisation == v.Organisation && !one.Unlisted {
				v.Choices = append(v.Choices, one)
			}
		}
	}
	return nil
}

func (h handlers) original(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	raw, err := h.Mail.Original(c.UserContext(), c.Who(), id)
	if err != nil {
		return err
	}
	// As bytes: a browser that showed it would show what strangers wrote as ours.
	c.Set("Content-Type", "application/octet-stream")
	c.Set("Content-Disposition", `attachment; filename="mail-`+ids.Format(id)+`.eml"`)
	c.Set("X-Content-Type-Options", "nosniff")
	c.NoStore()
	return c.Send(raw)
}

func (h handlers) take(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.Mail.Allow(c.UserContext(), c.Who(), id, mailbox.PermissionDecide); err != nil {
		return err
	}
	slug := c.Form("consultation")
	if slug == "" {
		c.SetNotice("mailbox.which.missing")
		return c.SeeOther(mailboxview.MailAddress(id))
	}
	if _, err := h.Mail.Take(c.UserContext(), c.Who(), slug, id, c.FormVersion()); err != nil {
		return err
	}
	c.SetNotice("mailbox.done.taken")
	return c.SeeOther(mailboxview.MailAddress(id))
}

func (h handlers) dismiss(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.Mail.Dismiss(c.UserContext(), c.Who(), id, c.FormVersion()); err != nil {
		return err
	}
	c.SetNotice("mailbox.done.dismissed")
	return c.SeeOther(mailboxview.MailAddress(id))
}
