package invitationweb

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/attachment"
	"guangyi/internal/invitation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/invitationview"
	"guangyi/views/layouts"
)

// guest shows what is behind a personal link. It changes nothing: programs that
// look into mail open links too.
func (h handlers) guest(c *web.Ctx) error {
	return h.show(c, 200, func(*invitationview.Guest) {})
}

func (h handlers) show(c *web.Ctx, status int, change func(*invitationview.Guest)) error {
	if err := c.LimitLookup("invitation"); err != nil {
		return err
	}
	c.NoStore()
	token := c.Params("token")
	g, err := h.Invitations.Guest(c.UserContext(), token)
	if err != nil {
		return err
	}
	v := invitationview.Guest{Guest: g, Token: token, Now: c.Now(), Code: h.Meetings.CheckInCode(g.Application.ID)}
	change(&v)
	p := layouts.From(c.Visit, g.Meeting.Title)
	p.Section, p.NoIndex, p.Errors = "meetings", true, len(v.Errors) > 0
	return c.Render(status, invitationview.Invited(p, v))
}

// needs reads what somebody needs from a form.
func needs(c *web.Ctx) invitation.Needs {
	ticked := c.FormAll("needs")
	has := func(name string) bool { return slices.Contains(ticked, name) }
	return invitation.Needs{
		Wheelchair: has("wheelchair"), Sign: has("sign"), Hearing: has("hearing"), LargePrint: has("large_print"), Companion: has("companion"),
		Language: c.Form("language"), Diet: c.Form("diet"), Travel: c.Form("travel"), Other: c.Form("other"),
	}
}

// answer takes an acceptance or a refusal: one step.
func (h handlers) answer(c *web.Ctx) error {
	token, said := c.Params("token"), needs(c)
	var err error
	done := "invitation.done.accepted"
	switch c.Form("answer") {
	case "accept":
		err = h.Invitations.Accept(c.UserContext(), token, said)
	case "decline":
		done = "invitation.done.declined"
		err = h.Invitations.Decline(c.UserContext(), token)
	default:
		err = fault.Fields{{Name: "answer", Code: "invitation.choose"}}.Err()
	}
	if f, ok := fault.AsInvalid(err); ok {
		return h.show(c, 422, func(v *invitationview.Guest) {
			v.Needs = said
			v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
			for i, e := range v.Errors {
				if e.ID != "answer" {
					v.Errors[i].ID = "need-" + e.ID
				}
			}
		})
	}
	if f, ok := fault.As(err); ok && f.Code == "invitation.full" {
		return h.show(c, 409, func(v *invitationview.Guest) { v.Needs, v.Full = said, true })
	}
	if err != nil {
		return err
	}
	c.SetNotice(done)
	return c.SeeOther("/i/" + token)
}

// undertake keeps that the undertaking, as it was shown, was agreed to.
func (h handlers) undertake(c *web.Ctx) error {
	token := c.Params("token")
	if err := h.Invitations.Undertake(c.UserContext(), token, c.Form("hash")); err != nil {
		return err
	}
	c.SetNotice("invitation.done.undertaken")
	return c.SeeOther("/i/" + token + "#papers")
}

func (h handlers) paper(c *web.Ctx) error {
	if err := c.LimitLookup("invitation"); err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	a, file, err := h.Invitations.OpenPaper(c.UserContext(), c.Params("token"), id)
	if err != nil {
		return err
	}
	return send(c, a, file)
}

// send gives a file that is not for everybody.
func send(c *web.Ctx, a attachment.Attachment, file io.ReadSeekCloser) error {
	for name, value := range a.Header() {
		c.Set(name, value)
	}
	c.NoStore()
	return c.SendStream(file, int(a.Size)) // fasthttp closes it
}

// calendar gives a public meeting as iCalendar; ?session= only that one.
func (h handlers) calendar(c *web.Ctx) error {
	slug, ok := strings.CutSuffix(c.Params("file"), ".ics")
	if !ok {
		return fault.Missing()
	}
	m, err := h.Meetings.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	session, _ := strconv.ParseInt(c.QueryText("session"), 10, 64)
	c.Set("Content-Type", "text/calendar; charset=utf-8")
	c.Set("Content-Disposition", `inline; filename="`+m.Slug+`.ics"`)
	c.Set("Cache-Control", "public, max-age=300")
	return c.Send(invitation.Calendar(m, h.BaseURL, session))
}
