package representative

import (
	"context"
	"strings"

	"gorm.io/gorm"

	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// Holder is how a representative shows who they are: by the reference with its
// secret, both as typed, or by being signed in to the account that applied (then
// the secret is empty).
type Holder struct{ Reference, Secret string }

// Mine is a membership as its holder sees it.
type Mine struct {
	Representative
	Person       Person // empty once it was deleted
	Organisation organisation.Organisation
	Category     Category
	Pool         Pool
	Events       []Event
	Calls        []Call
}

// Show gives a membership to its holder. One fault, NotFound
// representative.reference, for a wrong reference and for a wrong secret.
func (s *Service) Show(ctx context.Context, who actor.Actor, h Holder) (Mine, error) {
	g := s.db.Read(ctx)
	r, err := s.held(g, who, h)
	if err != nil {
		return Mine{}, err
	}
	return s.mine(ctx, g, r)
}

// OfAccount lists the memberships of who is signed in, newest first.
func (s *Service) OfAccount(ctx context.Context, who actor.Actor) ([]Mine, error) {
	if who.Kind != actor.Account {
		return nil, nil
	}
	g := s.db.Read(ctx)
	var rows []Representative
	if err := g.Where("account_id = ?", who.ID).Order("id DESC").Find(&rows).Error; err != nil {
		return nil, err
	}
	if err := fillFields(s.db.Read(ctx), rows); err != nil {
		return nil, err
	}
	var out []Mine
	for _, r := range rows {
		m, err := s.mine(ctx, s.db.Read(ctx), r)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (s *Service) held(g *gorm.DB, who actor.Actor, h Holder) (Representative, error) {
	wrong := fault.New(fault.NotFound, "representative.reference")
	reference, ok := ReadReference(h.Reference)
	if !ok {
		return Representative{}, wrong
	}
	r, err := load(g, "reference = ?", reference)
	if fault.Is(err, fault.NotFound) {
		return r, wrong
	}
	if err != nil {
		return r, err
	}
	byAccount := who.Kind == actor.Account && who.ID != 0 && who.ID == r.Account
	if !byAccount && !submission.SameSecret(s.secret(r.ID), h.Secret) {
		return Representative{}, wrong
	}
	return r, nil
}

func (s *Service) mine(ctx context.Context, g *gorm.DB, r Representative) (m Mine, err error) {
	m.Representative = r
	if m.Person, err = s.person(g, r); err != nil && !fault.Is(err, fault.NotFound) {
		return m, err
	}
	if m.Organisation, err = s.orgs.ByID(ctx, r.Organisation); err != nil {
		return m, err
	}
	if m.Pool, err = s.PoolOf(ctx, r.Organisation); err != nil {
		return m, err
	}
	if m.Category, err = s.categoryOf(ctx, r); err != nil {
		return m, err
	}
	if m.Events, err = s.events(ctx, r); err != nil {
		return m, err
	}
	m.Calls, err = s.calls(ctx, r)
	return m, err
}

func (s *Service) categoryOf(ctx context.Context, r Representative) (Category, error) {
	all, err := s.Categories(ctx, r.Organisation)
	for _, c := range all {
		if c.Code == r.Category {
			return c, err
		}
	}
	return Category{Code: r.Category}, err
}

func (s *Service) events(ctx context.Context, r Representative) (out []Event, err error) {
	err = s.db.Read(ctx).Where("organisation_id = ? AND representative_id = ?", r.Organisation, r.ID).Order("id").Find(&out).Error
	return out, err
}

func (s *Service) calls(ctx context.Context, r Representative) (out []Call, err error) {
	err = s.db.Read(ctx).Where("organisation_id = ? AND representative_id = ?", r.Organisation, r.ID).
		Order("invited_at DESC, meeting_id DESC").Find(&out).Error
	return out, err
}

// act runs one act of the holder.
func (s *Service) act(ctx context.Context, who actor.Actor, h Holder, a Act, change func(*database.Tx, *Representative) error) error {
	return s.db.Write(ctx, who, func(tx *database.Tx) error {
		r, err := s.held(tx.Lock(), who, h)
		if err != nil {
			return err
		}
		if err := s.gate.Require(who, mayApply, r.Organisation); err != nil {
			return err
		}
		before := r
		if err := r.step(a); err != nil {
			return err
		}
		if err := change(tx, &r); err != nil {
			return err
		}
		if err := s.keep(tx, before, &r, a, ""); err != nil {
			return err
		}
		return s.tell(tx, r, a)
	})
}

// Leave ends a membership, or takes an application back, at its holder's will and
// without a reason.
func (s *Service) Leave(ctx context.Context, who actor.Actor, h Holder) error {
	return s.act(ctx, who, h, Leave, func(tx *database.Tx, r *Representative) error { return s.end(tx, r) })
}

// WantRenewal says that the holder would serve another term. Conflict
// representative.not_asked until renewal was asked for.
func (s *Service) WantRenewal(ctx context.Context, who actor.Actor, h Holder) error {
	return s.act(ctx, who, h, Want, func(tx *database.Tx, r *Representative) error {
		if r.RenewalAskedAt == nil || !r.within(tx.Now) {
			return fault.New(fault.Conflict, "representative.not_asked")
		}
		if r.RenewalWantedAt == nil {
			r.RenewalWantedAt = &tx.Now
		}
		return nil
	})
}

// Appeal objects to a suspension, once; somebody else than who suspended answers.
func (s *Service) Appeal(ctx context.Context, who actor.Actor, h Holder, text string) error {
	text = strings.TrimSpace(text)
	return s.act(ctx, who, h, Appeal, func(tx *database.Tx, r *Representative) error {
		if r.AppealedAt != nil {
			return fault.New(fault.Conflict, "representative.appealed")
		}
		var f fault.Fields
		if text == "" {
			f.Add("appeal", "representative.appeal")
		}
		tooLong(&f, "appeal", text, AboutLimit)
		if err := f.Err(); err != nil {
			return err
		}
		p, err := s.person(tx.DB, *r)
		if err != nil {
			return err
		}
		p.Appeal, r.AppealedAt = text, &tx.Now
		return s.keepPerson(tx, *r, p)
	})
}

// Change keeps what the holder says of themselves now. The category stays: another
// one is another application. version is the one that was read.
func (s *Service) Change(ctx context.Context, who actor.Actor, h Holder, in Application, version int64) error {
	err := s.act(ctx, who, h, Change, func(tx *database.Tx, r *Representative) error {
		if version != r.Version {
			return fault.Stale()
		}
		pool, err := poolOf(tx.DB, r.Organisation)
		if err != nil {
			return err
		}
		was, err := s.person(tx.DB, *r)
		if err != nil {
			return err
		}
		in.Category = r.Category
		in = in.tidy()
		if err := in.check(pool, []Category{{Code: r.Category}}).Err(); err != nil {
			return err
		}
		in.Person.Appeal = was.Appeal
		email, phone := s.indexes(in.Person)
		r.Person, r.District, r.Conflict, r.Fields = livingKey(email, phone), in.District, in.Conflict == "yes", in.Fields
		r.NamePublic, r.PublicName = in.NamePublic, PublicName(in.Name, in.NamePublic)
		if err := storeFields(tx, *r); err != nil {
			return err
		}
		return s.keepPerson(tx, *r, in.Person)
	})
	if database.IsDuplicate(err) {
		return fault.New(fault.Conflict, "representative.applied_already")
	}
	return err
}
