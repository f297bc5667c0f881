package representative_test

import (
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/representative"
)

// Every act × who asks: another organisation's people learn nothing.
func TestThePoolIsForItsOwnStaff(t *testing.T) {
	each(t, func(s *stage) {
		r := s.apply(citizen())
		for name, kinds := range map[string]struct {
			who           actor.Actor
			list, contact fault.Kind
		}{
			"anonymous": {actor.Public(), fault.Unauthenticated, fault.Unauthenticated},
			"member":    {actor.Actor{Kind: actor.Account, ID: 9}, fault.NotFound, fault.NotFound},
			"other":     {staff(120, actor.Secretary, s.other), fault.NotFound, fault.NotFound},
			"auditor":   {staff(121, actor.Auditor, s.org), 0, fault.Forbidden},
			"secretary": {s.secretary, 0, 0},
		} {
			_, err := s.pool.List(ctx, kinds.who, s.org, representative.Filter{})
			same(t, name+" lists", err, kinds.list)
			_, err = s.pool.One(ctx, kinds.who, r.ID)
			same(t, name+" reads one", err, kinds.list)
			_, err = s.pool.Contact(ctx, kinds.who, r.ID)
			same(t, name+" reads the contact", err, kinds.contact)
			if kinds.contact != 0 {
				_, err = s.pool.Vet(ctx, kinds.who, r.ID, true, "", 1)
				same(t, name+" vets", err, kinds.contact)
			}
		}
	})
}

func same(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if kind == 0 && err == nil {
		return
	}
	if kind == 0 || !fault.Is(err, kind) {
		t.Errorf("%s: %v", what, err)
	}
}

func TestStaffFindByContactAndFilter(t *testing.T) {
	each(t, func(s *stage) {
		r, _ := s.admitted(citizen())
		other := citizen()
		other.Phone, other.Email, other.District, other.Fields = "13800000000", "", "西区", nil
		s.apply(other)
		for name, f := range map[string]representative.Filter{
			"reference": {Q: r.Reference}, "telephone": {Q: "139-0000-1234"}, "e-mail": {Q: "wang@mail.example"},
			"state": {State: representative.Admitted}, "field": {Field: "交通"}, "district": {District: "东区"},
		} {
			p, err := s.pool.List(ctx, s.secretary, s.org, f)
			if err != nil || p.Total != 1 || p.Items[0].ID != r.ID {
				t.Errorf("by %s: %+v, %v", name, p, err)
			}
		}
		if p, _ := s.pool.List(ctx, s.secretary, s.org, representative.Filter{Due: true}); p.Total != 1 {
			t.Errorf("waiting: %d", p.Total)
		}
		p, _ := s.pool.List(ctx, s.secretary, s.org, representative.Filter{Limit: 1})
		if p.Total != 2 || p.Next == 0 {
			t.Fatalf("first page: %+v", p)
		}
		if p, _ = s.pool.List(ctx, s.secretary, s.org, representative.Filter{Limit: 1, Cursor: p.Next}); len(p.Items) != 1 || p.Items[0].ID != r.ID {
			t.Errorf("second page: %+v", p)
		}
	})
}

func TestAnOrganisationKeepsCategoriesOfItsOwn(t *testing.T) {
	each(t, func(s *stage) {
		own, err := s.pool.SetCategory(ctx, s.secretary, representative.Category{Organisation: s.org, Name: "社区工作者"})
		must(t, err)
		_, err = s.pool.SetCategory(ctx, s.secretary, representative.Category{Organisation: s.org, Name: "社区工作者"})
		want(t, "the same name", err, fault.Invalid, "")
		in := citizen()
		in.Category = own.Code
		s.apply(in)
		own.Retired = true
		own, err = s.pool.SetCategory(ctx, s.secretary, own)
		must(t, err)
		in.Phone, in.Email = "13811112222", ""
		_, err = s.pool.Apply(ctx, actor.Public(), s.org, in)
		want(t, "a retired one", err, fault.Invalid, "")
		own.Version = 1
		_, err = s.pool.SetCategory(ctx, s.secretary, own)
		want(t, "against an older version", err, fault.Conflict, "stale")
	})
}

func TestAHolderChangesWhatTheySaid(t *testing.T) {
	each(t, func(s *stage) {
		r, h := s.admitted(citizen())
		in := citizen()
		in.Phone, in.NamePublic, in.Fields = "13755556666", true, []string{"环保", "教育"}
		want(t, "against an older version", s.pool.Change(ctx, actor.Public(), h, in, 1), fault.Conflict, "stale")
		must(t, s.pool.Change(ctx, actor.Public(), h, in, 3))
		if got := s.state(r.ID); got.PublicName != "王小明" || len(got.Fields) != 2 {
			t.Errorf("%+v", got)
		}
		if _, ok, _ := s.pool.Find(ctx, s.org, 0, "13755556666", ""); !ok {
			t.Error("not found by the new telephone")
		}
		other := citizen()
		other.Email = ""
		s.apply(other) // the old telephone is free
		in.Phone = other.Phone
		want(t, "somebody else's telephone", s.pool.Change(ctx, actor.Public(), h, in, 4), fault.Conflict, "representative.applied_already")
	})
}
