package meetingweb

import (
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/meetingview"
)

// changing is the form filled with what is stored of the application of the
// address, for the browser that holds its secret.
func (h handlers) changing(c *web.Ctx) (meetingview.Form, web.Kept, error) {
	o, k, err := h.opened(c)
	f := meetingview.Form{Now: c.Now(), Step: meetingview.Details, M: o.Meeting, Change: o.Application.Reference, Version: o.Application.Version}
	if err != nil {
		return f, k, err
	}
	f.Values = meetingview.Values(o.Application, o.Person)
	v := meetingview.Mine{M: o.Meeting, A: o.Application, Now: c.Now()}
	if !v.MayChange() {
		return f, k, h.notNow(o.Meeting, c)
	}
	f.Fixed = o.Application.State != meeting.Applied
	return f, k, nil
}

// notNow is why an application cannot be changed any more.
func (h handlers) notNow(m meeting.Meeting, c *web.Ctx) error {
	if err := m.Takes(c.Now()); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "meeting.application_fixed")
}

func (h handlers) changeForm(c *web.Ctx) error {
	f, _, err := h.changing(c)
	if fault.Is(err, fault.NotFound) {
		return c.SeeOther("/applications")
	}
	if fault.Is(err, fault.Gone) {
		return h.shut(c, f, err)
	}
	if err != nil {
		return err
	}
	return h.showForm(c, 200, f)
}

// changeStep takes the change from one step to the next, and stores it at the last.
func (h handlers) changeStep(c *web.Ctx) error {
	f, k, err := h.changing(c)
	stored := f.Values
	f.Values = map[string]string{}
	typed(c, &f)
	if fault.Is(err, fault.Gone) {
		return h.shut(c, f, err)
	}
	if err != nil {
		return err
	}
	if v := c.FormVersion(); v > 0 {
		f.Version = v
	}
	if f.Fixed {
		for _, name := range meetingview.PlaceFields {
			f.Values[name] = stored[name]
		}
	}
	if c.Form("go") != "send" {
		return h.goTo(c, f)
	}
	in := incoming(c, f)
	if len(unanswered(&f)) > 0 {
		refuse(c, &f, h.Meetings.Check(f.M, in), meetingview.Check)
		return h.showForm(c, 422, f)
	}
	_, err = h.Meetings.Change(c.UserContext(), c.Who(), k.Number, k.Secret, in, f.Version)
	problem, ok := fault.As(err)
	switch {
	case err == nil:
		c.SetNotice("meeting.notice.changed")
		return c.SeeOther("/applications/" + f.Change)
	case !ok:
		return err
	case problem.Kind == fault.Invalid:
		refuse(c, &f, problem.Fields, meetingview.Check)
		return h.showForm(c, 422, f)
	case problem.Code == "meeting.applied_already":
		f.Step, f.Twice = meetingview.Check, true
		return h.showForm(c, 409, f)
	case problem.Kind == fault.Gone:
		return h.shut(c, f, err)
	}
	return err
}

// withdraw takes the application back.
func (h handlers) withdraw(c *web.Ctx) error {
	o, k, err := h.opened(c)
	if fault.Is(err, fault.NotFound) {
		return c.SeeOther("/applications")
	}
	if err != nil {
		return err
	}
	if _, err := h.Meetings.WithdrawApplication(c.UserContext(), c.Who(), k.Number, k.Secret); err != nil {
		return err
	}
	c.SetNotice("meeting.notice.withdrawn")
	return c.SeeOther("/applications/" + o.Application.Reference)
}
