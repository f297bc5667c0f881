package meetingweb

import (
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

func (h handlers) enterForm(c *web.Ctx) error {
	v, err := h.entering(c)
	if err != nil {
		return err
	}
	return h.renderEnter(c, 200, v)
}

// entering begins the form with which staff enter an application or, at
// …/nominate, put somebody forward.
func (h handlers) entering(c *web.Ctx) (meetingview.Entering, error) {
	v := meetingview.Entering{Nominate: strings.HasSuffix(c.Path(), "/nominate")}
	m, err := h.own(c)
	if err != nil {
		return v, err
	}
	if !h.Meetings.MayVet(c.Who(), m.Organisation) {
		return v, fault.New(fault.Forbidden, "forbidden")
	}
	v.Form = meetingview.Form{M: m, Now: c.Now(), Step: meetingview.Check, Key: newKey(), Values: map[string]string{"channel": meeting.StaffChannels[0]}}
	v.Shut = shutRooms(m)
	return v, nil
}

func (h handlers) renderEnter(c *web.Ctx, status int, v meetingview.Entering) error {
	title := c.T("meeting.apps.enter")
	if v.Nominate {
		title = c.T("meeting.apps.nominate")
	}
	p := h.staffPage(c, v.M, title)
	p.Errors = len(v.Summary) > 0
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("meeting.room.applications"), Href: "/staff/meetings/" + v.M.Slug + "/applications"})
	c.NoStore()
	return c.Render(status, meetingview.Enter(p, v))
}

// enter takes the application in and shows reference and secret once, to be read out.
func (h handlers) enter(c *web.Ctx) error {
	v, err := h.entering(c)
	if err != nil {
		return err
	}
	typed(c, &v.Form)
	v.Values["channel"], v.Values["nomination"] = c.Form("channel"), strings.ReplaceAll(c.Form("nomination"), "\r\n", "\n")
	in := incoming(c, v.Form)
	in.Channel, in.Lang = v.Values["channel"], v.M.Lang
	var a meeting.Application
	var secret string
	if v.Nominate {
		a, secret, err = h.Meetings.Nominate(c.UserContext(), c.Who(), v.M.Slug, in, v.Values["nomination"])
	} else {
		a, secret, err = h.Meetings.Enter(c.UserContext(), c.Who(), v.M.Slug, in)
	}
	if err == nil {
		v.Done, v.Secret = &a, secret
		return h.renderEnter(c, 200, v)
	}
	problem, ok := fault.As(err)
	switch {
	case ok && problem.Kind == fault.Invalid:
		fields := make(fault.Fields, len(problem.Fields))
		for i, x := range problem.Fields {
			if x.Name != "channel" {
				x.Name = fieldName(x.Name)
			}
			if x.Code == "meeting.reason_required" {
				x.Name = "nomination"
			}
			fields[i] = x
		}
		v.Faults, v.Summary = components.WordFaults(c.Visit.Locale, fields)
		return h.renderEnter(c, 422, v)
	case ok && problem.Code == "meeting.applied_already":
		v.Twice = true
		return h.renderEnter(c, 409, v)
	}
	return err
}
