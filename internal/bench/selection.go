package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"guangyi/internal/sortition"
)

// selections are the pools of row 10 with the time they may take.
var selections = []struct {
	what  string
	shape sortition.Shape
	goal  time.Duration
}{
	{"fair selection, 200 people, panel 20", sortition.SmallTown, time.Second},
	{"fair selection, 2,000 people, panel 200", sortition.City, 10 * time.Second},
	{"fair selection, 1,700 people, 7 categories, panel 110", sortition.Country, 2 * time.Minute},
}

// selected is one draw: the chances, the bound that certifies them and a lottery
// over 1,000 panels.
type selected struct {
	took        time.Duration
	gap         float64
	minimum     float64
	mean, worst float64
	foreign     float64
}

// measureSelection draws from a made pool of each size, once a round; every
// round has its own pool, so that no single one is tuned for.
func measureSelection(ctx context.Context, o options, out *report) error {
	for _, s := range selections {
		var rounds []selected
		for round := range o.rounds {
			done, err := drawOnce(ctx, sortition.MadePool(s.shape, uint64(round+1)))
			if err != nil {
				return fmt.Errorf("%s, pool %d: %w", s.what, round+1, err)
			}
			rounds = append(rounds, done)
		}
		out.addSelection(s.what, rounds, s.goal)
	}
	return nil
}

func drawOnce(ctx context.Context, p sortition.Pool) (selected, error) {
	before, start := measure(server{}), time.Now()
	d, err := sortition.Leximin(ctx, p, nil)
	if err != nil {
		return selected{}, err
	}
	l, err := d.Lottery(p, 1000)
	if err != nil {
		return selected{}, err
	}
	w := window{took: time.Since(start)}
	w.account(before, measure(server{}), runtime.NumCPU())
	done := selected{took: w.took, gap: d.Gap, minimum: d.Minimum, foreign: w.foreign}
	done.mean, done.worst = l.Deviation(p, d.Chances(p))
	return done, nil
}

// addSelection reports the median time and the worst of everything else.
func (r *report) addSelection(what string, rounds []selected, goal time.Duration) {
	slices.SortFunc(rounds, func(a, b selected) int { return int(a.took - b.took) })
	median := rounds[len(rounds)/2]
	var worst selected
	for _, one := range rounds {
		worst.gap = max(worst.gap, one.gap)
		worst.mean, worst.worst = max(worst.mean, one.mean), max(worst.worst, one.worst)
		worst.foreign = max(worst.foreign, one.foreign)
	}
	note := fmt.Sprintf("%s (longest %s), gap %.0e, smallest chance %.2f %%, off by %.2f panels of 1,000 on average, %.2f at worst, foreign %.0f %%",
		median.took.Round(time.Millisecond), rounds[len(rounds)-1].took.Round(time.Millisecond), worst.gap, 100*median.minimum, worst.mean, worst.worst, 100*worst.foreign)
	if worst.foreign > quiet {
		note += " (busy)"
	}
	r.lines = append(r.lines, line{"10", what, note, "none", fmt.Sprintf("%.2f of the time", median.took.Seconds()/goal.Seconds()), fmt.Sprintf("gap ≤ 1e-6, ≤ %s", goal)})
	fmt.Printf("row 10 %s: %s | goal ≤ %s, gap ≤ 1e-6\n", what, note, goal)
}
