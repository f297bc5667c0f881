package desk

import (
	"errors"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
)

// A letter that nobody needs to check becomes a submission at once, with the receipt
// that a sender on the web would have, aimed at the article that the clerk typed.
func TestALetterIsTakenAtOnceWhenNobodyNeedsToCheck(t *testing.T) {
	each(t, func(st *stage) {
		b := st.batch(Letter)
		done, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("陈阿玉", "收费表挂在大厅，字要大。")})
		must(t, err)
		if done.Receipt == nil || done.Entry.State != Taken {
			t.Fatalf("%+v", done.Entry)
		}
		got, err := st.subs.Track(ctx, done.Receipt.Number, done.Receipt.Secret)
		must(t, err)
		if got.Submission.Channel != "letter" || got.Parts[0].Provision != "art-8" || got.Parts[0].Text != "收费表挂在大厅，字要大。" {
			t.Errorf("%+v", got.Parts)
		}
		if n := st.count("SELECT COUNT(*) FROM audit_entries WHERE object = 'entry' AND action = 'take'"); n != 1 {
			t.Errorf("%d rows of audit", n)
		}
		again, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("陈阿玉", "收费表挂在大厅，字要大。")})
		must(t, err)
		if again.Receipt == nil || again.Receipt.Number != done.Receipt.Number || st.count("SELECT COUNT(*) FROM submissions") != 1 {
			t.Error("the same form sent twice must be one submission with one receipt")
		}
	})
}

// With the check demanded, nothing is in the record until a second person confirmed;
// the clerk cannot be that person, and what is corrected is what is taken.
func TestASecondPersonChecksBeforeItIsTaken(t *testing.T) {
	each(t, func(st *stage) {
		must(t, st.s.Demand(ctx, st.admin(), st.org.ID, 100))
		b := st.batch(Letter)
		done, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("陈阿王", "押金三百元，什么时候退？")})
		must(t, err)
		e := done.Entry
		if e.State != Waiting || done.Receipt != nil || st.count("SELECT COUNT(*) FROM submissions") != 0 {
			t.Fatalf("%+v", e)
		}
		if _, err := st.s.ForCheck(ctx, st.clerk(), st.c.Slug, e.ID); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("the clerk checks their own typing: %v", err)
		}
		reading := Reading{Name: "陈阿玉", Phone: e.Content.Sender.Phone, Texts: []string{"押金三千元，什么时候退？"}}
		_, list, err := st.s.Compare(ctx, st.second(), st.c.Slug, e.ID, reading)
		must(t, err)
		if len(list) != 2 || list[0].Field != "name" || list[1].Field != "text-0" {
			t.Fatalf("%+v", list)
		}
		if _, err := st.s.Settle(ctx, st.second(), st.c.Slug, e.ID, e.Version, reading, Choices{"name": Second}); !fault.Is(err, fault.Invalid) {
			t.Fatalf("a difference without a choice must be refused: %v", err)
		}
		out, err := st.s.Settle(ctx, st.second(), st.c.Slug, e.ID, e.Version, reading, Choices{"name": Second, "text-0": Second})
		must(t, err)
		if out.Receipt == nil || out.Entry.State != Taken || !out.Entry.Corrected {
			t.Fatalf("%+v", out.Entry)
		}
		got, err := st.subs.Track(ctx, out.Receipt.Number, out.Receipt.Secret)
		must(t, err)
		if got.Parts[0].Text != "押金三千元，什么时候退？" {
			t.Errorf("taken: %q", got.Parts[0].Text)
		}
		w, err := st.s.One(ctx, st.clerk(), st.c.Slug, e.ID)
		must(t, err)
		if len(w.Past) != 2 || w.Past[0].Content.Sender.Name != "陈阿王" || w.Past[1].Content.Sender.Name != "陈阿玉" {
			t.Errorf("the first typing must stay: %+v", w.Past)
		}
	})
}

// A summary cannot be submitted while a letter lies at the desk.
func TestALetterAtTheDeskHoldsBackTheSummary(t *testing.T) {
	each(t, func(st *stage) {
		b := st.batch(Phone)
		e, err := st.s.Keep(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("罗建军", "字太小。")})
		must(t, err)
		st.clock.Set(end.Add(time.Hour))
		_, err = st.cons.Apply(ctx, st.clerk(), st.c.Slug, consultation.Decide, consultation.Note{})
		must(t, err)
		_, err = st.cons.Apply(ctx, st.clerk(), st.c.Slug, consultation.SubmitSummary, consultation.Note{})
		f, ok := fault.As(err)
		if !ok || f.Kind != fault.Conflict || len(f.Fields) != 1 || f.Fields[0].Code != "desk.gap.drafts" {
			t.Fatalf("%v", err)
		}
		_, err = st.s.Discard(ctx, st.clerk(), st.c.Slug, e.ID, "mistake")
		must(t, err)
		_, err = st.cons.Apply(ctx, st.clerk(), st.c.Slug, consultation.SubmitSummary, consultation.Note{})
		must(t, err)
		if _, err := st.s.Begin(ctx, st.clerk(), st.c.Slug, Batch{Way: Letter, Day: st.today()}); !fault.Is(err, fault.Conflict) {
			t.Errorf("once the summary was submitted the desk is closed: %v", err)
		}
	})
}

// A retyped letter of the same sender is found; another letter of theirs is not.
func TestTheSameLetterIsNotTakenTwice(t *testing.T) {
	each(t, func(st *stage) {
		b := st.batch(Letter)
		text := "收费表写明项目、价格和计价单位以外，还要写明押金在离院几天内退还，逾期怎样计息。"
		_, err := st.s.Finish(ctx, st.clerk(), st.c.Slug, b.ID, In{Key: "one", Content: st.letter("陈阿玉", text)})
		must(t, err)
		retyped := In{Key: "two", Content: st.letter("陈阿玉", "收费表写明项目、价格和计价单位以外,还要写明押金在离院几天内退还,逾期怎么计息")}
		_, err = st.s.Finish(ctx, st.second(), st.c.Slug, b.ID, retyped)
		var twice *DuplicateError
		if !errors.As(err, &twice) || len(twice.List) != 1 || twice.List[0].Why != "sender" || twice.List[0].Receipt == "" {
			t.Fatalf("%v", err)
		}
		_, err = st.s.Finish(ctx, st.second(), st.c.Slug, b.ID, In{Key: "three", Content: st.letter("陈阿玉", "电梯夜里不要停。")})
		must(t, err)
		retyped.Distinct = true
		_, err = st.s.Finish(ctx, st.second(), st.c.Slug, b.ID, retyped)
		must(t, err)
		if n := st.count("SELECT COUNT(*) FROM submissions"); n != 3 {
			t.Errorf("%d submissions", n)
		}
	})
}
