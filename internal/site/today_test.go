package site

import (
	"slices"
	"testing"
	"time"

	"guangyi/internal/platform/actor"
)

var (
	now    = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	before = now.Add(-time.Hour)
	after  = now.Add(48 * time.Hour)
)

func as(id int64, org int64, roles ...actor.Role) actor.Actor {
	a := actor.Actor{Kind: actor.Account, ID: id}
	for _, r := range roles {
		a.Grants = append(a.Grants, actor.Grant{Organisation: org, Role: r})
	}
	return a
}

func kinds(tasks []Task) []string {
	var out []string
	for _, t := range tasks {
		out = append(out, t.Kind)
	}
	return out
}

// Each row says what waits for an officer (account 1, who prepared it), for a
// reviewer and for a stranger to the organisation.
func TestWhatWaitsForWhom(t *testing.T) {
	own := work{OrganisationID: 7, Author: "account:1", Contributors: `["account:1"]`, SubmittedBy: "account:1"}
	with := func(change func(*work)) work { w := own; change(&w); return w }
	for _, c := range []struct {
		name              string
		w                 work
		officer, reviewer []string
	}{
		{"prepared", with(func(w *work) { w.State = "prepared" }), []string{"prepare"}, nil},
		{"returned", with(func(w *work) { w.State = "returned"; w.Note = "补充依据" }), []string{"mend_notice"}, nil},
		{"in review", with(func(w *work) { w.State = "in_review" }), nil, []string{"approve"}},
		{"open with comments", with(func(w *work) { w.State, w.ClosesAt, w.Comments, w.Gathered = "approved", &after, 5, 2 }), []string{"gather"}, nil},
		{"closed, all kinds of work", with(func(w *work) {
			w.State, w.ClosesAt, w.Comments, w.Gathered = "approved", &before, 9, 8
			w.Suggestions, w.InReview, w.Agreed, w.Returned, w.Reviewable = 6, 2, 1, 1, 2
		}), []string{"mend", "gather", "dispose"}, []string{"review"}},
		{"closed, all agreed", with(func(w *work) {
			w.State, w.ClosesAt, w.Comments, w.Gathered, w.Suggestions, w.Agreed = "approved", &before, 9, 9, 3, 3
		}), []string{"decide"}, nil},
		{"closed, nobody wrote", with(func(w *work) { w.State, w.ClosesAt = "approved", &before }), []string{"decide"}, nil},
		{"decided", with(func(w *work) { w.State, w.Comments, w.Gathered, w.Suggestions, w.Agreed = "decided", 9, 9, 3, 3 }), []string{"submit_summary"}, nil},
		{"summary in review", with(func(w *work) { w.State, w.SummaryBy = "summary_in_review", "account:1" }), nil, []string{"publish"}},
		{"published", with(func(w *work) { w.State = "published" }), nil, nil},
	} {
		if got := kinds(c.w.tasks(as(1, 7, actor.Officer), now)); !slices.Equal(got, c.officer) {
			t.Errorf("%s: the officer has %v, want %v", c.name, got, c.officer)
		}
		if got := kinds(c.w.tasks(as(2, 7, actor.Reviewer), now)); !slices.Equal(got, c.reviewer) {
			t.Errorf("%s: the reviewer has %v, want %v", c.name, got, c.reviewer)
		}
		if got := kinds(c.w.tasks(as(3, 8, actor.Officer, actor.Reviewer), now)); len(got) > 0 {
			t.Errorf("%s: a stranger has %v", c.name, got)
		}
	}
}

func TestNobodyIsAskedToReviewTheirOwnWork(t *testing.T) {
	both := as(1, 7, actor.Officer, actor.Reviewer)
	for _, w := range []work{
		{OrganisationID: 7, State: "in_review", Author: "account:1"},
		{OrganisationID: 7, State: "in_review", Author: "account:2", Contributors: `["account:2","account:1"]`},
		{OrganisationID: 7, State: "summary_in_review", Author: "account:2", SummaryBy: "account:1"},
	} {
		if got := kinds(w.tasks(both, now)); len(got) > 0 {
			t.Errorf("%s: %v", w.State, got)
		}
	}
}

func TestWhatIsDueFirstStandsFirst(t *testing.T) {
	tasks := []Task{{Kind: "undated"}, {Kind: "later", Due: &after}, {Kind: "late", Due: &before}}
	sortTasks(tasks)
	if got := kinds(tasks); !slices.Equal(got, []string{"late", "later", "undated"}) {
		t.Fatal(got)
	}
	if !tasks[0].Overdue(now) || tasks[1].Overdue(now) || tasks[2].Overdue(now) {
		t.Fatal("overdue is what should have been done before now")
	}
}
