package adoption

import (
	"context"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

// Where each event leads from each state, as domain.md and the contract say; an
// empty word is a refusal.
var life = map[State]map[Event]State{
	Drafted:  {Submit: InReview, Change: Drafted},
	InReview: {Agree: Agreed, Return: Drafted, Change: Drafted},
	Agreed:   {Change: Drafted, Sign: Signed},
	Signed:   {},
}

// Which role may cause which event in its own organisation.
var mayCause = map[Event][]actor.Role{
	Submit: {actor.Officer}, Change: {actor.Officer},
	Agree: {actor.Reviewer, actor.Signer}, Return: {actor.Reviewer, actor.Signer}, Sign: {actor.Reviewer, actor.Signer},
}

func TestTheTableIsTheLifeOfASuggestion(t *testing.T) {
	for _, from := range States {
		for _, event := range Events {
			step, known := transition(event)
			if !known {
				t.Fatalf("no row for %s", event)
			}
			to := State("")
			if step.leads(from) {
				to = step.To
			}
			if to != life[from][event] {
				t.Errorf("%s from %s leads to %q, want %q", event, from, to, life[from][event])
			}
		}
	}
}

func TestEveryStateEventAndRole(t *testing.T) {
	each(t, func(st *stage) {
		st.close()
		for _, from := range States {
			st.everyEvent(from)
		}
	})
}

func (st *stage) everyEvent(from State) {
	ctx := context.Background()
	id := st.letter(int64(st.people)+100, "web", "摊位费太高")
	of := st.gather("降低摊位费", id...)
	_, err := st.s.Dispose(ctx, st.officer(), of.ID, Disposition{Code: NotAdopted, Reason: "另有规定"}, 0)
	must(st.t, err)
	for _, role := range append([]actor.Role{actor.Nobody}, actor.Roles...) {
		for _, event := range []Event{Submit, Agree, Return, Change} {
			st.exec("UPDATE suggestions SET state = ? WHERE id = ?", string(from), of.ID)
			err := st.cause(role, event, of.ID)
			st.judge(from, event, role, err)
		}
	}
	st.exec("UPDATE suggestions SET state = 'drafted' WHERE id = ?", of.ID)
	st.exec("UPDATE consultation_counters SET in_review = 0, agreed = 0 WHERE consultation_id = ?", st.c.ID)
}

func (st *stage) cause(role actor.Role, event Event, id int64) error {
	who := st.as(50, role)
	if role == actor.Nobody {
		who = actor.Public()
	}
	if role == actor.Operator {
		who = st.in(0, 51, role)
	}
	ctx := context.Background()
	if event == Change {
		_, err := st.s.Edit(ctx, who, id, Wording{Text: "降低摊位费吧"}, 0)
		// The text is the officer's again: otherwise person 50 could not agree any more.
		st.exec("DELETE FROM suggestion_events WHERE suggestion_id = ? AND actor = ?", id, who.Key())
		return err
	}
	_, err := st.s.Apply(ctx, who, id, event, "请写明", 0)
	st.exec("DELETE FROM suggestion_events WHERE suggestion_id = ? AND actor = ?", id, who.Key())
	return err
}

func (st *stage) judge(from State, event Event, role actor.Role, err error) {
	allowed := false
	for _, r := range mayCause[event] {
		allowed = allowed || r == role
	}
	var want fault.Kind
	switch {
	case role == actor.Nobody:
		want = fault.Unauthenticated
	case role == actor.Operator:
		want = fault.NotFound
	case !allowed:
		want = fault.Forbidden
	case life[from][event] == "":
		want = fault.Conflict
	}
	if want == 0 && err != nil || want != 0 && !fault.Is(err, want) {
		st.t.Errorf("%s from %s by %s: %v, want kind %d", event, from, role, err, want)
	}
}

func TestNobodyReviewsTheirOwn(t *testing.T) {
	ctx := context.Background()
	both := func(st *stage, id int64) actor.Actor { return st.as(id, actor.Officer, actor.Reviewer) }
	acts := map[string]func(*stage, Suggestion, actor.Actor) error{
		"wrote the text": func(st *stage, of Suggestion, who actor.Actor) error {
			_, err := st.s.Edit(ctx, who, of.ID, Wording{Text: "摊位费低一些"}, 0)
			return err
		},
		"drafted the disposition": func(st *stage, of Suggestion, who actor.Actor) error {
			_, err := st.s.Dispose(ctx, who, of.ID, Disposition{Code: Supported}, 0)
			return err
		},
		"submitted it": func(st *stage, of Suggestion, who actor.Actor) error {
			_, err := st.s.Apply(ctx, who, of.ID, Submit, "", 0)
			return err
		},
	}
	each(t, func(st *stage) {
		st.close()
		person := int64(60)
		for act, do := range acts {
			person++
			of := st.gather("降低摊位费", st.letter(person, "web", "贵")...)
			_, err := st.s.Dispose(ctx, st.officer(), of.ID, Disposition{Code: Supported}, 0)
			must(t, err)
			must(t, do(st, of, both(st, person)))
			if act != "submitted it" {
				_, err = st.s.Apply(ctx, st.officer(), of.ID, Submit, "", 0)
				must(t, err)
			}
			for _, event := range []Event{Agree, Return} {
				if _, err := st.s.Apply(ctx, both(st, person), of.ID, event, "x", 0); !fault.Is(err, fault.Forbidden) {
					st.t.Errorf("who %s could %s: %v", act, event, err)
				}
			}
			token := actor.Actor{Kind: actor.Token, ID: person, TokenID: 9, TokenOrganisation: st.org, TokenScopes: []actor.Scope{actor.Review},
				Grants: []actor.Grant{{Organisation: st.org, Role: actor.Reviewer}}}
			if _, err := st.s.Apply(ctx, token, of.ID, Agree, "", 0); !fault.Is(err, fault.Forbidden) {
				st.t.Errorf("who %s could agree through a token: %v", act, err)
			}
			if _, err := st.s.Apply(ctx, both(st, 99), of.ID, Agree, "", 0); err != nil {
				st.t.Errorf("a second person could not agree after somebody %s: %v", act, err)
			}
		}
	})
}

func TestWhatWasReviewedIsReviewedAgainAfterAChange(t *testing.T) {
	ctx := context.Background()
	changes := map[string]func(*stage, Suggestion) error{
		"text": func(st *stage, of Suggestion) error {
			_, err := st.s.Edit(ctx, st.officer(), of.ID, Wording{Text: "别的"}, 0)
			return err
		},
		"disposition": func(st *stage, of Suggestion) error {
			_, err := st.s.Dispose(ctx, st.officer(), of.ID, Disposition{Code: Answered, Reason: "答"}, 0)
			return err
		},
		"more comments": func(st *stage, of Suggestion) error {
			_, err := st.s.AddComments(ctx, st.officer(), of.ID, st.letter(900, "web", "又一条"), false)
			return err
		},
	}
	each(t, func(st *stage) {
		st.close()
		for what, do := range changes {
			of := st.gather("一", st.letter(7, "web", "一")...)
			st.settle(of, Disposition{Code: Supported})
			must(t, do(st, of))
			seen, err := st.s.See(ctx, st.officer(), of.ID)
			must(t, err)
			if seen.State != Drafted || seen.AgreedBy != "" {
				st.t.Errorf("after a change of %s: %s, agreed by %q", what, seen.State, seen.AgreedBy)
			}
		}
		if f := st.figures(); f.Kept.Agreed != 0 || f.Agreed != 0 {
			st.t.Errorf("agreed: %d kept, %d counted", f.Kept.Agreed, f.Agreed)
		}
	})
}

func TestSuggestionsChangeUntilTheSummaryIsSubmitted(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		of := st.gather("一", st.letter(1, "web", "一")...)
		st.close()
		must(t, st.step(st.officer(), consultation.Decide))
		st.settle(of, Disposition{Code: Adopted, Provisions: []string{"art-3"}}) // after the decision too
		must(t, st.step(st.officer(), consultation.SubmitSummary))
		for name, err := range map[string]error{
			"gather":  second(st.s.Gather(ctx, st.officer(), st.c.Slug, In{Text: "二"})),
			"edit":    second(st.s.Edit(ctx, st.officer(), of.ID, Wording{Text: "二"}, 0)),
			"dispose": second(st.s.Dispose(ctx, st.officer(), of.ID, Disposition{Code: Supported}, 0)),
			"return":  second(st.s.Apply(ctx, st.reviewer(), of.ID, Return, "x", 0)),
			"drop":    st.s.Drop(ctx, st.officer(), of.ID, 0),
		} {
			if !fault.Is(err, fault.Conflict) {
				st.t.Errorf("%s while the summary is in review: %v", name, err)
			}
		}
		must(t, st.step(st.reviewer(), consultation.Return))
		_, err := st.s.Edit(ctx, st.officer(), of.ID, Wording{Text: "退回后可以改"}, 0)
		must(t, err)
	})
}

func second(_ Suggestion, err error) error { return err }
