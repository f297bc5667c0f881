package adoption

import (
	"context"
	"math/rand/v2"
	"testing"
)

// Whatever staff do, in whatever order, the figures that pages show are those that
// a count of the rows gives, and every suggestion's own figures too.
func TestFiguresEqualCountedRowsAfterAnyWork(t *testing.T) {
	each(t, func(st *stage) {
		st.close()
		var gathered, agreed int
		for seed := range uint64(4) {
			w := &worker{stage: st, r: rand.New(rand.NewPCG(seed, 7))}
			for range 12 { // many looks on the way: a wrong figure may right itself
				for range 5 {
					w.act()
				}
				f := w.compare(seed)
				gathered, agreed = max(gathered, f.Gathered), max(agreed, f.Agreed)
			}
		}
		if gathered == 0 || agreed == 0 {
			st.t.Errorf("the work reached nothing: at most %d gathered, %d agreed", gathered, agreed)
		}
	})
}

type worker struct {
	*stage
	r           *rand.Rand
	comments    []int64
	suggestions []int64
}

// act does something at random; refusals are part of the work.
func (w *worker) act() {
	ctx, who := context.Background(), w.officer()
	switch w.r.IntN(12) {
	case 0, 1:
		texts := make([]string, 1+w.r.IntN(3))
		for i := range texts {
			texts[i] = "一句话"
		}
		w.comments = append(w.comments, w.letter(1+w.r.Int64N(6), []string{"web", "letter", "phone"}[w.r.IntN(3)], texts...)...)
	case 2, 3:
		of, err := w.s.Gather(ctx, who, w.c.Slug, In{Text: "归纳", Comments: w.some(), Move: w.r.IntN(2) == 0})
		if err == nil {
			w.suggestions = append(w.suggestions, of.ID)
		}
	case 4:
		_, _ = w.s.AddComments(ctx, who, w.one(), w.some(), w.r.IntN(2) == 0)
	case 5:
		_, _ = w.s.Release(ctx, who, w.one(), w.some())
	case 6:
		_, _ = w.s.Merge(ctx, who, w.one(), w.one(), 0)
	case 7:
		_, _ = w.s.Dispose(ctx, who, w.one(), Disposition{Code: Supported}, 0)
	case 8:
		_, _ = w.s.Apply(ctx, who, w.one(), Submit, "", 0)
	case 9:
		_, _ = w.s.Apply(ctx, w.reviewer(), w.one(), []Event{Agree, Agree, Return}[w.r.IntN(3)], "请补", 0)
	case 10, 11: // two or three steps together: alone they rarely meet
		of := w.one()
		_, _ = w.s.Dispose(ctx, who, of, Disposition{Code: Supported}, 0)
		_, _ = w.s.Apply(ctx, who, of, Submit, "", 0)
		if w.r.IntN(2) == 0 {
			_, _ = w.s.Apply(ctx, w.reviewer(), of, Agree, "", 0)
		}
	}
}

func (w *worker) some() []int64 {
	var out []int64
	for range w.r.IntN(5) {
		if len(w.comments) > 0 {
			out = append(out, w.comments[w.r.IntN(len(w.comments))])
		}
	}
	return out
}

func (w *worker) one() int64 {
	if len(w.suggestions) == 0 {
		return 1
	}
	return w.suggestions[w.r.IntN(len(w.suggestions))]
}

func (w *worker) compare(seed uint64) Figures {
	w.t.Helper()
	f := w.figures()
	if agree, all := countersAgree(f); agree != all {
		w.t.Errorf("seed %d: counters %+v, counted %+v", seed, f.Kept, f)
	}
	if f.SuggestionsHold != f.Gathered {
		w.t.Errorf("seed %d: suggestions say %d comments, %d are gathered", seed, f.SuggestionsHold, f.Gathered)
	}
	var wrong []struct {
		ID                                                                   int64
		Comments, Submissions, People, RealComments, RealLetters, RealPeople int
	}
	err := w.db.Read(context.Background()).Raw(`SELECT * FROM (SELECT g.id, g.comments, g.submissions, g.people,
		(SELECT COUNT(*) FROM comments c WHERE c.consultation_id = g.consultation_id AND c.suggestion_id = g.id) AS real_comments,
		(SELECT COUNT(DISTINCT c.submission_id) FROM comments c WHERE c.consultation_id = g.consultation_id AND c.suggestion_id = g.id) AS real_letters,
		(SELECT COUNT(DISTINCT s.person) FROM comments c JOIN submissions s ON s.id = c.submission_id
			WHERE c.consultation_id = g.consultation_id AND c.suggestion_id = g.id) AS real_people
		FROM suggestions g WHERE g.consultation_id = ?) AS x
		WHERE comments <> real_comments OR submissions <> real_letters OR people <> real_people`, w.c.ID).Scan(&wrong).Error
	must(w.t, err)
	if len(wrong) > 0 {
		w.t.Errorf("seed %d: suggestions with wrong figures: %+v", seed, wrong)
	}
	return f
}
