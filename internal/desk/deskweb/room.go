package deskweb

import (
	"slices"
	"strconv"

	"guangyi/internal/desk"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/deskview"
	"guangyi/views/layouts"
)

// roomShown is how many entries a page of the room lists.
const roomShown = 30

func (h handlers) home(c *web.Ctx) error { return h.showHome(c, 200, nil, "") }

func (h handlers) showHome(c *web.Ctx, status int, faults []fault.Field, typed string) error {
	v := deskview.Home{Faults: faults}
	var err error
	if v.Work, err = h.Desk.Work(c.UserContext(), c.Who()); err != nil {
		return err
	}
	for _, id := range c.Who().Organisations() {
		o, err := h.Organisations.ByID(c.UserContext(), id)
		if err != nil {
			return err
		}
		share, err := h.Desk.Demanded(c.UserContext(), id)
		if err != nil {
			return err
		}
		one := deskview.Share{Organisation: id, Name: o.Name, Percent: strconv.Itoa(share), May: h.Desk.May(c.Who(), desk.PermissionDemand, id)}
		if len(faults) > 0 {
			one.Percent = typed
		}
		v.Shares = append(v.Shares, one)
	}
	p := layouts.FromStaff(c.Visit, c.T("desk.title"))
	p.Section, p.Errors = "consultations", len(faults) > 0
	c.NoStore()
	return c.Render(status, deskview.AllDesks(p, v))
}

// demand sets how much a second person checks.
func (h handlers) demand(c *web.Ctx) error {
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	id, ok := ids.Parse(c.Form("organisation"))
	if !ok {
		return fault.Missing()
	}
	percent, err := strconv.Atoi(c.Form("share"))
	if err != nil {
		percent = -1
	}
	err = h.Desk.Demand(c.UserContext(), c.Who(), id, percent)
	if f, ok := fault.AsInvalid(err); ok {
		return h.showHome(c, 422, f.Fields, c.Form("share"))
	}
	if err != nil {
		return err
	}
	c.SetNotice("desk.share.saved")
	return c.SeeOther("/staff/desk")
}

func (h handlers) room(c *web.Ctx) error {
	return h.showRoom(c, 200, desk.Batch{}, nil)
}

func (h handlers) showRoom(c *web.Ctx, status int, in desk.Batch, faults []fault.Field) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	v := deskview.Room{In: in, Faults: faults, State: desk.State(c.QueryText("state")), Now: c.Now()}
	if !slices.Contains(desk.States, v.State) {
		v.State = ""
	}
	if v.Work, err = h.Desk.WorkOf(c.UserContext(), c.Who(), slug, desk.PermissionSee); err != nil {
		return err
	}
	x := v.Work.Consultation
	limit, cursor := c.Page(roomShown, roomShown)
	_, list, err := h.Desk.List(c.UserContext(), c.Who(), slug, desk.Filter{State: v.State, Cursor: cursor, Limit: limit})
	if err != nil {
		return err
	}
	v.Items = list.Items
	if list.Next != 0 {
		v.Next = c.With("cursor", ids.Format(list.Next))
	}
	v.Enter, v.Open = h.Desk.May(c.Who(), desk.PermissionEnter, x.Organisation), desk.Takes(x, c.Now())
	if v.Percent, err = h.Desk.Demanded(c.UserContext(), x.Organisation); err != nil {
		return err
	}
	if v.Enter {
		if v.Batches, err = h.Desk.Batches(c.UserContext(), c.Who(), slug, 10); err != nil {
			return err
		}
	}
	if v.In.Day == "" && len(faults) == 0 {
		v.In.Way, v.In.Day = desk.Letter, c.Now().In(h.Desk.Zone()).Format("2006-01-02")
	}
	p := layouts.FromStaff(c.Visit, c.T("desk.title")+c.T("desk.colon")+x.Title)
	p.Section, p.Errors = "consultations", len(faults) > 0
	c.NoStore()
	return c.Render(status, deskview.OneDesk(p.Trail(components.Link{Text: x.Title, Href: "/staff/consultations/" + x.Slug}), v))
}

// begin opens a batch and shows its first form.
func (h handlers) begin(c *web.Ctx) error {
	slug, err := c.Slug()
	if err != nil {
		return err
	}
	in := desk.Batch{Way: desk.Way(c.Form("way")), Day: c.Form("day"), Title: c.Form("title")}
	b, err := h.Desk.Begin(c.UserContext(), c.Who(), slug, in)
	if f, ok := fault.AsInvalid(err); ok {
		return h.showRoom(c, 422, in, f.Fields)
	}
	if err != nil {
		return err
	}
	return c.SeeOther(deskview.Base(slug) + "/batches/" + ids.Format(b.ID))
}
