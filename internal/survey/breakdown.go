package survey

import (
	"slices"

	"guangyi/internal/submission"
)

// Breakdown is a question's figures by kind of sender. Every cell is LeastCell or
// more: what was smaller stands together, kinds as OtherCode in Groups and choices
// as Rest, so that no cell can be worked out from the others. A question whose
// table would have fewer than two rows or two columns is not broken down.
type Breakdown struct {
	Groups []string // kinds of senders
	Rows   []Row
}

// Row is a choice, or with Code Rest the smaller ones together.
type Row struct {
	Code   string
	Counts []int // by group
}

// Rest is the code of the row in which the smaller choices stand together.
const Rest = "rest"

// broken makes the table of one question: first by the groups as they are, then
// with the smallest groups together, until every cell is large enough.
func broken(q Question, moved []counter, all []group) *Breakdown {
	if q.Kind.Written() {
		return nil
	}
	for ; len(all) > 1; all = joined(all) {
		if rows := merged(table(q, moved, all)); len(rows) > 1 {
			out := &Breakdown{Rows: rows}
			for _, g := range all {
				out.Groups = append(out.Groups, g.name())
			}
			return out
		}
	}
	return nil
}

// table counts each choice in each group.
func table(q Question, moved []counter, all []group) []Row {
	at := map[submission.Kind]int{}
	for i, g := range all {
		for _, k := range g.kinds {
			at[k] = i
		}
	}
	codes := q.Codes()
	out := make([]Row, len(codes))
	for i, code := range codes {
		out[i] = Row{code, make([]int, len(all))}
	}
	for _, k := range moved {
		if i := slices.Index(codes, k.Choice); k.Question == q.Code && i >= 0 {
			out[i].Counts[at[k.SubmitterKind]] += int(k.Responses)
		}
	}
	return out
}

// merged puts the choices with a small cell together, and further ones, the
// smallest first, until their row has none either.
func merged(rows []Row) []Row {
	var kept, small []Row
	for _, r := range rows {
		if slices.Min(r.Counts) < LeastCell {
			small = append(small, r)
		} else {
			kept = append(kept, r)
		}
	}
	if len(small) == 0 {
		return kept
	}
	rest := Row{Rest, make([]int, len(rows[0].Counts))}
	for _, r := range small {
		rest.add(r)
	}
	// A row alone in Rest would be what it hides.
	for taken := len(small); len(kept) > 0 && (taken < 2 || slices.Min(rest.Counts) < LeastCell); taken++ {
		i := least(kept)
		rest.add(kept[i])
		kept = slices.Delete(kept, i, i+1)
	}
	if slices.Min(rest.Counts) < LeastCell {
		return nil
	}
	return append(kept, rest)
}

func (r Row) add(other Row) {
	for i, n := range other.Counts {
		r.Counts[i] += n
	}
}

func least(rows []Row) int {
	sum := func(r Row) (n int) {
		for _, c := range r.Counts {
			n += c
		}
		return n
	}
	best := 0
	for i := range rows {
		if sum(rows[i]) < sum(rows[best]) {
			best = i
		}
	}
	return best
}
