package representativeweb

import (
	"crypto/rand"

	"guangyi/internal/challenge"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/web"
	"guangyi/internal/representative"
	"guangyi/views/components"
	"guangyi/views/representativeview"
)

const onAPage = 50

// public shows the pool of the organisation that was asked for, else of the first
// that takes applications.
func (h handlers) public(c *web.Ctx) error {
	v, err := h.chosen(c)
	if err != nil {
		return err
	}
	if v.Organisation.ID != 0 {
		if err := h.fill(c, &v); err != nil {
			return err
		}
	}
	return c.Render(200, representativeview.PublicPage(publicPage(c, v.Organisation, c.T("representative.public.title")), v))
}

func (h handlers) fill(c *web.Ctx, v *representativeview.Public) error {
	ctx := c.UserContext()
	var err error
	if v.Categories, err = h.pool.Categories(ctx, v.Organisation.ID); err != nil {
		return err
	}
	v.Filter = representative.Filter{Category: c.QueryText("category"), Field: c.QueryText("field")}
	v.Filter.Limit, v.Filter.Cursor = c.Page(onAPage, onAPage)
	var next int64
	v.List, next, v.Total, err = h.pool.Public(ctx, v.Organisation.ID, v.Filter)
	if next != 0 {
		v.Next = c.With("cursor", ids.Format(next))
	}
	return err
}

// chosen finds the organisations with a pool and the one to show.
func (h handlers) chosen(c *web.Ctx) (v representativeview.Public, err error) {
	all, err := h.orgs.All(c.UserContext())
	if err != nil {
		return v, err
	}
	asked := c.QueryText("organisation")
	for _, o := range all {
		p, err := h.pool.PoolOf(c.UserContext(), o.ID)
		if err != nil {
			return v, err
		}
		if p.Version == 0 {
			continue
		}
		v.Others = append(v.Others, o)
		if o.Slug == asked || asked == "" && (v.Organisation.ID == 0 || p.Open && !v.Pool.Open) {
			v.Organisation, v.Pool = o, p
		}
	}
	if asked != "" && v.Organisation.ID == 0 {
		return v, fault.Missing()
	}
	return v, nil
}

// begin finds the pool that one applies to.
func (h handlers) begin(c *web.Ctx, o organisation.Organisation) (v representativeview.Apply, err error) {
	v.Organisation = o
	if v.Pool, err = h.pool.PoolOf(c.UserContext(), o.ID); err != nil {
		return v, err
	}
	v.Categories, err = h.pool.Categories(c.UserContext(), o.ID)
	return v, err
}

func (h handlers) at(c *web.Ctx) (v representativeview.Apply, err error) {
	slug, err := c.Slug()
	if err != nil {
		return v, err
	}
	o, err := h.orgs.BySlug(c.UserContext(), slug)
	if err != nil {
		return v, err
	}
	if v, err = h.begin(c, o); err == nil && v.Pool.Version == 0 {
		err = fault.Missing()
	}
	return v, err
}

// applyForm asks for the category first: each asks for other details.
func (h handlers) applyForm(c *web.Ctx) error {
	v, err := h.at(c)
	if err != nil {
		return err
	}
	if !v.Pool.Open {
		return fault.New(fault.Conflict, "representative.closed")
	}
	v.In.Category = c.QueryText("category")
	for _, x := range v.Categories {
		if x.Code == v.In.Category && !x.Retired {
			v.In.Key = "form-" + rand.Text()
			return h.showForm(c, 200, v)
		}
	}
	if c.Context().QueryArgs().Has("category") {
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, []fault.Field{{Name: "category", Code: "representative.category"}})
		return h.showForm(c, 422, v)
	}
	return h.showForm(c, 200, v)
}

func (h handlers) showForm(c *web.Ctx, status int, v representativeview.Apply) error {
	title := c.T("representative.apply")
	v.Asked, v.Answer = v.Change == "" && h.challenges.Asks(c.Who()), c.Form(challenge.Field)
	if v.Change != "" {
		title = c.T("representative.mine.change")
	}
	p := trailToPool(c, publicPage(c, v.Organisation, title))
	p.Errors, p.NoIndex = len(v.Errors) > 0, true
	if v.Change == "" && (v.In.Key == "" || v.In.Category == "") {
		return c.Render(status, representativeview.ChooseCategory(p, v))
	}
	return c.Render(status, representativeview.ApplyPage(p, v))
}

// typed reads the form of an application.
func typed(c *web.Ctx) representative.Application {
	in := representative.Application{
		Category: c.Form("category"), District: c.Form("district"), Fields: c.FormAll("fields"), Conflict: c.Form("conflict"),
		NamePublic: c.Form("name_public") != "", Consent: c.Form("consent") != "", Lang: c.Visit.Locale.Tag(), Key: c.Form("key"),
	}
	in.Name, in.Phone, in.Email, in.About = c.Form("name"), c.Form("phone"), c.Form("email"), c.Form("about")
	in.Person.Conflict = c.Form("conflict_text")
	for _, name := range representative.AllDetails {
		*in.Detail(name) = c.Form(name)
	}
	return in
}

// applyPerMinute is how many applications one address may send.
const applyPerMinute = 20

// unansweredPerMinute bounds those that came without an answer to the site's task.
const unansweredPerMinute = 10

// sent takes an application in.
func (h handlers) sent(c *web.Ctx, v representativeview.Apply) (r representative.Receipt, err error) {
	limits := challenge.Limits{Name: "representative", Take: c.Limit, Unanswered: unansweredPerMinute}
	err = h.challenges.FromForm(c.UserContext(), c.Who(), challenge.Form{Answer: c.Form(challenge.Field)}, limits, func() error {
		r, err = h.pool.Apply(c.UserContext(), c.Who(), v.Organisation.ID, v.In)
		return err
	})
	return r, err
}

func (h handlers) apply(c *web.Ctx) error {
	if err := c.Limit("representative", applyPerMinute); err != nil {
		return err
	}
	v, err := h.at(c)
	if err != nil {
		return err
	}
	v.In = typed(c)
	if v.In.Key == "" {
		v.In.Key = "form-" + rand.Text()
	}
	r, err := h.sent(c, v)
	if f, ok := fault.AsInvalid(err); ok {
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.showForm(c, 422, v)
	}
	if err != nil {
		return err
	}
	if err := h.drawer().Keep(c, web.Kept{Number: r.Reference, Secret: r.Secret, Sent: true}); err != nil {
		return err
	}
	return c.SeeOther(representativeview.MineAddress(r.Reference))
}
