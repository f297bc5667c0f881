package representativeweb

import (
	"context"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
	"guangyi/views/components"
	"guangyi/views/representativeview"
)

// lookUp asks for reference and secret, and lists what is known already.
func (h handlers) lookUp(c *web.Ctx) error { return h.ask(c, 200, representativeview.LookUp{}) }

func (h handlers) ask(c *web.Ctx, status int, v representativeview.LookUp) error {
	var err error
	if v.Own, err = h.pool.OfAccount(c.UserContext(), c.Who()); err != nil {
		return err
	}
	for _, k := range h.drawer().All(c) {
		v.Kept = append(v.Kept, k.Number)
	}
	p := layoutsFor(c)
	p.Errors = len(v.Summary()) > 0
	c.NoStore()
	return c.Render(status, representativeview.Ask(p, v))
}

// find checks what was typed; it stands in no address, and one message answers a
// wrong reference and a wrong secret.
func (h handlers) find(c *web.Ctx) error {
	if err := c.LimitLookup("representative"); err != nil {
		return err
	}
	v := representativeview.LookUp{Reference: c.Form("reference"), Secret: c.Form("secret")}
	if v.Reference == "" {
		v.ReferenceFault = c.T("representative.reference.empty")
	}
	if v.Secret == "" {
		v.SecretFault = c.T("representative.secret.empty")
	}
	if len(v.Summary()) > 0 {
		return h.ask(c, 422, v)
	}
	m, err := h.pool.Show(c.UserContext(), actor.Public(), representative.Holder{Reference: v.Reference, Secret: v.Secret})
	if fault.Is(err, fault.NotFound) {
		v.ReferenceFault = c.T("error.representative.reference")
		return h.ask(c, 404, v)
	}
	if err != nil {
		return err
	}
	if err := h.drawer().Keep(c, web.Kept{Number: m.Reference, Secret: v.Secret}); err != nil {
		return err
	}
	return c.SeeOther(representativeview.MineAddress(m.Reference))
}

// mine shows a membership to its account, or to the browser that has shown its
// secret; any other is asked for it.
func (h handlers) mine(c *web.Ctx) error {
	return h.showMine(c, 200, representativeview.Mine{})
}

func (h handlers) showMine(c *web.Ctx, status int, v representativeview.Mine) error {
	holder, k := h.holder(c)
	var err error
	v.M, err = h.pool.Show(c.UserContext(), c.Who(), holder)
	if fault.Is(err, fault.NotFound) {
		return h.ask(c, 200, representativeview.LookUp{Reference: c.Params("reference")})
	}
	if err != nil {
		return err
	}
	v.Now = c.Now()
	if k.Sent {
		v.Secret = k.Secret
	}
	p := trailToPool(c, publicPage(c, v.M.Organisation, v.Title(c.Visit.Locale)))
	p.NoIndex, p.Errors = true, v.Fault != ""
	c.NoStore()
	return c.Render(status, representativeview.MinePage(p, v))
}

func (h handlers) changeForm(c *web.Ctx) error {
	holder, _ := h.holder(c)
	m, err := h.pool.Show(c.UserContext(), c.Who(), holder)
	if fault.Is(err, fault.NotFound) {
		return h.ask(c, 200, representativeview.LookUp{Reference: c.Params("reference")})
	}
	if err != nil {
		return err
	}
	if !representative.Change.Leads(m.State) {
		return fault.New(fault.Conflict, "representative.not_in_state")
	}
	v, err := h.begin(c, m.Organisation)
	if err != nil {
		return err
	}
	v.Change, v.Version = m.Reference, m.Version
	v.In = representative.Application{Person: m.Person, Category: m.Representative.Category, District: m.District, Fields: m.Fields,
		Conflict: "no", NamePublic: m.NamePublic}
	if m.Conflict {
		v.In.Conflict = "yes"
	}
	c.NoStore()
	return h.showForm(c, 200, v)
}

func (h handlers) change(c *web.Ctx) error {
	holder, _ := h.holder(c)
	in := typed(c)
	err := h.pool.Change(c.UserContext(), c.Who(), holder, in, c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		m, err := h.pool.Show(c.UserContext(), c.Who(), holder)
		if err != nil {
			return err
		}
		v, err := h.begin(c, m.Organisation)
		if err != nil {
			return err
		}
		v.Change, v.Version, v.In = m.Reference, c.FormVersion(), in
		v.In.Category = m.Representative.Category
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showForm(c, 422, v)
	}
	return h.done(c, holder, err, "representative.changed")
}

// done leads back to the membership after an act.
func (h handlers) done(c *web.Ctx, holder representative.Holder, err error, notice string) error {
	if err != nil {
		return err
	}
	c.SetNotice(notice)
	return c.SeeOther(representativeview.MineAddress(holder.Reference))
}

func (h handlers) run(c *web.Ctx, act func(context.Context, actor.Actor, representative.Holder) error, notice string) error {
	holder, _ := h.holder(c)
	return h.done(c, holder, act(c.UserContext(), c.Who(), holder), notice)
}

func (h handlers) leave(c *web.Ctx) error {
	return h.run(c, h.pool.Leave, "representative.left")
}

func (h handlers) wantRenewal(c *web.Ctx) error {
	return h.run(c, h.pool.WantRenewal, "representative.renewal.sent")
}

func (h handlers) appeal(c *web.Ctx) error {
	holder, _ := h.holder(c)
	err := h.pool.Appeal(c.UserContext(), c.Who(), holder, c.Form("appeal"))
	if f, ok := fault.AsInvalid(err); ok {
		_, all := components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showMine(c, 422, representativeview.Mine{Appeal: c.Form("appeal"), Fault: all[0].Message})
	}
	return h.done(c, holder, err, "representative.appeal.sent")
}
