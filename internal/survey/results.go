package survey

import (
	"context"
	"slices"
	"strconv"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// LeastCell is the smallest number of people that a breakdown shows: below it, who
// knows that somebody answered could read from it what.
const LeastCell = 5

// Tally is how many responses one choice got.
type Tally struct {
	Code  string
	Count int
}

// Figures are those of one question.
type Figures struct {
	Question  Question
	Answered  int     // responses that answer it
	Tallies   []Tally // of every choice, in order; none for a written question
	Mean      float64 // of a scale; 0 when nobody answered
	Breakdown *Breakdown
}

// Results are the figures of a survey.
type Results struct {
	Survey    Survey
	Responses int
	ByKind    []Tally // kinds of senders that occur, the small ones together as OtherCode
	ByWay     []Tally
	Questions []Figures
	Withdrawn int  // responses that their senders took back; they stay counted
	Withheld  int  // responses of whose words some are not shown; they stay counted
	Held      int  // responses that wait for moderation; they are counted
	Partial   bool // it still runs: totals only
}

// Results gives the figures as the public sees them: NotFound without a survey,
// Conflict survey.results_later while they are not shown.
func (s *Service) Results(ctx context.Context, slug string) (Results, error) {
	c, err := s.consultations.BySlug(ctx, slug)
	if err != nil {
		return Results{}, err
	}
	v, err := s.Of(ctx, c.ID)
	if err != nil {
		return Results{}, err
	}
	now := s.db.Now()
	if !v.Shown(c, now) {
		return Results{}, fault.New(fault.Conflict, "survey.results_later")
	}
	return s.results(ctx, c, v, !Over(c, now))
}

// StaffResults gives the figures at any time to the organisation's own staff.
func (s *Service) StaffResults(ctx context.Context, who actor.Actor, slug string) (Results, error) {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return Results{}, err
	}
	if err := s.gate.Require(who, PermissionSee, c.Organisation); err != nil {
		return Results{}, err
	}
	v, err := s.Of(ctx, c.ID)
	if err != nil {
		return Results{}, err
	}
	return s.results(ctx, c, v, false)
}

func (s *Service) results(ctx context.Context, c consultation.Consultation, v Survey, partial bool) (Results, error) {
	moved, err := s.counters(ctx, c.ID)
	if err != nil {
		return Results{}, err
	}
	out := Results{Survey: v, Partial: partial}
	sum := func(question, choice string) int {
		n := int64(0)
		for _, k := range moved {
			if k.Question == question && k.Choice == choice {
				n += k.Responses
			}
		}
		return int(n)
	}
	out.Responses = sum("", "")
	for _, q := range v.Questions {
		f := Figures{Question: q, Answered: sum(q.Code, "")}
		for _, code := range q.Codes() {
			f.Tallies = append(f.Tallies, Tally{code, sum(q.Code, code)})
		}
		f.Mean = f.mean()
		out.Questions = append(out.Questions, f)
	}
	out.ByWay = byWay(moved)
	if !partial {
		out.breakDown(moved)
	}
	return out, s.marked(ctx, c.ID, &out)
}

// mean is that of a scale's points.
func (f Figures) mean() float64 {
	if f.Question.Kind != Scale || f.Answered == 0 {
		return 0
	}
	sum := 0
	for i, t := range f.Tallies {
		sum += (i + 1) * t.Count
	}
	return float64(sum) / float64(f.Answered)
}

func byWay(moved []counter) []Tally {
	var out []Tally
	for _, w := range Ways {
		n := int64(0)
		for _, k := range moved {
			if k.Question == "" && k.Way == w {
				n += k.Responses
			}
		}
		if n > 0 {
			out = append(out, Tally{string(w), int(n)})
		}
	}
	return out
}

// group is a kind of sender, or several small ones together.
type group struct {
	kinds []submission.Kind
	count int
}

// name is the kind's own, or OtherCode for several together.
func (g group) name() string {
	if len(g.kinds) == 1 {
		return string(g.kinds[0])
	}
	return OtherCode
}

// groups lists the kinds of senders that occur; those below LeastCell stand
// together, with the next larger one where they are too few even so.
func groups(moved []counter) []group {
	var out []group
	for _, kind := range submission.Kinds {
		n := int64(0)
		for _, k := range moved {
			if k.Question == "" && k.SubmitterKind == kind {
				n += k.Responses
			}
		}
		if n > 0 {
			out = append(out, group{[]submission.Kind{kind}, int(n)})
		}
	}
	for len(out) > 1 && smallest(out).count < LeastCell {
		out = joined(out)
	}
	return out
}

func smallest(list []group) group {
	return slices.MinFunc(list, func(a, b group) int { return a.count - b.count })
}

// joined puts the two smallest groups together, at the end.
func joined(list []group) []group {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b group) int { return b.count - a.count })
	n := len(list)
	a, b := list[n-2], list[n-1]
	both := group{append(slices.Clone(a.kinds), b.kinds...), a.count + b.count}
	return append(list[:n-2:n-2], both)
}

func (r *Results) breakDown(moved []counter) {
	all := groups(moved)
	if len(all) > 1 || len(all) == 1 && all[0].count >= LeastCell {
		for _, g := range all {
			r.ByKind = append(r.ByKind, Tally{g.name(), g.count})
		}
	}
	for i := range r.Questions {
		r.Questions[i].Breakdown = broken(r.Questions[i].Question, moved, all)
	}
}

// markedCounts count what is marked among the responses: each goes by an index of
// the marked alone, which are few.
var markedCounts = map[string]string{
	"withdrawn": "SELECT count(*) FROM submissions x WHERE x.consultation_id = ? AND x.state = 'withdrawn'",
	"held":      "SELECT count(*) FROM submissions x WHERE x.consultation_id = ? AND x.held <> ''",
	"withheld": `SELECT count(*) FROM (SELECT DISTINCT submission_id AS id FROM comments
		WHERE consultation_id = ? AND withheld <> '' AND NOT split) x WHERE true`,
}

// marked counts the responses that were taken back, wait, or whose words are
// withheld.
func (s *Service) marked(ctx context.Context, consultation int64, out *Results) error {
	for name, to := range map[string]*int{"withdrawn": &out.Withdrawn, "held": &out.Held, "withheld": &out.Withheld} {
		err := s.db.Read(ctx).Raw(markedCounts[name]+
			" AND EXISTS (SELECT 1 FROM survey_responses r WHERE r.consultation_id = ? AND r.submission_id = x.id)", consultation, consultation).Scan(to).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// Share is a part of a whole in per cent, with one digit; "" of nothing.
func Share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(part)*100/float64(whole), 'f', 1, 64)
}
