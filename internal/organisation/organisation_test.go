package organisation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"guangyi/internal/access"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/clock"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/fault"
)

var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

func service(t *testing.T, db *database.DB) *organisation.Service {
	t.Helper()
	gate, err := access.New()
	if err != nil {
		t.Fatal(err)
	}
	return organisation.New(db, gate)
}

func add(t *testing.T, s *organisation.Service, slug string) organisation.Organisation {
	t.Helper()
	o, err := s.Add(context.Background(), actor.Console(), organisation.Details{Slug: slug, Name: "局 " + slug})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func administrator(organisation int64) actor.Actor {
	return actor.Actor{Kind: actor.Account, ID: 7, Grants: []actor.Grant{{Organisation: organisation, Role: actor.Administrator}}}
}

func TestAnOrganisationIsFoundByEveryName(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, s := context.Background(), service(t, db)
		if all, err := s.All(ctx); err != nil || len(all) != 0 {
			t.Fatalf("a new site lists %v, %v", all, err)
		}
		a, b := add(t, s, "bureau-a"), add(t, s, "bureau-b")
		got, err := s.BySlug(ctx, "bureau-a")
		if err != nil || got != a || got.Lang != "zh-CN" || got.Version != 1 {
			t.Errorf("by slug: %+v, %v", got, err)
		}
		if got, err := s.ByID(ctx, b.ID); err != nil || got != b {
			t.Errorf("by id: %+v, %v", got, err)
		}
		if got, err := s.ByIDs(ctx, []int64{a.ID, 12345}); err != nil || len(got) != 1 || got[a.ID] != a {
			t.Errorf("by ids: %+v, %v", got, err)
		}
		if all, err := s.All(ctx); err != nil || len(all) != 2 || all[0] != a {
			t.Errorf("all: %+v, %v", all, err)
		}
		if _, err := s.BySlug(ctx, "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown slug: %v", err)
		}
	})
}

func TestWhatIsWrongWithANewOrganisationIsNamed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		s := service(t, db)
		add(t, s, "taken")
		for field, in := range map[string]organisation.Details{
			"slug":      {Slug: "Not_A_Slug", Name: "局"},
			"name":      {Slug: "a", Name: " "},
			"lang":      {Slug: "a", Name: "局", Lang: "xx"},
			"seal":      {Slug: "a", Name: "局", Seal: "两字"},
			"accent":    {Slug: "a", Name: "局", Accent: "#ffcc00"},
			"contact":   {Slug: "a", Name: "局", Contact: strings.Repeat("字", organisation.ContactLength+1)},
			"site_code": {Slug: "a", Name: "局", SiteCode: "12 34"},
		} {
			if got := fields(t, s, in); len(got) != 1 || got[0].Name != field {
				t.Errorf("%+v is refused for %v, not for %s", in, got, field)
			}
		}
		if got := fields(t, s, organisation.Details{Slug: strings.Repeat("a", 81), Name: strings.Repeat("字", 121)}); len(got) != 2 {
			t.Errorf("two faults give %v", got)
		}
		if got := fields(t, s, organisation.Details{Slug: "taken", Name: "局"}); len(got) != 1 || got[0].Code != "organisation.slug_taken" {
			t.Errorf("a taken slug gives %v", got)
		}
	})
}

func fields(t *testing.T, s *organisation.Service, in organisation.Details) []fault.Field {
	t.Helper()
	_, err := s.Add(context.Background(), actor.Console(), in)
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid {
		t.Errorf("%+v gives %v", in, err)
		return nil
	}
	return f.Fields
}

func TestAnEditIsSeenByOtherProcessesWithinASecond(t *testing.T) {
	c := clock.At(noon)
	databasetest.EachWith(t, database.Options{Clock: c}, func(t *testing.T, db *database.DB) {
		ctx, here, there := context.Background(), service(t, db), service(t, db)
		o := add(t, here, "bureau")
		if _, err := there.ByID(ctx, o.ID); err != nil {
			t.Fatal(err)
		}
		after, err := here.Edit(ctx, administrator(o.ID), o.ID, organisation.Details{Name: "新名", Accent: "#7A1F1F", SignerDiffers: true}, o.Version)
		if err != nil || after.Name != "新名" || after.Accent != "#7a1f1f" || !after.SignerDiffers || after.Version != 2 {
			t.Fatalf("edit: %+v, %v", after, err)
		}
		if got, _ := here.ByID(ctx, o.ID); got != after {
			t.Errorf("the editor's own process still has %+v", got)
		}
		c.Add(time.Second)
		if got, _ := there.ByID(ctx, o.ID); got != after {
			t.Errorf("after a second another process still has %+v", got)
		}
	})
}

func TestAnEditAgainstAnOlderVersionChangesNothing(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		ctx, s := context.Background(), service(t, db)
		o := add(t, s, "bureau")
		if _, err := s.Edit(ctx, administrator(o.ID), o.ID, organisation.Details{Name: "甲"}, 1); err != nil {
			t.Fatal(err)
		}
		_, err := s.Edit(ctx, administrator(o.ID), o.ID, organisation.Details{Name: "乙"}, 1)
		if f, ok := fault.As(err); !ok || f.Code != "stale" {
			t.Errorf("a stale edit: %v", err)
		}
		if got, _ := s.ByID(ctx, o.ID); got.Name != "甲" {
			t.Errorf("the name is %q", got.Name)
		}
	})
}

func TestOnlyOwnAdministratorsEditAndOnlyOperatorsAdd(t *testing.T) {
	db := databasetest.SQLite(t)
	ctx, s := context.Background(), service(t, db)
	own, other := add(t, s, "own"), add(t, s, "other")
	edit := func(who actor.Actor) error {
		_, err := s.Edit(ctx, who, own.ID, organisation.Details{Name: "名"}, 0)
		return err
	}
	officer := actor.Actor{Kind: actor.Account, ID: 8, Grants: []actor.Grant{{Organisation: own.ID, Role: actor.Officer}}}
	operator := actor.Actor{Kind: actor.Account, ID: 9, Grants: []actor.Grant{{Role: actor.Operator}}}
	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"the public edits":                      {edit(actor.Public()), fault.Unauthenticated},
		"another organisation's administrator":  {edit(administrator(other.ID)), fault.NotFound},
		"an officer edits":                      {edit(officer), fault.Forbidden},
		"an operator edits":                     {edit(operator), fault.NotFound},
		"an administrator adds an organisation": {addAs(s, administrator(own.ID)), fault.NotFound},
	} {
		if !fault.Is(c.err, c.kind) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if err := addAs(s, operator); err != nil {
		t.Errorf("an operator adds: %v", err)
	}
}

func addAs(s *organisation.Service, who actor.Actor) error {
	_, err := s.Add(context.Background(), who, organisation.Details{Slug: "new", Name: "新"})
	return err
}

// The figures are those of the published palette (pages, section 4) and of WCAG.
func TestAnAccentMustBeReadable(t *testing.T) {
	for colour, want := range map[string]bool{
		"#0e5a63": true, "#b3261e": true, "#000000": true,
		"#ffffff": false, "#ffc93c": false, "#767676": false, // 4.54 on white, 4.17 on the surface
		"#0E5A63": false, "0e5a63": false, "#0e5": false, "red": false, "": false,
	} {
		if got := organisation.CheckAccent(colour); got != want {
			t.Errorf("CheckAccent(%q) = %v", colour, got)
		}
	}
}

func TestAnOrganisationThatAnotherProcessJustAddedIsThere(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, db *database.DB) {
		gate, err := access.New()
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		here, there := organisation.New(db, gate), organisation.New(db, gate)
		if _, err := here.All(ctx); err != nil {
			t.Fatal(err)
		}
		made, err := there.Add(ctx, actor.Console(), organisation.Details{Slug: "new", Name: "新局"})
		if err != nil {
			t.Fatal(err)
		}
		if o, err := here.ByID(ctx, made.ID); err != nil || o.Slug != "new" {
			t.Fatalf("%+v %v", o, err)
		}
	})
}
