package adoption

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/sheet"
)

func TestTheBalanceNamesEachThingThatIsMissing(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		a := st.letter(1, "web", "一", "二")
		b := st.letter(2, "letter", "三")
		st.close()
		must(t, st.step(st.officer(), consultation.Decide))
		st.wantGaps(map[Rule]int{EachComment: 3, ByComments: 0})
		one := st.gather("甲", a...)
		st.wantGaps(map[Rule]int{EachComment: 1, EachSuggestion: 1, EachDemand: 1, ByDisposition: 0, ByComments: 0})
		st.settle(one, Disposition{Code: Adopted, Provisions: []string{"art-3"}})
		two := st.gather("乙", b...)
		three := st.gather("空的")
		st.wantGaps(map[Rule]int{EachSuggestion: 2, EachDemand: 2, NoEmptySuggestion: 1, ByDisposition: 0})
		err := st.step(st.officer(), consultation.SubmitSummary)
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Conflict || len(f.Fields) < 5 {
			t.Fatalf("an unbalanced summary went for review: %v", err)
		}
		must(t, st.s.Drop(ctx, st.officer(), three.ID, 0))
		st.settle(two, Disposition{Code: Answered, Reason: "见第二条"})
		st.wantGaps(nil)
		must(t, st.step(st.officer(), consultation.SubmitSummary))
	})
}

// wantGaps compares the rules that do not hold and how many things each misses.
func (st *stage) wantGaps(want map[Rule]int) {
	st.t.Helper()
	b, err := st.s.Balance(context.Background(), st.reviewer(), st.c.Slug)
	must(st.t, err)
	got := map[Rule]int{}
	for _, l := range b.Lines {
		if !l.Holds {
			got[l.Rule] = len(l.Missing) + l.More
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) && len(got)+len(want) > 0 {
		st.t.Errorf("missing %v, want %v", got, want)
	}
	if b.Holds() != (len(want) == 0) {
		st.t.Errorf("holds: %v", b.Holds())
	}
}

func TestTheBalanceSeesWhatLiesUnderneath(t *testing.T) {
	each(t, func(st *stage) {
		ids := st.letter(1, "web", "一", "二")
		st.close()
		st.settle(st.gather("甲", ids...), Disposition{Code: Adopted, Provisions: []string{"art-3"}})
		must(t, st.step(st.officer(), consultation.Decide))
		st.wantGaps(nil)
		for _, one := range []struct {
			harm, mend string
			want       map[Rule]int
		}{
			{"UPDATE consultation_counters SET gathered = 7", "UPDATE consultation_counters SET gathered = 2", map[Rule]int{CountersKept: 0}},
			{"UPDATE channel_counters SET submissions = 9", "UPDATE channel_counters SET submissions = 1", map[Rule]int{CountersKept: 0}},
			{"UPDATE suggestions SET comments = 5", "UPDATE suggestions SET comments = 2", map[Rule]int{ByComments: 0}},
			{"UPDATE suggestions SET reason = '', disposition = 'not_adopted'", "UPDATE suggestions SET disposition = 'adopted'", map[Rule]int{EachDemand: 1}},
			{"UPDATE provisions SET key = 'art-33' WHERE key = 'art-3'", "UPDATE provisions SET key = 'art-3' WHERE key = 'art-33'", map[Rule]int{EachDemand: 1}},
			{"UPDATE submissions SET channel = 'martian'", "UPDATE submissions SET channel = 'web'", map[Rule]int{ByChannel: 0, CountersKept: 0}},
		} {
			st.exec(one.harm)
			st.wantGaps(one.want)
			st.exec(one.mend)
		}
		st.wantGaps(nil)
	})
}

func TestOnlyFiftyGapsAreListedAndTheRestCounted(t *testing.T) {
	each(t, func(st *stage) {
		texts := make([]string, 60)
		for i := range texts {
			texts[i] = fmt.Sprint("第", i)
		}
		st.letter(1, "web", texts...)
		b, err := st.s.Balance(context.Background(), st.officer(), st.c.Slug)
		must(t, err)
		line := b.Lines[1]
		if line.Rule != EachComment || len(line.Missing) != GapsShown || line.More != 10 {
			t.Errorf("%s: %d listed, %d more", line.Rule, len(line.Missing), line.More)
		}
	})
}

func TestThePublishedFiguresAreTheRecords(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		st.settle(st.gather("甲", append(st.letter(1, "web", "一", "二"), st.letter(1, "web", "三")...)...), Disposition{Code: Adopted, Provisions: []string{"art-3", "art-3", "art-4"}})
		st.settle(st.gather("=乙", st.letter(2, "letter", "四")...), Disposition{Code: NotAdopted, Reason: "@理由"})
		st.close()
		st.settle(st.gather("迟来的", st.letter(3, "letter", "五")...), Disposition{Code: Supported})
		must(t, st.step(st.officer(), consultation.Decide))
		must(t, st.step(st.officer(), consultation.SubmitSummary))
		if _, err := st.s.Summary(ctx, st.c.Slug); !fault.Is(err, fault.NotFound) {
			t.Errorf("the summary shows before its publication: %v", err)
		}
		if err := st.step(st.officer(), consultation.PublishSummary); !fault.Is(err, fault.Forbidden) {
			t.Errorf("an officer published: %v", err)
		}
		must(t, st.step(st.reviewer(), consultation.PublishSummary))
		head, err := st.s.Summary(ctx, st.c.Slug)
		must(t, err)
		raw, _ := json.Marshal(head.Counts)
		want := `{"submissions":4,"comments":5,"suggestions":3,"by_disposition":{"adopted":1,"not_adopted":1,"supported":1},"by_channel":{"letter":2,"web":2},` +
			`"withheld":0,"withdrawn":0,"people":3,"comments_by_disposition":{"adopted":3,"not_adopted":1,"supported":1},"by_provision":{"art-3":5},"changed_provisions":2,"articles":5,"late":1,"by_entry":{"clerk":2,"sender":2}}`
		if string(raw) != want || !head.Balanced || !head.PublishedAt.Equal(st.clock.Now()) {
			t.Errorf("published %s\nwant      %s", raw, want)
		}
		told, err := st.s.Tell(ctx, st.c.Slug, 1, 0)
		must(t, err)
		if told.State != Signed || told.Submissions != 2 || told.People != 1 || len(told.Words) != 3 || len(told.Steps) != 3 {
			t.Errorf("told %+v", told)
		}
		if f := st.figures(); f.Kept.Agreed != 3 || f.Agreed != 3 {
			t.Errorf("signed suggestions count as agreed: %+v", f)
		}
		var out bytes.Buffer
		must(t, st.s.Export(ctx, st.c.Slug, &out, sheet.CSV))
		table := "\ufeffnumber,text,comments,submissions,people,disposition,reason,provisions\r\n" +
			"1,甲,3,2,1,adopted,,art-3 art-4\r\n2,'=乙,1,1,1,not_adopted,'@理由,\r\n3,迟来的,1,1,1,supported,,\r\n"
		if out.String() != table {
			t.Errorf("exported\n%q\nwant\n%q", out.String(), table)
		}
	})
}

func TestNobodyWroteIsAnHonestZero(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		st.close()
		for _, e := range []consultation.Event{consultation.Decide, consultation.SubmitSummary} {
			must(t, st.step(st.officer(), e))
		}
		must(t, st.step(st.reviewer(), consultation.PublishSummary))
		head, err := st.s.Summary(ctx, st.c.Slug)
		must(t, err)
		if head.Counts.Submissions != 0 || len(head.Counts.ByChannel) != 0 || !head.Balanced {
			t.Errorf("%+v", head)
		}
	})
}

func TestTheSignerDiffersFromTheReviewerWhereTheOrganisationDemandsIt(t *testing.T) {
	each(t, func(st *stage) {
		st.settle(st.gather("甲", st.letter(1, "web", "一")...), Disposition{Code: Supported})
		st.close()
		must(t, st.step(st.officer(), consultation.Decide))
		must(t, st.step(st.officer(), consultation.SubmitSummary))
		st.exec("UPDATE organisations SET signer_differs = ? WHERE id = ?", true, st.org)
		st.exec("UPDATE consultations SET approved_by = 'account:77' WHERE id = ?", st.c.ID)
		if err := st.step(st.as(2, actor.Reviewer, actor.Signer), consultation.PublishSummary); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("who agreed also signed: %v", err)
		}
		must(t, st.step(st.as(3, actor.Signer), consultation.PublishSummary))
	})
}
