package representative

import (
	"context"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/access"
	"guangyi/internal/platform/actor"
)

// Filter narrows a list. Zero values ask for all. Due asks for those that wait for
// an act of the staff.
type Filter struct {
	State    State
	Category string
	Field    string
	District string
	Due      bool
	Q        string // a reference, a telephone number or an e-mail address, whole
	Cursor   int64  // id of the last one seen
	Limit    int
}

// Page is a part of a list; Next is the cursor of the next one, 0 at the end.
type Page struct {
	Items []Representative
	Next  int64
	Total int
}

// List shows staff their pool, newest first.
func (s *Service) List(ctx context.Context, who actor.Actor, organisation int64, f Filter) (Page, error) {
	if err := s.gate.Require(who, mayList, organisation); err != nil {
		return Page{}, err
	}
	g := s.narrow(s.db.Read(ctx).Model(&Representative{}).Where("organisation_id = ?", organisation), organisation, f)
	return page(ctx, s, g, f)
}

func (s *Service) narrow(g *gorm.DB, organisation int64, f Filter) *gorm.DB {
	if slices.Contains(States, f.State) {
		g = g.Where("state = ?", f.State)
	}
	if f.Due {
		g = g.Where("(state IN ? OR renewal_wanted_at IS NOT NULL AND erased_at IS NULL AND state IN ? OR appealed_at IS NOT NULL AND answered_at IS NULL AND state = ?)",
			[]State{Applied, Vetted}, []State{Admitted, Ended}, Suspended)
	}
	if f.Category != "" {
		g = g.Where("category = ?", f.Category)
	}
	if f.District != "" {
		g = g.Where("district = ?", f.District)
	}
	if f.Field != "" {
		g = g.Where("id IN (SELECT representative_id FROM representative_fields WHERE organisation_id = representatives.organisation_id AND field = ?)", f.Field)
	}
	q := strings.TrimSpace(f.Q)
	if q == "" {
		return g
	}
	if reference, ok := ReadReference(q); ok {
		return g.Where("reference = ?", reference)
	}
	email, phone := s.indexes(Person{Email: q, Phone: q})
	return g.Where("id IN (SELECT representative_id FROM representative_people WHERE organisation_id = ? AND (email_index = ? OR phone_index = ?))",
		organisation, email, phone)
}

func page(ctx context.Context, s *Service, g *gorm.DB, f Filter) (Page, error) {
	var out Page
	var total int64
	g = g.Session(&gorm.Session{})
	if err := g.Count(&total).Error; err != nil {
		return out, err
	}
	out.Total = int(total)
	if f.Cursor != 0 {
		g = g.Where("id < ?", f.Cursor)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	if err := g.Order("id DESC").Limit(f.Limit + 1).Find(&out.Items).Error; err != nil {
		return out, err
	}
	if len(out.Items) > f.Limit {
		out.Items = out.Items[:f.Limit]
		out.Next = out.Items[f.Limit-1].ID
	}
	return out, fillFields(s.db.Read(ctx), out.Items)
}

// Staff is a membership as staff see it, without name and contact.
type Staff struct {
	Mine
	Acts Acts
}

// Acts tells what a person may do with a membership now; a page shows only that.
type Acts struct {
	Contact, Vet, Decide, Renew, Suspend, Lift, Answer bool
	Own                                                bool // it is their own application
	Second                                             bool // they vetted it first: somebody else decides
	Suspender                                          bool // they suspended: somebody else answers
}

// One shows staff one membership of their organisation.
func (s *Service) One(ctx context.Context, who actor.Actor, id int64) (Staff, error) {
	g := s.db.Read(ctx)
	r, err := load(g, "id = ?", id)
	if err != nil {
		return Staff{}, unknown(who, err)
	}
	if err := s.gate.Require(who, mayList, r.Organisation); err != nil {
		return Staff{}, err
	}
	m, err := s.mine(ctx, s.db.Read(ctx), r)
	m.Person = Person{}
	return Staff{Mine: m, Acts: s.acts(who, r)}, err
}

func (s *Service) acts(who actor.Actor, r Representative) Acts {
	a := Acts{Own: r.Account != 0 && r.Account == who.ID}
	a.Contact = r.ErasedAt == nil && s.gate.May(who, mayContact, r.Organisation)
	if a.Own {
		return a
	}
	admit := s.gate.May(who, mayAdmit, r.Organisation)
	suspend := s.gate.May(who, maySuspend, r.Organisation)
	waits := r.AppealedAt != nil && r.AnsweredAt == nil
	a.Vet = r.State == Applied && s.gate.May(who, mayVet, r.Organisation)
	a.Second = r.State == Vetted && admit && r.FirstBy == who.Key()
	a.Decide = r.State == Vetted && admit && !a.Second
	a.Renew = admit && r.RenewalWantedAt != nil && r.ErasedAt == nil && Renew.Leads(r.State)
	a.Suspend = suspend && r.State == Admitted
	a.Lift = suspend && r.State == Suspended && !waits
	answer := s.gate.May(who, mayAnswer, r.Organisation) && r.State == Suspended && waits
	a.Suspender = answer && r.SuspendedBy == who.Key()
	a.Answer = answer && !a.Suspender
	return a
}

// Require asks whether somebody's role allows an act on a membership, whatever its
// state.
func (s *Service) Require(ctx context.Context, who actor.Actor, id int64, a Act) error {
	r, err := load(s.db.Read(ctx), "id = ?", id)
	if err != nil {
		return unknown(who, err)
	}
	may := map[Act]access.Permission{Vet: mayVet, Admit: mayAdmit, Refuse: mayAdmit, Renew: mayAdmit, Suspend: maySuspend,
		Lift: maySuspend, Uphold: mayAnswer}[a]
	return s.gate.Require(who, may, r.Organisation)
}

// Rooms lists the organisations whose pool a person sees as staff.
func (s *Service) Rooms(who actor.Actor) []int64 {
	var out []int64
	for _, id := range who.Organisations() {
		if s.gate.May(who, mayList, id) {
			out = append(out, id)
		}
	}
	return out
}

// MaySetUp reports whether a person may change the pool and its categories.
func (s *Service) MaySetUp(who actor.Actor, organisation int64) bool {
	return s.gate.May(who, mayPool, organisation)
}

// Listed is a representative as anybody may see one.
type Listed struct {
	Name, Category string
	Fields         []string
	From, Until    time.Time
}

// Public lists an organisation's serving representatives: name (masked unless its
// owner asked otherwise), category, fields and term, and nothing else.
func (s *Service) Public(ctx context.Context, organisation int64, f Filter) (out []Listed, next int64, total int, err error) {
	now := s.db.Now()
	narrow := Filter{Category: f.Category, Field: f.Field}
	g := s.narrow(s.db.Read(ctx).Model(&Representative{}).Where("organisation_id = ? AND state = ? AND term_from <= ? AND term_until > ?",
		organisation, Admitted, now, now), organisation, narrow)
	p, err := page(ctx, s, g, Filter{Cursor: f.Cursor, Limit: f.Limit})
	for _, r := range p.Items {
		out = append(out, Listed{r.PublicName, r.Category, r.Fields, *r.TermFrom, *r.TermUntil})
	}
	return out, p.Next, p.Total, err
}
