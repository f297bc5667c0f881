package meetingweb

import (
	"strconv"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

func (h handlers) agenda(c *web.Ctx) error {
	v, err := h.agendaOf(c)
	if err != nil {
		return err
	}
	if id, err := strconv.ParseInt(c.QueryText("item"), 10, 64); err == nil && v.Edit {
		for i := range v.Items {
			if x := v.Items[i]; x.ID == id && x.State == meeting.ItemPlanned {
				v.Item, v.Values, v.Attended = &x, meetingview.ItemValues(x), x.Attended
			}
		}
	}
	return h.renderAgenda(c, 200, v)
}

func (h handlers) agendaOf(c *web.Ctx) (meetingview.Agenda, error) {
	m, err := h.own(c)
	v := meetingview.Agenda{Now: c.Now(), M: m, Attended: true, Values: map[string]string{}, Shut: shutRooms(m)}
	if err != nil {
		return v, err
	}
	switch m.State {
	case meeting.Held, meeting.AccountInReview, meeting.AccountPublished, meeting.Cancelled:
	default:
		v.Edit = h.Meetings.MayPrepare(c.Who(), m.Organisation)
	}
	if v.Items, err = h.Meetings.Items(c.UserContext(), m.ID); err != nil || !v.Edit {
		return v, err
	}
	form := meetingview.Editing{M: m, Values: map[string]string{}}
	if err := h.abouts(c, &form); err != nil {
		return v, err
	}
	v.Abouts = form.Abouts
	return v, h.targets(c, &v)
}

// targets lists the organisation's other meetings that are still to come.
func (h handlers) targets(c *web.Ctx, v *meetingview.Agenda) error {
	found, err := h.Meetings.StaffList(c.UserContext(), c.Who(), meeting.StaffFilter{Limit: mostAbouts})
	if err != nil {
		return err
	}
	for _, m := range found.Items {
		if m.ID == v.M.ID || m.Organisation != v.M.Organisation || !m.StartsAt.After(c.Now()) || m.State == meeting.Cancelled {
			continue
		}
		v.Targets = append(v.Targets, components.Option{Value: m.Slug, Text: c.Visit.Locale.ShortDate(m.StartsAt) + " " + titleOf(c, m)})
	}
	return nil
}

func (h handlers) renderAgenda(c *web.Ctx, status int, v meetingview.Agenda) error {
	p := h.staffPage(c, v.M, c.T("meeting.room.agenda"))
	p.Errors = len(v.Errors) > 0
	return c.Render(status, meetingview.AgendaPage(p, v))
}

// itemOf reads the form of an item.
func itemOf(c *web.Ctx, f *fault.Fields) (meeting.ItemIn, map[string]string) {
	v := map[string]string{}
	for _, name := range meetingview.ItemFields {
		v[name] = strings.ReplaceAll(c.Form(name), "\r\n", "\n")
	}
	r := reader{c: c, f: f}
	in := meeting.ItemIn{
		Title: v["title"], Text: v["text"], Reporter: v["reporter"], Consultation: v["consultation"], Matter: v["matter"],
		Minutes: r.whole("minutes", v["minutes"]), Position: r.whole("position", v["position"]), Attended: c.Form("attended") != "",
	}
	separated := strings.FieldsFunc(v["suggestions"], func(x rune) bool { return strings.ContainsRune(" ,;，、；\n", x) })
	for _, text := range separated {
		in.Suggestions = append(in.Suggestions, r.whole("suggestions", text))
	}
	return in, v
}

func (h handlers) addItem(c *web.Ctx) error {
	return h.saveItem(c, 0, func(slug string, in meeting.ItemIn) error {
		_, err := h.Meetings.AddItem(c.UserContext(), c.Who(), slug, in)
		return err
	})
}

func (h handlers) editItem(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	return h.saveItem(c, id, func(slug string, in meeting.ItemIn) error {
		_, err := h.Meetings.EditItem(c.UserContext(), c.Who(), slug, id, in, c.FormVersion())
		return err
	})
}

// saveItem stores an item; what is wrong comes back beside what was typed.
func (h handlers) saveItem(c *web.Ctx, id int64, store func(string, meeting.ItemIn) error) error {
	m, err := h.preparing(c)
	if err != nil {
		return err
	}
	var faults fault.Fields
	in, values := itemOf(c, &faults)
	if err = faults.Err(); err == nil {
		err = store(m.Slug, in)
	}
	if err == nil {
		c.SetNotice("meeting.notice.saved")
		return c.SeeOther("/staff/meetings/" + m.Slug + "/agenda")
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v, err := h.agendaOf(c)
	if err != nil {
		return err
	}
	for i := range v.Items {
		if x := v.Items[i]; x.ID == id {
			v.Item = &x
		}
	}
	v.Values, v.Attended = values, in.Attended
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	return h.renderAgenda(c, 422, v)
}

func (h handlers) removeItem(c *web.Ctx) error {
	m, err := h.preparing(c)
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if err := h.Meetings.RemoveItem(c.UserContext(), c.Who(), m.Slug, id); err != nil {
		return err
	}
	c.SetNotice("meeting.notice.removed")
	return c.SeeOther("/staff/meetings/" + m.Slug + "/agenda")
}

// moveItem moves an item to another meeting, with whoever was to come for it.
func (h handlers) moveItem(c *web.Ctx) error {
	m, err := h.preparing(c)
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	reason := strings.ReplaceAll(c.Form("reason"), "\r\n", "\n")
	_, err = h.Meetings.MoveItem(c.UserContext(), c.Who(), m.Slug, id, c.Form("meeting"), reason)
	if err == nil {
		c.SetNotice("meeting.notice.slipped")
		return c.SeeOther("/staff/meetings/" + m.Slug + "/agenda")
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v, err := h.agendaOf(c)
	if err != nil {
		return err
	}
	v.Moving, v.Values = id, map[string]string{"reason": reason}
	v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
	for i := range v.Errors {
		v.Errors[i].ID += "-" + strconv.FormatInt(id, 10)
	}
	return h.renderAgenda(c, 422, v)
}
