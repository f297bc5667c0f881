package adoption

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
)

func TestCommentsOfOthersCannotBeGathered(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		st.close()
		own := st.letter(1, "web", "一")
		other := st.open()
		foreign := st.letterTo(other.ID, 2, "web", "别处的话")
		of := st.gather("一")
		for name, ids := range map[string][]int64{"another consultation's": foreign, "one that is not there": {12345}, "mixed": {own[0], foreign[0]}} {
			if _, err := st.s.Gather(ctx, st.officer(), st.c.Slug, In{Text: "x", Comments: ids}); !fault.Is(err, fault.Invalid) {
				st.t.Errorf("%s gathered: %v", name, err)
			}
			if _, err := st.s.AddComments(ctx, st.officer(), of.ID, ids, true); !fault.Is(err, fault.Invalid) {
				st.t.Errorf("%s added: %v", name, err)
			}
		}
		stranger := st.in(st.org+1, 70, actor.Officer)
		for name, err := range map[string]error{
			"gather":  second(st.s.Gather(ctx, stranger, st.c.Slug, In{Text: "x", Comments: own})),
			"dispose": second(st.s.Dispose(ctx, stranger, of.ID, Disposition{Code: Supported}, 0)),
			"see":     third(st.s.See(ctx, stranger, of.ID)),
			"balance": fourth(st.s.Balance(ctx, stranger, st.c.Slug)),
			"unknown": second(st.s.Dispose(ctx, st.officer(), 424242, Disposition{Code: Supported}, 0)),
		} {
			if !fault.Is(err, fault.NotFound) {
				st.t.Errorf("%s by another bureau's officer: %v", name, err)
			}
		}
		if f := st.figures(); f.Suggestions != 1 || f.Gathered != 0 {
			st.t.Errorf("refused work left traces: %+v", f)
		}
	})
}

func third(_ Seen, err error) error     { return err }
func fourth(_ Balance, err error) error { return err }

func TestACommentLiesInOneSuggestion(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		st.close()
		ids := st.letter(1, "web", "一", "二")
		a := st.gather("甲", ids...)
		if _, err := st.s.Gather(ctx, st.officer(), st.c.Slug, In{Text: "乙", Comments: ids[:1]}); !fault.Is(err, fault.Conflict) {
			st.t.Errorf("a gathered comment was gathered again: %v", err)
		}
		b, err := st.s.Gather(ctx, st.officer(), st.c.Slug, In{Text: "乙", Comments: ids[:1], Move: true})
		must(t, err)
		seen, err := st.s.See(ctx, st.officer(), a.ID)
		must(t, err)
		if seen.Comments != 1 || b.Comments != 1 || b.Number != 2 {
			st.t.Errorf("after moving: %d left, %d taken, number %d", seen.Comments, b.Comments, b.Number)
		}
		must(t, second(st.s.Merge(ctx, st.officer(), a.ID, b.ID, 0)))
		if _, err := st.s.See(ctx, st.officer(), b.ID); !fault.Is(err, fault.NotFound) {
			st.t.Errorf("a merged suggestion is still there: %v", err)
		}
		seen, _ = st.s.See(ctx, st.officer(), a.ID)
		if seen.Comments != 2 || seen.Submissions != 1 || seen.People != 1 {
			st.t.Errorf("after merging: %d comments of %d letters of %d people", seen.Comments, seen.Submissions, seen.People)
		}
	})
}

func TestASplitCommentIsNotGatheredItsPartsAre(t *testing.T) {
	each(t, func(st *stage) {
		st.close()
		ids := st.letter(1, "web", "一二")
		st.exec("UPDATE comments SET split = ? WHERE id = ?", true, ids[0])
		_, err := st.s.Gather(context.Background(), st.officer(), st.c.Slug, In{Text: "x", Comments: ids})
		if f, ok := fault.As(err); !ok || f.Kind != fault.Invalid || f.Fields[0].Name != "comments[0]" {
			st.t.Errorf("a comment that was split could be gathered: %v", err)
		}
	})
}

func TestNumbersHaveNoGapAndNoTwinUnderARace(t *testing.T) {
	each(t, func(st *stage) {
		st.close()
		const people = 12
		var wait sync.WaitGroup
		var mu sync.Mutex
		var numbers []int
		for i := range people {
			wait.Go(func() {
				of, err := st.s.Gather(context.Background(), st.officer(), st.c.Slug, In{Text: fmt.Sprint("第", i)})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					st.t.Error(err)
				}
				numbers = append(numbers, of.Number)
			})
		}
		wait.Wait()
		slices.Sort(numbers)
		for i, n := range numbers {
			if n != i+1 {
				st.t.Fatalf("numbers %v", numbers)
			}
		}
	})
}

func TestAnOlderVersionChangesNothing(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		st.close()
		of := st.gather("原来的话", st.letter(1, "web", "一")...)
		must(t, second(st.s.Edit(ctx, st.officer(), of.ID, Wording{Text: "甲改的话"}, of.Version)))
		stored, err := st.s.Edit(ctx, st.as(3, actor.Officer), of.ID, Wording{Text: "乙改的话"}, of.Version)
		if f, ok := fault.As(err); !ok || f.Kind != fault.Conflict || f.Code != "stale" {
			t.Errorf("a stale edit: %v", err)
		}
		if stored.Text != "甲改的话" {
			t.Errorf("the stored text does not come back: %q", stored.Text)
		}
		if _, err := st.s.Dispose(ctx, st.officer(), of.ID, Disposition{Code: Supported}, of.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale disposition: %v", err)
		}
		if _, err := st.s.Apply(ctx, st.officer(), of.ID, Submit, "", of.Version); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale submission: %v", err)
		}
	})
}

func TestSaveAndNextIsOneChange(t *testing.T) {
	ctx := context.Background()
	each(t, func(st *stage) {
		st.close()
		ids := st.letter(1, "web", "一", "二")
		bad := Placing{Comment: ids[0], Text: "摊位费", Disposition: &Disposition{Code: NotAdopted}}
		if _, err := st.s.Place(ctx, st.officer(), st.c.Slug, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("without its reason: %v", err)
		}
		if f := st.figures(); f.Suggestions != 0 || f.Gathered != 0 {
			t.Errorf("a refused save left %+v", f)
		}
		bad.Disposition.Reason = "区里已经定了"
		of, err := st.s.Place(ctx, st.officer(), st.c.Slug, bad)
		must(t, err)
		if of.Comments != 1 || of.Disposition != NotAdopted || of.About != "art-3" {
			t.Errorf("saved %+v", of)
		}
		next, err := st.s.NextWaiting(ctx, st.officer(), st.c.Slug, QueueFilter{}, ids[0])
		must(t, err)
		if next != ids[1] {
			t.Errorf("next is %d, want %d", next, ids[1])
		}
	})
}
