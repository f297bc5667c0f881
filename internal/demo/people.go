package demo

import (
	"fmt"
	"sync"

	"guangyi/internal/account"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
)

// staff finds who does what: by organisation and role.
type staff map[string]map[actor.Role]actor.Actor

// does gives the first of the roles that the organisation has somebody for.
func (s staff) does(organisation string, roles ...actor.Role) (actor.Actor, error) {
	for _, role := range roles {
		if a, ok := s[organisation][role]; ok {
			return a, nil
		}
	}
	return actor.Actor{}, fmt.Errorf("%s has nobody who is %v", organisation, roles)
}

// settle makes organisations and accounts, as the command line would.
func (f *filling) settle(s site) ([]Account, error) {
	orgs := map[string]organisation.Organisation{}
	for _, o := range s.Organisations {
		made, err := f.Organisations.Add(f.ctx, actor.Console(), organisation.Details{
			Slug: o.Slug, Name: o.Name, Seal: o.Seal, Accent: o.Accent, Contact: o.Contact, SiteCode: o.SiteCode,
		})
		if err != nil {
			return nil, fmt.Errorf("organisation %s: %w", o.Slug, err)
		}
		orgs[o.Slug] = made
	}
	made, err := f.accounts(s.Accounts, orgs)
	if err != nil {
		return nil, err
	}
	f.staff = staff{}
	out := make([]Account, len(made))
	for i, p := range s.Accounts {
		o := orgs[p.Organisation]
		if f.staff[p.Organisation] == nil {
			f.staff[p.Organisation] = map[actor.Role]actor.Actor{}
		}
		f.staff[p.Organisation][p.Role] = actor.Actor{
			Kind: actor.Account, ID: made[i].ID, Name: made[i].Name, Email: made[i].Email,
			Grants: []actor.Grant{{Organisation: o.ID, Role: p.Role, OrganisationSlug: o.Slug, OrganisationName: o.Name}},
		}
		out[i] = Account{p.Role, p.Name, made[i].Email, made[i].Generated, p.Organisation}
	}
	return out, nil
}

// accounts makes them side by side: hashing their passwords is most of the work of
// filling, and uses every core this way.
func (f *filling) accounts(people []person, orgs map[string]organisation.Organisation) ([]account.Account, error) {
	made := make([]account.Account, len(people))
	errs := make([]error, len(people))
	var all sync.WaitGroup
	for i, p := range people {
		all.Go(func() {
			made[i], errs[i] = f.Accounts.Add(f.ctx, actor.Console(), account.Details{
				Email: p.Email, Name: p.Name, Role: p.Role, Organisation: orgs[p.Organisation].ID,
			})
		})
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", people[i].Email, err)
		}
	}
	return made, nil
}
