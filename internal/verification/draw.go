package verification

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"

	"guangyi/internal/sortition"
)

// The facts of a draw, in the order in which they are checked.
const (
	FactFormat      = "draw.format"      // the record is one that this program knows
	FactPool        = "draw.pool"        // people, categories and quotas are in good form
	FactPanels      = "draw.panels"      // every panel keeps quotas, size and households
	FactFrequencies = "draw.frequencies" // people occur as often as their chances say
	FactChances     = "draw.chances"     // the chances are the leximin optimum
	FactRounding    = "draw.rounding"    // the panels are those that the program makes of it
	FactTotals      = "draw.totals"      // merged and shown people add up
	FactSource      = "draw.source"      // the source can name each panel
	FactOrder       = "draw.order"       // panels and source were published before the seed
	FactSeed        = "draw.seed"        // the seed follows from the openings, or is to be looked up
	FactIndex       = "draw.index"       // the seed names that panel
	FactSelected    = "draw.selected"    // the selected are that panel
	FactReserves    = "draw.reserves"    // the reserves follow the rule
	FactDigest      = "draw.digest"      // the full record is the one the public form names
)

// How far a lottery may be from the chances, in panels per person; chances are
// certified to within tolerance.
const (
	mostMean  = 1.5
	mostWorst = 8
	tolerance = 1e-6
)

// CheckRecord recomputes a draw. Of a redacted record it checks what the public
// form tells and says what needs the full one. It runs the solver, which takes
// seconds to minutes for large pools; ctx ends it, and the chances are then
// unchecked.
func CheckRecord(ctx context.Context, r sortition.Record) []Finding {
	var l list
	if r.Format != sortition.RecordFormat {
		l.broken(FactFormat, "the format is %q, this program knows %q", r.Format, sortition.RecordFormat)
		return l
	}
	l.holds(FactFormat, "%s", r.Format)
	if r.Redaction != nil {
		l.redacted(r)
	} else {
		l.pool(ctx, r)
	}
	l.source(r)
	l.result(r)
	return l
}

// pool checks the full record's people, panels and chances.
func (l *list) pool(ctx context.Context, r sortition.Record) {
	p := r.Pool()
	if !l.check(FactPool, p.Check(), "%d people, %d quotas, a panel of %d", len(p.People), len(p.Quotas), p.Panel) {
		return
	}
	if len(p.People) == p.Panel {
		l.open(FactPool, "there are as many people as seats: the draw decides nothing")
	}
	if !l.check(FactPanels, panels(p, r.Panels), "all %d keep the quotas, the size and the households", len(r.Panels)) {
		return
	}
	stated := make([]float64, len(r.People))
	for i, person := range r.People {
		stated[i] = person.Chance
	}
	mean, worst := sortition.Lottery{Panels: r.Panels}.Deviation(p, stated)
	l.check(FactFrequencies, within(mean, worst), "people occur as stated up to %.2f panels of %d on average, %.2f at worst", mean, len(r.Panels), worst)
	l.chances(ctx, r, p, stated)
}

func panels(p sortition.Pool, panels [][]string) error {
	if len(panels) == 0 {
		return fmt.Errorf("there is no panel")
	}
	if !slices.IsSortedFunc(panels, slices.Compare) {
		return fmt.Errorf("the panels are not sorted")
	}
	for i, panel := range panels {
		if !slices.IsSorted(panel) {
			return fmt.Errorf("panel %d is not sorted", i)
		}
	}
	return p.CheckPanels(panels)
}

func within(mean, worst float64) error {
	if mean > mostMean || worst > mostWorst {
		return fmt.Errorf("people occur %.2f panels more or less often than stated on average, %.2f at worst; %.1f and %d are allowed", mean, worst, mostMean, mostWorst)
	}
	return nil
}

func (l *list) chances(ctx context.Context, r sortition.Record, p sortition.Pool, stated []float64) {
	d, err := sortition.Leximin(ctx, p, nil)
	if ctx.Err() != nil {
		l.open(FactChances, "the computation was ended before its time")
		return
	}
	if err != nil {
		l.broken(FactChances, "%v", err)
		return
	}
	if err := sameChances(r, d, d.Chances(p), stated); err != nil {
		l.broken(FactChances, "%v", err)
		return
	}
	l.holds(FactChances, "every chance is the fairest there is; the smallest is %.4f %%, and no lottery exceeds %.4f %%", 100*d.Minimum, 100*d.Bound)
	lottery, err := d.Lottery(p, len(r.Panels))
	if err == nil && slices.EqualFunc(lottery.Panels, r.Panels, slices.Equal) {
		l.holds(FactRounding, "the panels are the ones that follow from the pool; nobody chose among several lotteries")
		return
	}
	l.open(FactRounding, "this program would round the chances to other panels, as another version or another processor may; those published are as near to the chances as is demanded")
}

func sameChances(r sortition.Record, d sortition.Distribution, computed, stated []float64) error {
	for i, chance := range computed {
		if !(math.Abs(chance-stated[i]) <= tolerance) {
			return fmt.Errorf("the chance of %s is stated as %.6f, the fairest is %.6f", r.People[i].Number, stated[i], chance)
		}
	}
	if !(math.Abs(r.Minimum-d.Minimum) <= tolerance) || !(math.Abs(r.Bound-d.Bound) <= tolerance) || !(math.Abs(r.Gap) <= tolerance) {
		return fmt.Errorf("the smallest chance is stated as %.6f with the bound %.6f, computed as %.6f with %.6f", r.Minimum, r.Bound, d.Minimum, d.Bound)
	}
	return nil
}

// source checks what was said about the seed before it was known.
func (l *list) source(r sortition.Record) {
	l.check(FactSource, r.Source.Check(len(r.Panels)), "%s %s, read by %s", r.Source.Name, r.Source.Round, r.Source.Derivation)
}

// result checks what the seed decided.
func (l *list) result(r sortition.Record) {
	if r.Result == nil {
		l.open(FactSeed, "the draw is still to come")
		return
	}
	l.check(FactOrder, order(r), "panels and source were published before the seed was known, at %s", r.Result.KnownAt.UTC().Format("2006-01-02 15:04:05 UTC"))
	l.seed(r)
	index, err := r.Source.Index(r.Result.Seed, len(r.Panels))
	if err == nil && index != r.Result.Index {
		err = fmt.Errorf("the seed names panel %d, the record says %d", index, r.Result.Index)
	}
	if !l.check(FactIndex, err, "the seed %s names panel %d of %d, counted from 0", r.Result.Seed, r.Result.Index, len(r.Panels)) {
		return
	}
	if !slices.Equal(r.Result.Selected, r.Panels[index]) {
		l.broken(FactSelected, "the selected are not panel %d", index)
		return
	}
	l.holds(FactSelected, "the selected are panel %d", index)
	if r.Redaction != nil {
		l.open(FactReserves, "ranking them takes the features of everybody: recompute it with the full record")
		return
	}
	if p := r.Pool(); p.Check() == nil {
		l.check(FactReserves, sameReserves(r, p), "all follow the rule")
	}
}

func order(r sortition.Record) error {
	known := r.Result.KnownAt
	switch {
	case !r.PublishedAt.Before(known):
		return fmt.Errorf("the panels were published at %s, the seed was known at %s", r.PublishedAt.UTC(), known.UTC())
	case !r.Source.NamedAt.Before(known):
		return fmt.Errorf("the source was named at %s, the seed was known at %s", r.Source.NamedAt.UTC(), known.UTC())
	}
	for _, c := range r.Source.Commitments {
		if !c.At.Before(known) {
			return fmt.Errorf("%s committed itself at %s, the seed was known at %s", c.Party, c.At.UTC(), known.UTC())
		}
	}
	return nil
}

func (l *list) seed(r sortition.Record) {
	if r.Source.Kind != sortition.SourceCommitments {
		l.open(FactSeed, "compare the seed %s with what %s %s gave; no computation can", r.Result.Seed, r.Source.Name, r.Source.Round)
		return
	}
	seed, err := r.Source.JointSeed(r.Result.Openings)
	if err == nil && seed != r.Result.Seed {
		err = fmt.Errorf("the openings give the seed %s, the record says %s", seed, r.Result.Seed)
	}
	l.check(FactSeed, err, "every one of %d parties opened what it had promised", len(r.Source.Commitments))
}

func sameReserves(r sortition.Record, p sortition.Pool) error {
	want := sortition.Reserves(p, r.Result.Selected, r.Result.Seed)
	if len(want) != len(r.Result.Reserves) {
		return fmt.Errorf("there are reserves for %d people, %d were selected", len(r.Result.Reserves), len(want))
	}
	for i, reserve := range want {
		got := r.Result.Reserves[i]
		if got.For != reserve.For || len(got.Ranked) != len(reserve.Ranked) || len(got.Ranked) > 0 && !reflect.DeepEqual(got.Ranked, reserve.Ranked) {
			return fmt.Errorf("for %s the rule names others than the record", reserve.For)
		}
	}
	return nil
}
