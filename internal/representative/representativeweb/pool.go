package representativeweb

import (
	"strconv"
	"strings"

	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
	"guangyi/views/components"
	"guangyi/views/representativeview"
)

func (h handlers) poolForm(c *web.Ctx) error {
	o, err := h.settable(c)
	if err != nil {
		return err
	}
	p, err := h.pool.PoolOf(c.UserContext(), o.ID)
	if err != nil {
		return err
	}
	if p.Lang == "" {
		p.Lang = o.Lang
	}
	return h.showPool(c, 200, representativeview.PoolForm{Organisation: o, Pool: p})
}

// settable finds the organisation whose pool the person may change.
func (h handlers) settable(c *web.Ctx) (organisation.Organisation, error) {
	o, _, err := h.room(c)
	if err == nil && !h.pool.MaySetUp(c.Who(), o.ID) {
		err = fault.New(fault.Forbidden, "forbidden")
	}
	return o, err
}

func (h handlers) showPool(c *web.Ctx, status int, v representativeview.PoolForm) error {
	all, err := h.pool.Categories(c.UserContext(), v.Organisation.ID)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Name != "" {
			v.Categories = append(v.Categories, x)
		}
	}
	p := staffPage(c, v.Organisation, c.T("representative.pool.title")).Trail(components.Link{Text: c.T("representative.list.title"),
		Href: representativeview.StaffAddress + "?organisation=" + v.Organisation.Slug})
	p.Errors = len(v.Errors) > 0
	return c.Render(status, representativeview.PoolPage(p, v))
}

func (h handlers) setPool(c *web.Ctx) error {
	o, err := h.settable(c)
	if err != nil {
		return err
	}
	in := representative.Pool{Organisation: o.ID, Open: c.Form("open") != "", Lang: c.Form("lang"), About: strings.TrimSpace(c.Form("about")),
		Conditions: strings.TrimSpace(c.Form("conditions")), Districts: c.Form("districts"), Fields: c.Form("fields"),
		TermMonths: figure(c, "term_months"), RenewDays: figure(c, "renew_days"), ForgetDays: figure(c, "forget_days")}
	in.Districts, in.Fields = strings.Join(in.DistrictList(), "\n"), strings.Join(in.FieldList(), "\n")
	_, err = h.pool.SetPool(c.UserContext(), c.Who(), in, c.FormVersion())
	if f, ok := fault.AsInvalid(err); ok {
		in.Version = c.FormVersion()
		v := representativeview.PoolForm{Organisation: o, Pool: in}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showPool(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("representative.pool.saved")
	return c.SeeOther(representativeview.PoolAddress(o.Slug))
}

// figure reads a whole number; what is none is out of every range.
func figure(c *web.Ctx, name string) int {
	n, err := strconv.Atoi(strings.TrimSpace(c.Form(name)))
	if err != nil {
		return -1
	}
	return n
}

func (h handlers) setCategory(c *web.Ctx) error {
	o, err := h.settable(c)
	if err != nil {
		return err
	}
	in := representative.Category{Organisation: o.ID, Code: c.Form("code"), Name: c.Form("name"), Note: c.Form("note"),
		Retired: c.Form("retired") != "", Version: c.FormVersion()}
	_, err = h.pool.SetCategory(c.UserContext(), c.Who(), in)
	if f, ok := fault.AsInvalid(err); ok {
		p, err := h.pool.PoolOf(c.UserContext(), o.ID)
		if err != nil {
			return err
		}
		v := representativeview.PoolForm{Organisation: o, Pool: p, Typed: in}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showPool(c, 422, v)
	}
	if err != nil {
		return err
	}
	c.SetNotice("representative.pool.saved")
	return c.SeeOther(representativeview.PoolAddress(o.Slug) + "#categories")
}
