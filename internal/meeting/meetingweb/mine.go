package meetingweb

import (
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/meetingview"
)

// lookUp asks for reference and secret.
func (h handlers) lookUp(c *web.Ctx) error {
	return h.ask(c, 200, meetingview.LookUp{Reference: c.QueryText("reference")})
}

func (h handlers) ask(c *web.Ctx, status int, v meetingview.LookUp) error {
	p := layouts.From(c.Visit, c.T("meeting.lookup.title"))
	p.Section, p.NoIndex, p.Errors = "meetings", c.Path() != "/applications", len(v.Summary()) > 0
	for _, k := range h.drawer().All(c) {
		v.Kept = append(v.Kept, k.Number)
	}
	c.NoStore()
	return c.Render(status, meetingview.Ask(p.Trail(home(c), list(c)), v))
}

// find checks what was typed; it stands in no address, and one message answers a
// wrong reference and a wrong secret.
func (h handlers) find(c *web.Ctx) error {
	if err := c.LimitLookup("application"); err != nil {
		return err
	}
	v := meetingview.LookUp{Reference: c.Form("reference"), Secret: c.Form("secret")}
	if v.Reference == "" {
		v.Reference = c.Params("number")
	}
	if v.Reference == "" {
		v.ReferenceFault = c.T("meeting.lookup.reference.empty")
	}
	if v.Secret == "" {
		v.SecretFault = c.T("meeting.lookup.secret.empty")
	}
	if len(v.Summary()) > 0 {
		return h.ask(c, 422, v)
	}
	o, err := h.Meetings.Mine(c.UserContext(), v.Reference, v.Secret)
	if fault.Is(err, fault.NotFound) {
		v.ReferenceFault = c.T("meeting.lookup.wrong")
		return h.ask(c, 404, v)
	}
	if err != nil {
		return err
	}
	if err := h.drawer().Keep(c, web.Kept{Number: o.Application.Reference, Secret: v.Secret}); err != nil {
		return err
	}
	return c.SeeOther("/applications/" + o.Application.Reference)
}

// mine shows an application to the browser that sent it or has shown its secret;
// any other is asked for the secret.
func (h handlers) mine(c *web.Ctx) error {
	o, k, err := h.opened(c)
	if fault.Is(err, fault.NotFound) {
		number, _ := meeting.ReadReference(c.Params("number"))
		return h.ask(c, 200, meetingview.LookUp{Reference: number})
	}
	if err != nil {
		return err
	}
	return h.tell(c, 200, o, k)
}

// opened is the application of the address, when this browser holds its secret.
func (h handlers) opened(c *web.Ctx) (meeting.Own, web.Kept, error) {
	number, ok := meeting.ReadReference(c.Params("number"))
	k, here := h.drawer().At(c, number)
	if !ok || !here {
		return meeting.Own{}, k, fault.Missing()
	}
	o, err := h.Meetings.Mine(c.UserContext(), k.Number, k.Secret)
	return o, k, err
}

func (h handlers) tell(c *web.Ctx, status int, o meeting.Own, k web.Kept) error {
	v := meetingview.Mine{M: o.Meeting, A: o.Application, P: o.Person, Now: c.Now(), Position: o.Position, Contact: o.Meeting.Contact}
	if k.Sent {
		v.Secret = k.Secret
	}
	if err := h.chance(c, &v); err != nil {
		return err
	}
	if h.Invitations != nil && o.Application.State.Holds() {
		var err error
		if v.Invitation, _, err = h.Invitations.LinkOf(c.UserContext(), o.Meeting.ID, o.Application.ID); err != nil {
			return err
		}
	}
	p, unit, err := h.publicPage(c, o.Meeting, v.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	if v.Contact == "" {
		v.Contact = unit.Contact
	}
	p.NoIndex = true
	p = p.Trail(home(c), list(c), components.Link{Text: c.T("meeting.call.mine"), Href: "/applications"})
	c.NoStore()
	return c.Render(status, meetingview.Told(p, v))
}

func (h handlers) chance(c *web.Ctx, v *meetingview.Mine) error {
	if h.Selections == nil || !v.M.Draws() {
		return nil
	}
	ctx := c.UserContext()
	var err error
	if v.Draw, err = h.Selections.DrawPublished(ctx, v.M.ID); err != nil || !v.Draw {
		return err
	}
	share, in, of, ok, err := h.Selections.ChanceOf(ctx, v.M.ID, v.A.ID)
	if err == nil && ok {
		v.Chance = &meetingview.Chance{Share: share, Panels: in, Of: of}
	}
	return err
}
