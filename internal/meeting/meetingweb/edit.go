package meetingweb

import (
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/meetingview"
)

func (h handlers) newForm(c *web.Ctx) error {
	v, err := h.making(c)
	if err != nil {
		return err
	}
	return h.renderNew(c, 200, v)
}

// making begins the form of a new meeting: who may prepare nowhere is refused.
func (h handlers) making(c *web.Ctx) (meetingview.Making, error) {
	v := meetingview.Making{Editing: meetingview.EditingOf(c.Visit.Locale, meeting.Meeting{Kind: meeting.Office})}
	if !c.Who().Known() {
		return v, fault.New(fault.Unauthenticated, "sign_in_first")
	}
	var err error
	if v.Units, err = h.mayPrepare(c); err != nil {
		return v, err
	}
	switch {
	case len(v.Units) > 0:
		return v, nil
	case h.worksHere(c):
		return v, fault.New(fault.Forbidden, "forbidden")
	}
	return v, fault.Missing()
}

func (h handlers) renderNew(c *web.Ctx, status int, v meetingview.Making) error {
	p := layouts.FromStaff(c.Visit, c.T("meeting.desk.new"))
	p.Section, p.Errors = "meetings", len(v.Errors) > 0
	return c.Render(status, meetingview.New(p.Trail(components.Link{Text: c.T("site.staff.meetings"), Href: "/staff/meetings"}), v))
}

func (h handlers) create(c *web.Ctx) error {
	v, err := h.making(c)
	if err != nil {
		return err
	}
	v.Editing, v.Unit = typedCall(c, meeting.Meeting{}), c.Form("organisation")
	o, err := h.Organisations.BySlug(c.UserContext(), v.Unit)
	if err != nil {
		return err
	}
	var faults fault.Fields
	kind, title := meeting.Kind(v.Values["kind"]), v.Values["title"]
	in := meeting.In{Title: &title, Kind: &kind, StartsAt: instant(c, v.Editing, "starts_at", &faults), EndsAt: instant(c, v.Editing, "ends_at", &faults)}
	if err = faults.Err(); err == nil {
		var m meeting.Meeting
		if m, err = h.Meetings.Prepare(c.UserContext(), c.Who(), o.ID, in); err == nil {
			c.SetNotice("meeting.notice.made")
			return c.SeeOther("/staff/meetings/" + m.Slug + "/edit")
		}
	}
	f, ok := fault.AsInvalid(err)
	if !ok {
		return err
	}
	v.Faults, v.Errors = meetingview.WordFaults(c.Visit.Locale, f.Fields)
	return h.renderNew(c, 422, v)
}

// preparing is a meeting that this person may prepare, as far as the role goes:
// that is asked before anybody looks at what was sent.
func (h handlers) preparing(c *web.Ctx) (meeting.Meeting, error) {
	m, err := h.own(c)
	if err == nil && !h.Meetings.MayPrepare(c.Who(), m.Organisation) {
		err = fault.New(fault.Forbidden, "forbidden")
	}
	return m, err
}

// editable is a meeting of which this person may change something now.
func (h handlers) editable(c *web.Ctx) (meeting.Meeting, error) {
	m, err := h.preparing(c)
	if err != nil {
		return m, err
	}
	switch m.State {
	case meeting.InReview, meeting.Cancelled, meeting.AccountPublished:
		return m, fault.New(fault.Conflict, "meeting.not_editable")
	}
	return m, nil
}

func (h handlers) editForm(c *web.Ctx) error {
	m, err := h.editable(c)
	if err != nil {
		return err
	}
	v := meetingview.EditingOf(c.Visit.Locale, m)
	h.measure(c, &v, m)
	return h.renderEdit(c, 200, v)
}

func (h handlers) renderEdit(c *web.Ctx, status int, v meetingview.Editing) error {
	p := h.staffPage(c, v.M, c.T("meeting.edit"))
	p.Errors = len(v.Errors) > 0
	if !v.M.Editable() {
		return c.Render(status, meetingview.Amend(p, v))
	}
	if err := h.abouts(c, &v); err != nil {
		return err
	}
	return c.Render(status, meetingview.Edit(p, v))
}

// mostAbouts bounds the choice of the consultation that is discussed.
const mostAbouts = 200

// abouts lists the organisation's own consultations, to choose from.
func (h handlers) abouts(c *web.Ctx, v *meetingview.Editing) error {
	found, err := h.Consultations.StaffList(c.UserContext(), c.Who(), consultation.StaffFilter{Limit: mostAbouts})
	if err != nil {
		return err
	}
	chosen := v.Values["about"]
	known := chosen == ""
	for _, x := range found.Items {
		if x.Organisation != v.M.Organisation || x.Title == "" {
			continue
		}
		known = known || x.Slug == chosen
		v.Abouts = append(v.Abouts, components.Option{Value: x.Slug, Text: strings.ReplaceAll(x.Title, "\u200b", ""), Chosen: x.Slug == chosen})
	}
	if !known {
		v.Abouts = append(v.Abouts, components.Option{Value: chosen, Text: chosen, Chosen: true})
	}
	return nil
}

// measure compares dates with the profile: those of m.
func (h handlers) measure(c *web.Ctx, v *meetingview.Editing, m meeting.Meeting) {
	profile := h.Meetings.Profile(m)
	if profile == nil || m.StartsAt.IsZero() {
		return
	}
	v.Found, v.Checked = h.Meetings.Periods(m, c.Now()), true
	v.Rules = len(profile.RulesFor(m.Tags()))
}

// edit stores the call, or adds and removes rows, or measures the periods. Wrong
// values come back beside their fields; when somebody else saved in between, both
// texts are shown and saving again decides.
func (h handlers) edit(c *web.Ctx) error {
	m, err := h.editable(c)
	if err != nil {
		return err
	}
	v := typedCall(c, m)
	v.Version = c.FormVersion()
	act, list, _ := strings.Cut(c.Form("go"), ":")
	switch {
	case act == "add" && m.Editable():
		addRow(&v, list)
		return h.again(c, v, m)
	case act == "remove" && m.Editable():
		removeRow(&v, list)
		return h.again(c, v, m)
	case act == "check":
		return h.again(c, v, m)
	}
	return h.save(c, v, m)
}

// again shows what was typed, with its dates measured.
func (h handlers) again(c *web.Ctx, v meetingview.Editing, m meeting.Meeting) error {
	var faults fault.Fields
	h.measure(c, &v, asTyped(m, callOf(c, v, &faults)))
	v.Faults, v.Errors = meetingview.WordFaults(c.Visit.Locale, faults)
	status := 200
	if len(faults) > 0 {
		status = 422
	}
	return h.renderEdit(c, status, v)
}

func (h handlers) save(c *web.Ctx, v meetingview.Editing, m meeting.Meeting) error {
	var faults fault.Fields
	in := callOf(c, v, &faults)
	if !m.Editable() {
		in = amendment(v, &faults)
	}
	err := faults.Err()
	if err == nil {
		_, err = h.Meetings.Edit(c.UserContext(), c.Who(), m.Slug, in, v.Version)
	}
	if err == nil {
		c.SetNotice("meeting.notice.saved")
		return c.SeeOther("/staff/meetings/" + m.Slug)
	}
	f, ok := fault.As(err)
	stale := ok && f.Kind == fault.Conflict && f.Code == fault.Stale().Code
	if !stale && (!ok || f.Kind != fault.Invalid) {
		return err
	}
	h.measure(c, &v, asTyped(m, in))
	if stale {
		v.Stale, v.Version = true, m.Version
		return h.renderEdit(c, 409, v)
	}
	v.Faults, v.Errors = meetingview.WordFaults(c.Visit.Locale, f.Fields)
	return h.renderEdit(c, 422, v)
}

// addRow adds an empty row to a list.
func addRow(v *meetingview.Editing, list string) {
	switch list {
	case "categories":
		v.Categories = append(v.Categories, meetingview.CategoryRow{Code: unusedCode(*v), Method: meeting.ByDraw})
	case "quotas":
		v.Quotas = append(v.Quotas, meetingview.QuotaRow{Min: "0", Max: v.Values["seats"]})
	case "questions":
		v.Questions = append(v.Questions, meetingview.QuestionRow{})
	case "sessions":
		v.Sessions = append(v.Sessions, meetingview.SessionRow{On: v.Values["starts_at_on"], Group: "1"})
	}
}

// unusedCode is the first usual category that is not there yet.
func unusedCode(v meetingview.Editing) string {
	for _, code := range []string{"citizen", "enterprise", "expert", "deputy", "stakeholder", "media"} {
		if !slices.ContainsFunc(v.Categories, func(c meetingview.CategoryRow) bool { return c.Code == code }) {
			return code
		}
	}
	return meetingview.Own
}

// removeRow takes a row out of a list: categories:2.
func removeRow(v *meetingview.Editing, which string) {
	list, index, _ := strings.Cut(which, ":")
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 {
		return
	}
	switch {
	case list == "categories" && i < len(v.Categories):
		v.Categories = slices.Delete(v.Categories, i, i+1)
	case list == "quotas" && i < len(v.Quotas):
		v.Quotas = slices.Delete(v.Quotas, i, i+1)
	case list == "questions" && i < len(v.Questions):
		v.Questions = slices.Delete(v.Questions, i, i+1)
	case list == "sessions" && i < len(v.Sessions):
		v.Sessions = slices.Delete(v.Sessions, i, i+1)
	}
}
