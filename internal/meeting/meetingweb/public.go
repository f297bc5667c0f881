package meetingweb

import (
	"strings"

	"guangyi/internal/attachment"
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/procedure"
	"guangyi/views/components"
	"guangyi/views/layouts"
	"guangyi/views/meetingview"
)

// pageUsual is how many meetings a page of the list holds.
const pageUsual = 30

func (h handlers) list(c *web.Ctx) error {
	_, cursor := c.Page(pageUsual, pageUsual)
	ctx := c.UserContext()
	v := meetingview.List{Now: c.Now(), Q: c.QueryText("q"), First: cursor == 0, Start: c.With("cursor", "")}
	for _, s := range meeting.PublicStatuses {
		if string(s) == c.QueryText("status") {
			v.Status = s
		}
	}
	var err error
	if v.Units, err = h.Organisations.All(ctx); err != nil {
		return err
	}
	chosen := organisation.Organisation{}
	for _, o := range v.Units {
		if o.Slug == c.QueryText("organisation") {
			chosen, v.Organisation = o, o.Slug
		}
	}
	found, err := h.Meetings.List(ctx, meeting.Filter{Status: v.Status, Organisation: chosen.ID, Q: v.Q, Limit: pageUsual, Cursor: cursor})
	if err != nil {
		return err
	}
	v.Items = found.Items
	if found.Next != 0 {
		v.Next = c.With("cursor", ids.Format(found.Next))
	}
	p := layouts.From(c.Visit, c.T("site.nav.meetings"))
	p.Section = "meetings"
	return c.Render(200, meetingview.Index(p.Trail(home(c)), v))
}

func (h handlers) show(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	m, err := h.Meetings.BySlug(c.UserContext(), slug)
	if err != nil {
		return err
	}
	p, o, err := h.publicPage(c, m, m.Title)
	if err != nil {
		return err
	}
	v, err := h.call(c, m, o)
	if err != nil {
		return err
	}
	p.Description = m.Ask
	return c.Render(200, meetingview.Show(p, v))
}

// call gathers what the page of a meeting shows.
func (h handlers) call(c *web.Ctx, m meeting.Meeting, o organisation.Organisation) (meetingview.Call, error) {
	ctx := c.UserContext()
	v := meetingview.Call{
		Now: c.Now(), M: m, Unit: o.Name, Contact: o.Contact, Account: m.State == meeting.AccountPublished && !m.Imported(),
	}
	var err error
	if v.Files, err = h.papers(c, m); err != nil {
		return v, err
	}
	if v.Past, err = h.Meetings.History(ctx, m.ID); err != nil {
		return v, err
	}
	if v.About, err = h.about(c, m); err != nil {
		return v, err
	}
	if v.Items, err = h.titles(c, m); err != nil {
		return v, err
	}
	v.Periods = h.periods(c, m)
	if h.Selections != nil && m.Draws() {
		v.Draw, err = h.Selections.DrawPublished(ctx, m.ID)
	}
	return v, err
}

// titles are those of the agenda's items for which representatives are in the room.
func (h handlers) titles(c *web.Ctx, m meeting.Meeting) ([]string, error) {
	items, err := h.Meetings.Items(c.UserContext(), m.ID)
	var out []string
	for _, x := range items {
		if x.Attended && x.State != meeting.ItemMoved {
			out = append(out, x.Title)
		}
	}
	return out, err
}

// periods are the rules of the profile that concern the call, with their sources:
// those that oblige, not the program's own reminders.
func (h handlers) periods(c *web.Ctx, m meeting.Meeting) []meetingview.Period {
	profile := h.Meetings.Profile(m)
	if profile == nil {
		return nil
	}
	tag := c.Visit.Locale.Tag()
	var out []meetingview.Period
	for _, r := range profile.RulesFor(m.Tags()) {
		if r.Kind != procedure.Default && r.Source != procedure.Own {
			out = append(out, meetingview.Period{Text: r.Says.In(tag), Source: r.Citation.In(tag)})
		}
	}
	return out
}

// owner is what the public papers of a meeting belong to.
func owner(m meeting.Meeting) attachment.Owner { return attachment.Owner{Kind: "meeting", ID: m.ID} }

func (h handlers) papers(c *web.Ctx, m meeting.Meeting) ([]attachment.Attachment, error) {
	if h.Files == nil {
		return nil, nil
	}
	return h.Files.List(c.UserContext(), owner(m))
}

// about leads to the consultation whose draft is discussed, once it is public.
func (h handlers) about(c *web.Ctx, m meeting.Meeting) (*components.Link, error) {
	if m.About == "" {
		return nil, nil
	}
	x, err := h.Consultations.BySlug(c.UserContext(), m.About)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &components.Link{Text: strings.ReplaceAll(x.Title, "\u200b", ""), Href: "/consultations/" + x.Slug}, nil
}

// download gives a public paper of a meeting to whoever may see the meeting.
func (h handlers) download(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	m, err := h.Meetings.See(c.UserContext(), c.Who(), slug)
	if err != nil {
		return err
	}
	a, file, err := h.Files.Open(c.UserContext(), owner(m), id)
	if err != nil {
		return err
	}
	for name, value := range a.Header() {
		c.Set(name, value)
	}
	if !m.Public() {
		c.NoStore()
	}
	return c.SendStream(file, int(a.Size)) // fasthttp closes it
}
