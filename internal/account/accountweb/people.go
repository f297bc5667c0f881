package accountweb

import (
	"strconv"

	"guangyi/internal/account"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/accountview"
	"guangyi/views/components"
)

// organisations lists where this person manages accounts, tokens and settings.
func (h handlers) organisations(c *web.Ctx) error {
	all, err := h.orgs.All(c.UserContext())
	if err != nil {
		return err
	}
	ids, everywhere := h.accounts.Rooms(c.Who())
	if !everywhere && len(ids) == 0 {
		return h.noRoom(c)
	}
	v := accountview.Organisations{}
	for _, o := range all {
		for _, id := range ids {
			if id == o.ID {
				v.Own = append(v.Own, o)
			}
		}
		if everywhere {
			v.Site = append(v.Site, o)
		}
	}
	return c.Render(200, accountview.OrganisationsPage(staffPage(c, organisation.Organisation{}, "organisation.title"), v))
}

// noRoom answers who manages nothing: strangers sign in, colleagues learn that
// their role does not suffice.
func (h handlers) noRoom(c *web.Ctx) error {
	if !c.Who().Known() {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	if len(c.Who().Grants) == 0 {
		return fault.Missing()
	}
	return fault.New(fault.Forbidden, "forbidden")
}

const peopleOnAPage = 50

func (h handlers) people(c *web.Ctx) error { return h.renderPeople(c, 200, accountview.People{}) }

func (h handlers) renderPeople(c *web.Ctx, status int, v accountview.People) error {
	o, err := h.at(c)
	if err != nil {
		return err
	}
	_, after := c.Page(peopleOnAPage, peopleOnAPage)
	list, err := h.accounts.List(c.UserContext(), c.Who(), o.ID, after, peopleOnAPage+1)
	if err != nil {
		return err
	}
	if len(list) > peopleOnAPage {
		list = list[:peopleOnAPage]
		v.Next = c.With("cursor", strconv.FormatInt(list[len(list)-1].ID, 10))
	}
	v.Organisation, v.List = o, list
	p := staffPage(c, o, "account.people")
	p.Errors = len(v.Errors) > 0
	return c.Render(status, accountview.PeoplePage(p, v))
}

// addPerson makes an account; its password is on the answer and nowhere else.
func (h handlers) addPerson(c *web.Ctx) error {
	o, err := h.at(c)
	if err != nil {
		return err
	}
	in := account.Details{Email: c.Form("email"), Name: c.Form("name"), Role: actor.Role(c.Form("role")), Organisation: o.ID}
	made, err := h.accounts.Add(c.UserContext(), c.Who(), in)
	if f, ok := fault.AsInvalid(err); ok {
		v := accountview.People{Typed: in}
		v.Faults, v.Errors = components.WordFaults(c.Visit.Locale, f.Fields)
		return h.renderPeople(c, 422, v)
	}
	if err != nil {
		return err
	}
	if made.Existed {
		c.SetNotice("account.joined")
		return c.SeeOther(accountview.PersonAddress(o.Slug, made.ID))
	}
	return h.renderSecret(c, o, made)
}

func (h handlers) renderSecret(c *web.Ctx, o organisation.Organisation, a account.Account) error {
	p := staffPage(c, o, "account.secret")
	return c.Render(200, accountview.SecretPage(p, accountview.Secret{Organisation: o, Account: a}))
}

func (h handlers) person(c *web.Ctx) error {
	o, id, err := h.personAt(c)
	if err != nil {
		return err
	}
	return h.renderPerson(c, 200, o, id, "")
}

// renderPerson shows an account; refusal says why an act changed nothing.
func (h handlers) renderPerson(c *web.Ctx, status int, o organisation.Organisation, id int64, refusal string) error {
	one, err := h.accounts.One(c.UserContext(), c.Who(), o.ID, id)
	if err != nil {
		return err
	}
	p := staffPage(c, o, "account.person")
	p.Title, p.Errors = one.Name, refusal != ""
	p.Breadcrumbs = append(p.Breadcrumbs, components.Link{Text: c.T("account.people"), Href: accountview.PeopleAddress(o.Slug)})
	v := accountview.Person{Organisation: o, Listed: one, Self: one.ID == c.Who().ID, Refusal: refusal}
	return c.Render(status, accountview.PersonPage(p, v))
}
