package consultation_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

var update = flag.Bool("update", false, "write the golden table anew")

var errAllowed = errors.New("allowed")

// people are everybody who could try: each role in the organisation, the same in
// another, tokens with one scope, and those who wrote it themselves.
func (b *bureau) people() map[string]actor.Actor {
	out := map[string]actor.Actor{"anonymous": actor.Public(), "member": {Kind: actor.Account, ID: 90}}
	roles := []actor.Role{
		actor.Administrator, actor.Officer, actor.Reviewer, actor.Signer, actor.Legal, actor.Secretary, actor.Auditor, actor.Representative,
	}
	for i, r := range roles {
		out[string(r)] = person(int64(20+i), b.org, r)
		out["other "+string(r)] = person(int64(40+i), b.other, r)
	}
	for i, s := range actor.Scopes {
		out["token "+string(s)] = actor.Actor{Kind: actor.Token, TokenID: int64(60 + i), TokenOrganisation: b.org.ID, TokenScopes: []actor.Scope{s}}
		out["other token "+string(s)] = actor.Actor{Kind: actor.Token, TokenID: int64(70 + i), TokenOrganisation: b.other.ID, TokenScopes: []actor.Scope{s}}
	}
	out["author with all roles"] = person(1, b.org, actor.Officer, actor.Reviewer, actor.Signer)
	out["author's token of all scopes"] = actor.Actor{
		Kind: actor.Token, ID: 1, TokenID: 80, TokenOrganisation: b.org.ID, TokenScopes: actor.Scopes,
		Grants: person(1, b.org, actor.Officer, actor.Reviewer, actor.Signer).Grants,
	}
	return out
}

// TestStateTable tries every status × event × person and compares with the
// golden table. Whoever changes states or permissions sees there what changed.
func TestStateTable(t *testing.T) {
	each(t, func(b *bureau) {
		var lines []string
		for _, status := range consultation.Statuses {
			c := b.at(status)
			end := b.clock.Now().Add(100 * 24 * time.Hour)
			for _, e := range consultation.Events {
				lines = append(lines, b.tries(c, status, e, end)...)
			}
		}
		compare(b.t, filepath.Join("testdata", "states.golden"), strings.Join(lines, "\n")+"\n")
	})
}

// tries asks with a guard that stops every event that would happen.
func (b *bureau) tries(c consultation.Consultation, status consultation.Status, e consultation.Event, end time.Time) []string {
	probe := open(b.t, b.db, b.clock)
	probe.Guard(e, func(context.Context, *database.Tx, consultation.Consultation, consultation.Event) error {
		return errAllowed
	})
	answers := map[string][]string{}
	for name, who := range b.people() {
		_, err := probe.Apply(ctx, who, c.Slug, e, consultation.Note{Text: "理由", ClosesAt: &end})
		answers[answer(err)] = append(answers[answer(err)], name)
	}
	var out []string
	for a, names := range answers {
		slices.Sort(names)
		out = append(out, fmt.Sprintf("%s · %s · %s: %s", status, e, a, strings.Join(names, ", ")))
	}
	slices.Sort(out)
	return out
}

func answer(err error) string {
	f, ok := fault.As(err)
	switch {
	case errors.Is(err, errAllowed):
		return "allowed"
	case !ok:
		return fmt.Sprint("error ", err)
	}
	return f.Code
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the state table is not the golden one (write it anew with -update):\n%s", diff)
	}
}

// TestNoWalkReachesAStateWithoutItsApprovals sends people with several roles on
// random walks and keeps, beside the service, the plainest book of who did what.
func TestNoWalkReachesAStateWithoutItsApprovals(t *testing.T) {
	each(t, func(b *bureau) {
		staff := []actor.Actor{
			person(1, b.org, actor.Officer, actor.Reviewer), person(2, b.org, actor.Reviewer), person(3, b.org, actor.Officer, actor.Signer),
			person(4, b.org, actor.Officer), person(5, b.other, actor.Officer, actor.Reviewer, actor.Signer), person(6, b.org, actor.Auditor),
		}
		rapid.Check(b.t, func(t *rapid.T) { b.walk(t, staff) })
	})
}

func (b *bureau) walk(t *rapid.T, staff []actor.Actor) {
	c := b.prepared()
	wrote := map[string]bool{person(1, b.org).Key(): true}
	var approver, publisher string
	for range rapid.IntRange(1, 15).Draw(t, "steps") {
		b.clock.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "days")) * 24 * time.Hour)
		who := rapid.SampledFrom(staff).Draw(t, "who")
		e := rapid.SampledFrom(consultation.Events).Draw(t, "event")
		now := b.clock.Now()
		before := c
		end := now.Add(20 * 24 * time.Hour)
		after, err := b.Apply(ctx, who, c.Slug, e, consultation.Note{Text: "理由", ClosesAt: &end})
		if err != nil {
			if _, ok := fault.As(err); !ok {
				t.Fatalf("%s: %v", e, err)
			}
			continue
		}
		c = after
		if !who.Has(b.org.ID, actor.Officer) && !who.Has(b.org.ID, actor.Reviewer) && !who.Has(b.org.ID, actor.Signer) {
			t.Fatalf("%s did %s", who.Name, e)
		}
		switch e {
		case consultation.Submit, consultation.SubmitSummary:
			wrote[who.Key()] = true
		case consultation.Approve:
			approver = who.Key()
		case consultation.PublishSummary:
			publisher = who.Key()
		}
		if wrote[approver] && e == consultation.Approve || wrote[publisher] && e == consultation.PublishSummary {
			t.Fatalf("%s approved own work", who.Name)
		}
		if c.Public() && approver == "" {
			t.Fatalf("public without approval: %s → %s", before.State, c.State)
		}
		if (c.State == consultation.Published || c.State == consultation.Archived) && publisher == "" {
			t.Fatal("published without a publisher")
		}
		if c.State == consultation.Decided && now.Before(*c.ClosesAt) {
			t.Fatal("decided before the period was over")
		}
	}
}
