package representativeweb

import (
	"slices"
	"time"

	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
	"guangyi/views/components"
	"guangyi/views/representativeview"
)

// room finds the organisation of the query among those whose pool the person sees,
// else the first of them.
func (h handlers) room(c *web.Ctx) (o organisation.Organisation, all []organisation.Organisation, err error) {
	rooms := h.pool.Rooms(c.Who())
	if len(rooms) == 0 {
		return o, nil, h.noRoom(c)
	}
	every, err := h.orgs.All(c.UserContext())
	if err != nil {
		return o, nil, err
	}
	asked := c.QueryText("organisation")
	for _, one := range every {
		if !slices.Contains(rooms, one.ID) {
			continue
		}
		all = append(all, one)
		if one.Slug == asked || asked == "" && o.ID == 0 {
			o = one
		}
	}
	if o.ID == 0 {
		return o, nil, fault.Missing()
	}
	return o, all, nil
}

// noRoom answers who sees no pool: strangers sign in, colleagues learn that their
// role does not suffice, others that there is nothing.
func (h handlers) noRoom(c *web.Ctx) error {
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	for _, g := range c.Who().Grants {
		if g.Role.Staff() {
			return fault.New(fault.Forbidden, "forbidden")
		}
	}
	return fault.Missing()
}

func (h handlers) list(c *web.Ctx) error {
	o, all, err := h.room(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	v := representativeview.List{Organisation: o, Others: all, SetUp: h.pool.MaySetUp(c.Who(), o.ID)}
	v.Filter = representative.Filter{Category: c.QueryText("category"), Field: c.QueryText("field"), District: c.QueryText("district"),
		Q: c.QueryText("q"), State: representative.State(c.QueryText("state")), Due: c.QueryText("state") == "due"}
	v.Filter.Limit, v.Filter.Cursor = c.Page(onAPage, onAPage)
	if v.Page, err = h.pool.List(ctx, c.Who(), o.ID, v.Filter); err != nil {
		return err
	}
	if v.Page.Next != 0 {
		v.Next = c.With("cursor", ids.Format(v.Page.Next))
	}
	if v.Pool, err = h.pool.PoolOf(ctx, o.ID); err != nil {
		return err
	}
	if v.Categories, err = h.pool.Categories(ctx, o.ID); err != nil {
		return err
	}
	return c.Render(200, representativeview.ListPage(staffPage(c, o, c.T("representative.list.title")), v))
}

func (h handlers) one(c *web.Ctx) error {
	return h.showOne(c, 200, representativeview.One{})
}

func (h handlers) showOne(c *web.Ctx, status int, v representativeview.One) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	if v.S, err = h.pool.One(c.UserContext(), c.Who(), id); err != nil {
		return err
	}
	v.Now = c.Now()
	propose(c, &v)
	name := v.S.PublicName
	if v.Person.Name != "" {
		name = v.Person.Name
	}
	if name == "" {
		name = v.S.Reference
	}
	p := staffPage(c, v.S.Organisation, name).Trail(components.Link{Text: c.T("representative.list.title"),
		Href: representativeview.StaffAddress + "?organisation=" + v.S.Organisation.Slug})
	p.Errors = len(v.Errors) > 0
	c.NoStore()
	return c.Render(status, representativeview.OnePage(p, v))
}

// contact shows name and contact; it is a post, because reading them leaves a line
// in the audit trail.
func (h handlers) contact(c *web.Ctx) error {
	id, err := c.IDParam("id")
	if err != nil {
		return err
	}
	person, err := h.pool.Contact(c.UserContext(), c.Who(), id)
	if err != nil {
		return err
	}
	return h.showOne(c, 200, representativeview.One{Person: person})
}

// propose fills in a term where nothing was typed: from today, as long as the pool
// has it; a renewal goes on from the end of the old one.
func propose(c *web.Ctx, v *representativeview.One) {
	if len(v.Errors) > 0 {
		return
	}
	zone := c.Visit.Locale.Zone()
	from := c.Now().In(zone)
	if v.S.Acts.Renew && v.S.TermUntil.After(c.Now()) {
		from = v.S.TermUntil.In(zone)
	}
	v.Typed.From = from.Format(time.DateOnly)
	v.Typed.Until = from.AddDate(0, v.S.Pool.TermMonths, -1).Format(time.DateOnly)
}
